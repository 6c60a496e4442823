# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the recogniser costs the audio thread, in instructions of run(): test_asr_instructions.py TEST_ASR_SPEED

Counted by valgrind, so that the figure is the same on a busy machine. It knows no AVX-512, which the denoiser would
use, and does not see the kernel, which run() never enters (plugins/realtime).
"""

import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish, ok  # noqa: E402

N_BLOCKS = 25 * 60 + 1
COUNT = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no",
         "--toggle-collect=pinna_shell_run"]


def count(name):
    done = subprocess.run([*COUNT, sys.argv[1], f"urn:pinna:{name}:mono"], capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    good = ok(done.returncode == 0 and found is not None, f"{name} was counted", done.stderr)
    return int(found.group(1)) / N_BLOCKS if good else float("nan")


if not shutil.which("valgrind"):
    print("1..0 # SKIP valgrind is not installed")
    sys.exit(0)
eq, denoise, asr = count("eq"), count("denoise"), count("asr")
print(f"# instructions in a block of 64 frames: eq {eq:.0f}, denoise {denoise:.0f}, asr {asr:.0f}")
ok(asr > 200, "the recogniser listens")
share = 100 * asr / (eq + denoise)
ok(share <= 4, f"captions over equaliser and denoiser: {share:.2f} %, at most 4 %")
finish()
