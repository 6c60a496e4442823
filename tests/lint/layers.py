# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Includes point down the tiers only: reads every #include against the table of rooms."""

import fnmatch
import os
import re
import sys

from common import ROOMS, Tap, is_realtime, read, tracked

# Room: rooms it may include; headers of libraries it may include, beside the C library's
TABLE = {
    "base": ((), ()),
    "dsp": (("base",), ("fftw3.h", "samplerate.h")),
    "nn": (("base",), ()),
    "nn/vk": (("nn", "base"), ("vulkan/*",)),
    "models": (("nn", "dsp", "base"), ()),
    "plugins": (("models", "nn", "dsp", "base"), ("lv2/*",)),
    # Of dsp the host takes the resampler, for files; it still knows plugins by URI only
    "host": (("base", "dsp/resample.h"), ("lilv/*", "lv2/*", "jack/*", "portaudio.h", "pa_*.h", "sndfile.h",
                         "cyaml/*", "yaml.h", "jansson.h", "lo/*", "libwebsockets.h", "systemd/*")),
    "cli": (("host", "models", "nn", "dsp", "base"), ("*",)),
    "tools": (ROOMS, ("*",)),
    "tests": (ROOMS, ("*",)),
}
SHADER_ABI = "shaders"
COMPILER = ("immintrin.h", "x86intrin.h", "cpuid.h", "arm_neon.h", "arm_acle.h")
C_LIBRARY = set("""
assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg stdatomic
stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar wchar wctype
alloca dirent dlfcn endian err execinfo fcntl fnmatch ftw getopt glob grp ifaddrs langinfo libgen malloc netdb poll
pthread pwd regex sched semaphore spawn strings syslog termios ucontext unistd wordexp
""".split())
SYSTEM_FOLDERS = ("sys/", "linux/", "net/", "netinet/", "arpa/", "asm/")
NOT_REALTIME = ("stdio.h", "stdlib.h", "pthread.h", "malloc.h", "unistd.h", "fcntl.h", "dlfcn.h", "threads.h")

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^">]+)[">]', re.M)


def room_of(name):
    parts = name.split("/")
    return "nn/vk" if parts[:2] == ["nn", "vk"] else parts[0]


def bundle_of(name):
    parts = name.split("/")
    return parts[1] if parts[0] == "plugins" and len(parts) > 2 else None


def check_local(root, build, name, target):
    room, goal = room_of(name), target.split("/")[0]
    if not any(os.path.isfile(os.path.join(place, target)) for place in (root, build)):
        return f'"{target}" is not spelled from the root, or does not exist'
    if goal == SHADER_ABI:
        return None if target.startswith("shaders/abi/") or target.endswith(".spv.h") else f'"{target}" is not in shaders/abi'
    if not {goal, target} & set(TABLE[room][0]) and goal != name.split("/")[0]:
        return f'{room} must not include "{target}"'
    if room == "nn" and target.startswith("nn/vk/") and not target.endswith("vk/vk.h"):
        return None
    if bundle_of(target) not in (None, "common", bundle_of(name)) and room == "plugins":
        return f'a bundle must not include another: "{target}"'
    return None


def check_system(root, name, target):
    room = room_of(name)
    if is_realtime(root, name) and target in NOT_REALTIME:
        return f"<{target}> has no place in a realtime file"
    if target[:-2] in C_LIBRARY or target.startswith(SYSTEM_FOLDERS) or target in COMPILER:
        return None
    if any(fnmatch.fnmatch(target, pattern) for pattern in TABLE[room][1]):
        return None
    return f"{room} must not include <{target}>"


def check_own_first(root, name, includes):
    own = name[:-2] + ".h"
    if name.endswith(".c") and own in tracked_set and includes and includes[0][1] != own:
        return f'its own header "{own}" comes first'
    return None


def findings(root, build, name):
    """Sentences on what is wrong with one file's includes."""
    includes = INCLUDE.findall(read(root, name))
    if room_of(name) not in TABLE:
        return [f"{room_of(name)} is not a room"]
    found = [check_own_first(root, name, includes)]
    for kind, target in includes:
        found.append(check_local(root, build, name, target) if kind == '"' else check_system(root, name, target))
    return [f for f in found if f]


tracked_set = set()


def use(root):
    """All C files of the project at root."""
    names = tracked(root, ".c", ".h")
    tracked_set.update(names)
    return [n for n in names if "/" in n and not n.startswith("shaders/")]


def main(root, build):
    tap = Tap()
    for name in use(root):
        tap.clean(name, findings(root, build, name))
    tap.done()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
