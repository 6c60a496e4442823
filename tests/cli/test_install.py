#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `meson install` leaves is whole: a C program builds with pkg-config, `pinna` finds its plugins."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish, ok  # noqa: E402

BUILD = sys.argv[1]

PROGRAM = r"""
#include <pinna/base/arena.h>
#include <pinna/dsp/eq.h>
#include <stdio.h>

static PinnaStatus
build(void** object, PinnaArena* arena, const void* config) {
  return pinna_eq_init((PinnaEq**)object, arena, config);
}

int
main(void) {
  const PinnaEqConfig config = {48000.0, 1, 1};
  void *memory, *eq;
  if (pinna_arena_build(&memory, &eq, build, &config)) {
    return 1;
  }
  float        samples[64] = {1.0F};
  const float* in[] = {samples};
  float*       out[] = {samples};
  pinna_eq_run(eq, in, out, 64);
  printf("%g\n", samples[0]);
  pinna_arena_free(memory);
  return 0;
}
"""


def run(*args, **env):
    return subprocess.run(args, capture_output=True, text=True, env={**os.environ, **env}, timeout=240)


def main():
    with tempfile.TemporaryDirectory(prefix="pinna-install-") as root:
        done = run("meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", root)
        ok(done.returncode == 0, "meson install", done.stdout + done.stderr)
        found = [os.path.relpath(os.path.join(d, f), root) for d, _, files in os.walk(root) for f in files]
        for end in ("bin/pinna", "man/man1/pinna.1", "completions/pinna.bash", "lv2/eq.lv2/eq.ttl",
                    "pkgconfig/pinna.pc", "include/pinna/dsp/stft.h", "system/pinna@.service",
                    "presets/demo.yaml"):
            ok(any(f.endswith(end) for f in found), "installs " + end, "\n".join(found))

        prefix = next(("/" + f[: f.index("/include/")] for f in found if "/include/" in f), "")
        path = {f.rsplit("/", 1)[-1]: os.path.join(root, f) for f in found}
        pc = os.path.dirname(path.get("pinna.pc", "/"))
        flags = run("pkg-config", "--define-variable=prefix=" + root + prefix, "--cflags", "--libs", "pinna", PKG_CONFIG_PATH=pc)
        ok(flags.returncode == 0, "pkg-config pinna", flags.stderr)
        source = os.path.join(root, "try.c")
        with open(source, "w") as f:
            f.write(PROGRAM)
        words = flags.stdout.split()
        program = os.path.join(root, "try")
        done = run("cc", "-std=c11", source, "-o", program, *words)
        ok(done.returncode == 0, "a program builds against the installed library", done.stderr)
        done = run(program, LD_LIBRARY_PATH=os.path.dirname(pc))
        ok(done.stdout.strip() == "1", "and runs", done.stdout + done.stderr)

        if shutil.which("systemd-analyze"):
            with open(path["pinna@.service"]) as f:
                text = re.sub("^ExecStart=\\S+", "ExecStart=" + path["pinna"], f.read(), flags=re.M)
            with open(os.path.join(root, "pinna@lobby.service"), "w") as f:
                f.write(text)
            done = run("systemd-analyze", "verify", "--man=no", f.name)
            ok(done.returncode == 0, "systemd accepts the unit", done.stderr)
        else:
            print("# systemd-analyze is not installed")

        done = run(path["pinna"], "list", "--own", LV2_PATH="/nonexistent")
        ok("urn:pinna:eq:mono" in done.stdout, "the installed pinna finds its own plugins",
           done.stdout + done.stderr)
        done = run("man", "--warnings", "-l", path["pinna.1"], LC_ALL="C.UTF-8", MANPAGER="cat")
        if done.returncode == 127 or "No such file" in done.stderr:
            print("# man is not installed")
        else:
            ok(done.returncode == 0 and "EXIT STATUS" in done.stdout and "warning" not in done.stderr,
               "man shows the page", done.stderr)
    finish()


main()
