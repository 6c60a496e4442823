#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spectral descriptors against their formulas and TorchAudio, level statistics against numpy."""

import ctypes
import random

import numpy
import torch
import torchaudio.functional as F
from oracle import (BOOL, DOUBLE, FLOAT, LIB, PTR, U32, build, declare, done, near, ok, seed_all, signals,
                    struct)

DescriptorsConfig = struct("DescriptorsConfig", sample_rate=DOUBLE, n_fft=U32, rolloff=DOUBLE)
Frame = struct("Frame", centroid=FLOAT, spread=FLOAT, rolloff=FLOAT, flux=FLOAT, flatness=FLOAT)
StatsConfig = struct("StatsConfig", sample_rate=DOUBLE, n_ch=U32, window=DOUBLE)
Reading = struct("Reading", dc=DOUBLE, rms=DOUBLE, peak=DOUBLE, crest=DOUBLE, minimum=DOUBLE,
                 maximum=DOUBLE)
ROWS = ctypes.POINTER(PTR)
descriptors_frame = declare("descriptors_frame", None, PTR, PTR, ctypes.POINTER(Frame))
stats_run = declare("meter_stats_run", None, PTR, ROWS, U32)
stats_moment = declare("meter_stats_moment", None, PTR, ctypes.POINTER(Reading))
stats_total = declare("meter_stats_total", None, PTR, ctypes.POINTER(Reading))


def test_descriptors():
    for rate, n_fft in [(16000, 512), (48000, 2048), (22050, 400)]:
        share = random.choice([0.85, 0.5, 0.95])
        status, memory, self = build(LIB.pinna_descriptors_init, DescriptorsConfig(rate, n_fft, share))
        ok(status == 0, f"descriptors of {n_fft} at {rate} Hz build")
        for name, x in signals(rate, rate):
            LIB.pinna_descriptors_reset(self)
            hop = n_fft // 2
            bins = torch.stft(x, n_fft, hop, window=torch.hann_window(n_fft), center=False,
                              return_complex=True).T.contiguous()
            ours = []
            for row in bins:
                frame = Frame()
                descriptors_frame(self, row.data_ptr(), ctypes.byref(frame))
                ours.append([getattr(frame, key) for key, _ in Frame._fields_])
            ours = torch.tensor(ours, dtype=torch.float64)
            m = bins.to(torch.complex128).abs()
            hz = torch.arange(m.shape[1]) * rate / n_fft
            centroid = (m * hz).sum(1) / m.sum(1)
            theirs = F.spectral_centroid(x.double().unsqueeze(0), rate, 0, torch.hann_window(n_fft).double(),
                                         n_fft, hop, n_fft)[0]
            middle = theirs[1:1 + len(centroid)] if n_fft // 2 == hop else None
            text = f"{name}, {n_fft} at {rate} Hz:"
            near(ours[:, 0], centroid, 1e-5, f"{text} centroid")
            near(ours[:, 0], middle[:len(centroid)], 1e-4, f"{text} centroid as TorchAudio's")
            spread = ((m * (hz - centroid.unsqueeze(1)) ** 2).sum(1) / m.sum(1)).sqrt()
            near(ours[:, 1], spread, 1e-5, f"{text} spread")
            rolloff = hz[(m.cumsum(1) >= share * m.sum(1, keepdim=True)).int().argmax(1)]
            near(ours[:, 2], rolloff.double(), 1e-6, f"{text} roll-off")
            last = torch.cat([torch.zeros_like(m[:1]), m[:-1]])
            near(ours[:, 3], (m - last).clamp(min=0.0).sum(1) / m.sum(1), 1e-4, f"{text} flux")
            power = (m ** 2).clamp(min=1e-10)
            near(ours[:, 4], power.log().mean(1).exp() / power.mean(1), 1e-4, f"{text} flatness")
        silence, frame = torch.zeros(n_fft // 2 + 1, dtype=torch.complex64), Frame()
        descriptors_frame(self, silence.data_ptr(), ctypes.byref(frame))
        ok(all(getattr(frame, key) == 0.0 for key, _ in Frame._fields_), "silence is all 0")
        LIB.pinna_arena_free(memory)
    ok(build(LIB.pinna_descriptors_init, DescriptorsConfig(48000, 33, 0.0))[0] == 1, "odd n_fft refused")


def check_stats(text, reading, x):
    """x [n_ch x n]."""
    means = x.mean(1)
    rms, peak = numpy.sqrt((x ** 2).mean()), numpy.abs(x).max()
    wanted = {"dc": means[numpy.abs(means).argmax()], "rms": rms, "peak": peak, "crest": peak / rms,
              "minimum": x.min(), "maximum": x.max()}
    for key, value in wanted.items():
        ours = getattr(reading, key)
        ok(abs(ours - value) <= 1e-9 * max(1.0, abs(value)), f"{text}: {key} {ours:.6g}, {value:.6g}")


def test_stats():
    for rate, n_ch, window in [(48000, 2, 0.3), (44100, 1, 0.05), (8000, 5, 1.0)]:
        status, memory, self = build(LIB.pinna_meter_stats_init, StatsConfig(rate, n_ch, window))
        slot = round(rate * window / 30)
        x = torch.randn(n_ch, slot * 60 + random.randrange(slot)) * 0.1 + torch.randn(n_ch, 1) * 0.05
        x, at = x.contiguous(), 0
        while at < x.shape[1]:
            n = min(random.randrange(1, 3000), x.shape[1] - at)
            chunk = x[:, at:at + n].contiguous()
            stats_run(self, (PTR * n_ch)(*[row.data_ptr() for row in chunk]), n)
            at += n
        moment, total, text = Reading(), Reading(), f"{n_ch} channels at {rate} Hz"
        stats_moment(self, ctypes.byref(moment))
        stats_total(self, ctypes.byref(total))
        ok(status == 0, f"{text} build")
        check_stats(f"{text}, window", moment, x[:, slot * 30:slot * 60].double().numpy())
        check_stats(f"{text}, total", total, x.double().numpy())
        LIB.pinna_arena_free(memory)
    ok(build(LIB.pinna_meter_stats_init, StatsConfig(48000, 0, 0.0))[0] == 1, "no channel is refused")


seed_all()
ok(ctypes.sizeof(BOOL) == 1, "structures are laid out as C's")
test_descriptors()
test_stats()
done()
