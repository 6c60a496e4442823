# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every header compiles alone as C; the public ones as C++, too."""

import json
import os
import re
import shlex
import subprocess
import sys

from common import Tap, compile_commands, in_parallel, need, read, tracked


def include_flags(build):
    """Folders that any part of the project is built with."""
    flags = {}
    for entry in compile_commands(build):
        flags.update({a: None for a in entry["args"] if a.startswith(("-I/", "-isystem/"))})
    return list(flags)


def installed(root, build):
    """Headers that a user of the library gets."""
    with open(os.path.join(build, "meson-info", "intro-installed.json"), encoding="utf-8") as file:
        return {os.path.relpath(os.path.realpath(n), os.path.realpath(root)) for n in json.load(file)}


def templates(root):
    """Headers that somebody includes after defining what they are to be made of."""
    found = set()
    for name in tracked(root, ".c", ".h"):
        parts = re.split(r"^#define (?!PINNA_\w+_H$)", read(root, name), maxsplit=1, flags=re.M)
        found.update(re.findall(r'^#include "([^"]+)"', parts[1], re.M) if len(parts) > 1 else [])
    return found


def compile_alone(root, build, compiler, language, flags, name):
    line = f'#include "{name}"\n'
    source = line + "int main(void);\n" if language == "c" else f'extern "C" {{\n{line}}}\nint main();\n'
    standard = "-std=c11" if language == "c" else "-std=c++17"
    warnings = ["-Wall", "-Wextra", "-Wno-unused-function", "-Wno-psabi"]
    command = shlex.split(compiler) + ["-fsyntax-only", "-D_GNU_SOURCE", standard, *warnings, f"-I{root}",
                                       f"-I{build}", *flags, "-x", language, "-"]
    run = subprocess.run(command, input=source, capture_output=True, text=True)
    return run.stderr.splitlines()[:8] if run.returncode or "[-W" in run.stderr else []


def complex_headers(root, names):
    """Those that include <complex.h>, by way of others too."""
    includes = {n: re.findall(r'^#include [<"]([^>"]+)', read(root, n), re.M) for n in names}
    found = set()
    while True:
        more = {n for n in names if {"complex.h", *found} & set(includes[n])} - found
        if not more:
            return found
        found |= more


def main(root, build):
    flags = include_flags(build)
    public = installed(root, build)
    made = templates(root) - public
    names = [n for n in tracked(root, ".h") if n not in made]
    c, cxx = need("cc"), need("c++")
    jobs = [(c, "c", n) for n in names] + [(cxx, "c++", n) for n in names if n in public]
    # C99 complex numbers have no spelling that C++ shares
    without_cxx = complex_headers(root, names)
    tried = [j for j in jobs if j[1] == "c" or j[2] not in without_cxx]
    results = in_parallel(lambda j: compile_alone(root, build, *j[:2], flags, j[2]), tried)
    tap = Tap()
    for (_, language, name), found in zip(tried, results):
        tap.clean(f"{name} alone as {language.upper()}", found)
    for name in sorted(made):
        tap.skip(f"{name} alone", "a template, compiled by those who include it")
    for name in sorted(n for n in without_cxx if n in public):
        tap.skip(f"{name} alone as C++", "uses C99 complex numbers")
    tap.done()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
