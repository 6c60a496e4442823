#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""pinna vocode: as long and as loud as the recording, in step with it, and what happens to bad files."""

import json
import math
import os
import random
import struct
import subprocess
import sys
import tempfile

import wavio

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish, ok  # noqa: E402

PINNA = sys.argv[1]
RATE = 16000
random.seed(int(os.environ.get("PINNA_SEED", random.randrange(1 << 31))))


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


def tiny_wavernn():
    """Names and shapes of a WaveRNN with 16 samples for each frame"""
    net, rnn, fc, aux, mels = "upsample.resnet.melresnet_model.", 8, 8, 4, 20
    shapes = {net + "0.weight": [8, mels, 5], net + "4.weight": [4 * aux, 8, 1], net + "4.bias": [4 * aux],
              "upsample.upsample_layers.1.weight": [1, 1, 1, 9], "upsample.upsample_layers.3.weight": [1, 1, 1, 9],
              "fc.weight": [rnn, 1 + mels + aux], "fc.bias": [rnn], "fc1.weight": [fc, rnn + aux], "fc1.bias": [fc],
              "fc2.weight": [fc, fc + aux], "fc2.bias": [fc], "fc3.weight": [16, fc], "fc3.bias": [16]}
    for norm in ("1.", "3.resblock_model.1.", "3.resblock_model.4."):
        shapes.update({net + norm + part: [8] for part in ("weight", "bias", "running_mean", "running_var")})
    for conv in ("0", "3"):
        shapes[net + "3.resblock_model.%s.weight" % conv] = [8, 8, 1]
    for i, n_in in ((1, rnn), (2, rnn + aux)):
        shapes.update({"rnn%d.weight_ih_l0" % i: [3 * rnn, n_in], "rnn%d.weight_hh_l0" % i: [3 * rnn, rnn],
                       "rnn%d.bias_ih_l0" % i: [3 * rnn], "rnn%d.bias_hh_l0" % i: [3 * rnn]})
    return {name: (shape, [random.gauss(0.0, 0.4) ** 2 + 0.1 if "running_var" in name else random.gauss(0.0, 0.4)
                           for _ in range(math.prod(shape))]) for name, shape in shapes.items()}


def write_weights(path, tensors):
    head, at, data = {}, 0, b""
    for name, (shape, values) in tensors.items():
        data += struct.pack("<%df" % len(values), *values)
        head[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, len(data)]}
        at = len(data)
    text = json.dumps(head).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def test_wavernn(folder):
    src, dst, net = (os.path.join(folder, name) for name in ("in.wav", "out.wav", "wavernn.safetensors"))
    wavio.write(src, [voice(1.0)], RATE)
    good = tiny_wavernn()
    write_weights(net, good)
    sounds = {}
    for words in ((), ("--precision", "float"), ("--precision", "int8"), ("--folds", "1"), ("--folds", "6")):
        done = pinna(src, dst, "--model", net, "--seed", "5", *words)
        sounds[words] = wavio.read(dst)[0][0] if done.returncode == 0 else []
        ok(done.returncode == 0 and abs(len(sounds[words]) - 22050) <= 1 and max(map(abs, sounds[words])) > 0.0,
           "WaveRNN speaks %s" % " ".join(words or ["as it is"]), done.stderr)
    one, stream = sounds[("--folds", "1")], sounds[("--precision", "float")]
    same = sum(abs(a - b) < 1e-6 for a, b in zip(one, stream)) / max(1, len(one))
    ok(same > 0.99, "one fold is in step with the stream: %.4f are its samples" % same)
    for words, text in ((("--folds", "4"), "only WaveRNN"), (("--model", net, "--folds", "65"), "64")):
        done = pinna(src, dst, *words)
        ok(done.returncode != 0 and text in done.stderr, "refused: %s" % " ".join(words[-2:]), done.stderr)
    return good, net


def test_spoilt(folder, good, net):
    """Checkpoints with something missing, turned over, cut off or no number: refused with a name, or spoken"""
    src, dst = os.path.join(folder, "in.wav"), os.path.join(folder, "spoilt.wav")
    wavio.write(src, [voice(0.3)], RATE)
    for i in range(60):
        spoilt, name = dict(good), random.choice(list(good))
        shape, values = good[name]
        kind = i % 6
        if kind == 0:
            del spoilt[name]
        elif kind == 1:
            spoilt[name] = (shape[::-1], values)
        elif kind == 2:
            spoilt[name] = ([len(values)] if len(shape) > 1 else [1, len(values)], values)
        elif kind == 3:
            spoilt[name] = (shape, [random.choice((math.nan, math.inf, -1e38, 0.0)) for _ in values])
        elif kind == 4:
            spoilt[name] = ([*shape[:-1], 2 * shape[-1]], values + values)
        else:
            spoilt[name.replace("weight", "wait")] = spoilt.pop(name)
        write_weights(net, spoilt)
        if random.random() < 0.2:
            with open(net, "r+b") as file:
                file.truncate(random.randrange(os.path.getsize(net)))
        done = pinna(src, dst, "-q", "--model", net)
        if not (done.returncode == 0 or (done.returncode in (1, 2) and done.stderr.startswith("pinna:"))):
            ok(False, "a spoilt checkpoint (%d: %s)" % (kind, name), "%d %s" % (done.returncode, done.stderr))
            return
    ok(True, "60 spoilt checkpoints are refused or spoken")


def test_odd_sounds(folder):
    src, dst = os.path.join(folder, "odd.wav"), os.path.join(folder, "odd_out.wav")
    for samples, text in (([], "no samples"), ([0.5], "one sample"), ([math.nan, math.inf, -math.inf] * 4000, "no numbers"),
                          ([0.0] * 8000, "silence"), ([9.0, -9.0] * 4000, "far too loud")):
        if os.path.exists(dst):
            os.remove(dst)
        wavio.write(src, [samples], RATE)
        done = pinna(src, dst, "-q")
        spoken = wavio.read(dst)[0][0] if done.returncode == 0 else []
        ok((done.returncode == 0 and len(spoken) == len(samples) and all(map(math.isfinite, spoken))) or
           (done.returncode in (1, 2) and "odd.wav" in done.stderr), "%s: spoken or refused" % text,
           "%d %s" % (done.returncode, done.stderr))


with tempfile.TemporaryDirectory() as FOLDER:
    test_copy(FOLDER)
    test_bad(FOLDER)
    test_odd_sounds(FOLDER)
    test_spoilt(FOLDER, *test_wavernn(FOLDER))
finish()
