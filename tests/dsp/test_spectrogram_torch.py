#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows, spectrograms and their inverses equal torch's and TorchAudio's on fresh noise."""

import itertools

from oracle import (FLOAT, LIB, PTR, SIZE, U32, SpectrogramConfig, Window, build, declare, done, near, ok,
                    seed_all, torch, torch_window, torchaudio)
from oracle import WINDOWS as KINDS

declare("window_fill", None, PTR, U32, Window)
declare("spectrogram_config", SpectrogramConfig, U32)
declare("spectrogram_n_bins", U32, PTR)
declare("spectrogram_n_frames", SIZE, PTR, SIZE)
declare("spectrogram_length", SIZE, PTR, SIZE)
declare("spectrogram_forward", U32, PTR, PTR, SIZE, PTR)
declare("spectrogram_power", U32, PTR, PTR, SIZE, FLOAT, PTR)
declare("spectrogram_inverse", U32, PTR, PTR, SIZE, SIZE, PTR)

PAD_MODES = ["reflect", "constant", "replicate", "circular"]
NORMALIZED = [False, "window", "frame_length"]


def test_windows():
    for kind, n, periodic in itertools.product(KINDS, [1, 2, 31, 400, 1024], [True, False]):
        beta = 5.25
        ours = torch.empty(n)
        LIB.pinna_window_fill(ours.data_ptr(), n, Window(KINDS.index(kind), not periodic, beta))
        theirs = torch_window(kind, n, periodic, beta)
        difference = (ours.double() - theirs).abs().max()
        ok(bool(difference <= 1e-6), f"{kind} of {n}, periodic {periodic}: {difference:.1e}")


def test_one(n_fft, win, hop, n, kind, pad, center, pad_mode, normalized, onesided):
    config = LIB.pinna_spectrogram_config(n_fft)
    config.win_length, config.hop_length, config.pad = win, hop, pad
    config.window = Window(KINDS.index(kind), False, 8.0)
    config.normalized = NORMALIZED.index(normalized)
    config.pad_mode = PAD_MODES.index(pad_mode)
    config.center, config.onesided = center, onesided
    name = f"{n_fft}/{win}/{hop} of {n} {kind} pad {pad} center {center} {pad_mode} " \
           f"{normalized} onesided {onesided}"
    status, memory, self = build(LIB.pinna_spectrogram_init, config)
    ok(status == 0, f"{name}: builds")

    window = torch_window(kind, win, True, 8.0)
    x = torch.rand(n) * 2.0 - 1.0
    shape = LIB.pinna_spectrogram_n_frames(self, n), LIB.pinna_spectrogram_n_bins(self)
    bins, energy = torch.empty(shape, dtype=torch.complex64), torch.empty(shape)
    LIB.pinna_spectrogram_forward(self, x.data_ptr(), n, bins.data_ptr())
    args = dict(pad=pad, window=window, n_fft=n_fft, hop_length=hop, win_length=win,
                normalized=normalized, center=center, pad_mode=pad_mode, onesided=onesided)
    theirs = torchaudio.functional.spectrogram(x.double(), power=None, **args)
    near(bins.T, theirs, 1e-6, f"{name}: complex")
    for power in [1.0, 2.0, 0.7]:
        LIB.pinna_spectrogram_power(self, x.data_ptr(), n, power, energy.data_ptr())
        near(energy.T, theirs.abs() ** power, 2e-6 if power >= 1.0 else 1e-4,
             f"{name}: power {power}")

    # Bins that no signal has, so that the least-squares weighting is seen
    other = (bins * torch.rand(shape)).contiguous()
    for length in [0, n, n - hop // 2, n + 3 * hop]:
        ours = torch.empty(length or LIB.pinna_spectrogram_length(self, shape[0]))
        status = LIB.pinna_spectrogram_inverse(self, other.data_ptr(), shape[0], length,
                                               ours.data_ptr())
        try:
            theirs = torchaudio.functional.inverse_spectrogram(
                other.T.to(torch.complex128), length=length or None, **args)
        except RuntimeError as error:
            if not (pad and length):
                ok(status != 0, f"{name}: refused as torch does ({str(error)[:50]})")
            continue
        ok(status == 0, f"{name}: inverse, length {length}")
        near(ours, theirs, 1e-5, f"{name}: inverse, length {length}")
    if center:
        back = torch.empty(n)
        status = LIB.pinna_spectrogram_inverse(self, bins.data_ptr(), shape[0], n, back.data_ptr())
        whole = min(n, (shape[0] - 1) * hop)
        if status == 0:
            near(back[:whole], x[:whole], 1e-5, f"{name}: round trip")
    LIB.pinna_arena_free(memory)


def test_refusals():
    for field, value in [("n_fft", 1), ("win_length", 401), ("win_length", 0), ("hop_length", 0),
                         ("normalized", 9), ("pad_mode", -1), ("window", Window(99, False, 0.0))]:
        config = LIB.pinna_spectrogram_config(400)
        setattr(config, field, value)
        status, memory, _ = build(LIB.pinna_spectrogram_init, config)
        ok(status == 1 and not memory, f"{field} {value} is refused")
    _, memory, self = build(LIB.pinna_spectrogram_init, LIB.pinna_spectrogram_config(400))
    x = torch.zeros(200)
    ok(LIB.pinna_spectrogram_n_frames(self, 200) == 0, "too short to reflect: no frame")
    ok(LIB.pinna_spectrogram_forward(self, x.data_ptr(), 200, None) == 1, "and refused")
    ok(LIB.pinna_spectrogram_inverse(self, None, 0, 100, x.data_ptr()) == 1, "no frame, no sound")
    LIB.pinna_arena_free(memory)


def main():
    seed_all()
    test_windows()
    test_one(400, 400, 200, 16000, "hann", 0, True, "reflect", False, True)
    test_one(400, 400, 160, 5001, "hamming", 0, False, "reflect", False, True)
    test_one(1024, 800, 256, 7777, "hann", 0, True, "constant", "window", True)
    test_one(1024, 1024, 256, 4096, "hann", 31, True, "reflect", "frame_length", True)
    test_one(401, 401, 100, 3003, "hann", 0, True, "reflect", False, True)
    test_one(401, 350, 97, 3003, "blackman", 5, True, "replicate", "window", False)
    test_one(97, 96, 13, 999, "hamming", 0, True, "circular", "frame_length", True)
    test_one(512, 400, 160, 3000, "povey", 0, True, "reflect", "window", False)
    test_one(64, 63, 64, 1000, "rectangular", 0, True, "reflect", False, True)
    test_one(2048, 1001, 512, 9000, "kaiser", 700, False, "constant", False, True)
    test_refusals()
    done()


main()
