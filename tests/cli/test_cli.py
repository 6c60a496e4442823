#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command as a user meets it: help, honest exit codes, clear errors, renders that never differ."""

import json
import math
import os
import random
import subprocess
import sys
import tempfile

import wavio

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish, ok  # noqa: E402

PINNA = sys.argv[1]


def pinna(*args, stdin=None):
    return subprocess.run([PINNA, *map(str, args)], input=stdin, capture_output=True, timeout=120)


def fails(code, words, *args):
    """The command exits with `code` and its message holds every one of `words`."""
    done = pinna(*args)
    message = done.stderr.decode()
    good = done.returncode == code and all(w in message for w in words)
    ok(good, "%s: exit %d, says %s" % (" ".join(map(str, args))[-70:], code, ", ".join(words)),
       "exit %d: %s" % (done.returncode, message))


def test_help():
    commands = [l.split()[0] for l in pinna("--help").stdout.decode().splitlines() if l.startswith("  ")]
    ok(len(commands) >= 10, "--help lists the commands", commands)
    for c in commands:
        done = pinna(c, "--help")
        text = done.stdout.decode()
        ok(done.returncode == 0 and text.startswith("Usage: pinna " + c) and "Examples:" in text,
           c + " --help shows usage and examples", text)
    ok(pinna("--version").stdout.startswith(b"pinna "), "--version")
    man = pinna("--manual", "man").stdout.decode()
    ok(all("pinna " + c in man for c in commands), "the man page has every command")
    bash = subprocess.run(["bash", "-n"], input=pinna("--manual", "bash").stdout, capture_output=True)
    ok(bash.returncode == 0, "the completion is valid shell", bash.stderr.decode())


def test_usage(dir):
    fails(2, ["no command 'dance'"], "dance")
    fails(2, ["missing operand"], "render", "in.wav")
    fails(2, ["too many operands"], "render", "a", "b", "c", "--plugin", "eq:mono")
    fails(2, ["no option '--loud'"], "render", "a", "b", "--loud")
    fails(2, ["needs a value"], "render", "a", "b", "--plugin")
    fails(2, ["whole number", "'0'"], "render", "a", "b", "--plugin", "eq:mono", "--block", "0")
    fails(2, ["--config FILE", "--plugin URI"], "render", "a", "b")
    fails(2, ["--preset and --set go with --plugin"], "render", "a", "b", "-c", "x", "-s", "a=1")


def test_faults(dir, voice):
    out = dir + "/out.wav"
    fails(1, ["nothing.wav"], "render", dir + "/nothing.wav", out, "-p", "eq:mono")
    fails(1, ["urn:pinna:equaliser"], "render", voice, out, "-p", "urn:pinna:equaliser")
    fails(1, ["gian_1", "gain_1"], "render", voice, out, "-p", "eq:mono", "-s", "gian_1=3")
    fails(2, ["gain_1", "loud"], "render", voice, out, "-p", "eq:mono", "-s", "gain_1=loud")
    fails(1, ["No such preset"], "render", voice, out, "-p", "eq:mono", "-P", "No such preset")
    with open(dir + "/text.wav", "w") as f:
        f.write("this is no sound\n")
    fails(1, ["text.wav"], "render", dir + "/text.wav", out, "-p", "eq:mono")
    fails(1, [dir], "render", voice, dir + "/no/such/folder/out.wav", "-p", "eq:mono")
    fails(1, ["sgml"], "render", voice, out, "-p", "eq:mono", "-f", "sgml")
    with open(dir + "/bad.yaml", "w") as f:
        f.write("version: 1\nnodes:\n  - {id: a, plugn: 'urn:pinna:eq:mono'}\n")
    fails(3, ["bad.yaml", "3", "plugn", "plugin"], "check", dir + "/bad.yaml")
    fails(3, ["bad.yaml"], "render", voice, out, "-c", dir + "/bad.yaml")
    fails(1, ["nobody-of-this-name", "running"], "status", "nobody-of-this-name")


def test_render(dir, voice, signal):
    bands = ["-s", "enabled_1=on", "-s", "gain_1=9", "-s", "freq_1=1000", "-s", "q_1=1",
             "-s", "enabled_2=on", "-s", "type_2=High pass", "-s", "freq_2=100"]
    first = None
    for block in (1, 16, 64, 127, 1024, 8192):
        out = "%s/b%d.wav" % (dir, block)
        done = pinna("render", voice, out, "-p", "eq:mono", "-q", "-b", block, *bands)
        data = open(out, "rb").read() if done.returncode == 0 else b""
        first = first or data
        ok(data and data == first, "block %d renders the same bytes" % block, done.stderr.decode())
    channels, rate = wavio.parse(first)
    ok(rate == 44100 and len(channels) == 1 and len(channels[0]) == len(signal), "rate and length stay")
    ok(any(abs(a - b) > 1e-3 for a, b in zip(channels[0], signal)), "the equaliser does something")

    piped = pinna("render", "-", "-", "-p", "eq:mono", "-q", *bands, stdin=open(voice, "rb").read())
    ok(piped.returncode == 0 and wavio.parse(piped.stdout)[0] == channels,
       "standard input to standard output gives the same samples", piped.stderr.decode())

    done = pinna("render", voice, dir + "/tail.wav", "-p", "eq:mono", "-t", "0.5", *bands)
    ok(len(wavio.read(dir + "/tail.wav")[0][0]) == len(signal) + 22050, "--tail adds half a second")
    text = done.stdout.decode()
    ok("urn:pinna:eq:mono" in text and "tail.wav" in text and "real time" in text,
       "a render says what was loaded, its levels and where the result is", text)

    wavio.write(dir + "/stereo.wav", [signal, signal[::-1]], 44100)
    pinna("render", dir + "/stereo.wav", dir + "/s.wav", "-p", "eq:mono", "-q", *bands)
    both = wavio.read(dir + "/s.wav")[0]
    ok(len(both) == 2 and both[0] == channels[0], "a mono plugin runs once per channel")

    for kind in ("flac", "w64", "aiff", "ogg"):
        out = "%s/x.%s" % (dir, kind)
        done = pinna("render", voice, out, "-p", "eq:mono", "-q")
        ok(done.returncode == 0 and os.path.getsize(out) > 1000, "writes " + kind, done.stderr.decode())


def test_bench_nn(dir):
    """Networks that are built in, single operators; figures that can be true; files that are none."""
    if os.environ.get("PINNA_SANITIZED"):
        os.environ["PINNA_DEVICE"] = "cpu"  # What drivers that are gone again have leaked has no name to know it by
    done = pinna("bench", "--nn", "--json", "--seconds", "0.01")
    rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
    networks = [r for r in rows if "name" in r]
    ok(done.returncode == 0 and len(networks) >= 6, "bench --nn measures networks and operators", done.stderr.decode())
    ok(all(0.0 < r["us"] <= r["p50_us"] <= r["p99_us"] and r["runs"] >= 5 for r in networks),
       "in order of their times", rows)
    operators = [r for r in rows if "operator" in r]
    ok(operators and all(0.0 <= r["percent"] <= 100.0 for r in operators), "and shares of operators", rows)
    for precision in ("half", "int8", "dynamic"):
        done = pinna("bench", "--nn", "--json", "--seconds", "0.01", "--precision", precision)
        rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
        ok(done.returncode == 0 and sum("name" in r for r in rows) == len(networks), "and with weights as " + precision, done.stderr.decode())
    fails(2, ["float, half, int8 or dynamic"], "bench", "--nn", "--precision", "bf16")
    file = dir + "/none.safetensors"
    with open(file, "wb") as out:
        header = b'{"x": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}'
        out.write(len(header).to_bytes(8, "little") + header + bytes(4))
    fails(1, ["none.safetensors", "no network"], "bench", "--nn", file)
    fails(1, ["missing.pt"], "bench", "--nn", dir + "/missing.pt")


def main():
    random.seed(7)
    signal = [0.3 * math.sin(0.05 * i) + 0.05 * random.uniform(-1, 1) for i in range(30011)]
    with tempfile.TemporaryDirectory(prefix="pinna cli ") as dir:
        voice = dir + "/voice.wav"
        wavio.write(voice, [signal], 44100)
        signal = wavio.read(voice)[0][0]
        test_help()
        test_usage(dir)
        test_faults(dir, voice)
        test_render(dir, voice, signal)
        test_bench_nn(dir)
    finish()


main()
