#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes wrong around an installation, from the command line: a clear message each, and the rest goes on."""

import json
import math
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time

import wavio

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish, ok, skip  # noqa: E402

PINNA = os.path.abspath(sys.argv[1])
SLOW = 8 if os.environ.get("PINNA_SANITIZED") else 1


def pinna(*args, **kwargs):
    return subprocess.run([PINNA, *map(str, args)], capture_output=True, timeout=60 * SLOW, **kwargs)


def says(code, words, *args):
    """The command exits with `code`, and what it says holds every one of `words`."""
    done = pinna(*args)
    message = done.stderr.decode("utf-8", "replace")
    ok(done.returncode == code and all(w in message for w in words) and len(message) < 4000,
       "%s: exit %d, says %s" % (" ".join(map(str, args))[-60:], code, ", ".join(words)),
       "exit %d: %s" % (done.returncode, message[:2000]))
    return message


class Host:
    """`pinna run` on a configuration, asked by `pinna status`."""

    def __init__(self, path, text=None):
        if text is not None:
            write(path, text)
        self.name = os.path.splitext(os.path.basename(path))[0]
        self.process = subprocess.Popen([PINNA, "run", path], stderr=subprocess.PIPE, stdout=subprocess.PIPE)
        self.log = ""
        self.code = None

    def status(self, good=lambda s: s["audio"]["frames"] > 0):
        """The status as soon as it is as wanted, or the last one."""
        last = None
        for _ in range(100 * SLOW):
            done = pinna("status", "--json", self.name)
            if not done.returncode:
                last = json.loads(done.stdout)
                if good(last):
                    break
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        return last

    def node(self, name, good=lambda n: True):
        find = lambda s: next(n for n in s["nodes"] if n["id"] == name)
        status = self.status(lambda s: s["audio"]["frames"] > 0 and good(find(s)))
        return find(status) if status else {}

    def wait_handled(self, number):
        """Until it blocks or handles a signal: before that, while it is loaded, anyone would die of it."""
        for _ in range(2000):
            with open("/proc/%d/status" % self.process.pid, encoding="ascii") as file:
                masks = re.findall(r"^Sig(?:Blk|Cgt):\s*(\w+)", file.read(), re.M)
            if any(int(mask, 16) >> (number - 1) & 1 for mask in masks):
                break
            time.sleep(0.005)

    def signal(self, number):
        if self.process.poll() is None:
            self.process.send_signal(number)

    def end(self):
        """Wait for the end by itself. @return exit status"""
        self.log = self.process.communicate(timeout=60 * SLOW)[1].decode("utf-8", "replace")
        self.code = self.process.returncode
        return self.code

    def stop(self):
        self.signal(signal.SIGTERM)
        return self.end()


def write(path, text):
    with open(path + ".new", "w") as f:
        f.write(text)
    os.rename(path + ".new", path)


def null(nodes, wires, more="", **audio):
    settings = {"backend": "'null'", "clocked": "yes", "block": 64, "inputs": 2, "outputs": 2, **audio}
    return ("audio: {%s}\nnodes: [%s]\nwires: [%s]\nstate: {every: 0}\n%s"
            % (", ".join("%s: %s" % pair for pair in settings.items()), ", ".join(nodes), ", ".join(wires), more))


def node(name, plugin, more=""):
    return "{id: %s, plugin: '%s'%s}" % (name, plugin, more)


def wire(a, b):
    return "{from: '%s', to: '%s'}" % (a, b)


def test_config(dir):
    conf = dir + "/conf.yaml"
    amp = node("amp", "urn:pinna:test:amp")
    bad = [
        ("a misspelt key", 3, null([amp.replace("plugin", "plugn")], []), ["2:", "plugn", "'plugin'"]),
        ("a cycle", 3, null([amp, node("b", "urn:pinna:test:amp")], [wire("amp", "b"), wire("b", "amp")]),
         ["circle", "amp -> b"]),
        ("a cycle on itself", 3, null([amp], [wire("amp", "amp")]), ["circle", "amp -> amp"]),
        ("a wire to nobody", 3, null([amp], [wire("input", "anp")]), ["anp", "'amp'"]),
        ("two nodes of one name", 3, null([amp, amp], []), ["amp"]),
        ("an unknown backend", 3, "audio: {backend: jakc}\n", ["jakc", "jack"]),
        ("an empty file", 3, "", ["conf.yaml"]),
        ("not YAML", 3, "{{{{", ["conf.yaml", "1:"]),
        ("bytes of chance", 3, "".join(chr(random.randrange(128, 255)) for _ in range(500)), ["conf.yaml"]),
    ]
    for name, code, text, words in bad:
        write(conf, text)
        print("# %s" % name)
        says(code, words, "run", conf)
        says(code, words, "check", conf)
    says(1, ["absent.yaml"], "run", dir + "/absent.yaml")
    says(1, [dir, "folder"], "run", dir)
    says(1, ["/proc/self/mem"], "check", "/proc/self/mem")
    many = [node("n%d" % i, "urn:pinna:test:amp", ", set: {gain: %d}" % (i % 7)) for i in range(20000)]
    write(conf, null(many, []))
    ok(os.path.getsize(conf) > 1000000, "a configuration of a megabyte")
    says(3, ["conf.yaml"], "check", conf)
    many = [node("n%d" % i, "urn:pinna:test:amp") for i in range(1000)]
    write(conf, null(many, [wire("input:1", "n0")] + [wire("n%d" % i, "n%d" % (i + 1)) for i in range(999)]
                     + [wire("n999", "output:1")]))
    start = time.monotonic()
    done = pinna("check", conf)
    ok(not done.returncode and time.monotonic() - start < 15 * SLOW, "a chain of 1000 nodes is checked in time",
       done.stderr.decode("utf-8", "replace"))


def test_missing(dir):
    conf = dir + "/gaps.yaml"
    nodes = [node("gone", "urn:nobody:nothing"), node("lib", "urn:pinna:test:missing"),
             node("feature", "urn:pinna:test:unknown"), node("pre", "urn:pinna:test:amp", ", preset: Laud"),
             node("tone", "urn:pinna:test:amp")]
    wires = [wire("input:1", "gone"), wire("gone", "lib"), wire("lib", "feature"), wire("feature", "pre"),
             wire("pre", "tone"), wire("tone", "output:1")]
    host = Host(conf, null(nodes, wires))
    status = host.status()
    missing = {n["id"]: n["reason"] for n in status["nodes"] if n["missing"]} if status else {}
    ok(sorted(missing) == ["feature", "gone", "lib", "pre"], "four missing plugins, and the rest goes on", missing)
    ok("urn:nobody:nothing" in missing.get("gone", "") and "missing.so" in missing.get("lib", "") and
       "a-feature-nobody-has" in missing.get("feature", "") and "Loud" in missing.get("pre", ""),
       "each with its own reason", missing)
    table = pinna("status", "gaps").stdout.decode()
    ok(table.count("MISSING") == 4, "the table says so, too", table)
    ok(host.stop() == 0 and all("'%s'" % n in host.log for n in missing), "so does the log", host.log)
    says(1, ["'gone'", "'lib'", "'feature'", "'pre'"], "check", conf)
    write(conf, null([node("gone", "urn:nobody:nothing", ", required: yes")], []))
    says(1, ["gone", "urn:nobody:nothing"], "run", conf)


def test_sound(dir):
    """A missing, a poisonous and a slow plugin beside a path whose samples must not care."""
    noise = [[random.uniform(-0.5, 0.5) for _ in range(24000)] for _ in range(2)]
    wavio.write(dir + "/noise.wav", noise, 48000)
    noise = wavio.read(dir + "/noise.wav")[0]
    nodes = [node("bad", "urn:pinna:test:nan", ", set: {poison: 1}"), node("gone", "urn:nobody:nothing"),
             node("slow", "urn:pinna:test:slow", ", set: {burn: 4}"), node("fine", "urn:pinna:test:amp")]
    wires = [wire("input:1", "bad"), wire("bad", "output:1"), wire("input:2", "fine"), wire("fine", "output:2"),
             wire("input:2", "gone"), wire("gone", "output:3"), wire("input:1", "slow"), wire("slow", "output:4")]
    host = Host(dir + "/sick.yaml", null(nodes, wires, backend="file", clocked="no", inputs=2, outputs=4, block=512,
                                         input=dir + "/noise.wav", output=dir + "/sick.wav"))
    ok(host.end() == 0, "a file through sick plugins ends with 0", host.log)
    ok("'bad'" in host.log and "NaN" in host.log, "the log names who wrote NaN", host.log)
    out = wavio.read(dir + "/sick.wav")[0]
    ok(out[1] == noise[1], "the path beside it is intact, sample for sample")
    ok(out[2] == noise[1], "a missing plugin's input is passed on, sample for sample")
    ok(out[3] == noise[0], "a slow one's, too")
    ok(all(math.isfinite(x) for x in out[0]), "no NaN in the output")
    ok(all(x == 0 for x in out[0][4096:]), "the culprit is silent")

    host = Host(dir + "/live.yaml", null(nodes, wires[:6] + wires[6:], outputs=4, block=256))
    bad = host.node("bad", lambda n: n["muted"])
    ok(bad.get("muted") and bad["n_nonfinite"] > 0, "the status names who wrote NaN", bad)
    slow = host.node("slow", lambda n: n["worst_us"] >= 4000)
    fine = host.node("fine")
    ok(slow["worst_us"] >= 4000 and slow["worst_load"] > 0.5, "and by its worst time who is slow", slow)
    ok(fine["n_runs"] > 0 and not fine["muted"] and fine["mean_us"] < slow["mean_us"], "the other runs", fine)
    ok(host.stop() == 0, "and it stops with 0", host.log)


def test_files(dir):
    noise = [[random.uniform(-0.5, 0.5) for _ in range(9001)]]
    good, out = dir + "/good.wav", dir + "/out.wav"
    amp = ["-p", "urn:pinna:test:amp", "-q"]
    wavio.write(good, noise, 44100)
    raw = open(good, "rb").read()
    with open(dir + "/cut.wav", "wb") as f:
        f.write(raw[: 44 + 4 * 5000 + 3])
    says(0, ["warning", "cut.wav", "truncated"], "render", dir + "/cut.wav", out, *amp)
    ok(wavio.read(out)[0][0] == wavio.read(good)[0][0][:5000], "what is there is rendered, sample for sample")
    host = Host(dir + "/cutter.yaml", null([node("amp", "urn:pinna:test:amp")],
                                           [wire("input", "amp"), wire("amp", "output")], backend="file", inputs=1,
                                           outputs=1, clocked="no", input=dir + "/cut.wav", output=out))
    ok(host.end() == 0 and "truncated" in host.log, "run warns of it, too", host.log)
    ok(len(wavio.read(out)[0][0]) == 5000, "and plays what is there")

    with open(dir + "/text.wav", "w") as f:
        f.write("this is no sound\n" * 100)
    wavio.write(dir + "/none.wav", [[]], 48000)
    says(1, ["absent.wav", "No such file"], "render", dir + "/absent.wav", out, *amp)
    says(1, ["text.wav", "give a WAV"], "render", dir + "/text.wav", out, *amp)
    says(1, ["none.wav", "0 frames"], "render", dir + "/none.wav", out, *amp)
    says(1, ["folder"], "render", dir, out, *amp)
    says(2, ["both input and output"], "render", good, good, *amp)
    says(1, ["/proc/out.wav"], "render", good, "/proc/out.wav", *amp)
    says(1, [dir], "render", good, dir + "/no/folder/out.wav", *amp)
    says(1, ["/dev/full", "No space"], "render", good, "/dev/full", *amp)
    for key, words in (("input", ["absent.wav"]), ("output", ["/dev/full", "No space"])):
        where = {"input": good, "output": out, key: words[0] if key == "output" else dir + "/absent.wav"}
        host = Host(dir + "/where.yaml", null([], [wire("input", "output")], backend="file", inputs=1, outputs=1,
                                              clocked="no", **where))
        ok(host.end() == 1 and all(w in host.log for w in words), "run: %s %s" % (key, words[0]), host.log)
    full_disk(dir, good)


def full_disk(dir, good):
    small = dir + "/small"
    os.mkdir(small)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "none", small], capture_output=True).returncode:
        skip("a full disk", "cannot mount a small one here")
        return
    try:
        conf = null([], [wire("input", "output")], backend="file", inputs=1, outputs=1, clocked="no", input=good,
                    output=small + "/out.wav")
        host = Host(dir + "/full.yaml", conf)
        ok(host.end() == 1 and "small/out.wav" in host.log and "No space" in host.log, "run on a full disk", host.log)
        says(1, ["small/b.wav", "No space"], "render", good, small + "/b.wav", "-p", "urn:pinna:test:amp", "-q")
    finally:
        subprocess.run(["umount", small], check=False)


def test_shapes(dir):
    """Odd rates, many channels, odd blocks, tails."""
    noise = [random.uniform(-0.5, 0.5) for _ in range(3001)]
    for rate, n_ch in ((8000, 1), (192000, 2), (44100, 64)):
        wavio.write(dir + "/shape.wav", [noise] * n_ch, rate)
        first = None
        for block in (1, 37, 65536):
            done = pinna("render", dir + "/shape.wav", dir + "/o.wav", "-p", "urn:pinna:test:amp", "-s", "gain=6",
                         "-b", block, "-q")
            raw = open(dir + "/o.wav", "rb").read() if not done.returncode else b""
            first = first or raw
            ok(raw and raw == first, "%d channels at %d Hz in blocks of %d" % (n_ch, rate, block),
               done.stderr.decode("utf-8", "replace"))
        channels, out_rate = wavio.parse(first)
        ok((len(channels), len(channels[0]), out_rate) == (n_ch, 3001, rate), "keep rate, channels and length")
    wavio.write(dir + "/wide.wav", [noise[:10]] * 65, 8000)
    says(1, ["65 channels", "64"], "render", dir + "/wide.wav", dir + "/o.wav", "-p", "urn:pinna:test:amp")
    wavio.write(dir + "/mono.wav", [noise], 8000)
    for seconds, extra in ((0, 0), (0.0125, 100), (2, 16000)):
        pinna("render", dir + "/mono.wav", dir + "/o.wav", "-p", "urn:pinna:test:delay", "-t", seconds, "-q")
        ok(len(wavio.read(dir + "/o.wav")[0][0]) == 3001 + extra, "--tail %g" % seconds)
    for text in ("-1", "nan", "1e9", "long"):
        says(2, ["--tail", text], "render", "a", "b", "-p", "eq:mono", "--tail=" + text)


def test_pipes(dir):
    noise = [[random.uniform(-0.5, 0.5) for _ in range(200000)]]
    wavio.write(dir + "/pipe.wav", noise, 48000)
    amp = "-p urn:pinna:test:amp -q"
    quoted = "'%s' render" % PINNA

    def shell(command):
        return subprocess.run(["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=dir,
                              text=True, errors="replace", timeout=60 * SLOW)

    done = shell("%s - out.wav %s <&-" % (quoted, amp))
    ok(done.returncode == 1 and "standard input" in done.stderr, "standard input closed", done.stderr)
    done = shell("%s - out.wav %s </dev/null" % (quoted, amp))
    ok(done.returncode == 1 and "standard input" in done.stderr, "nothing on standard input", done.stderr)
    done = shell("%s pipe.wav - %s >&-" % (quoted, amp))
    ok(done.returncode == 1 and "standard output" in done.stderr, "standard output closed", done.stderr)
    done = shell("set -o pipefail; %s pipe.wav - %s | head -c 1000 >/dev/null" % (quoted, amp))
    ok(done.returncode in (1, 141), "the reader of standard output leaves: exit %d" % done.returncode,
       done.stderr)
    done = shell("%s pipe.wav closed.wav -p urn:pinna:test:amp >&-" % quoted)
    ok(len(wavio.read(dir + "/closed.wav")[0][0]) == 200000, "a closed standard output is no sound file",
       done.stderr)
    done = shell("LV2_PATH=/usr/lib/lv2 PINNA_LV2_DIR= '%s' list | head -1 >/dev/null" % PINNA)
    ok(not done.stderr, "a reader that leaves is no surprise", done.stderr)
    done = shell("'%s' list > /dev/full" % PINNA)
    ok(done.returncode == 1, "a list that cannot be written fails", done.returncode)
    done = shell("head -c 100043 pipe.wav | %s - cut.wav %s" % (quoted, amp))
    ok(done.returncode == 0 and "truncated" in done.stderr and
       len(wavio.read(dir + "/cut.wav")[0][0]) == 24999, "a pipe that ends too soon warns", done.stderr)


def test_hosts(dir):
    says(1, ["No Pinna host", "pinna run"], "status")
    conf = dir + "/twin.yaml"
    host = Host(conf, null([node("amp", "urn:pinna:test:amp")], []))
    host.status()
    says(1, ["twin", "is running already"], "run", conf)
    says(1, ["nobody"], "status", "nobody")
    for _ in range(150):
        for number in (signal.SIGHUP, signal.SIGUSR1):
            host.signal(number)
        time.sleep(0.002)
    ok(host.status() is not None, "it answers after a storm of SIGHUP and SIGUSR1")
    for _ in range(50):
        host.signal(signal.SIGTERM)
        host.signal(signal.SIGINT)
    ok(host.end() == 0, "a storm of SIGTERM stops it once, with 0: exit %s" % host.code, host.log)

    host = Host(conf)
    host.wait_handled(signal.SIGHUP)
    for _ in range(20):
        host.signal(signal.SIGHUP)
        time.sleep(0.01)
    ok(host.status() is not None, "SIGHUP while it starts does no harm")
    ok(host.stop() == 0, "exit 0", host.log)
    host = Host(dir + "/stateless.yaml", null([node("amp", "urn:pinna:test:amp")], []).replace(
        "state: {every: 0}", "state: {every: 1, dir: /proc/pinna-state}"))
    ok(host.status()["state"] == "running", "no place for state: it runs")
    ok(pinna("save", "stateless").returncode == 1, "a save that is asked for fails")
    ok(host.stop() == 0 and host.log.count("/proc/pinna-state") <= 3 and "state" in host.log,
       "and it is said, not chanted", host.log)


def main():
    seed = int(os.environ.get("PINNA_SEED", random.randrange(1 << 30)))
    random.seed(seed)
    print("# PINNA_SEED=%d" % seed)
    with tempfile.TemporaryDirectory(prefix="pinna faults ") as dir:
        os.environ.update(XDG_RUNTIME_DIR=dir, XDG_STATE_HOME=dir + "/state")
        for test in (test_config, test_missing, test_sound, test_files, test_shapes, test_pipes, test_hosts):
            test(dir)
    finish()


main()
