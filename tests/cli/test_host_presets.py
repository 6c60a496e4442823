#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every host configuration that we ship is good, and voices come through it: argv is pinna, folder, LV2 folder."""

import glob
import math
import os
import random
import re
import subprocess
import sys
import tempfile

import wavio

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish, ok, skip  # noqa: E402

PINNA, FOLDER, LV2 = map(os.path.abspath, sys.argv[1:4])


def missing(path):
    """Plugins of ours that a configuration names and this build lacks."""
    with open(path) as f:
        names = set(re.findall(r'"urn:pinna:([a-z0-9]+)', f.read()))
    built = os.listdir(LV2)
    return [n for n in names if not any(b.startswith(n) for b in built)]


def voice(n_channels):
    """Three seconds of syllables: 20 partials of 130 Hz, four times a second, over noise of each microphone's own."""
    rng = random.Random(5)
    phases = [rng.uniform(0, 6.3) for _ in range(20)]
    period = [sum(math.sin(0.0170 * k * i + phases[k - 1]) / k for k in range(1, 21)) for i in range(48000)]
    x = [0.15 * period[i % 48000] * max(0.0, math.sin(0.000523 * i)) ** 2 for i in range(144000)]
    return [[v + 0.0005 * rng.uniform(-1, 1) for v in x] for _ in range(n_channels)]


for path in sorted(glob.glob(FOLDER + "/*.yaml")):
    name = os.path.basename(path)
    lacking = missing(path)
    if lacking:
        skip(name, "this build has no " + ", ".join(lacking))
        continue
    done = subprocess.run([PINNA, "check", path], capture_output=True, text=True)
    ok(done.returncode == 0, name + " is good", done.stderr)
    with tempfile.TemporaryDirectory() as folder:
        with open(path) as f:
            n_in = int((re.findall(r"inputs: (\d+)", f.read()) + ["1"])[0])
        wavio.write(folder + "/in.wav", voice(n_in), 48000)
        done = subprocess.run([PINNA, "render", folder + "/in.wav", folder + "/out.wav", "--config", path],
                              capture_output=True, text=True, cwd=folder)
        ok(done.returncode == 0, name + " renders", done.stderr)
        with open(path) as f:
            said = re.findall(r"^  - .*file: ([\w.]+)", f.read(), re.M)
        ok(all(os.path.exists(folder + "/" + s) for s in said), "%s writes its captions: %s" % (name, said or "none"))
        out, _ = wavio.read(folder + "/out.wav")
        level = math.sqrt(sum(v * v for v in out[0][48000:]) / len(out[0][48000:]))
        ok(0.01 < level < 0.7 and all(math.isfinite(v) for v in out[0]), "%s lets the voice through: %.3f" % (name, level))
finish()
