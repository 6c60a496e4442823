#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Formants where the pitch shifter is to keep or to move them, for every vowel, voice, shift and mode.

The truth is a vowel made at the new pitch by the same resonators. What finds formants is shown beside on that
truth: resonators fitted to the levels of partials find them exactly, at one pitch and over a glide, while linear
prediction, which takes partials for formants where they are far apart, counts only where it finds the truth's."""

import os
import sys

try:
    import numpy as np
    from scipy.linalg import solve_toeplitz
    from scipy.optimize import least_squares
    from scipy.signal import lfilter, resample_poly
except ImportError as error:
    print(f"1..0 # SKIP no oracle: {error}")
    sys.exit(0)

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
from tap import finish  # noqa: E402
from test_pitch_quality import LONG, MODES, RATE, SHIFTS, Shifter, at_least, at_most, ratio_of  # noqa: E402

VOWELS = {"a": (730, 1090, 2440), "i": (270, 2290, 3010), "u": (300, 870, 2240), "e": (530, 1840, 2480),
          "o": (570, 840, 2410), "ae": (660, 1720, 2410)}
WIDTHS = (80.0, 90.0, 120.0, 130.0, 140.0)
F0S = (90.0, 105.0, 120.0, 150.0, 180.0, 200.0, 215.0, 230.0) if LONG else (110.0, 230.0)


class Voice:
    """Five resonances over an even slope."""

    def __init__(self, formants, widths=WIDTHS, slope=1.0):
        self.formants = np.array(tuple(formants) + (3500.0, 4500.0)[len(formants) - 3:], float)
        self.widths = np.array(widths)
        self.slope = slope

    def poles(self):
        for f, width in zip(self.formants, self.widths):
            r = np.exp(-np.pi * width / RATE)
            yield np.array([1.0, -2.0 * r * np.cos(2.0 * np.pi * f / RATE), r * r])

    def say(self, f0):
        """Partials at multiples of f0 (Hz, by sample), resonators one after the other."""
        phase = 2.0 * np.pi * np.cumsum(f0) / RATE
        x = sum(np.cos(h * phase) / h ** self.slope for h in range(1, int(8000.0 / f0.max())))
        for a in self.poles():
            x = lfilter([a.sum()], a, x)
        return 0.3 * x / np.abs(x).max()

    def level(self, freqs):
        """What a partial there has, dB."""
        z = np.exp(-2j * np.pi * freqs / RATE)
        response = np.prod([a.sum() / (a[0] + a[1] * z + a[2] * z * z) for a in self.poles()], 0)
        return 20.0 * np.log10(np.abs(response) / freqs ** self.slope)


def steady(f0):
    return np.full(int(0.9 * RATE), f0)


def glide(f0):
    """Two semitones around f0 within a second."""
    return f0 * ratio_of(np.sin(2.0 * np.pi * np.arange(int(1.3 * RATE)) / RATE))


def partials(y, f0, start=0.6):
    """Frequencies and levels (dB) of partials in windows of 60 ms."""
    size = 2880
    phase = 2.0 * np.pi * np.cumsum(f0) / RATE
    window = np.hanning(size)
    freqs, levels = [], []
    for at in range(int(start * RATE), len(y) - size, size // 2):
        middle = f0[at + size // 2]
        h = np.arange(1, int(5000.0 / middle) + 1)
        tones = np.exp(-1j * np.outer(h, phase[at:at + size]))
        freqs.append(h * middle)
        levels.append(20.0 * np.log10(np.abs(tones @ (y[at:at + size] * window)) + 1e-9))
    return np.concatenate(freqs), np.concatenate(levels)


def fit(freqs, levels, voice):
    """The first three resonances that explain the levels best, beginning from the truth, widths free."""
    weight = np.clip((levels - levels.max() + 90.0) / 90.0, 0.0, 1.0)

    def off(p):
        guess = Voice(voice.formants * np.exp(p[:5]), voice.widths * np.exp(p[5:10]), voice.slope)
        return np.concatenate([weight * (levels - guess.level(freqs) - p[10]), 1.5 * p[5:10], 2.5 * p[:5]])

    start = np.append(np.zeros(10), np.mean(levels - voice.level(freqs)))
    return voice.formants[:3] * np.exp(least_squares(off, start).x[:3])


def predict(y, wanted):
    """Poles of a linear prediction of order 12 at 10 kHz, those nearest to the wanted ones."""
    x = lfilter([1.0, -0.97], [1.0], resample_poly(y[-20000:-2000], 5, 24))
    x = x * np.hanning(len(x))
    r = np.correlate(x, x, "full")[len(x) - 1:len(x) + 12]
    r[0] *= 1.0001
    roots = np.roots(np.append(1.0, -solve_toeplitz(r[:-1], r[1:])))
    roots = roots[(roots.imag > 0.0) & (np.abs(roots) > np.exp(-np.pi * 0.05))]
    found = np.angle(roots) * 10000.0 / (2.0 * np.pi)
    return np.array([found[np.argmin(np.abs(found - f))] for f in wanted])


def off_by(y, f0, voice):
    """RMS deviation of partials from what the voice has there, dB."""
    freqs, levels = partials(y, f0)
    expected = voice.level(freqs)
    weight = np.clip((expected - expected.max() + 45.0) / 45.0, 0.0, 1.0)
    error = levels - expected
    return np.sqrt(np.average((error - np.average(error, weights=weight)) ** 2, weights=weight))


def shifted(mode, shift, voice, f0):
    """What comes out, with the fundamental it should have by sample."""
    shifter = Shifter(mode, shift, True)
    y = shifter.run(voice.say(f0))
    return y, np.concatenate([np.full(shifter.latency, f0[0]), f0])[:len(f0)] * ratio_of(shift)


def error_of(found, voice):
    return 100.0 * np.abs(found / voice.formants[:3] - 1.0)


def test_vowels(mode):
    name = f"{MODES[mode]}: formants kept"
    off, predicted = [], []
    for f0 in F0S:
        for shift in SHIFTS:
            ours, truth = np.zeros(3), np.zeros(3)
            for formants in VOWELS.values():
                voice = Voice(formants)
                y, new = shifted(mode, shift, voice, steady(f0))
                made = voice.say(new)
                ours = np.maximum(ours, error_of(fit(*partials(y, new), voice), voice))
                truth = np.maximum(truth, error_of(fit(*partials(made, new), voice), voice))
                off.append(off_by(y, new, voice))
                pair = [error_of(predict(x, voice.formants[:3]), voice) for x in (y, made)]
                predicted += list(zip(*pair))
            at_most(truth.max(), 0.5, f"control: vowels made at {f0 * ratio_of(shift):.0f} Hz, worst formant, percent")
            for k in range(3):
                at_most(ours[k], 5.0, f"{name}, {f0:g} Hz {shift:+d}: F{k + 1} of the worst vowel, percent")
    at_most(np.mean(off), 0.5, f"{name}: levels of partials, dB")
    ours, truth = np.array(predicted).T
    at_most(ours[truth < 3.0].max(), 5.0, f"{name}: worst by linear prediction, where that finds the truth's, percent")
    at_least(100.0 * np.mean(truth < 3.0), 60.0, f"{name}: share that this is, percent")
    at_most(ours.mean() - truth.mean(), 0.4, f"{name}: mean by linear prediction beyond the truth's, percent")


def test_glides(mode):
    """A gliding pitch shows the formants between partials, too."""
    for f0 in F0S[::2] if LONG else (180.0,):
        for shift in SHIFTS:
            worst = [0.0, 0.0]
            for vowel in VOWELS.values() if LONG else (VOWELS["i"], VOWELS["ae"]):
                voice = Voice(vowel)
                y, new = shifted(mode, shift, voice, glide(f0))
                for i, x in enumerate((y, voice.say(new))):
                    worst[i] = max(worst[i], error_of(fit(*partials(x, new), voice), voice).max())
            at_most(worst[1], 2.5, f"control: glides made at {f0 * ratio_of(shift):.0f} Hz, worst formant, percent")
            at_most(worst[0], 5.0, f"{MODES[mode]}: formants kept, glide at {f0:g} Hz {shift:+d}, worst, percent")


def test_talkers(mode, rng):
    """Throats, widths and slopes of anybody."""
    worst, off = 0.0, []
    for _ in range(40 if LONG else 6):
        vowel = np.array(list(VOWELS.values())[rng.integers(6)]) * rng.uniform(0.95, 1.18)
        fourth = vowel[2] + rng.uniform(700.0, 1000.0)
        voice = Voice(tuple(vowel) + (fourth, fourth + rng.uniform(800.0, 1100.0)),
                      np.array(WIDTHS) * rng.uniform(0.75, 1.35, 5), rng.uniform(0.5, 1.5))
        shift, f0 = SHIFTS[rng.integers(2)], rng.uniform(85.0, 200.0)
        y, new = shifted(mode, shift, voice, steady(f0))
        worst = max(worst, error_of(fit(*partials(y, new), voice), voice).max())
        off.append(off_by(y, new, voice))
    at_most(worst, 5.0, f"{MODES[mode]}: formants of random talkers kept, worst, percent")
    at_most(np.mean(off), 1.0, f"{MODES[mode]}: their partials, dB")


def test_moved(mode):
    """Formants move while the pitch stays."""
    for move in (3.0, -3.0):
        for vowel in VOWELS.values() if LONG else (VOWELS["ae"], VOWELS["e"]):
            voice = Voice(vowel)
            target = Voice(voice.formants * ratio_of(move), voice.widths * ratio_of(move))
            f0 = steady(110.0)
            y = Shifter(mode, 0.0, True, move).run(voice.say(f0))
            at_most(error_of(fit(*partials(y, f0), target), target).max(), 5.0,
                    f"{MODES[mode]}: formants {move:+g} semitones, worst, percent")


def main():
    rng = np.random.default_rng(int(os.environ.get("PINNA_SEED", "21")))
    for mode in range(3):
        test_vowels(mode)
        test_glides(mode)
        test_talkers(mode, rng)
        test_moved(mode)
    finish()


if __name__ == "__main__":
    main()
