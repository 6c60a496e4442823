# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""dsp/phase_steps.h in double precision, written from its description: whole signals, dense systems."""

import numpy as np

N_FFT, HOP, N_BINS = 640, 160, 321
WINDOW = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT)


def fit(size, bands, filters):
    """Times exp of the bands' wanted log gains, averaged over a bin's filters"""
    gain = np.clip(np.log(np.maximum(bands / np.maximum(size @ filters, 1e-6), 1e-30)), -np.log(100), np.log(100))
    return size * np.exp(filters @ gain / (filters.sum(1) + 1e-9))


def concentration(length):
    r = np.minimum(length, 0.999)
    return r * (2 - r ** 2) / (1 - r ** 2 + 1e-3)


def best_phases(size, old_size, old_phase, along_t, along_f, weight_f):
    """The least squares of the header as one dense system"""
    n = len(size)
    a = concentration(np.abs(along_t)) * size * old_size + 1e-12
    target = old_phase * along_t / (np.abs(along_t) + 1e-9) * np.exp(0.5j * np.pi * np.arange(n))
    b = weight_f * concentration(np.abs(along_f[1:])) * size[1:] * size[:-1]
    f = -along_f[1:] / (np.abs(along_f[1:]) + 1e-9)
    m = np.diag(a).astype(complex)
    for k in range(1, n):
        m[k, k] += b[k - 1]
        m[k - 1, k - 1] += b[k - 1]
        m[k, k - 1] -= b[k - 1] * f[k - 1]
        m[k - 1, k] -= b[k - 1] * np.conj(f[k - 1])
    y = np.linalg.solve(m, a * target)
    return y / np.abs(y)


def synthesise(log_size, along_t, along_f, bands, filters, n_ahead=1, n_iter=4, mix=0.4, weight_f=10.0):
    """Samples [n_frames HOP]: frame by frame, the sum over a whole signal each time"""
    n = len(log_size)
    total = (n + 8) * HOP + N_FFT
    sound = np.zeros((n, total))
    weight = np.zeros((n + 4, total))
    for t in range(n + 4):
        begin = t * HOP
        weight[t, begin:begin + N_FFT] = WINDOW ** 2
    sizes, old_size, old_phase = [], np.ones(N_BINS), np.ones(N_BINS, complex)
    for t in range(n):
        sizes.append(fit(fit(np.exp(log_size[t]), bands[t], filters), bands[t], filters))
        phase = best_phases(sizes[t], old_size, old_phase, along_t[t], along_f[t], weight_f)
        old_size, old_phase = sizes[t], phase

        def put(i, z):
            sound[i, i * HOP:i * HOP + N_FFT] = np.fft.irfft(z) * WINDOW

        put(t, sizes[t] * phase)
        for _ in range(n_iter):
            for i in range(max(t - n_ahead, 0), t + 1):
                at = slice(i * HOP, i * HOP + N_FFT)
                # Before the first frame lie frames of silence
                norm = sum(np.where((np.arange(N_FFT) - q * HOP >= 0) & (np.arange(N_FFT) - q * HOP < N_FFT),
                                    np.roll(WINDOW, q * HOP) ** 2, 0) for q in range(-4, t - i + 1))
                x = np.fft.rfft(sound[:t + 1, at].sum(0) / (norm + 1e-6) * WINDOW)
                size = np.exp(mix * np.log(sizes[i] + 1e-6) + (1 - mix) * np.log(np.abs(x) + 1e-6))
                size = fit(size, bands[i], filters)
                unit = x / (np.abs(x) + 1e-9)
                put(i, size * unit)
                if i == t:
                    old_size, old_phase = size, unit
    out = np.zeros((n, HOP))
    for t in range(n_ahead, n):
        at = (t - n_ahead) * HOP
        out[t] = sound[:t - n_ahead + 1, at:at + HOP].sum(0) / 1.5
    return out.ravel()
