#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""mask_along_axis and mask_along_axis_iid equal TorchAudio's when given the numbers it draws."""

import ctypes

from oracle import FLOAT, LIB, PTR, SIZE, U32, declare, done, ok, seed_all, torch, torchaudio


class MaskAxis(ctypes.Structure):
    _fields_ = [("n_outer", SIZE), ("n_axis", SIZE), ("n_inner", SIZE), ("mask_param", U32),
                ("p", ctypes.c_double), ("mask_value", FLOAT)]


declare("mask_along_axis", U32, PTR, ctypes.POINTER(MaskAxis), FLOAT, FLOAT)
declare("mask_along_axis_iid", U32, PTR, SIZE, ctypes.POINTER(MaskAxis), PTR, PTR)


def draw_again(state, *shape):
    """The two draws that TorchAudio makes from this state of the generator."""
    torch.set_rng_state(state)
    return torch.rand(*shape), torch.rand(*shape)


def one_case(n_freq, n_time, axis, param, p, value):
    x = torch.randn(2, n_freq, n_time)
    name = f"{n_freq} x {n_time}, axis {axis}, param {param}, p {p}"
    config = MaskAxis(2 if axis == 1 else 2 * n_freq, n_freq if axis == 1 else n_time,
                      n_time if axis == 1 else 1, param, p, value)
    state = torch.get_rng_state()
    try:
        theirs = torchaudio.functional.mask_along_axis(x, param, value, axis, p)
    except ValueError:
        theirs = None
    length, start = draw_again(state, 1)
    ours = x.clone()
    status = LIB.pinna_mask_along_axis(ours.data_ptr(), config, float(length), float(start))
    if theirs is None:
        ok(status != 0, f"{name}: refused as TorchAudio refuses it")
    else:
        ok(status == 0 and torch.equal(ours, theirs), name)


def iid_case(n_freq, n_time, axis, param, p, value):
    x = torch.randn(3, 2, n_freq, n_time)
    name = f"iid {n_freq} x {n_time}, axis {axis}, param {param}, p {p}"
    config = MaskAxis(1 if axis == 2 else n_freq, n_freq if axis == 2 else n_time,
                      n_time if axis == 2 else 1, param, p, value)
    state = torch.get_rng_state()
    theirs = torchaudio.functional.mask_along_axis_iid(x, param, value, axis, p)
    length, start = draw_again(state, 3, 2)
    ours = x.clone()
    status = LIB.pinna_mask_along_axis_iid(ours.data_ptr(), 6, config, length.data_ptr(), start.data_ptr())
    ok(status == 0 and torch.equal(ours, theirs), name)


seed_all()
for n_freq, n_time in [(80, 301), (1, 7), (23, 2), (128, 50)]:
    for param in [0, 1, 2, 27, 100, 400]:
        for p in [1.0, 0.5, 0.07, 0.0]:
            for value in [0.0, -3.25]:
                one_case(n_freq, n_time, 1, param, p, value)
                one_case(n_freq, n_time, 2, param, p, value)
                iid_case(n_freq, n_time, 2, param, p, value)
                iid_case(n_freq, n_time, 3, param, p, value)

config = MaskAxis(1, 10, 1, 4, 1.5, 0.0)
ok(LIB.pinna_mask_along_axis(torch.zeros(10).data_ptr(), config, 0.5, 0.5) != 0, "p above 1 is refused")
config = MaskAxis(1, 10, 1, 4, 1.0, 0.0)
ok(LIB.pinna_mask_along_axis(torch.zeros(10).data_ptr(), config, float("nan"), 0.5) != 0, "NaN is refused")
done()
