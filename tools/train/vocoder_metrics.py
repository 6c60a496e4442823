# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How near a resynthesis [n] is to the original [n], both at 16 kHz: the measures of dsp/stoi.h and
dsp/resynthesis.h once more in NumPy."""

import numpy as np
import scipy.signal


def frames(x, n, hop):
    return np.lib.stride_tricks.sliding_window_view(x, n)[::hop]


def third_octaves(rate=10000, n_fft=512, n_bands=15, lowest=150.0):
    """[n_bands x n_fft / 2 + 1] of 0 and 1 (Taal et al. 2011, section II)"""
    f = np.arange(n_fft // 2 + 1) * rate / n_fft
    k = np.arange(n_bands)
    low, high = lowest * 2 ** ((2 * k - 1) / 6), lowest * 2 ** ((2 * k + 1) / 6)
    bands = np.zeros((n_bands, len(f)))
    for i in range(n_bands):
        bands[i, np.argmin((f - low[i]) ** 2):np.argmin((f - high[i]) ** 2)] = 1
    return bands


def stoi(x, y, rate=16000):
    """Taal, Hendriks, Heusdens & Jensen, IEEE TASL 19(7), 2011; x is the clean one"""
    x, y = (scipy.signal.resample_poly(s, 10000, rate) for s in (x, y))
    w = np.hanning(258)[1:-1]
    fx, fy = frames(x, 256, 128) * w, frames(y, 256, 128) * w
    level = 20 * np.log10(np.linalg.norm(fx, axis=1) + 1e-20)
    loud = level > level.max() - 40
    sx, sy = (np.zeros((loud.sum() - 1) * 128 + 256) for _ in range(2))
    for i, at in enumerate(np.flatnonzero(loud)):
        sx[i * 128:i * 128 + 256] += fx[at]
        sy[i * 128:i * 128 + 256] += fy[at]
    bands = third_octaves()
    tx, ty = (np.sqrt(np.abs(np.fft.rfft(frames(s, 256, 128) * w, 512)) ** 2 @ bands.T).T
              for s in (sx, sy))
    if tx.shape[1] < 30:
        return np.nan
    sx, sy = (np.lib.stride_tricks.sliding_window_view(t, 30, axis=1) for t in (tx, ty))
    sy = sy * (np.linalg.norm(sx, axis=2) / (np.linalg.norm(sy, axis=2) + 1e-20))[..., None]
    sy = np.minimum(sy, sx * (1 + 10 ** (15 / 20)))
    sx, sy = sx - sx.mean(2, keepdims=True), sy - sy.mean(2, keepdims=True)
    return np.mean((sx * sy).sum(2) / (np.linalg.norm(sx, axis=2) * np.linalg.norm(sy, axis=2) + 1e-20))


def power(x, n_fft, hop):
    return np.abs(np.fft.rfft(frames(x, n_fft, hop) * scipy.signal.get_window("hann", n_fft))) ** 2


def log_spectral_distance(x, y, n_fft=512, hop=128):
    """dB: root mean square over bins, mean over frames; 80 dB below the loudest bin is the floor"""
    a, b = power(x, n_fft, hop), power(y, n_fft, hop)
    floor = a.max() * 1e-8
    d = 10 * np.log10(np.maximum(a, floor) / np.maximum(b, floor))
    return np.mean(np.sqrt(np.mean(d ** 2, axis=1)))


def mel_cepstral_distortion(x, y, mel, n_cepstra=24, n_fft=512, hop=128):
    """dB, over mel cepstra 1 to n_cepstra (Kubichek 1993); mel [n_bins x n_mels]"""
    a, b = power(x, n_fft, hop) @ mel, power(y, n_fft, hop) @ mel
    floor = a.max() * 1e-8
    d = np.log(np.maximum(a, floor) / np.maximum(b, floor)) / 2
    n = mel.shape[1]
    dct = np.cos(np.pi / n * np.outer(np.arange(1, n_cepstra + 1), np.arange(n) + 0.5)) * np.sqrt(2 / n)
    return np.mean(10 / np.log(10) * np.sqrt(2 * ((d @ dct.T) ** 2).sum(1)))
