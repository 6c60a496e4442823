#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The built-in recogniser on recorded voices: digits, strings of digits, prompts that no training saw, noise, music,
and when its captions come. Argument 2: a folder for decoded sound. PINNA_ASR_MODEL tests other weights."""

import ctypes
import glob
import os
import random
import shutil
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, ".."), os.path.join(HERE, "../../tools/train")]

import asr_small_score as score  # noqa: E402
import common  # noqa: E402
import sounds  # noqa: E402
from asr_recogniser import FINAL, PARTIAL, RATE, Recogniser  # noqa: E402
from tap import finish, ok, skip  # noqa: E402

LONG = os.environ.get("PINNA_LONG") == "1"


def wer(asr, tests, text, wanted, most=None):
    """wanted: what we are after; most: what fails, where the weights are not there yet."""
    rate = score.wer(asr, tests)
    n = sum(len(said) for _, said in tests)
    ok(rate <= (most or wanted), f"{text}: WER {rate:.1f} % of {n} words in {len(tests)} recordings, wanted {wanted:.1f}, "
       f"at most {most or wanted:.1f}")
    if rate > wanted:
        print(f"# MISSED: {text}")
    return rate


def right(asr, tests, text, least):
    rate = score.right(asr, tests)
    ok(rate >= least, f"{text}: {rate:.1f} % of {len(tests)} right, at least {least:.1f}")
    return rate


def digits(asr, work, rng):
    if not (common.shared() / "data/fsdd").is_dir() or not shutil.which("ffmpeg"):
        skip("digits", "no ../shared/data/fsdd or no ffmpeg")
        return None
    clips = common.fsdd(work)
    by = {s: [c for c in clips if c.speaker == s] for s in sorted({c.speaker for c in clips})}
    single = [score.alone(own[i]) for own in by.values() for i in rng.permutation(len(own))[:200 if LONG else 40]]
    rows = [score.string(own, rng) for own in by.values() for _ in range(40 if LONG else 6)]
    print("# speakers whom training heard: the model card has the figures of speakers left out")
    found = right(asr, single, "isolated digits", 95)
    few = 0 if LONG else 8  # points more for what a small sample may miss by chance
    right(asr, score.under_noise(single[::2], rng), "isolated digits, 10 dB SNR (at most 10 points less)", found - 10 - few)
    found = wer(asr, rows, "connected digits", 5)
    wer(asr, score.under_noise(rows, rng), "connected digits, 10 dB SNR (at most 10 points more)", found + 10, found + 10 + few)
    wer(asr, [(sound * 10 ** -1.25, said) for sound, said in rows[::3]], "connected digits, 25 dB quieter", 8)
    return rows


def prompts(asr, work, rng):
    files = "sounds/en_*/*.g722", "../doc/asterisk-core-sounds-en/*.txt.gz"
    if not all(glob.glob("/usr/share/asterisk/" + f) for f in files) or not shutil.which("ffmpeg"):
        skip("prompts", "no asterisk-core-sounds-en-g722, no list of its texts or no ffmpeg")
        return
    held = score.held_prompts(work)[::1 if LONG else 2]
    found = wer(asr, held, "prompts that training did not see", 15, 19 if LONG else 24)
    wer(asr, score.under_noise(held, rng), "the same, 10 dB SNR (at most 10 points more)", found + 10, 34 if LONG else 45)
    wer(asr, [(score.telephone(s), w) for s, w in held[::2]], "the same over a telephone", 25, 38)


def silence(asr, work, rng):
    """Music that training did not hear, and noise."""
    minutes = 10 if LONG else 2
    pieces, n = [], RATE * 60 * minutes // 2
    if glob.glob("/usr/share/asterisk/moh/*morning_coffee*") and shutil.which("ffmpeg"):
        pieces += [np.resize(s.astype(np.float32) / 32768, n) for name, s in common.music(work).items() if "morning_coffee" in name]
    else:
        skip("music", "no asterisk-moh-opsound-wav or no ffmpeg: noise alone")
    makers = (sounds.coloured, sounds.hum, sounds.clicks, sounds.keyboard, sounds.pink)
    pieces += [0.02 * make(n // len(makers), rng).astype(np.float32) for make in makers]
    heard = []
    for piece in pieces:
        heard += asr.hear(piece)
    length = sum(map(len, pieces)) / RATE / 60
    ok(len(heard) <= length + (0 if LONG else 2), f"{len(heard)} words in {length:.0f} minutes of music and noise, at most one a minute: {heard[:9]}")


def times(asr, rows):
    """When captions come, for strings with the last digit's end known."""
    firsts, finals, stable = [], [], True
    for sound, said in rows:
        asr.hear(score.padded(sound, 1.0, 1.5), block=64)
        partial = [c for c in asr.captions if c["kind"] == PARTIAL and c["text"]]
        final = [c for c in asr.captions if c["kind"] == FINAL and c["words"]]
        if not partial or not final:
            continue
        firsts.append((partial[0]["at"] - RATE) / RATE)
        finals.append((final[-1]["at"] - RATE - len(sound)) / RATE)
        for c, d in zip(asr.captions, asr.captions[1:]):
            if c["segment"] == d["segment"]:
                stable = stable and d["text"][:c["n_stable"]] == c["text"][:c["n_stable"]]
    first, final = np.median(firsts), np.quantile(finals, 0.99 if LONG else 0.9)
    print(f"# first partial after speech begins: {first:.3f} s (90 %: {np.quantile(firsts, 0.9):.3f}); final after speech "
          f"ends: {np.median(finals):.3f} s (90 %: {np.quantile(finals, 0.9):.3f}, 99 %: {final:.3f}), {len(finals)} strings")
    ok(first <= 0.4, f"first partial {first:.3f} s after speech begins (median), at most 0.4")
    ok(final <= 0.7, f"final {final:.3f} s after speech ends ({99 if LONG else 90} of 100), at most 0.7")
    ok(stable, "what a partial calls stable stays")


def seams(asr, rows, rng):
    """The captions do not depend on how a stream is cut."""
    sound = np.concatenate([score.padded(s) for s, _ in rows[:3]])
    asr.hear(sound, block=len(sound))
    whole = [{**c, "at": 0} for c in asr.captions]
    asr.hear(sound, cuts=[int(n) for n in rng.integers(1, 3000, 50)])
    ok([{**c, "at": 0} for c in asr.captions] == whole, f"{len(whole)} captions are the same however the stream is cut")
    ok(all(a <= b <= len(sound) + RATE for c in whole for _, a, b, _ in c["words"]), "word times lie in the sound, in order")


def main():
    seed = int(os.environ.get("PINNA_SEED", random.randrange(2 ** 31)))
    print(f"# seed {seed}")
    rng = np.random.default_rng(seed)
    asr, work = Recogniser(ctypes.CDLL(sys.argv[1]), os.environ.get("PINNA_ASR_MODEL")), sys.argv[2]
    ok(asr.status == 0, f"opens {asr.message}")
    if asr.status == 0:
        rows = digits(asr, work, rng)
        prompts(asr, work, rng)
        silence(asr, work, rng)
        if rows:
            times(asr, rows)
            seams(asr, rows, rng)
        asr.close()
    finish()


main()
