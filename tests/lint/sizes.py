# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ceilings of files and functions: a file fits in a sitting, a function on half a screen."""

import json
import subprocess
import sys

from common import Tap, is_generated, need, read, tracked

FILE_CEILING = {".c": 500, ".h": 300, ".py": 500, ".comp": 200, ".glsl": 200}
FUNCTION_CEILING = 80
RUN_CEILING = 40


def functions(ctags, root, names):
    """(path, name, first line, last line) of every C function."""
    command = [ctags, "--languages=C", "--langmap=C:.c.h.comp.glsl", "--kinds-C=f", "--fields=+ne",
               "--output-format=json", "-L", "-", "-f", "-"]
    run = subprocess.run(command, cwd=root, input="\n".join(names), capture_output=True, text=True, check=True)
    for line in run.stdout.splitlines():
        tag = json.loads(line)
        if "end" in tag:
            yield tag["path"], tag["name"], tag["line"], tag["end"]


def findings(ctags, root, names):
    """Path -> sentences on what is too long."""
    found = {}
    for name in names:
        text = read(root, name)
        n_lines = text.count("\n")
        ceiling = FILE_CEILING[name[name.rindex("."):]]
        exempt = is_generated(text)
        found[name] = [f"{n_lines} lines, at most {ceiling}"] if n_lines > ceiling and not exempt else []
    for path, function, first, last in functions(ctags, root, [n for n in names if not n.endswith(".py")]):
        is_run = path.startswith("plugins/") and function in ("run", "run_plugin")
        ceiling = RUN_CEILING if is_run else FUNCTION_CEILING
        if last - first + 1 > ceiling and not is_generated(read(root, path)):
            found[path].append(f"{function}() has {last - first + 1} lines, at most {ceiling}")
    return found


def main(root):
    ctags = need("ctags")
    tap = Tap()
    for name, found in findings(ctags, root, tracked(root, *FILE_CEILING)).items():
        tap.clean(name, found)
    tap.done()


if __name__ == "__main__":
    main(sys.argv[1])
