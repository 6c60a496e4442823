#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""pinna vocode: as long and as loud as the recording, in step with it, and what happens to bad files."""

import math
import os
import random
import struct
import subprocess
import sys
import tempfile

import wavio

PINNA = sys.argv[1]
RATE = 16000
cases = [0, 0]
random.seed(int(os.environ.get("PINNA_SEED", random.randrange(1 << 31))))


def ok(passed, text, detail=""):
    cases[0] += 1
    cases[1] += not passed
    print("%sok %d - %s" % ("" if passed else "not ", cases[0], text), flush=True)
    if not passed and detail != "":
        print("\n".join("# " + line for line in str(detail).splitlines()[:20]), flush=True)
    return passed


def pinna(*args):
    return subprocess.run([PINNA, "vocode", *map(str, args)], capture_output=True, text=True, timeout=100)


def voice(seconds):
    """Syllables of a buzz with formants: what a voice is to a mel frame"""
    n, out, phase = int(seconds * RATE), [], 0.0
    for i in range(n):
        t = i / RATE
        loud = max(0.0, math.sin(2 * math.pi * 2.3 * t)) ** 2
        f0 = 130.0 + 20.0 * math.sin(2 * math.pi * 0.7 * t)
        phase = (phase + f0 / RATE) % 1.0
        out.append(0.15 * loud * sum(math.sin(2 * math.pi * k * phase) / (1 + abs(k * f0 - 600.0) / 150.0)
                                     for k in range(1, 20)))
    return out


def powers(x, n=320):
    return [sum(v * v for v in x[i:i + n]) / n for i in range(0, len(x) - n, n)]


def likeness(a, b):
    mean = (sum(a) / len(a), sum(b) / len(b))
    pairs = [(x - mean[0], y - mean[1]) for x, y in zip(a, b)]
    return sum(x * y for x, y in pairs) / math.sqrt(sum(x * x for x, _ in pairs) * sum(y * y for _, y in pairs))


def test_copy(folder):
    src, dst, png = (os.path.join(folder, name) for name in ("in.wav", "out.wav", "both.png"))
    x = voice(3.0)
    wavio.write(src, [x], RATE)
    done = pinna(src, dst, "--picture", png)
    ok(done.returncode == 0 and "vocoder_small" in done.stdout, "the built-in vocoder speaks a file", done.stderr)
    channels, rate = wavio.read(dst)
    y = channels[0]
    ok(rate == RATE and len(y) == len(x) and len(channels) == 1, "as long as the recording, one channel")
    before, after = powers(x), powers(y)
    level = 10 * math.log10(sum(after) / sum(before))
    ok(abs(level) < 2.0, "as loud: %+.2f dB" % level)
    at = {lag: likeness(before[5:-5], after[5 + lag:len(after) - 5 + lag]) for lag in range(-3, 4)}
    best = max(at, key=at.get)
    ok(best == 0 and at[0] > 0.9, "in step: envelopes agree best at lag %d of 20 ms (%.3f)" % (best, at[best]))
    with open(png, "rb") as file:
        head = file.read(24)
    ok(head[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">I", head[16:20])[0] >= 800, "the picture is a PNG")
    again = os.path.join(folder, "again.wav")
    pinna(src, again, "-q")
    ok(wavio.read(again)[0][0] == y, "the same bits again")
    wide = os.path.join(folder, "wide.wav")
    wavio.write(wide, [x, [0.0] * len(x)], 44100)
    done = pinna(wide, dst)
    n = len(wavio.read(dst)[0][0])
    ok(done.returncode == 0 and abs(n - len(x) * RATE / 44100) <= 1, "another rate and a second channel: %d samples" % n)


def test_bad(folder):
    src, dst = os.path.join(folder, "in.wav"), os.path.join(folder, "none.wav")
    junk, other = os.path.join(folder, "junk.pth"), os.path.join(folder, "other.safetensors")
    with open(junk, "wb") as file:
        file.write(os.urandom(1000))
    header = b'{"a.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    with open(other, "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header + b"\0\0\0\0")
    for args, words, text in [((src, dst, "--model", junk), (junk,), "weights that are none"),
                              ((src, dst, "--model", other), ("no vocoder", "HiFi-GAN"), "another network"),
                              ((src, dst, "--model", os.path.join(folder, "gone")), ("gone",), "no such weights"),
                              ((os.path.join(folder, "gone.wav"), dst), ("gone.wav",), "no such recording"),
                              ((src, dst, "--precision", "nine"), ("float, half or int8",), "no such precision"),
                              ((src, os.path.join(folder, "no/where.wav")), ("where.wav",), "no such folder")]:
        done = pinna(*args)
        ok(done.returncode != 0 and all(w in done.stderr for w in words) and not os.path.exists(dst),
           "refused: " + text, done.stderr)


with tempfile.TemporaryDirectory() as FOLDER:
    test_copy(FOLDER)
    test_bad(FOLDER)
print("1..%d" % cases[0])
sys.exit(cases[1] > 0)
