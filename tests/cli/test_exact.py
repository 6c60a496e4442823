#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same samples in every block size, rendered or run, and a hundred times faster than they sound."""

import os
import random
import re
import subprocess
import sys
import tempfile

import wavio

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish, ok  # noqa: E402

PINNA = os.path.abspath(sys.argv[1])
BLOCKS = (1, 16, 64, 127, 1024, 8192)


def pinna(*args):
    return subprocess.run([PINNA, *map(str, args)], capture_output=True, timeout=300)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def render(dir, block, *args):
    done = pinna("render", dir + "/in.wav", dir + "/out.wav", "-q", "-b", block, *args)
    return read(dir + "/out.wav") if not done.returncode else done.stderr


def run(dir, graph, **audio):
    """The same graph by `pinna run` on the file backend."""
    settings = {"backend": "file", "input": dir + "/in.wav", "output": dir + "/run.wav", **audio}
    with open(dir + "/run.yaml", "w") as f:
        f.write("audio: {%s}\n%sstate: {every: 0}\n" % (", ".join("%s: %s" % p for p in settings.items()), graph))
    done = pinna("run", dir + "/run.yaml")
    return wavio.read(dir + "/run.wav")[0] if not done.returncode else done.stderr


def presets(uri):
    return re.findall(r"^  preset (.+)$", pinna("list", uri).stdout.decode(), re.M)


def test_presets(dir):
    found = presets("urn:pinna:eq:stereo")
    chosen = random.sample(found, min(5, len(found)))
    ok(len(chosen) == 5, "the equaliser has presets: %s" % ", ".join(chosen))
    for preset in chosen:
        args = ["-p", "eq:stereo", "-P", preset]
        whole = render(dir, BLOCKS[-1], *args)
        same = [render(dir, b, *args) == whole for b in BLOCKS]
        ok(whole[:4] == b"RIFF" and all(same), "'%s' in blocks of %s" % (preset, ", ".join(map(str, BLOCKS))), same)
        graph = ("nodes: [{id: eq, plugin: 'urn:pinna:eq:stereo', preset: '%s'}]\n"
                 "wires: [{from: input, to: eq}, {from: eq, to: output}]\n" % preset)
        want = wavio.parse(whole)[0]
        got = [run(dir, graph, block=b, clocked=c) == want for b, c in ((64, "no"), (1000, "no"), (256, "yes"))]
        ok(all(got), "the same by 'pinna run', clocked or not", got)


def test_graph(dir):
    """A graph with plugins of different latency on parallel branches."""
    graph = ("nodes: [{id: a, plugin: 'urn:pinna:test:delay', set: {frames: 37}},\n"
             "        {id: b, plugin: 'urn:pinna:test:amp', set: {gain: -7}},\n"
             "        {id: c, plugin: 'urn:pinna:eq:mono', preset: 'Telephone'}]\n"
             "wires: [{from: 'input:1', to: [a, b]}, {from: 'input:2', to: c}, {from: a, to: ['output:1', c]},\n"
             "        {from: [b], to: 'output:2'}, {from: c, to: 'output:2'}]\n").replace("[b]", "b")
    with open(dir + "/graph.yaml", "w") as f:
        f.write("audio: {backend: 'null', inputs: 2, outputs: 2}\n" + graph)
    whole = render(dir, 8192, "-c", dir + "/graph.yaml")
    same = [render(dir, b, "-c", dir + "/graph.yaml") == whole for b in BLOCKS]
    ok(whole[:4] == b"RIFF" and all(same), "a graph with branches of different latency in all blocks", same or whole)
    ok(whole[:4] == b"RIFF" and run(dir, graph, block=48) == wavio.parse(whole)[0], "the same by 'pinna run'")


def test_speed(dir):
    second = [[random.uniform(-0.3, 0.3) for _ in range(48000)] for _ in range(2)]
    wavio.write(dir + "/minute.wav", [channel * 60 for channel in second], 48000)
    best = 0.0
    for _ in range(6):
        done = pinna("render", dir + "/minute.wav", dir + "/fast.wav", "-p", "eq:stereo", "-P", "Voice clarity")
        found = re.search(r"([\d.]+) x real time", done.stdout.decode())
        best = max(best, float(found.group(1)) if found else 0.0)
        if best >= 100:
            break
    least = 1 if os.environ.get("PINNA_SANITIZED") else 100
    ok(best >= least, "a minute of stereo through the equaliser at %.0f x real time" % best)


def main():
    seed = int(os.environ.get("PINNA_SEED", random.randrange(1 << 30)))
    random.seed(seed)
    print("# PINNA_SEED=%d" % seed)
    with tempfile.TemporaryDirectory(prefix="pinna exact ") as dir:
        os.environ.update(XDG_RUNTIME_DIR=dir, XDG_STATE_HOME=dir + "/state")
        noise = [[random.uniform(-0.5, 0.5) for _ in range(24001)] for _ in range(2)]
        wavio.write(dir + "/in.wav", noise, 48000)
        test_presets(dir)
        test_graph(dir)
        test_speed(dir)
    finish()


main()
