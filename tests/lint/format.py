# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every C file and every shader, which is nearly C, is as clang-format leaves it."""

import subprocess
import sys

from common import Tap, in_parallel, is_generated, need, read, tracked


def main(root):
    tool = need("clang-format")
    names = [n for n in tracked(root, ".c", ".h", ".comp", ".glsl") if not is_generated(read(root, n))]

    def check(name):
        command = [tool, "--dry-run", "--Werror", name]
        if not name.endswith((".c", ".h")):
            command = [tool, "--dry-run", "--Werror", "--assume-filename=shader.c"]
        run = subprocess.run(command, cwd=root, capture_output=True, text=True, input=read(root, name))
        return run.stderr.splitlines()[:6] or ([] if run.returncode == 0 else ["failed"])

    tap = Tap()
    for name, found in zip(names, in_parallel(check, names)):
        tap.clean(name, found)
    tap.done()


if __name__ == "__main__":
    main(sys.argv[1])
