# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The built equaliser in other people's hosts: Ardour 7 sample by sample, jalv on a JACK server.

test_hosts.py SOURCE_ROOT BUILD_LV2 FIXTURE_RENDER
"""

import array
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time

ROOT, LV2, RENDER = sys.argv[1:4]
SHARED = os.environ.get("PINNA_SHARED", os.path.join(ROOT, "..", "shared"))
SCRIPT = os.path.join(SHARED, "oracle", "ardour_lv2_check.lua")
LONG = os.environ.get("PINNA_LONG") == "1"
RATE, FRAMES = 48000, 60000
# Symbol, name, value: Ardour knows controls by name
SETTINGS = [("freq_2", "Frequency 2", 220), ("gain_2", "Gain 2", 7.5), ("q_2", "Q 2", 2),
            ("type_7", "Type 7", 2), ("gain_7", "Gain 7", -6), ("out_gain", "Output gain", -3)]
cases, failed = 0, 0


def report(good, text):
    global cases, failed
    cases += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {cases} - {text}", flush=True)


def skip(reason, text):
    global cases
    cases += 1
    print(f"ok {cases} - {text} # SKIP {reason}", flush=True)


def read_wav(path):
    with open(path, "rb") as source:
        data = source.read()
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        if name == b"fmt ":
            _, channels, rate = struct.unpack_from("<HHI", data, at + 8)
        if name == b"data":
            samples = array.array("f", data[at + 8: at + 8 + size // 4 * 4])
        at += 8 + size + size % 2
    return channels, rate, samples


def write_wav(path, channels, samples):
    raw = samples.tobytes()
    with open(path, "wb") as out:
        out.write(struct.pack("<4sI4s4sIHHIIHHH", b"RIFF", 38 + len(raw), b"WAVE", b"fmt ", 18, 3, channels, RATE,
                              RATE * channels * 4, channels * 4, 32, 0))
        out.write(struct.pack("<4sI", b"data", len(raw)) + raw)


def render_here(uri, samples):
    done = subprocess.run([RENDER, uri, str(RATE), "127", *[f"{s}={v}" for s, _, v in SETTINGS]],
                          input=samples.tobytes(), stdout=subprocess.PIPE, check=True,
                          env={**os.environ, "LV2_PATH": LV2})
    return array.array("f", done.stdout)


def check_ardour(uri, work):
    text = f"Ardour renders {uri} sample by sample as we do"
    if not shutil.which("ardour7-lua"):
        return skip("package ardour is not installed", text)
    if not os.path.exists(SCRIPT):
        return skip("ardour_lv2_check.lua is not there (PINNA_SHARED)", text)
    rng = random.Random(os.getpid())
    noise = array.array("f", [rng.uniform(-0.25, 0.25) for _ in range(2 * FRAMES)])
    write_wav(work + "/in.wav", 2, noise)
    done = subprocess.run(["ardour7-lua", SCRIPT, uri, work, work + "/in.wav",
                           *[f"{name}={value}" for _, name, value in SETTINGS]],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env={**os.environ, "HOME": work, "LV2_PATH": LV2 + ":/usr/lib/lv2"}, check=False)
    lines = [line for line in done.stdout.splitlines() if re.match("CHECK|RESULT|LATENCY|RENDER", line)]
    report(done.returncode == 0, f"Ardour loads {uri} and is content")
    for line in lines if done.returncode else []:
        print("# " + line)
    report(done.stdout.count("PRESET") >= 10, "Ardour lists its presets")
    if not os.path.exists(work + "/out.wav"):
        return report(False, text)
    channels, rate, theirs = read_wav(work + "/out.wav")
    if uri.endswith(":mono"):  # Ardour makes an instance per channel
        sides = [render_here(uri, noise[c::2]) for c in range(2)]
        ours = array.array("f", [x for pair in zip(*sides) for x in pair])
    else:
        ours = render_here(uri, noise)
    n = min(len(ours), len(theirs))
    worst = max(abs(a - b) for a, b in zip(ours[:n], theirs[:n]))
    same = channels == 2 and rate == RATE and n >= 2 * FRAMES and worst == 0.0
    report(same, text)
    print(f"# {n // 2} frames compared, largest difference {worst:g}")
    change = max(abs(a - b) for a, b in zip(noise[:n], theirs[:n]))
    report(change > 0.05, "and it is not the dry sound")
    return None


def wait_for(condition, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def check_jalv(uri, work):
    text = f"jalv runs {uri} on a JACK dummy server"
    missing = [tool for tool in ("jackd", "jack_lsp", "jalv") if not shutil.which(tool)]
    if missing:
        return skip(f"{missing[0]} is not installed", text)
    env = {**os.environ, "LV2_PATH": LV2, "JACK_DEFAULT_SERVER": "pinna_hosts", "JACK_NO_START_SERVER": "1"}
    with open(work + "/jackd.log", "wb") as log:
        server = subprocess.Popen(["jackd", "-r", "-S", "-n", "pinna_hosts", "-d", "dummy", "-r", "48000", "-p", "256"],
                                  stdout=log, stderr=log, env=env)
    jalv = None
    try:
        def ports():
            return subprocess.run(["jack_lsp"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                  env=env, check=False).stdout.split()
        if not wait_for(lambda: "system:playback_1" in ports(), 5.0):
            return skip("jackd does not start here", text)
        jalv = subprocess.Popen(["jalv", "-n", "pinna_eq", uri], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, env=env)
        suffixes = ["in", "out"] if uri.endswith(":mono") else ["in_l", "in_r", "out_l", "out_r"]
        report(wait_for(lambda: {"pinna_eq:" + s for s in suffixes} <= set(ports()), 5.0), f"jalv shows the ports of {uri}")
        jalv.stdin.write("set gain_3 6\npresets\npreset urn:pinna:eq:preset:air\n")
        jalv.stdin.flush()
        time.sleep(0.5)
        output, _ = jalv.communicate("controls\n", timeout=10)
        report(jalv.returncode == 0, text)
        report("gain_3 = 6.0" in output, "a control follows")
        last = output[output.rfind("freq_1 ="):]
        report(last.startswith("freq_1 = 12000.0") and "gain_3 = 0.0" in last, "a preset sets every control")
    finally:
        for process in (jalv, server):
            if process and process.poll() is None:
                process.terminate()  # SIGTERM: a killed server would leave its shared memory
                process.wait()
    return None


with tempfile.TemporaryDirectory() as folder:
    for plugin in ["urn:pinna:eq:stereo"] + (["urn:pinna:eq:mono"] if LONG else []):
        check_ardour(plugin, folder)
        check_jalv(plugin, folder)
print(f"1..{cases}")
sys.exit(1 if failed else 0)
