#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole signals through the SINC qualities equal torchaudio.functional.resample() on fresh noise."""

import ctypes
import os
import random
import sys
import time

try:
    import torch
    import torchaudio.functional as F
except ImportError as error:
    print(f"1..0 # SKIP no oracle: {error}")
    sys.exit(0)

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish, ok  # noqa: E402


class Config(ctypes.Structure):
    _fields_ = [("rate_in", ctypes.c_uint32), ("rate_out", ctypes.c_uint32),
                ("n_ch", ctypes.c_uint32), ("quality", ctypes.c_int), ("aligned", ctypes.c_bool),
                ("lowpass_filter_width", ctypes.c_uint32), ("rolloff", ctypes.c_double),
                ("beta", ctypes.c_double)]


class Arena(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t), ("used", ctypes.c_size_t),
                ("overflow", ctypes.c_bool)]


LIB = ctypes.CDLL(sys.argv[1])
LIB.pinna_arena_measuring.restype = Arena
LIB.pinna_arena_over.restype = Arena
LIB.pinna_arena_over.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
for name in ("run", "n_out", "latency"):
    getattr(LIB, "pinna_resample_" + name).restype = ctypes.c_uint32
LIB.pinna_resample_run.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint32,
                                   ctypes.c_void_p]
LIB.pinna_resample_n_out.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
LIB.pinna_resample_latency.argtypes = [ctypes.c_void_p]
SINC_HANN, SINC_KAISER = 3, 4


def resample(x, rate_in, rate_out, quality, width, rolloff, beta):
    """[n_ch, n] float32 through one aligned resampler, and the tail that its latency holds."""
    config = Config(rate_in, rate_out, x.shape[0], quality, True, width, rolloff, beta)
    arena = LIB.pinna_arena_measuring()
    handle = ctypes.c_void_p()
    assert LIB.pinna_resample_init(ctypes.byref(handle), ctypes.byref(arena),
                                   ctypes.byref(config)) == 0
    memory = ctypes.create_string_buffer(arena.used + 64)
    arena = LIB.pinna_arena_over((ctypes.addressof(memory) + 63) // 64 * 64, arena.used)
    assert LIB.pinna_resample_init(ctypes.byref(handle), ctypes.byref(arena),
                                   ctypes.byref(config)) == 0
    n_tail = LIB.pinna_resample_latency(handle)
    blocks = []
    for start, size in ((0, x.shape[1]), (None, n_tail)):
        y = torch.zeros(x.shape[0], LIB.pinna_resample_n_out(handle, size))
        rows = [y[c].data_ptr() for c in range(x.shape[0])]
        ins = [x[c].data_ptr() for c in range(x.shape[0])]
        pointers = ctypes.c_void_p * x.shape[0]
        got = LIB.pinna_resample_run(handle, None if start is None else pointers(*ins), size,
                                     pointers(*rows))
        assert got == y.shape[1]
        blocks.append(y)
    return torch.cat(blocks, 1)


def main():
    seed = int(time.time())
    print(f"# seed {seed}")
    random.seed(seed)
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    pairs = [(44100, 16000), (16000, 44100), (48000, 16000), (16000, 48000), (44100, 48000),
             (22050, 24000), (8000, 48000), (48000, 8000), (7, 5),
             (random.randint(20, 60), random.randint(61, 90))]
    for rate_in, rate_out in pairs:
        for method, quality in (("sinc_interpolation", SINC_HANN), ("kaiser_window", SINC_KAISER)):
            for width, rolloff, beta in ((6, 0.99, None), (16, 0.85, 8.555504641634386),
                                         (random.randint(1, 30), random.uniform(0.5, 1.0),
                                          random.uniform(1.0, 18.0))):
                x = torch.rand(2, random.randint(1, 3000)) * 2 - 1
                want = F.resample(x.double(), rate_in, rate_out, width, rolloff, method, beta)
                got = resample(x, rate_in, rate_out, quality, width, rolloff, beta or 0.0)
                same = want.shape == got.shape
                error = (got.double() - want).abs().max().item() if same else float("inf")
                ok(error <= 1e-5, f"{rate_in} -> {rate_out} {method} width {width}: error {error:.1e}")
    finish()


main()
