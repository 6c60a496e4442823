#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How good the pitch shifter sounds: tones, chords, attacks, pulses and glides, measured."""

import ctypes
import glob
import os
import sys
import wave

try:
    import numpy as np
    from scipy.signal import fftconvolve, firwin, resample_poly
except ImportError as error:
    print(f"1..0 # SKIP no oracle: {error}")
    sys.exit(0)

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish, ok, skip  # noqa: E402

RATE = 48000
LONG = bool(os.environ.get("PINNA_LONG"))
MODES = ["poly", "low latency", "voice"]
SHIFTS = [4, -5]
LIB = ctypes.CDLL(sys.argv[1])
PTR = ctypes.c_void_p
BUILD = ctypes.CFUNCTYPE(ctypes.c_int, PTR, PTR, PTR)
LIB.pinna_arena_free.argtypes = [PTR]
LIB.pinna_pitch_latency.argtypes = [PTR]


class Config(ctypes.Structure):
    _fields_ = [("sample_rate", ctypes.c_double), ("n_channels", ctypes.c_uint32)]


class Target(ctypes.Structure):
    _fields_ = [("semitones", ctypes.c_double), ("formant", ctypes.c_double), ("preserve", ctypes.c_bool),
                ("mix", ctypes.c_double), ("transients", ctypes.c_double), ("glide", ctypes.c_double),
                ("note", ctypes.c_double)]


class Tracked(ctypes.Structure):
    _fields_ = [("f0", ctypes.c_double), ("confidence", ctypes.c_double), ("period", ctypes.c_double)]


LIB.pinna_pitch_tracked.argtypes, LIB.pinna_pitch_tracked.restype = [PTR], Tracked


class Shifter:
    """A PinnaPitch of one channel."""

    def __init__(self, mode, semitones, preserve=False, formant=0.0):
        self.memory, self.handle = PTR(), PTR()
        LIB.pinna_arena_build(ctypes.byref(self.memory), ctypes.byref(self.handle),
                              ctypes.cast(LIB.pinna_pitch_init, BUILD), ctypes.byref(Config(RATE, 1)))
        self.target = Target(semitones, formant, preserve, 1.0, 0.5, 0.005, 0.0)
        self.aim()
        LIB.pinna_pitch_start(self.handle, mode)
        self.latency = LIB.pinna_pitch_latency(self.handle)

    def __del__(self):
        LIB.pinna_arena_free(self.memory)

    def aim(self):
        LIB.pinna_pitch_set(self.handle, ctypes.byref(self.target))

    def run(self, x, block=256, each=None):
        x = np.ascontiguousarray(x, np.float32)
        y = np.zeros_like(x)
        for i in range(0, len(x), block):
            if each:
                each(self, i)
            rows = [(PTR * 1)(a.ctypes.data + 4 * i) for a in (x, y)]
            LIB.pinna_pitch_run(self.handle, *rows, min(block, len(x) - i))
        return y


def at_most(value, limit, text):
    ok(value <= limit, f"{text}: {value:.2f}, at most {limit:g}")


def at_least(value, limit, text):
    ok(value >= limit, f"{text}: {value:.2f}, at least {limit:g}")


def time(seconds):
    return np.arange(int(seconds * RATE)) / RATE


def ratio_of(semitones):
    return 2.0 ** (semitones / 12.0)


def sinad(y, freqs, n=4096):
    """Least-squares fit of tones to each n samples: what they explain against the rest, dB."""
    t = np.arange(n) / RATE
    basis = np.stack([f(2.0 * np.pi * q * t) for q in freqs for f in (np.sin, np.cos)], 1)
    rows = y[:len(y) // n * n].reshape(-1, n).T.astype(float)
    fitted = basis @ np.linalg.lstsq(basis, rows, rcond=None)[0]
    return 10.0 * np.log10(np.sum(fitted ** 2) / np.sum((rows - fitted) ** 2))


def crest(y):
    return 20.0 * np.log10(np.abs(y).max() / np.sqrt(np.mean(y ** 2)))


def test_tones(mode, floor_sine, floor_chord, rng):
    chord = [f * h for f in (220.0, 277.18, 329.63) for h in range(1, 7)]
    levels = [0.08 / h for _ in range(3) for h in range(1, 7)]
    for shift in SHIFTS:
        t = time(3.0)
        y = Shifter(mode, shift).run(0.25 * np.sin(2.0 * np.pi * 997.0 * t))[RATE:]
        at_least(sinad(y, [997.0 * ratio_of(shift)]), floor_sine, f"{MODES[mode]} {shift:+d}: sine, dB")
        for phases in (np.zeros(18), rng.uniform(0.0, 2.0 * np.pi, 18)):
            x = sum(a * np.sin(2.0 * np.pi * f * t + p) for a, f, p in zip(levels, chord, phases))
            y = Shifter(mode, shift).run(x)[RATE:]
            at_least(sinad(y, np.array(chord) * ratio_of(shift)), floor_chord,
                     f"{MODES[mode]} {shift:+d}: chord, dB")


def test_attacks(mode, rng):
    for shift in SHIFTS:
        x = np.zeros(4 * RATE)
        starts = range(12000, len(x) - 24000, 24000)
        for start in starts:
            decay = np.exp(-np.arange(960) / (0.002 * RATE))
            x[start:start + 960] = 0.5 * rng.standard_normal(960) * decay
        shifter = Shifter(mode, shift)
        y = shifter.run(x)
        before = total = 0.0
        for start in starts:
            piece = y[start + shifter.latency - 9600:start + shifter.latency + 12000].astype(float) ** 2
            peak = np.argmax(piece)
            before += piece[:peak - 144].sum()
            total += piece.sum()
        at_most(10.0 * np.log10(before / total), -28.0, f"{MODES[mode]} {shift:+d}: pre-echo, dB")


def test_low_pulses(mode):
    """Pulses of a bass are no attacks that pass: what comes out is at the new pitch."""
    t = time(2.0)
    for f0 in (42.0, 47.0, 55.0, 65.0):
        old = f0 * np.arange(1, int(2000.0 / f0))
        x = sum(0.01 * np.cos(2.0 * np.pi * f * t) for f in old)
        y = Shifter(mode, 4).run(x)[-RATE:] * np.hanning(RATE)
        there, left = (sum(np.abs(np.exp(-2j * np.pi * f * np.arange(RATE) / RATE) @ y) ** 2 for f in freqs)
                       for freqs in (old * ratio_of(4), old))
        at_least(10.0 * np.log10(there / left), 6.0, f"{MODES[mode]}: a bass of {f0:g} Hz moves, dB")


def test_pulses():
    """A cosine buzz stays one, harmonic by harmonic; formants kept, its band and so its crest are narrower."""
    t = time(2.0)
    for f0 in (80.0, 110.0, 223.0):
        n = int(4400.0 / f0)
        x = sum(0.01 * np.cos(2.0 * np.pi * f0 * h * t) for h in range(1, n + 1))
        for shift in SHIFTS:
            y = Shifter(2, shift).run(x)[RATE // 2:]
            at_most(crest(x) - crest(y), 1.0, f"voice {shift:+d}: crest lost by a buzz of {f0:g} Hz, dB")
            at_least(sinad(y, f0 * ratio_of(shift) * np.arange(1, n + 1), 4800), 40.0,
                     f"voice {shift:+d}: harmonics of a buzz of {f0:g} Hz, dB")
            y = Shifter(2, shift, True).run(x)[RATE // 2:]
            at_most(crest(x) - 10.0 * np.log10(ratio_of(shift)) - crest(y), 0.2,
                    f"voice {shift:+d}: the same, formants kept, beyond what the band allows")


def test_sweep(mode):
    high = firwin(1023, 4000.0, pass_zero=False, fs=RATE, window=("kaiser", 10.06))

    def move(shifter, i):
        shifter.target.semitones = float(np.clip(24.0 * (i / RATE - 1.0) - 12.0, -12.0, 12.0))
        shifter.aim()

    for freq in (200.0, 997.0):
        x = 0.25 * np.sin(2.0 * np.pi * freq * time(3.0))
        y = fftconvolve(Shifter(mode, -12.0).run(x, 128, move), high, "same")[RATE // 2:-RATE // 4]
        at_most(20.0 * np.log10(np.abs(y).max() / 0.25), -60.0,
                f"{MODES[mode]}: {freq:g} Hz from 0.5 to 2 in a second, clicks, dB")


def track(x):
    """Fundamental and confidence every 5 ms."""
    rows = []

    def note_down(shifter, _):
        now = LIB.pinna_pitch_tracked(shifter.handle)
        rows.append((now.f0, now.confidence))

    Shifter(0, 0.0).run(x, 240, note_down)
    return np.array(rows).T


def read_talker(folder, rng):
    """Seconds of a talker from the Debian voice packages, at 48 kHz."""
    names = sorted(glob.glob(os.path.join(folder, "vm-*.wav")))
    parts = []
    for name in rng.permutation(names):
        with wave.open(name) as file:
            parts.append(np.frombuffer(file.readframes(file.getnframes()), np.int16) / 32768.0)
    x = resample_poly(np.concatenate(parts)[:(12 if LONG else 6) * 8000], 6, 1)
    return 0.5 * x / np.abs(x).max()


def test_talkers(rng):
    """Recorded voices: the pitch that comes out is the pitch that went in, moved; nothing bursts."""
    folders = sorted(f for f in glob.glob("/usr/share/asterisk/sounds/*_*_*") if glob.glob(f + "/vm-*.wav"))
    if not folders:
        skip("talkers", "no asterisk-core-sounds-*-wav")
    for folder in folders if LONG else folders[::3]:
        x = read_talker(folder, rng)
        f0, confidence = track(x)
        for shift in SHIFTS:
            for mode in (0, 2):
                shifter = Shifter(mode, shift, True)
                y = shifter.run(x)
                new = track(y[shifter.latency:])[0]
                at = np.flatnonzero((confidence[1:len(new)] > 0.9) & (f0[:len(new) - 1] > 0.0)) + 1
                at = at[np.abs(f0[at] / f0[at - 1] - 1.0) < 0.03]
                cents = np.abs(1200.0 * np.log2(np.maximum(new[at], 1.0) / f0[at]) - 100.0 * shift)
                name = f"{os.path.basename(folder)} {MODES[mode]} {shift:+d}"
                at_most(np.median(cents), 30.0, f"{name}: pitch, median error, cents")
                at_most(np.abs(y).max(), 1.0, f"{name}: peak, from 0.5")


def main():
    rng = np.random.default_rng(7)
    test_tones(0, 60.0, 24.0, rng)
    test_tones(1, 60.0, 20.0, rng)
    test_tones(2, 60.0, 20.0, rng)
    test_pulses()
    test_low_pulses(0)
    test_low_pulses(1)
    for mode in range(3):
        test_attacks(mode, rng)
        test_sweep(mode)
    test_talkers(rng)
    finish()


if __name__ == "__main__":
    main()
