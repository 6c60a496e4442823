# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""cppcheck has nothing to say at warning, performance, portability."""

import subprocess
import sys

from common import ROOMS, Tap, in_parallel, need, tracked

FLAGS = ["--enable=warning,performance,portability", "--inline-suppr", "--std=c11", "--quiet", "-D_GNU_SOURCE",
         "-D__x86_64__", "-DLV2_LOG_FUNC(a,b)=", "-DPINNA_PRINTF(a,b)=",
         "--suppress=missingIncludeSystem", "--suppress=unmatchedSuppression",
         # Does not understand vector types, nor memory filled through a second pointer; gcc warns of both
         "--suppress=uninitvar:dsp/*", "--suppress=uninitdata",
         "--template={file}:{line}: {severity}: {message} [{id}]"]


def main(root):
    tool = need("cppcheck")
    rooms = [r for r in ROOMS if any(n.startswith(r + "/") for n in tracked(root, ".c"))]

    def check(room):
        names = [n for n in tracked(root, ".c") if n.startswith(room + "/")]
        run = subprocess.run([tool, *FLAGS, "-I", ".", *names], cwd=root, capture_output=True, text=True)
        return [line for line in run.stderr.splitlines() if line.strip()] or \
            ([] if run.returncode == 0 else [run.stdout])

    tap = Tap()
    for room, found in zip(rooms, in_parallel(check, rooms)):
        tap.clean(room, found)
    tap.done()


if __name__ == "__main__":
    main(sys.argv[1])
