# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""clang-tidy finds nothing. Quick checks always, the static analyser with PINNA_LONG=1 (not over tests)."""

import os
import subprocess
import sys

from common import Tap, compile_commands, in_parallel, is_generated, need, read


def main(root, build):
    tool = need("clang-tidy")
    files = {}
    for entry in compile_commands(build):
        name = os.path.relpath(entry["file"], os.path.realpath(root))
        if not name.startswith("..") and name.endswith(".c") and not is_generated(read(root, name)):
            files[name] = entry["file"]

    def check(path):
        is_test = os.path.relpath(path, os.path.realpath(root)).startswith("tests/")
        checks = [] if os.environ.get("PINNA_LONG") and not is_test else ["--checks=-clang-analyzer-*"]
        run = subprocess.run([tool, "-p", build, "--quiet", *checks, path], capture_output=True, text=True)
        lines = [line for line in run.stdout.splitlines() if line.strip()]
        return lines[:12] or ([] if run.returncode == 0 else run.stderr.splitlines()[:6])

    tap = Tap()
    for name, found in zip(files, in_parallel(check, files.values())):
        tap.clean(name, found)
    tap.done()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
