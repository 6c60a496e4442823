#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Effects and small functions equal TorchAudio's; those of 2.x equal their formula."""

import ctypes
import random

from oracle import (BOOL, DOUBLE, FLOAT, INT, LIB, PTR, SIZE, U32, U64, build, declare, done, near, ok, seed_all,
                    signals, struct, torch, torchaudio)

Cmn = struct("Cmn", cmn_window=U32, min_cmn_window=U32, center=BOOL, norm_vars=BOOL)
Phaser = struct("Phaser", sample_rate=U32, n_ch=U32, gain_in=FLOAT, gain_out=FLOAT, delay_ms=DOUBLE, decay=FLOAT,
                mod_speed=DOUBLE, sinusoidal=BOOL)
Flanger = struct("Flanger", sample_rate=U32, n_ch=U32, delay=DOUBLE, depth=DOUBLE, regen=DOUBLE, width=DOUBLE,
                 speed=DOUBLE, phase=DOUBLE, triangular=BOOL, quadratic=BOOL)
Dither = struct("Dither", seed=U64, position=U64, error=FLOAT)
F = torchaudio.functional
declare("mulaw_encode", None, PTR, SIZE, U32, PTR)
declare("mulaw_decode", None, PTR, SIZE, U32, PTR)
declare("deltas", U32, PTR, SIZE, U32, U32, PTR)
declare("cmn_run", U32, PTR, PTR, SIZE, U32, PTR)
declare("preemphasis", None, PTR, SIZE, FLOAT, PTR, PTR)
declare("deemphasis", None, PTR, SIZE, FLOAT, PTR, PTR)
declare("contrast", None, PTR, SIZE, FLOAT, PTR)
declare("dcshift", None, PTR, SIZE, FLOAT, FLOAT, PTR)
declare("gain", None, PTR, SIZE, FLOAT, PTR)
declare("overdrive_run", None, PTR, PTR, SIZE, FLOAT, FLOAT, PTR)
declare("dither_run", None, PTR, PTR, SIZE, INT, BOOL, PTR)
declare("lfilter_init", U32, PTR, PTR, PTR, U32)
declare("lfilter_run", None, PTR, PTR, SIZE, BOOL, PTR)
declare("lfilter_filtfilt", None, PTR, PTR, SIZE, BOOL, PTR)
declare("add_noise", None, PTR, PTR, SIZE, SIZE, DOUBLE, PTR)
declare("phaser_run", None, PTR, PTR, PTR, U32)
declare("flanger_run", None, PTR, PTR, PTR, U32)
declare("convolve", None, PTR, SIZE, PTR, SIZE, INT, PTR)
declare("convolve_length", SIZE, SIZE, SIZE, INT)
declare("fftconvolve", U32, PTR, SIZE, PTR, SIZE, INT, PTR)


def call(name, x, *args):
    """pinna_<name>(x, n, args..., out)"""
    out = torch.empty_like(x)
    getattr(LIB, "pinna_" + name)(x.data_ptr(), x.numel(), *args, out.data_ptr())
    return out


def rows(x):
    return (PTR * len(x))(*(row.data_ptr() for row in x))


def test_mulaw(name, x):
    for channels in (256, 64, 1000):
        codes = torch.empty(len(x), dtype=torch.int32)
        LIB.pinna_mulaw_encode(x.data_ptr(), len(x), channels, codes.data_ptr())
        theirs = F.mu_law_encoding(x, channels)
        wrong = int((codes != theirs).sum())
        ok(wrong <= len(x) // 2000 and int((codes - theirs).abs().max()) <= 1, f"{name} mu-law {channels}: {wrong} differ")
        back = torch.empty_like(x)
        LIB.pinna_mulaw_decode(codes.data_ptr(), len(x), channels, back.data_ptr())
        near(back, F.mu_law_decoding(codes.double(), channels), 1e-5, f"{name} mu-law decoded {channels}")


def test_shapes(name, x):
    d = x.double()
    for amount in (75.0, 0.0, 33.0):
        near(call("contrast", x, amount), F.contrast(d, amount), 1e-5, f"{name} contrast {amount}")
    for shift, limit in [(0.3, None), (-0.7, None), (0.4, 0.05), (-0.4, 0.05), (0.0, 0.05)]:
        theirs = F.dcshift(d.clone(), shift, limit)
        near(call("dcshift", x, shift, -1.0 if limit is None else limit), theirs, 1e-5, f"{name} shift {shift} {limit}")
    near(call("gain", x, -7.5), F.gain(d, -7.5), 1e-6, f"{name} gain")
    for gain, colour in [(20.0, 20.0), (3.0, 90.0), (60.0, 0.0)]:
        state, out = (ctypes.c_float * 2)(), torch.empty_like(x)
        half = len(x) // 3
        LIB.pinna_overdrive_run(state, x.data_ptr(), half, gain, colour, out.data_ptr())
        LIB.pinna_overdrive_run(state, x[half:].data_ptr(), len(x) - half, gain, colour, out[half:].data_ptr())
        near(out, F.overdrive(d[None], gain, colour)[0], 1e-4, f"{name} overdrive {gain} {colour}, in two parts")


def test_emphasis(name, x):
    y, last = x.clone(), ctypes.c_float(0.0)
    LIB.pinna_preemphasis(y.data_ptr(), len(y), 0.97, ctypes.byref(last), y.data_ptr())
    near(y, x.double() - 0.97 * torch.cat([torch.zeros(1), x[:-1]]).double(), 1e-6, f"{name} pre-emphasis in place")
    last = ctypes.c_float(0.0)
    LIB.pinna_deemphasis(y.data_ptr(), len(y), 0.97, ctypes.byref(last), y.data_ptr())
    near(y, x, 1e-5, f"{name} and back")


def test_lfilter(name, x):
    for order in (1, 2, 5, 9):
        b = torch.rand(order + 1, dtype=torch.float64) - 0.5
        a = 0.15 * (torch.rand(order + 1, dtype=torch.float64) - 0.5)
        a[0] = random.choice([1.0, 2.0])
        state, out, loud = ctypes.create_string_buffer(4096), torch.empty_like(x), (3.0 * x).contiguous()
        ok(LIB.pinna_lfilter_init(state, a.data_ptr(), b.data_ptr(), order + 1) == 0, f"order {order}")
        for clamp in (True, False):
            LIB.pinna_lfilter_init(state, a.data_ptr(), b.data_ptr(), order + 1)
            LIB.pinna_lfilter_run(state, loud.data_ptr(), len(x), clamp, out.data_ptr())
            near(out, F.lfilter(loud.double(), a, b, clamp), 1e-6, f"{name} lfilter {order} clamp {clamp}")
            LIB.pinna_lfilter_filtfilt(state, x.data_ptr(), len(x), clamp, out.data_ptr())
            near(out, F.filtfilt(x.double(), a, b, clamp), 1e-6, f"{name} filtfilt {order} clamp {clamp}")


def test_modulated(name, x):
    x = torch.stack([x, x.flip(0), 0.5 * x])[:, :4000].contiguous()
    for rate, delay, decay, speed, sine in [(16000, 3.0, 0.4, 0.5, True), (8000, 4.7, 0.7, 1.7, False)]:
        config = Phaser(rate, 3, 0.4, 0.74, delay, decay, speed, sine)
        status, memory, self = build(LIB.pinna_phaser_init, config)
        out = torch.empty_like(x)
        LIB.pinna_phaser_run(self, rows(x[:, :1111]), rows(out), 1111)
        LIB.pinna_phaser_run(self, rows(x[:, 1111:]), rows(out[:, 1111:]), x.shape[1] - 1111)
        near(out, F.phaser(x.double(), rate, 0.4, 0.74, delay, decay, speed, sine), 1e-5, f"{name} phaser {sine}")
        ok(status == 0, "phaser builds")
        LIB.pinna_arena_free(memory)
    for delay, depth, regen, phase, shape, curve in [(0.0, 2.0, 0.0, 25.0, "sinusoidal", "linear"),
                                                     (3.3, 7.0, 60.0, 80.0, "triangular", "quadratic")]:
        config = Flanger(16000, 3, delay, depth, regen, 71.0, 5.0, phase, shape != "sinusoidal", curve != "linear")
        status, memory, self = build(LIB.pinna_flanger_init, config)
        out = torch.empty_like(x)
        LIB.pinna_flanger_run(self, rows(x[:, :999]), rows(out), 999)
        LIB.pinna_flanger_run(self, rows(x[:, 999:]), rows(out[:, 999:]), x.shape[1] - 999)
        theirs = F.flanger(x.double()[None], 16000, delay, depth, regen, 71.0, 5.0, phase, shape, curve)[0]
        near(out, theirs, 1e-4, f"{name} flanger {shape} {curve}")
        ok(status == 0, "flanger builds")
        LIB.pinna_arena_free(memory)


def test_features():
    for n_frames, n_cols in [(200, 13), (3, 5), (1, 4)]:
        x, y = torch.randn(n_frames, n_cols), torch.empty(n_frames, n_cols)
        for win in (3, 5, 9):
            LIB.pinna_deltas(x.data_ptr(), n_frames, n_cols, win, y.data_ptr())
            near(y.T, F.compute_deltas(x.T.double(), win), 1e-5, f"deltas of {win} over {n_frames}")
        for window, least, center, norm in [(600, 100, False, False), (50, 20, False, True), (31, 10, True, True),
                                            (8, 100, True, False), (1, 1, False, False)]:
            config = Cmn(window, least, center, norm)
            LIB.pinna_cmn_run(ctypes.byref(config), x.data_ptr(), n_frames, n_cols, y.data_ptr())
            near(y, F.sliding_window_cmn(x.double(), window, least, center, norm).reshape(y.shape), 1e-4,
                 f"CMN {window} {least} {center} {norm} over {n_frames}")


def test_dither(name, x):
    for shaped in (False, True):
        out, state = torch.empty_like(x), Dither()
        LIB.pinna_dither_run(ctypes.byref(state), x.data_ptr(), len(x), 3, shaped, out.data_ptr())
        near(out, F.dither(x[None], "TPDF", shaped)[0], 1e-4, f"{name} TorchAudio's dither, shaped {shaped}")
    for kind in (0, 1, 2):
        out, state, soft = torch.empty_like(x), Dither(seed=5), (0.9 * x).contiguous()
        LIB.pinna_dither_run(ctypes.byref(state), soft.data_ptr(), len(x), kind, False, out.data_ptr())
        steps = out * 32768.0
        error = steps - soft * 32768.0
        ok(bool((steps == steps.round()).all()), f"{name} dither {kind}: whole steps")
        ok(abs(float(error.mean())) < 0.05 and 0.35 < float(error.std()) < 0.65, f"{name} dither {kind}: error {error.std():.2f}")


def test_mix(name, x):
    noise, out = torch.randn(len(x)), torch.empty_like(x)
    LIB.pinna_add_noise(x.data_ptr(), noise.data_ptr(), len(x), len(x), 7.0, out.data_ptr())
    ratio = 10.0 * torch.log10((x.double() ** 2).sum() / ((out - x).double() ** 2).sum())
    ok(abs(float(ratio) - 7.0) < 1e-3, f"{name} noise at {ratio:.4f} dB")
    for n_x, n_y in [(400, 37), (37, 400), (999, 1000), (1, 1)]:
        a, b = x[:n_x].contiguous(), noise[:n_y].contiguous()
        full = torch.nn.functional.conv1d(a[None, None].double(), b.flip(0)[None, None].double(), padding=n_y - 1)[0, 0]
        for mode, n in enumerate([n_x + n_y - 1, abs(n_x - n_y) + 1, n_x]):
            ok(LIB.pinna_convolve_length(n_x, n_y, mode) == n, f"{n_x} * {n_y} mode {mode}: {n}")
            start = (n_x + n_y - 1 - n) // 2
            y, z = torch.empty(n), torch.empty(n)
            LIB.pinna_convolve(a.data_ptr(), n_x, b.data_ptr(), n_y, mode, y.data_ptr())
            LIB.pinna_fftconvolve(a.data_ptr(), n_x, b.data_ptr(), n_y, mode, z.data_ptr())
            near(y, full[start:start + n], 1e-6, f"{name} {n_x} * {n_y} mode {mode}")
            near(z, full[start:start + n], 1e-5, f"{name} {n_x} * {n_y} mode {mode} by spectra")


def main():
    seed_all()
    test_features()
    for name, x in signals(8000):
        for test in (test_mulaw, test_shapes, test_emphasis, test_lfilter, test_dither, test_mix):
            test(name, x)
    test_modulated(name, x)
    done()


main()
