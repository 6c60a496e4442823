# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the objects of realtime files ask the linker for is a subset of an allow-list."""

import os
import re
import subprocess
import sys

from common import Tap, compile_commands, is_realtime, need

LIBM = """acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp2 exp10 expm1 fabs fdim
floor fma fmax fmin fmod frexp hypot ilogb ldexp lgamma log log10 log1p log2 logb lrint lround llrint llround modf
nearbyint pow remainder rint round scalbn sin sincos sinh sqrt tan tanh tgamma trunc
cabs carg cexp clog conj cpow csqrt creal cimag""".split()
ALLOWED = re.compile("|".join([
    *(f"{name}[fl]?" for name in LIBM),
    "mem(cpy|move|set|cmp|chr)", "str(len|cmp|ncmp|nlen)",
    "pinna_(?!grow$|pool_acquire$|pool_release$|job_new$|job_free$).*",  # These allocate or lock under our own name
    "fftwf?_execute(_dft|_dft_r2c|_dft_c2r|_split_dft|_r2r)?", "fftwf_alignment_of",
    "src_(process|set_ratio|reset|callback_read)",
    "jack_(port_get_buffer|midi_.*|frame_time|last_frame_time|get_cycle_times|transport_query)",
    "sem_post", "sem_trywait", "clock_gettime", "pthread_self",  # Never block
    "__(mul|div)[sdt]c3", "__cpu_model", "__cpu_indicator_init", "_GLOBAL_OFFSET_TABLE_",
    "__(asan|ubsan|tsan|sanitizer)_.*", "__stack_chk_fail", "__tls_get_addr", "__errno_location",
    r"__mem(cpy|move|set)_chk",
]))


def undefined(nm, path):
    run = subprocess.run([nm, "-u", "-P", path], capture_output=True, text=True, check=True)
    return [line.split()[0].split("@")[0] for line in run.stdout.splitlines() if line.strip()]


def defined(nm, folder):
    """Names that the objects of one target give each other."""
    paths = [os.path.join(folder, n) for n in os.listdir(folder) if n.endswith(".o")]
    run = subprocess.run([nm, "--defined-only", "-g", "-P", *paths], capture_output=True, text=True, check=True)
    return {line.split()[0] for line in run.stdout.splitlines() if " " in line}


def findings(nm, path, own=()):
    """Names that a realtime object must not need."""
    return [f"needs {name}" for name in undefined(nm, path) if not ALLOWED.fullmatch(name) and name not in own]


def main(root, build):
    nm = need("nm")
    tap = Tap()
    for entry in compile_commands(build):
        name = os.path.relpath(entry["file"], os.path.realpath(root))
        if is_realtime(root, name):
            if os.path.isfile(entry["object"]):
                tap.clean(f"{name} ({os.path.basename(os.path.dirname(entry['object']))})",
                          findings(nm, entry["object"], defined(nm, os.path.dirname(entry["object"]))))
            else:
                tap.skip(name, "not built")
    tap.done()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
