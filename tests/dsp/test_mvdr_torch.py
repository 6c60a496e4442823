#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Densities, transfer functions, weights and beamformed sound equal TorchAudio's in complex128."""

import ctypes
import random

from oracle import (BOOL, DOUBLE, LIB, PTR, SIZE, U32, declare, done, near, ok, seed_all, signals, struct, torch,
                    torchaudio)

Config = struct("Config", n_ch=U32, n_freq=U32, reference=U32, diagonal_loading=BOOL, diag_eps=DOUBLE, eps=DOUBLE)
F = torchaudio.functional
declare("mvdr_config", Config, U32, U32)
declare("mvdr_psd", U32, PTR, PTR, U32, U32, SIZE, BOOL, DOUBLE, PTR)
declare("mvdr_weights_souden", U32, PTR, PTR, PTR, PTR)
declare("mvdr_weights_rtf", U32, PTR, PTR, PTR, BOOL, PTR)
declare("mvdr_rtf_evd", U32, PTR, U32, U32, PTR)
declare("mvdr_rtf_power", U32, PTR, PTR, PTR, U32, PTR)
declare("mvdr_apply", U32, PTR, PTR, U32, U32, SIZE, PTR)


def new(*shape):
    return torch.empty(*shape, dtype=torch.complex128)


def psd(x, mask, normalize=True, eps=1e-10):
    out = new(x.shape[1], x.shape[0], x.shape[0])
    LIB.pinna_mvdr_psd(x.data_ptr(), None if mask is None else mask.data_ptr(), *x.shape, normalize, eps,
                       out.data_ptr())
    return out


def aligned(v):
    """Phase as ours: the first channel real and positive."""
    return v * (v[..., :1].conj() / v[..., :1].abs())


def test_one(name, x):
    n_ch, n_freq, _ = x.shape
    name = f"{name} {tuple(x.shape)}"
    mask = torch.rand(x.shape[1:], dtype=torch.float64)
    near(psd(x, None), F.psd(x), 1e-12, f"{name}: density without a mask")
    near(psd(x, mask, False), F.psd(x, mask, False), 1e-12, f"{name}: mask as it is")
    speech, noise = psd(x, mask), psd(x, 1.0 - mask)
    near(speech, F.psd(x, mask), 1e-12, f"{name}: density")
    # Speech in one direction, so that the principal eigenvector is well apart from the others
    steer = torch.randn(n_freq, n_ch, dtype=torch.complex128)
    speech = (0.1 * speech / speech.abs().max() + steer[..., None] * steer[:, None].conj()).contiguous()
    noise = (noise / noise.abs().max()).contiguous()
    reference = random.randrange(n_ch)
    for loading, diag_eps in [(True, 1e-7), (True, 1e-2), (False, 0.0)]:
        config = LIB.pinna_mvdr_config(n_ch, n_freq)
        config.reference, config.diagonal_loading, config.diag_eps = reference, loading, diag_eps
        at, name2 = ctypes.byref(config), f"{name} loading {loading} {diag_eps}"
        regular = loading or x.shape[2] >= 2 * n_ch
        if not regular:
            continue
        w = new(n_freq, n_ch)
        LIB.pinna_mvdr_weights_souden(at, speech.data_ptr(), noise.data_ptr(), w.data_ptr())
        near(w, F.mvdr_weights_souden(speech, noise, reference, loading, diag_eps), 1e-7, f"{name2}: Souden")
        rtf = new(n_freq, n_ch)
        for n_iter in (1, 2, 3, 5):
            LIB.pinna_mvdr_rtf_power(at, speech.data_ptr(), noise.data_ptr(), n_iter, rtf.data_ptr())
            theirs = F.rtf_power(speech, noise, reference, n_iter, loading, diag_eps)
            near(rtf, theirs, 1e-7, f"{name2}: power iteration of {n_iter}")
        LIB.pinna_mvdr_rtf_evd(speech.data_ptr(), n_ch, n_freq, rtf.data_ptr())
        near(rtf, aligned(F.rtf_evd(speech)), 1e-9, f"{name2}: eigenvector")
        for scaled in (True, False):
            LIB.pinna_mvdr_weights_rtf(at, rtf.data_ptr(), noise.data_ptr(), scaled, w.data_ptr())
            theirs = F.mvdr_weights_rtf(rtf, noise, reference if scaled else None, loading, diag_eps)
            near(w, theirs, 1e-7, f"{name2}: RTF weights, scaled {scaled}")
        y = new(*x.shape[1:])
        LIB.pinna_mvdr_apply(w.data_ptr(), x.data_ptr(), *x.shape, y.data_ptr())
        near(y, F.apply_beamforming(w, x), 1e-12, f"{name2}: applied")


def test_transform(x):
    """transforms.MVDR, all solutions, from our blocks."""
    n_ch, n_freq, _ = x.shape
    mask = torch.rand(x.shape[1:], dtype=torch.float64)
    speech, noise = psd(x, mask, True, 1e-15), psd(x, 1.0 - mask, True, 1e-15)
    config = LIB.pinna_mvdr_config(n_ch, n_freq)
    w, rtf, y = new(n_freq, n_ch), new(n_freq, n_ch), new(*x.shape[1:])
    for solution in ("ref_channel", "stv_power", "stv_evd"):
        if solution == "ref_channel":
            LIB.pinna_mvdr_weights_souden(ctypes.byref(config), speech.data_ptr(), noise.data_ptr(), w.data_ptr())
        else:
            if solution == "stv_evd":
                LIB.pinna_mvdr_rtf_evd(speech.data_ptr(), n_ch, n_freq, rtf.data_ptr())
            else:
                LIB.pinna_mvdr_rtf_power(ctypes.byref(config), speech.data_ptr(), noise.data_ptr(), 3, rtf.data_ptr())
            LIB.pinna_mvdr_weights_rtf(ctypes.byref(config), rtf.data_ptr(), noise.data_ptr(), True, w.data_ptr())
        LIB.pinna_mvdr_apply(w.data_ptr(), x.data_ptr(), *x.shape, y.data_ptr())
        near(y, torchaudio.transforms.MVDR(solution=solution)(x, mask, 1.0 - mask), 1e-6, f"transforms.MVDR {solution}")


def main():
    seed_all()
    for shape in [(6, 33, 200), (2, 5, 17), (1, 3, 9), (16, 7, 61), (8, 9, 600), (3, 4, 2)]:
        test_one("noise", torch.randn(shape, dtype=torch.complex128))
    for name, x in signals(12000):
        mics = torch.stack([x.roll(k) + 0.1 * torch.randn(len(x)) for k in range(6)]).double()
        bins = torch.stft(mics, 400, 160, window=torch.hann_window(400).double(), return_complex=True).contiguous()
        test_one(name, bins)
        test_transform(bins)
    ok(LIB.pinna_mvdr_psd(None, None, 17, 1, 1, True, 0.0, None) == 1, "seventeen channels are refused")
    ok(LIB.pinna_mvdr_psd(None, None, 0, 1, 1, True, 0.0, None) == 1, "no channel is refused")
    done()


main()
