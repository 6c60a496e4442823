# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The built plugins in other people's hosts: Ardour 7 sample by sample, jalv on a JACK server.

test_hosts.py SOURCE_ROOT BUILD_LV2 FIXTURE_RENDER PINNA
"""

import array
import glob
import math
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish, ok, skip  # noqa: E402

ROOT, LV2, RENDER, PINNA = sys.argv[1:5]
SHARED = os.environ.get("PINNA_SHARED", os.path.join(ROOT, "..", "shared"))
SCRIPT = os.path.join(SHARED, "oracle", "ardour_lv2_check.lua")
LONG = os.environ.get("PINNA_LONG") == "1"
RATE, FRAMES = 48000, 60000
PROMPTS = "/usr/share/asterisk/sounds/en_US_f_Allison/digits"
HANGS = "Ardour 7.3's exporter hung or crashed each time (docs/tests.md)"
# Symbol, name, value: Ardour knows controls by name
SETTINGS = [("freq_2", "Frequency 2", 220), ("gain_2", "Gain 2", 7.5), ("q_2", "Q 2", 2),
            ("type_7", "Type 7", 2), ("gain_7", "Gain 7", -6), ("out_gain", "Output gain", -3)]


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


def ardour(uri, work, channels, settings, sound=None):
    """Ardour's output for a sound (noise) on `channels` channels, that sound, and what the script said."""
    rng = random.Random(os.getpid())
    noise = sound or array.array("f", [rng.uniform(-0.25, 0.25) for _ in range(channels * FRAMES)])
    write_wav(work + "/in.wav", channels, noise)
    if os.path.exists(work + "/out.wav"):
        os.remove(work + "/out.wav")
    done = subprocess.run(["ardour7-lua", SCRIPT, uri, work, work + "/in.wav",
                           *[f"{name}={value}" for name, value in settings]],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env={**os.environ, "HOME": work, "LV2_PATH": LV2 + ":/usr/lib/lv2"}, check=False)
    # Ardour's exporter can hang on its way out after the sound is written: the samples are judged below
    faults = [line for line in done.stdout.splitlines() if line.startswith("CHECK FAIL")]
    hung = any("ardour7-export exit status" in f for f in faults)
    content = not done.returncode or (hung and all("ardour7-export" in f or "render is there" in f for f in faults))
    ok(content, f"Ardour loads {uri} and is content")
    for line in faults:
        print("# " + line)
    return read_wav(work + "/out.wav") if os.path.exists(work + "/out.wav") else None, noise, done.stdout


def ardours_own_fault(sound, after, expect):
    """What Ardour 7.3 does to an export now and then on a busy machine, in sessions without any plugin as well
    (docs/tests.md): it begins 16 frames late in the recording, or its heap is overwritten. None: anything else."""
    late = sound[2 * 16:] + array.array("f", [0.0] * (2 * 16))
    if expect(late)[:len(after)] == after[:len(late)]:  # No plugin can be ahead of its input
        return "it begins 16 frames late"
    bad = [(i, b) for i, (a, b) in enumerate(zip(expect(sound), after)) if a != b]
    if 0 < len(bad) <= 64 and all(abs(b) > 1e6 for _, b in bad):
        return f"{len(bad)} samples are overwritten, the first at frame {bad[0][0] // 2}"
    return None


def compare_exports(export, most=0.0, expect=lambda sound: sound):
    """Judge what `export` returns: the sound that went in, what came out, None if nothing did. Ardour may try again."""
    for attempt in range(1, 5):
        sound, after = export()
        if after is None:
            return None, 0
        before = expect(sound)
        n = min(len(before), len(after))
        worst = max(abs(a - b) for a, b in zip(before[:n], after[:n]))
        fault = ardours_own_fault(sound, after, expect) if worst > most else None
        if not fault:
            break
        print(f"# Attempt {attempt}: {fault}")
    print(f"# {n // 2} frames compared, largest difference {worst:g}")
    return worst, n


def check_ardour_dry(uri, work, settings=(("Enabled", 0),), most=1e-7, sound=None):
    """Switched off, a plugin of any latency gives its input back, and Ardour lines it up."""
    text = f"Ardour lines up {uri} switched off, to the sample" if settings else f"Ardour exports through {uri} bit by bit"
    if not shutil.which("ardour7-lua") or not os.path.exists(SCRIPT):
        return skip(text, "no Ardour, or no ardour_lv2_check.lua (PINNA_SHARED)")

    def export():
        result, before, _ = ardour(uri, work, 2, settings, sound)
        return before, result and result[2]

    worst, n = compare_exports(export, most)
    if worst is None:
        return skip(text, HANGS)
    return ok(n >= len(sound or []) and n >= 2 * FRAMES and worst <= most, text)


def spoken():
    """Five digits of a real voice on both channels; nothing if there is none"""
    folder = os.path.join(SHARED, "data", "fsdd")
    files = [f"{PROMPTS}/{i}.wav" for i in (3, 1, 4, 9, 5)] if os.path.isdir(PROMPTS) else \
            [os.path.join(folder, f"{i}_jackson_7.wav") for i in (3, 1, 4, 9, 5)] if os.path.isdir(folder) else []
    out = array.array("f")
    for path in files:
        with open(path, "rb") as source:
            raw = source.read()
        at = raw.index(b"data") + 8
        x = [0] * 1200 + list(array.array("h", raw[at:at + struct.unpack_from("<I", raw, at - 4)[0] // 2 * 2])) + [0]
        for a, b in zip(x, x[1:]):  # From 8 kHz, by straight lines
            for k in range(RATE // 8000):
                out.extend([(a + (b - a) * k * 8000 / RATE) / 32768.0] * 2)
    return out


def check_ardour_captions(work, sound):
    """The session as it is, a file for its captions in the plugin's state: Ardour's export writes what transcribe says."""
    text = "Ardour's export writes the subtitles that transcribe writes"
    states = glob.glob(work + "/sess/plugins/*/state1/state.ttl")
    if not sound or not states:
        return skip(text, "no recorded voice" if states else "no Ardour, or no ardour_lv2_check.lua (PINNA_SHARED)")
    with open(states[0]) as source:
        turtle = source.read()
    with open(states[0], "w") as out:
        out.write(re.sub(r"lv2:appliesTo <urn:pinna:asr:stereo> \.", "lv2:appliesTo <urn:pinna:asr:stereo> ; state:state [ "
                         f'<urn:pinna:asr#caption_file> "{work}/take.srt"^^atom:Path ] .', turtle))
    status = []

    def export():
        for path in glob.glob(work + "/take*.srt") + glob.glob(work + "/out.wav"):
            os.remove(path)
        status.append(subprocess.run(
            ["timeout", "-k", "5", "60", "ardour7-export", "-b", "float", "-o", work + "/out.wav", work + "/sess", "sess"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
            env={**os.environ, "HOME": work, "LV2_PATH": LV2 + ":/usr/lib/lv2"}).returncode)
        return sound, read_wav(work + "/out.wav")[2] if os.path.exists(work + "/out.wav") else None

    for _ in range(4):
        worst, n = compare_exports(export)
        if status[-1] == 0:  # Else it hung or crashed on its way out, and the plugin with it
            break
    if status[-1] or worst is None:
        return skip(text, HANGS)
    ok(worst == 0.0 and n >= len(sound), "and its sound is the input, bit by bit")
    said = subprocess.run([PINNA, "transcribe", "-q", "-f", "srt", work + "/in.wav"], stdout=subprocess.PIPE, text=True,
                          check=True).stdout
    with open(work + "/take.srt") as source:
        written = source.read()
    ok(len(said.split("\n\n")) > 3 and written == said, text, f"transcribe: {said}\nArdour: {written}")
    return ok(glob.glob(work + "/take*.srt") == [work + "/take.srt"], "in one file")


def syllables():
    """Six vowels of 120 Hz in 1.25 s, on both channels"""
    out, weight = array.array("f"), [1.0 / (1.0 + ((120.0 * k - 600.0) / 200.0) ** 2) for k in range(1, 21)]
    period = [sum(w * math.sin(2.0 * math.pi * (k + 1) * i / 400.0 + k * k) for k, w in enumerate(weight))
              for i in range(400)]
    for i in range(FRAMES):
        out.extend([0.1 * math.sin(math.pi * (i % 10000) / 10000.0) ** 2 * period[i % 400]] * 2)
    return out


def powers(samples, n=480):
    left = samples[::2]
    return [sum(v * v for v in left[i:i + n]) for i in range(0, FRAMES - n + 1, n)]


def check_ardour_voice(uri, work):
    """A voice spoken anew by a network: Ardour waits for it, lines it up, and it is as loud as it was."""
    text = f"Ardour exports a new voice through {uri}"
    if not shutil.which("ardour7-lua") or not os.path.exists(SCRIPT):
        return skip(text, "no Ardour, or no ardour_lv2_check.lua (PINNA_SHARED)")
    result, said, _ = ardour(uri, work, 2, [], syllables())
    if not result:
        return skip(text, HANGS)
    change = max(abs(a - b) for a, b in zip(said, result[2]))
    before, after = powers(said), powers(result[2])
    at = {lag: sum(before[i] * after[i + lag] for i in range(5, len(before) - 5)) for lag in range(-5, 6)}
    level = 10.0 * math.log10(sum(after) / sum(before))
    ok(change > 0.02, f"{text}: it is not the dry sound ({change:.3f})")
    ok(abs(max(at, key=at.get)) <= 1, f"{text}: lined up within 10 ms ({max(at, key=at.get) * 10} ms)")
    return ok(abs(level) <= 1.5, f"{text}: as loud as before ({level:+.2f} dB)")


def check_ardour(uri, work):
    text = f"Ardour renders {uri} sample by sample as we do"
    if not shutil.which("ardour7-lua"):
        return skip(text, "package ardour is not installed")
    if not os.path.exists(SCRIPT):
        return skip(text, "ardour_lv2_check.lua is not there (PINNA_SHARED)")
    kinds, change = [], []

    def export():
        result, noise, said = ardour(uri, work, 2, [(name, value) for _, name, value in SETTINGS])
        ok(said.count("PRESET") >= 10, "Ardour lists its presets")
        if not result:
            return noise, None
        kinds[:] = result[:2]
        change[:] = [max(abs(a - b) for a, b in zip(noise, result[2]))]
        return noise, result[2]

    def expect(noise):
        if not uri.endswith(":mono"):
            return render_here(uri, noise)
        sides = [render_here(uri, noise[c::2]) for c in range(2)]  # Ardour makes an instance per channel
        return array.array("f", [x for pair in zip(*sides) for x in pair])

    worst, n = compare_exports(export, 0.0, expect)
    if worst is None:
        return skip(text, HANGS)
    ok(kinds == [2, RATE] and n >= 2 * FRAMES and worst == 0.0, text)
    return ok(change[0] > 0.05, "and it is not the dry sound")


def wait_for(condition, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def jalv_session(uri, env, ports, symbols, commands):
    """What jalv prints for the commands, once its ports are there; None if they never are."""
    jalv = subprocess.Popen(["jalv", "-n", "pinna_try", uri], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, env=env)
    try:
        shown = wait_for(lambda: {"pinna_try:" + s for s in symbols} <= set(ports()), 8.0)
        ok(shown, f"jalv shows the ports of {uri}")
        jalv.stdin.write(commands)
        jalv.stdin.flush()
        time.sleep(0.5)
        output, _ = jalv.communicate("controls\n", timeout=20)
        ok(jalv.returncode == 0, f"jalv runs {uri} on a JACK dummy server")
        return output
    finally:
        if jalv.poll() is None:
            jalv.terminate()
            jalv.wait()


def audio_symbols(uri):
    kind = uri.split(":")[-1]
    known = {"mono": ["in", "out"], "stereo": ["in_l", "in_r", "out_l", "out_r"]}
    return known.get(kind) or [f"mic{i + 1}" for i in range(int(kind))]


def check_jalv(uris):
    text = "jalv runs Pinna's plugins on a JACK dummy server"
    missing = [tool for tool in ("jackd", "jack_lsp", "jalv") if not shutil.which(tool)]
    if missing:
        return skip(text, f"{missing[0]} is not installed")
    env = {**os.environ, "LV2_PATH": LV2, "JACK_DEFAULT_SERVER": "pinna_hosts", "JACK_NO_START_SERVER": "1"}
    server = subprocess.Popen(["jackd", "-r", "-S", "-n", "pinna_hosts", "-d", "dummy", "-r", "48000", "-p", "256"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
    try:
        def ports():
            return subprocess.run(["jack_lsp"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                  env=env, check=False).stdout.split()
        if not wait_for(lambda: "system:playback_1" in ports(), 5.0):
            return skip(text, "jackd does not start here")
        for uri in uris:
            if uri == "urn:pinna:eq:stereo":
                said = jalv_session(uri, env, ports, audio_symbols(uri),
                                    "set gain_3 6\npresets\npreset urn:pinna:eq:preset:air\n")
                ok("gain_3 = 6.0" in said, "a control follows")
                last = said[said.rfind("freq_1 ="):]
                ok(last.startswith("freq_1 = 12000.0") and "gain_3 = 0.0" in last, "a preset sets every control")
            else:
                said = jalv_session(uri, env, ports, audio_symbols(uri), "set enabled 0\n")
                ok("enabled = 0.0" in said, "a control follows")
    finally:
        server.terminate()  # SIGTERM: a killed server would leave its shared memory
        server.wait()
    return None


def own_uris():
    done = subprocess.run(["lv2ls"], stdout=subprocess.PIPE, text=True, env={**os.environ, "LV2_PATH": LV2}, check=False) \
        if shutil.which("lv2ls") else None
    found = [u for u in done.stdout.split() if u.startswith("urn:pinna:")] if done else []
    return sorted(found) or ["urn:pinna:eq:stereo"]


with tempfile.TemporaryDirectory() as folder:
    check_ardour("urn:pinna:eq:stereo", folder)
    for listener in ["asr:mono", "asr:stereo"] + (["vad:mono", "vad:stereo"] if LONG else []):
        check_ardour_dry("urn:pinna:" + listener, folder, (), 0.0, spoken() if listener == "asr:stereo" else None)
        if listener == "asr:stereo":
            check_ardour_captions(folder, spoken())
    for voice in ["vocoder:mono"] + (["vocoder:stereo"] if LONG else []):
        check_ardour_voice("urn:pinna:" + voice, folder)
    for plugin in own_uris():
        if LONG and plugin.endswith((":mono", ":stereo")):
            check_ardour_dry(plugin, folder)
    if LONG:
        check_ardour("urn:pinna:eq:mono", folder)
    check_jalv(own_uris())
finish()
