#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""STOI and the other measures of a resynthesis equal independent ones in NumPy, and say what they should."""

import ctypes
import os
import random
import sys

try:
    import numpy as np
    import scipy.signal
    import torchaudio
except ImportError as error:
    print(f"1..0 # SKIP no oracle: {error}")
    sys.exit(0)

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "../../tools/train")]
from tap import finish, ok  # noqa: E402
from vocoder_metrics import log_spectral_distance, mel_cepstral_distortion, stoi  # noqa: E402

LIB = ctypes.CDLL(sys.argv[1])


class Scores(ctypes.Structure):
    _fields_ = [(n, ctypes.c_double) for n in ("stoi", "mcd", "lsd", "stft_loss", "f0_error", "voicing_error")]


def near(found, expected, tolerance, text):
    ok(abs(found - expected) <= tolerance, f"{text}: {found:.5f}, expected {expected:.5f} within {tolerance:g}")


def call(name, out, x, y, rate):
    x, y = (np.ascontiguousarray(s, np.float32) for s in (x, y))
    return getattr(LIB, name)(ctypes.byref(out), x.ctypes.data_as(ctypes.c_void_p), y.ctypes.data_as(ctypes.c_void_p),
                              ctypes.c_size_t(len(x)), ctypes.c_uint32(rate))


def score(x, y, rate):
    scores = Scores()
    return call("pinna_resynthesis_score", scores, x, y, rate), scores


def voice(rng, n, rate, f0):
    """Glottal-like harmonics under formants that move, in syllables with noise between"""
    t = np.arange(n) / rate
    phase = 2 * np.pi * np.cumsum(f0 * (1 + 0.05 * np.sin(2 * np.pi * 0.7 * t))) / rate
    x = sum(np.exp(-0.5 * ((k * f0 - 600 - 300 * np.sin(5 * t)) / 500) ** 2) * np.sin(k * phase) + np.sin(k * phase) / k ** 2
            for k in range(1, int(0.4 * rate / f0)))
    syllables = np.clip(np.sin(2 * np.pi * 2.5 * t) * 3, 0, 1)
    return (0.1 * syllables * x + 0.005 * (1 - syllables) * rng.standard_normal(n)).astype(np.float32)


def multi_resolution(x, y):
    """Yamamoto et al. 2020, equations 4 to 6"""
    total = 0
    for n_fft, hop, win in ((512, 50, 240), (1024, 120, 600), (2048, 240, 1200)):
        w = np.zeros(n_fft)
        w[(n_fft - win) // 2:(n_fft - win) // 2 + win] = scipy.signal.get_window("hann", win)
        a, b = (np.sqrt(np.maximum(np.abs(np.fft.rfft(np.lib.stride_tricks.sliding_window_view(s.astype(float), n_fft)
                                                      [::hop] * w)) ** 2, 1e-7)) for s in (x, y))
        total += np.linalg.norm(a - b) / np.linalg.norm(a) + np.abs(np.log(a / b)).mean()
    return total / 3


def main():
    seed = int(os.environ.get("PINNA_SEED", random.randrange(2 ** 31)))
    print(f"# seed {seed}")
    rng = np.random.default_rng(seed)
    rate = 16000
    mel = torchaudio.functional.melscale_fbanks(257, 0.0, 8000.0, 40, 16000, "slaney", "slaney").numpy()
    for snr in (20, 5, -5):
        x = voice(rng, int(rng.integers(32000, 48000)), rate, rng.uniform(90, 220))
        noise = rng.standard_normal(len(x)).astype(np.float32)
        y = x + noise * np.std(x) / np.std(noise) * 10 ** (-snr / 20)
        status, s = score(x, y, rate)
        ok(status == 0, f"{snr} dB: scored")
        near(s.stoi, stoi(x, y), 3e-3, f"{snr} dB: STOI")
        near(s.lsd, log_spectral_distance(x, y), 1e-3, f"{snr} dB: log-spectral distance")
        near(s.mcd, mel_cepstral_distortion(x, y, mel), 1e-3, f"{snr} dB: mel-cepstral distortion")
        near(s.stft_loss, multi_resolution(x, y), 1e-3 * s.stft_loss, f"{snr} dB: STFT loss")
    for rate in (10000, 22050, 48000):
        x = voice(rng, 3 * rate, rate, 150.0)
        y = x + 0.02 * rng.standard_normal(len(x)).astype(np.float32)
        found = ctypes.c_double()
        ok(call("pinna_stoi", found, x, y, rate) == 0, f"STOI at {rate} Hz")
        near(found.value, stoi(x, y, rate), 4e-3, f"STOI at {rate} Hz")
    rate = 16000
    x = voice(rng, 2 * rate, rate, 150.0)
    _, s = score(x, x, rate)
    ok(abs(s.stoi - 1) < 1e-6 and s.mcd == s.lsd == s.stft_loss == s.f0_error == s.voicing_error == 0, "equal signals")
    t = np.arange(2 * rate) / rate
    for cents in (17.0, -60.0):
        a, b = (sum(np.sin(2 * np.pi * k * f * t) / k for k in range(1, 9)) * 0.1
                for f in (140.0, 140.0 * 2 ** (cents / 1200)))
        _, s = score(a, b, rate)
        near(s.f0_error, abs(cents), 3.0, "cents of fundamental frequency")
        ok(s.voicing_error < 0.05, f"voiced alike: {s.voicing_error:.3f}")
    b[rate:] = 0.01 * rng.standard_normal(rate)
    near(score(a, b, rate)[1].voicing_error, 0.5, 0.05, "half of it is not voiced")
    noise = 0.1 * rng.standard_normal(rate)
    _, s = score(noise, 0.5 * noise, rate)
    near(s.lsd, 20 * np.log10(2), 0.3, "dB of level are dB of log-spectral distance")
    ok(score(a[:1000], a[:1000], rate)[0] != 0 and score(a, a, 7000)[0] != 0, "too short, or a rate too low: refused")
    finish()


main()
