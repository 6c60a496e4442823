#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""pinna eval: rates and means that agree with the table's rows and with a count made here, and bad datasets."""

import csv
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

import wavio

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish, ok, skip  # noqa: E402

PINNA, ROOT = sys.argv[1], sys.argv[2]
SHARED = os.environ.get("PINNA_SHARED", os.path.join(ROOT, "..", "shared"))
PROMPTS = "/usr/share/asterisk/sounds/en_US_f_Allison/digits"
RATE = 16000
SEED = int(os.environ.get("PINNA_SEED", random.randrange(1 << 31)))
random.seed(SEED)
print("# PINNA_SEED=%d" % SEED)


def pinna(*args):
    return subprocess.run([PINNA, "eval", *map(str, args)], capture_output=True, text=True, timeout=150)


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def edits(a, b):
    """Fewest changes from one list of words to another"""
    line = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, line[0] = line[0], i
        for j, y in enumerate(b, 1):
            before, line[j] = line[j], min(line[j] + 1, line[j - 1] + 1, before + (x != y))
    return line[-1]


def voice(seconds, pitch):
    n, out, phase = int(seconds * RATE), [], 0.0
    for i in range(n):
        t = i / RATE
        f0 = pitch + 0.15 * pitch * math.sin(2 * math.pi * 0.7 * t)
        phase = (phase + f0 / RATE) % 1.0
        out.append(0.15 * max(0.0, math.sin(2 * math.pi * 2.3 * t)) ** 2 *
                   sum(math.sin(2 * math.pi * k * phase) / (1 + abs(k * f0 - 600.0) / 150.0) for k in range(1, 20)))
    return out


def test_texts(folder):
    """Nothing is heard: all words are deleted, whatever they are spelled like"""
    lj = os.path.join(folder, "lj")
    os.makedirs(os.path.join(lj, "wavs"))
    texts = [("A1", "\u201cIt\u2019s SEVEN, o'clock;\u201d \u2014 he-said: 12 times!", 7), ("A2", "no", 1)]
    with open(os.path.join(lj, "metadata.csv"), "w", encoding="utf-8") as file:
        for name, text, _ in texts:
            file.write("%s|%s|%s\n" % (name, text, text))
            wavio.write(os.path.join(lj, "wavs", name + ".wav"), [[0.0] * RATE], RATE)
    table = os.path.join(folder, "lj.csv")
    done = pinna("asr", "--dataset", "ljspeech:" + lj, "--table", table)
    found = {row["id"]: row for row in rows_of(table)}
    ok(done.returncode == 0 and [found[name]["said"] for name, _, _ in texts] == ["IT'S SEVEN O'CLOCK HE SAID 12 TIMES", "NO"],
       "texts are compared in upper case, letters, digits, apostrophes", found["A1"]["said"])
    n = sum(count for _, _, count in texts)
    ok("WER          100.00 %% (95 %%: 100.00 to 100.00): 0 substitutions, %d deletions, 0 insertions" % n in done.stdout,
       "what is not heard is deleted", done.stdout)
    ok("final text   p50 nan ms" in done.stdout and "(0 of 2 utterances)" in done.stdout,
       "latency is not known where nothing is heard", done.stdout)


def test_digits(folder):
    data = os.path.join(folder, "digits")
    os.makedirs(data)
    shared = os.path.join(SHARED, "data", "fsdd")
    for digit in range(10):
        if os.path.isdir(PROMPTS):
            shutil.copy(os.path.join(PROMPTS, "%d.wav" % digit), os.path.join(data, "%d_allison_0.wav" % digit))
        elif os.path.isdir(shared):
            shutil.copy(os.path.join(shared, "%d_jackson_0.wav" % digit), data)
    if not os.listdir(data):
        skip("digits", "no prompts of Asterisk, no ../shared/data/fsdd")
        return
    for digit in (3, 5, 8):  # These are said to be other digits than they are
        name = [x for x in os.listdir(data) if x.startswith("%d_" % digit)][0]
        shutil.copy(os.path.join(data, name), os.path.join(data, "%d_wrong_0.wav" % ((digit + 1) % 10)))
    table = os.path.join(folder, "digits.csv")
    done = pinna("asr", "-d", "fsdd:" + data, "-t", table)
    rows = rows_of(table)
    wrong = [edits(row["said"].split(), row["heard"].split()) for row in rows]
    told = [sum(int(row[key]) for key in ("substitutions", "deletions", "insertions")) for row in rows]
    ok(done.returncode == 0 and len(rows) == 13 and wrong == told and 3 <= sum(wrong) <= 5,
       "13 digits, 3 of them under a wrong name: %d errors, as counted here" % sum(wrong), done.stdout + done.stderr)
    m = re.search(r"WER +([\d.]+) % \(95 %: ([\d.]+) to ([\d.]+)\)", done.stdout)
    ok(m and abs(float(m[1]) - 100 * sum(wrong) / 13) < 0.01 and float(m[2]) < float(m[1]) < float(m[3]),
       "the rate within its interval", done.stdout)
    worst = done.stdout[done.stdout.index("worst\n"):]
    ok(all(row["id"] + ": " in worst for row, n in zip(rows, wrong) if n) and worst.count("said:") == sum(map(bool, wrong)),
       "the worst utterances, and no others", worst)
    known = re.findall(r"(first|final) text +p50 (\d+) ms, p99 (\d+) ms \((\d+) of 13", done.stdout)
    ok(len(known) == 2 and all(0 < int(k[1]) <= int(k[2]) < 1500 and int(k[3]) >= 9 for k in known),
       "latencies of first and final texts: %s" % known, done.stdout)
    few = os.path.join(folder, "few.csv")
    pinna("asr", "-d", "fsdd:" + data, "-t", few, "-n", 4)
    ok([row["id"] for row in rows_of(few)] == [rows[i * 13 // 4]["id"] for i in range(4)], "a few, evenly spread")
    with open(os.path.join(data, "9_junk_0.wav"), "wb") as file:
        file.write(random.randbytes(100))
    done = pinna("asr", "-d", "fsdd:" + data)
    ok(done.returncode == 0 and "9_junk_0 is left out" in done.stderr and "13 utterances" in done.stdout,
       "a file that is no sound is left out and named", done.stderr)


def test_vocoder(folder):
    data, keep, table, pesq = (os.path.join(folder, name) for name in ("voices", "keep", "voices.csv", "pesq.csv"))
    os.makedirs(data)
    os.makedirs(keep)
    for i, pitch in enumerate((110.0, 160.0, 220.0)):
        wavio.write(os.path.join(data, "%d_buzz_0.wav" % i), [voice(1.2, pitch)], RATE)
    with open(pesq, "w") as file:
        file.write("id,pesq\nsome/where/0_buzz_0.wav,3.5\n2_buzz_0,2.5\n")
    done = pinna("vocoder", "-d", "fsdd:" + data, "-t", table, "--scores", pesq, "--keep", keep)
    rows = rows_of(table) if done.returncode == 0 else []
    ok(len(rows) == 3 and list(rows[0]) == "id stoi mcd lsd stft_loss f0_error voicing_error pesq".split(),
       "a row for each voice", done.stdout + done.stderr)
    for key, name, sign in [("mcd", "mel-cepstral distortion", 1), ("lsd", "log-spectral distance", 1),
                            ("stft_loss", "STFT loss", 1), ("voicing_error", "voicing error", 1), ("pesq", "pesq", -1)]:
        values = [float(row[key]) for row in rows if row[key]]
        m = re.search(r"^%s +([\d.]+) +worst +([\d.]+)" % name, done.stdout, re.M)
        worst = sign * max(sign * v for v in values)
        ok(m and abs(float(m[1]) - sum(values) / len(values)) < 1e-3 and abs(float(m[2]) - worst) < 1e-3,
           "%s: mean and worst of the rows" % name, done.stdout)
    ok([row["pesq"] for row in rows] == ["3.5", "", "2.5"], "another tool's scores beside its voices")
    ok(sorted(os.listdir(keep)) == sorted("%d_buzz_0%s.wav" % (i, part) for i in range(3) for part in ("", ".original")) and
       len({os.path.getsize(os.path.join(keep, name)) for name in os.listdir(keep)}) == 1,
       "old and new voices are kept, equally long")
    for name, samples in (("3_none_0", []), ("4_numbers_0", [math.nan, math.inf] * 8000), ("5_short_0", [0.1] * 900)):
        wavio.write(os.path.join(data, name + ".wav"), [samples], RATE)
    done = pinna("vocoder", "-d", "fsdd:" + data)
    ok(done.returncode == 0 and "3 utterances" in done.stdout and
       all(name + " is left out" in done.stderr for name in ("3_none_0", "4_numbers_0", "5_short_0")),
       "recordings without samples, with none that is a number, or too short are left out and named", done.stderr)
    junk = os.path.join(folder, "junk.pth")
    with open(junk, "wb") as file:
        file.write(os.urandom(3000))
    for model, text in ((junk, "no weights"), (os.path.join(folder, "gone.pth"), "no file")):
        done = pinna("vocoder", "-d", "fsdd:" + data, "-m", model)
        ok(done.returncode == 1 and model in done.stderr and "STOI" not in done.stdout, "refused: a model that is " + text,
           done.stderr)


def test_bad(folder):
    data, scores, empty = os.path.join(folder, "voices"), os.path.join(folder, "bad.csv"), os.path.join(folder, "none")
    os.makedirs(empty)
    with open(scores, "w") as file:
        file.write("id,pesq\n0_buzz_0,high\n")
    for args, words, text in [(("asr",), ("--dataset",), "no dataset"),
                              (("tts", "-d", "fsdd:" + data), ("asr or vocoder",), "no such evaluation"),
                              (("asr", "-d", data), ("KIND:PATH",), "no kind"),
                              (("asr", "-d", "timit:" + data), ("librispeech",), "another kind"),
                              (("asr", "-d", "fsdd:" + empty), ("nothing of a fsdd",), "an empty folder"),
                              (("asr", "-d", "fsdd:" + data + "/gone"), ("gone",), "no folder"),
                              (("asr", "-d", "fsdd:" + data, "-m", "nobody"), ("nobody",), "no such model"),
                              (("asr", "-d", "fsdd:" + data, "-s", scores), ("for vocoders",), "a vocoder's option"),
                              (("asr", "-d", "fsdd:" + data, "-t", folder + "/no/t.csv"), ("no/t.csv",), "no such place"),
                              (("vocoder", "-d", "fsdd:" + data, "-s", scores), ("line 2", "high"), "scores that are none"),
                              (("vocoder", "-d", "fsdd:" + data, "-k", folder + "/no"), ("/no/",), "nowhere to keep them")]:
        done = pinna(*args)
        ok(done.returncode in (1, 2) and "WER" not in done.stdout and all(w in done.stderr for w in words),
           "refused: " + text, done.stdout + done.stderr)


with tempfile.TemporaryDirectory() as FOLDER:
    test_texts(FOLDER)
    test_digits(FOLDER)
    test_vocoder(FOLDER)
    test_bad(FOLDER)
finish()
