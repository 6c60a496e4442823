#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""pinna transcribe: the words of real voices where there are some, well-formed files, any sound, bad input."""

import array
import difflib
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile

import wavio

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish, ok, skip  # noqa: E402

PINNA, ROOT = sys.argv[1], sys.argv[2]
SHARED = os.environ.get("PINNA_SHARED", os.path.join(ROOT, "..", "shared"))
DIGITS = "zero one two three four five six seven eight nine".split()
PROMPTS = "/usr/share/asterisk/sounds/en_US_f_Allison/digits"
SEED = int(os.environ.get("PINNA_SEED", random.randrange(1 << 31)))
random.seed(SEED)
print("# PINNA_SEED=%d" % SEED)


def pinna(*args, stdin=None):
    return subprocess.run([PINNA, "transcribe", *map(str, args)], capture_output=True, text=True, timeout=500,
                          stdin=stdin)


def memory(*args):
    """Peak resident bytes of a run"""
    pid = os.spawnv(os.P_NOWAIT, PINNA, [PINNA, "transcribe", "-q", *args])
    _, status, usage = os.wait4(pid, 0)
    return usage.ru_maxrss * 1024 if status == 0 else -1


def pcm(path, seconds, rate, channels=1):
    """Quiet noise, 16 bit, written block by block: as long as one likes"""
    block = array.array("h", (random.randrange(-30, 31) for _ in range(rate * channels))).tobytes()
    size = len(block) * seconds
    with open(path, "wb") as file:
        file.write(b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt " +
                   struct.pack("<IHHIIHH", 16, 1, channels, rate, rate * channels * 2, channels * 2, 16) +
                   b"data" + struct.pack("<I", size))
        for _ in range(seconds):
            file.write(block)


def samples(path):
    """16-bit WAV as floats"""
    with open(path, "rb") as file:
        raw = file.read()
    at = raw.index(b"data")
    rate = struct.unpack("<I", raw[24:28])[0]
    return [x / 32768 for x in array.array("h", raw[at + 8:at + 8 + struct.unpack("<I", raw[at + 4:at + 8])[0] // 2 * 2])], rate


def agreeing(text):
    """How many digits are there in their order"""
    blocks = difflib.SequenceMatcher(None, text.split(), DIGITS).get_matching_blocks()
    return sum(block.size for block in blocks)


def voices():
    """Ten digits of a speaker, with their words"""
    if os.path.isdir(PROMPTS):
        return [(os.path.join(PROMPTS, "%d.wav" % i), DIGITS[i]) for i in range(10)]
    folder = os.path.join(SHARED, "data", "fsdd")
    if os.path.isdir(folder):
        return [(os.path.join(folder, "%d_jackson_%d.wav" % (i, random.randrange(10))), DIGITS[i]) for i in range(10)]
    return []


def test_silence(folder):
    src = os.path.join(folder, "silence.wav")
    wavio.write(src, [[0.0] * 48000], 16000)
    for name, empty in [("txt", ""), ("srt", ""), ("vtt", "WEBVTT\n\n"), ("jsonl", "")]:
        done = pinna(src, "--format", name)
        ok(done.returncode == 0 and done.stdout == empty and "0 words in 3.0 s" in done.stderr,
           "silence has no words: " + name, done.stdout + done.stderr)
    dst = os.path.join(folder, "silence.vtt")
    done = pinna(src, "-q", "-f", "vtt", "-o", dst)
    with open(dst) as file:
        ok(file.read() == "WEBVTT\n\n" and done.stdout == done.stderr == "", "into a file, quietly", done.stderr)
    short = os.path.join(folder, "one.wav")
    wavio.write(short, [[0.5]], 16000)
    done = pinna(short)
    ok(done.returncode == 0 and done.stdout == "", "a recording of one sample", done.stderr)


def clock(text):
    hours, minutes, seconds = text.replace(",", ".").split(":")
    return 3600 * int(hours) + 60 * int(minutes) + float(seconds)


def test_formats(path, length):
    words = pinna(path).stdout.split()
    lines = [json.loads(line) for line in pinna(path, "-f", "jsonl").stdout.splitlines()]
    ok(lines and all(x["kind"] == "final" and x["from"] == path for x in lines) and
       [w["text"] for x in lines for w in x["words"]] == words, "JSON Lines hold the words of the text", lines)
    times = [t for x in lines for w in x["words"] for t in (w["start"], w["end"])]
    ok(times == sorted(times) and 0 <= times[0] and times[-1] <= length + 1.0, "in order, within the sound", times)
    every = [json.loads(line) for line in pinna(path, "-f", "jsonl", "--partials").stdout.splitlines()]
    ok([x for x in every if x["kind"] == "final"] == lines and any(x["kind"] == "partial" for x in every),
       "partial captions, if they are asked for, before the same final ones")
    with open(os.path.join(ROOT, "models/weights/asr_small.safetensors"), "rb") as f:
        head = json.loads(f.read(int.from_bytes(f.read(8), "little")))
    known = {line.split()[0] for line in head["__metadata__"]["lexicon"].splitlines() if line.strip()}
    strange = {w["text"] for x in every for w in x["words"]} - known
    ok(known and not strange, "of words that it knows, partial ones too", strange)
    for name, head, point in [("srt", "", ","), ("vtt", "WEBVTT\n\n", ".")]:
        text = pinna(path, "-f", name).stdout
        cues = text[len(head):].strip().split("\n\n")
        time = r"(\d\d:\d\d:\d\d\%s\d{3})" % point
        found = [re.fullmatch(r"(\d+)\n%s --> %s\n((?:.+\n?)+)" % (time, time), cue) for cue in cues]
        good = text.startswith(head) and all(found) and [int(m[1]) for m in found] == list(range(1, len(cues) + 1))
        at = [clock(m[k]) for m in found for k in (2, 3)] if good else []
        ok(good and at == sorted(at) and " ".join(m[4] for m in found).split() == words,
           "%s: numbered, in order, the same words" % name, text)


def test_plugin(folder, src):
    """The file that the plugin writes, at the rates of sound cards: what transcribe says of the same samples."""
    for rate in (44100, 48000, 96000):
        out, file = os.path.join(folder, "through.wav"), os.path.join(folder, "captions%d.srt" % rate)
        done = subprocess.run([PINNA, "render", src, out, "--plugin", "urn:pinna:asr:mono", "--rate", str(rate), "--quiet",
                               "--set", "caption_file=" + file], capture_output=True, text=True)
        said = pinna(out, "-f", "srt").stdout
        written = ""
        if os.path.exists(file):
            with open(file) as text:
                written = text.read()
        ok(done.returncode == 0 and agreeing(" ".join(said.split())) >= 8 and written == said,
           "asr.lv2 at %d Hz writes the same subtitles into its caption_file" % rate, done.stderr + written + said)


def test_voices(folder):
    heard = voices()
    if not heard:
        skip("recorded voices", "no prompts of Asterisk, no ../shared/data/fsdd")
        return
    paths = [path for path, _ in heard]
    done = pinna(*paths)
    got = dict(re.findall(r"==> (.*) <==\n((?:(?!==>).+\n)*)", done.stdout))
    right = sum(got.get(path, "").split() == [word] for path, word in heard)
    ok(right >= 9 and list(got) == paths, "%d of 10 digits under their files' names" % right, done.stdout)
    for precision in ("half", "int8", "dynamic"):
        done = pinna(*paths, "--precision", precision)
        got = dict(re.findall(r"==> (.*) <==\n((?:(?!==>).+\n)*)", done.stdout))
        right = sum(got.get(path, "").split() == [word] for path, word in heard)
        ok(right >= 9, "%d of 10 digits with weights as %s" % (right, precision), done.stdout + done.stderr)
    joined, rate = [0.0] * 4000, 8000
    for path in paths:
        x, rate = samples(path)
        joined += x + [0.0] * rate
    src = os.path.join(folder, "joined.wav")
    wavio.write(src, [joined], rate)
    mono = pinna(src).stdout
    ok(agreeing(mono) >= 8, "the same in one recording: " + " ".join(mono.split()))
    test_formats(src, len(joined) / rate)
    with open(src, "rb") as file:
        ok(pinna("-", stdin=file).stdout == mono, "through a pipe")
    stereo, left, mp3 = (os.path.join(folder, name) for name in ("stereo.wav", "left.wav", "stereo.mp3"))
    wavio.write(stereo, [[1.5 * x for x in joined], [0.5 * x for x in joined]], rate)
    ok(pinna(stereo).stdout == mono, "two channels, whose mean is the voice")
    wavio.write(left, [[0.0] * len(joined), [2.0 * x for x in joined]], rate)
    ok(pinna(left).stdout == mono, "a voice on the second channel only")
    test_plugin(folder, src)
    if not shutil.which("ffmpeg"):
        skip("8 kHz stereo MP3", "no ffmpeg to make one")
        return
    wavio.write(stereo, [[0.9 * x for x in joined], [0.5 * x for x in joined]], rate)
    made = subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", stereo, "-ar", "8000", "-b:a", "64k", mp3],
                          capture_output=True)
    if made.returncode:
        skip("8 kHz stereo MP3", "ffmpeg makes none")
        return
    got = pinna(mp3)
    ok(got.returncode == 0 and agreeing(got.stdout) >= 6,
       "8 kHz stereo MP3: " + " ".join(got.stdout.split()), got.stderr)


def test_long(folder):
    short, long = os.path.join(folder, "short.wav"), os.path.join(folder, "long.wav")
    minutes = 180 if os.environ.get("PINNA_LONG") else 4
    pcm(short, 2, 8000, 2)
    pcm(long, 60 * minutes, 8000, 2)
    used = [memory(path) for path in (short, long)]
    ok(min(used) > 0 and used[1] - used[0] < 4e6, "%d minutes need no more memory than 2 s: %.1f and %.1f MB" %
       (minutes, used[1] / 1e6, used[0] / 1e6))


def test_bad(folder):
    src, empty, junk = (os.path.join(folder, name) for name in ("silence.wav", "empty.wav", "junk.wav"))
    wavio.write(empty, [[]], 16000)
    with open(junk, "wb") as file:
        file.write(random.randbytes(1000))
    for args, words, text in [((empty,), ("no sound", empty), "a recording of no samples"),
                              ((junk,), ("not a sound file", junk), "no recording"),
                              ((os.path.join(folder, "gone.wav"),), ("gone.wav",), "no such file"),
                              ((folder,), ("folder",), "a folder"),
                              ((src, "--model", "nobody"), ("nobody",), "no such model"),
                              ((src, "--model", junk), (junk,), "weights that are none"),
                              ((src, "--precision", "bf16"), ("float, half, int8 or dynamic",), "no such precision"),
                              ((src, "--format", "pdf"), ("txt, srt, vtt or jsonl",), "no such format"),
                              ((src, src, "--format", "srt"), ("one FILE",), "subtitles of two recordings"),
                              ((src, "--out", os.path.join(folder, "no/where")), ("no/where",), "no such folder"),
                              ((src, "--out", src), ("overwrite",), "a text on its own recording")]:
        done = pinna(*args)
        ok(done.returncode in (1, 2) and done.stdout == "" and all(w in done.stderr for w in words),
           "refused: " + text, done.stderr)
    done = pinna(junk, src)
    ok(done.returncode == 1 and "0 words" in done.stderr and junk in done.stderr, "a bad file does not hinder the next")


with tempfile.TemporaryDirectory() as FOLDER:
    test_silence(FOLDER)
    test_voices(FOLDER)
    test_long(FOLDER)
    test_bad(FOLDER)
finish()
