#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The equaliser, the designs and lfilter equal TorchAudio's biquads (float64) and SoX on noise."""

import ctypes
import os
import random
import shutil
import subprocess
import sys
import tempfile

try:
    import numpy as np
    import torch
    import torchaudio.functional as taf
except ImportError as error:
    print(f"1..0 # SKIP no oracle: {error}")
    sys.exit(0)

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish, ok, skip  # noqa: E402

N = 8000
LIB = ctypes.CDLL(sys.argv[1])
TYPES = ["bell", "low_shelf", "high_shelf", "low_pass", "high_pass", "band_pass", "notch",
         "all_pass", "bass", "treble", "equalizer", "band", "bandpass", "bandreject", "riaa",
         "deemph", "band_noise", "bandpass_skirt"]


class Band(ctypes.Structure):
    _fields_ = [("enabled", ctypes.c_bool), ("type", ctypes.c_int), ("shape", ctypes.c_int),
                ("order", ctypes.c_uint32), ("freq_hz", ctypes.c_double),
                ("gain_db", ctypes.c_double), ("q", ctypes.c_double)]


class Config(ctypes.Structure):
    _fields_ = [("sample_rate", ctypes.c_double), ("n_ch", ctypes.c_uint32),
                ("n_bands", ctypes.c_uint32)]


BUILD = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
LIB.pinna_arena_free.argtypes = [ctypes.c_void_p]
LIB.pinna_eq_snap.argtypes = [ctypes.c_void_p]
LIB.pinna_eq_set_band.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.POINTER(Band)]


def near(actual, expected, tolerance, text):
    worst = float(np.max(np.abs(np.asarray(actual, np.float64) - expected)))
    ok(worst <= tolerance, f"{text}: {worst:.1e} off, at most {tolerance:.0e}")


def pinna(x, rate, name, freq=1000.0, gain=0.0, q=0.7071, order=2):
    """One band of the equaliser over mono float32 samples"""
    memory, eq = ctypes.c_void_p(), ctypes.c_void_p()
    config = Config(rate, 1, 1)
    LIB.pinna_arena_build(ctypes.byref(memory), ctypes.byref(eq),
                          ctypes.cast(LIB.pinna_eq_init, BUILD), ctypes.byref(config))
    band = Band(True, TYPES.index(name), 0, order, freq, gain, q)
    LIB.pinna_eq_set_band(eq, 0, ctypes.byref(band))
    LIB.pinna_eq_snap(eq)
    y = np.zeros(len(x), np.float32)
    ins = (ctypes.c_void_p * 1)(x.ctypes.data)
    outs = (ctypes.c_void_p * 1)(y.ctypes.data)
    LIB.pinna_eq_run(eq, ins, outs, len(x))
    LIB.pinna_arena_free(memory)
    return y


def draw(rng):
    rate = rng.choice([8000, 44100, 48000, 96000, 192000])
    freq = 10 * (min(24000, 0.48 * rate) / 10) ** rng.random()
    return rate, freq, rng.uniform(-12, 12), 0.2 * 50 ** rng.random()


def torch_cases(rng):
    """name, rate, parameters for pinna, TorchAudio's function"""
    for _ in range(6):
        rate, f, g, q = draw(rng)
        p = {"freq": f, "gain": g, "q": q}
        yield "bell", rate, p, lambda x: taf.equalizer_biquad(x, rate, f, g, q)
        yield "equalizer", rate, p, lambda x: taf.equalizer_biquad(x, rate, f, g, q)
        yield "low_shelf", rate, p, lambda x: taf.bass_biquad(x, rate, g, f, q)
        yield "bass", rate, p, lambda x: taf.bass_biquad(x, rate, g, f, q)
        yield "high_shelf", rate, p, lambda x: taf.treble_biquad(x, rate, g, f, q)
        yield "treble", rate, p, lambda x: taf.treble_biquad(x, rate, g, f, q)
        yield "low_pass", rate, p, lambda x: taf.lowpass_biquad(x, rate, f, q)
        yield "high_pass", rate, p, lambda x: taf.highpass_biquad(x, rate, f, q)
        yield "band_pass", rate, p, lambda x: taf.bandpass_biquad(x, rate, f, q)
        yield "bandpass", rate, p, lambda x: taf.bandpass_biquad(x, rate, f, q)
        yield "bandpass_skirt", rate, p, lambda x: taf.bandpass_biquad(x, rate, f, q, True)
        yield "notch", rate, p, lambda x: taf.bandreject_biquad(x, rate, f, q)
        yield "bandreject", rate, p, lambda x: taf.bandreject_biquad(x, rate, f, q)
        yield "all_pass", rate, p, lambda x: taf.allpass_biquad(x, rate, f, q)
        yield "band", rate, p, lambda x: taf.band_biquad(x, rate, f, q)
        yield "band_noise", rate, p, lambda x: taf.band_biquad(x, rate, f, q, True)
    for rate in (44100, 48000, 88200, 96000):
        yield "riaa", rate, {}, lambda x, r=rate: taf.riaa_biquad(x, r)
    for rate in (44100, 48000):
        yield "deemph", rate, {}, lambda x, r=rate: taf.deemph_biquad(x, r)


def test_torch(rng):
    worst = {}
    for name, rate, params, oracle in torch_cases(rng):
        x = (0.02 * np.random.default_rng(rng.randrange(1 << 30)).uniform(-1, 1, N))
        x = x.astype(np.float32)
        expected = oracle(torch.from_numpy(x).double()).numpy()
        error = np.max(np.abs(pinna(x, rate, name, **params) - expected)) / 0.02
        worst[name] = max(worst.get(name, 0.0), float(error))
    for name, error in worst.items():
        ok(error <= 1e-5, f"TorchAudio: {name}: {error:.1e} of full scale off")


SOX = [("equalizer", "equalizer 1500 1.2q 6", {"freq": 1500, "q": 1.2, "gain": 6}),
       ("bass", "bass 5 120 0.8q", {"freq": 120, "q": 0.8, "gain": 5}),
       ("treble", "treble -7 4000 0.6q", {"freq": 4000, "q": 0.6, "gain": -7}),
       ("low_pass", "lowpass -2 900 1.3q", {"freq": 900, "q": 1.3}),
       ("high_pass", "highpass -2 300 0.9q", {"freq": 300, "q": 0.9}),
       ("bandpass", "bandpass 2000 3q", {"freq": 2000, "q": 3}),
       ("bandpass_skirt", "bandpass -c 2000 3q", {"freq": 2000, "q": 3}),
       ("bandreject", "bandreject 2000 3q", {"freq": 2000, "q": 3}),
       ("all_pass", "allpass 700 1.1q", {"freq": 700, "q": 1.1}),
       ("band", "band 1000 250h", {"freq": 1000, "q": 4}),
       ("band_noise", "band -n 1000 250h", {"freq": 1000, "q": 4}),
       ("riaa", "riaa", {}),
       ("deemph", "deemph", {})]


def test_sox(rng):
    if not shutil.which("sox"):
        skip("SoX", "it is not installed")
        return
    x = (0.02 * np.random.default_rng(rng.randrange(1 << 30)).uniform(-1, 1, N)).astype(np.float32)
    raw = ["-t", "raw", "-e", "floating-point", "-b", "32", "-c", "1", "-r", "48000"]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.raw")
        x.tofile(path)
        for name, effect, params in SOX:
            out = subprocess.run(["sox", "-D", *raw, path, *raw, "-", *effect.split()],
                                 capture_output=True, check=True).stdout
            near(pinna(x, 48000, name, **params), np.frombuffer(out, np.float32), 1e-5,
                 f"SoX: {effect}")


def test_lfilter(rng):
    for order in (1, 2, 5):
        generator = np.random.default_rng(rng.randrange(1 << 30))
        poles = generator.uniform(-0.9, 0.9, order)
        a = np.poly(poles)
        a *= 2.0
        b = generator.uniform(-1, 1, order + 1)
        x = generator.uniform(-1, 1, 1000)
        ta, tb, tx = (torch.from_numpy(v) for v in (a, b, x))
        for clamp in (False, True):
            y, z, state = np.zeros(1000), np.zeros(1000), np.zeros(order)
            pointers = [ctypes.c_void_p(v.ctypes.data) for v in (a, b, state, x, y, z)]
            LIB.pinna_lfilter(pointers[0], pointers[1], order, pointers[2], clamp, pointers[3],
                              pointers[4], 1000)
            LIB.pinna_filtfilt(pointers[0], pointers[1], order, clamp, pointers[3], pointers[5],
                               1000)
            expected = taf.lfilter(tx, ta, tb, clamp=clamp).numpy()
            near(y / np.max(np.abs(expected)), expected / np.max(np.abs(expected)), 1e-11,
                 f"lfilter of order {order}, clamp {clamp}")
            expected = taf.filtfilt(tx, ta, tb, clamp=clamp).numpy()
            near(z / np.max(np.abs(expected)), expected / np.max(np.abs(expected)), 1e-11,
                 f"filtfilt of order {order}, clamp {clamp}")


RNG = random.Random(int.from_bytes(os.urandom(4), "little"))
test_torch(RNG)
test_sox(RNG)
test_lfilter(RNG)
finish()
