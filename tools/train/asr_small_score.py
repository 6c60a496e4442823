# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure the small recogniser as the library runs it, decoder and captions included, on what training did not hear."""

import ctypes
import pathlib
import sys

import numpy as np

import asr_small_words as words
import common
import sounds

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests/models"))

from asr_recogniser import RATE, Recogniser  # noqa: E402

SNR_DB = 10


def edits(said, heard):
    """Least number of words to replace, drop and put in."""
    row = list(range(len(heard) + 1))
    for i, s in enumerate(said):
        left, row[0] = row[0], i + 1
        for j, h in enumerate(heard):
            left, row[j + 1] = row[j + 1], min(row[j] + 1, row[j + 1] + 1, left + (s != h))
    return row[-1]


def scaled(sound):
    return sound.astype(np.float32) / 32768


def padded(sound, before=0.3, behind=0.8):
    return np.concatenate([np.zeros(int(before * RATE), np.float32), sound, np.zeros(int(behind * RATE), np.float32)])


def noisy(sound, rng, snr_db=SNR_DB):
    """With white, pink or coloured noise below the level of the speech's active frames."""
    noise = (sounds.white, sounds.pink, sounds.coloured)[rng.integers(3)](len(sound), rng)
    return (sound + sounds.mix(sound, noise, snr_db)).astype(np.float32)


def telephone(sound):
    """300 to 3400 Hz in mu-law."""
    spectrum = np.fft.rfft(sound)
    hz = np.fft.rfftfreq(len(sound), 1 / RATE)
    spectrum[(hz < 300) | (hz > 3400)] = 0
    x = np.clip(np.fft.irfft(spectrum, len(sound)), -1, 1)
    code = np.round(np.sign(x) * np.log1p(255 * np.abs(x)) / np.log(256) * 127) / 127
    return (np.sign(code) * (256 ** np.abs(code) - 1) / 255).astype(np.float32)


def alone(clip):
    """A digit and what it is."""
    return scaled(common.trimmed(clip.sound.astype(np.float32))), [words.DIGITS[int(clip.text)]]


def string(clips, rng):
    """Three to seven digits of one speaker: gaps of -30 to 250 ms."""
    sound, at, said = np.zeros(RATE * 12, np.float32), 0, []
    for i in rng.integers(0, len(clips), rng.integers(3, 8)):
        digit, what = alone(clips[i])
        sound[at:at + len(digit)] += digit
        end = at + len(digit)
        at = end + int(rng.uniform(-480, 4000))
        said += what
    return sound[:end], said


def right(asr, tests):
    """Per cent of recordings whose words are exactly the ones said."""
    return 100.0 * np.mean([asr.hear(padded(sound)) == said for sound, said in tests])


def wer(asr, tests):
    """Word error rate in per cent."""
    wrong = sum(edits(said, asr.hear(padded(sound))) for sound, said in tests)
    return 100.0 * wrong / sum(len(said) for _, said in tests)


def under_noise(tests, rng):
    return [(noisy(padded(sound), rng), said) for sound, said in tests]


def digits(asr, clips, rng, n_strings=60):
    """Isolated digits right [%], WER of strings [%], and the same 10 dB above noise."""
    single = [alone(c) for c in clips]
    rows = [string(clips, rng) for _ in range(n_strings)]
    return right(asr, single), wer(asr, rows), right(asr, under_noise(single, rng)), wer(asr, under_noise(rows, rng))


def held_prompts(work):
    clips = [(scaled(c.sound), words.words_of(c.text)) for c in common.asterisk("en", work)]
    return [(sound, said) for sound, said in clips if words.held_out(said)]


def report(library, work, models):
    """Print the figures of the card. models: (title, weights file, speakers of FSDD it did not hear)."""
    clips, held, rows = common.fsdd(work), held_prompts(work), []
    print("weights | speaker | isolated | strings WER | isolated, 10 dB | strings WER, 10 dB")
    for title, path, speakers in models:
        asr, rng = Recogniser(ctypes.CDLL(str(library)), path), np.random.default_rng(1)
        for speaker in speakers:
            figures = digits(asr, [c for c in clips if c.speaker == speaker], rng)
            rows.append((title, figures))
            print(f"{title} | {speaker} | " + " | ".join(f"{f:.1f} %" for f in figures), flush=True)
        if not title.startswith("without"):
            print(f"{title}: held-out prompts WER {wer(asr, held):.1f} %, 10 dB {wer(asr, under_noise(held, rng)):.1f} %, "
                  f"telephone {wer(asr, [(telephone(s), w) for s, w in held]):.1f} %", flush=True)
        asr.close()
    for kind in sorted({title.split()[0] for title, _ in rows}):
        mean = np.mean([figures for title, figures in rows if title.split()[0] == kind], 0)
        print(f"mean of {kind}: " + " | ".join(f"{f:.1f} %" for f in mean))
