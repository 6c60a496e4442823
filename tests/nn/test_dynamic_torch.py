#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Products with int8 on both sides: the exact product of what they were rounded to, on every instruction set."""

import os
import random
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from oracle import U32, done, near, ok, seed_all, torch  # noqa: E402
from plan_oracle import GELU, LEAKY, NONE, RELU, SIGMOID, SILU, TANH, Conv, Plan, Rnn, run_all  # noqa: E402

F = torch.nn.functional
DYNAMIC = 3
ACTS = {NONE: lambda y: y, RELU: F.relu, LEAKY: lambda y: F.leaky_relu(y, 0.3), SIGMOID: torch.sigmoid,
        TANH: torch.tanh, SILU: F.silu, GELU: F.gelu}


def round_rows(w):
    """Rows of weights as they are kept; in floats, so that ties fall alike"""
    greatest = w.float().abs().amax(-1, keepdim=True)
    steps = torch.where(greatest > 0.0, w.float() / greatest * 127.0, torch.zeros(()))
    return steps.round().double() * (greatest / 127.0).double()


def round_columns(x):
    """Columns [n, values] as dynamic.h says, in floats"""
    least, most = x.amin(-1, keepdim=True).clamp(max=0.0), x.amax(-1, keepdim=True).clamp(min=0.0)
    span = most - least
    scale = torch.where(span >= 1e-30, torch.tensor(255.0) / span, torch.zeros(()))
    zero = -(least * scale).round()
    steps = torch.minimum((x * scale).round(), 255.0 - zero)
    return steps.double() * torch.where(span >= 1e-30, span / 255.0, torch.zeros(())).double()


def windows(x, taps, stride, dilation, groups):
    """What each output of a convolution along t sees of x [t, f, c]: [groups, t, f, values in the weights' order]"""
    n = (x.shape[0] - (taps - 1) * dilation - 1) // stride + 1
    at = torch.arange(n)[:, None] * stride + torch.arange(taps) * dilation
    seen = x[at].permute(0, 2, 3, 1)  # [n, f, c, taps]
    return seen.reshape(n, x.shape[1], groups, -1).permute(2, 0, 1, 3)


def test_conv(n, f, c_in, c_out, taps, groups, stride=1, dilation=1, act=NONE, x=None):
    t = (n - 1) * stride + (taps - 1) * dilation + 1
    x = torch.randn(t, f, c_in) * torch.rand(t, 1, 1) * 3.0 + torch.randn(t, 1, 1) if x is None else x
    w, b = torch.randn(c_out, c_in // groups, taps) * torch.rand(c_out, 1, 1), torch.randn(c_out)
    if c_out > 1:
        w[random.randrange(c_out)] = 0.0
    else:  # Alone far below 0, an activation is all tail, which is near to nothing only
        x, w, b = x.abs(), w.abs(), b.abs()
    config = Conv(c_out, (U32 * 2)(taps, 1), (U32 * 2)(stride, 1), (U32 * 2)(dilation, 1), groups, act, 0.3)

    def describe(p, r):
        p.keep_weights(DYNAMIC)
        return p.conv(r, config, p.weight(w), p.weight(b))

    columns = round_columns(windows(x, taps, stride, dilation, groups))
    rows = round_rows(w.reshape(c_out, -1)).reshape(groups, c_out // groups, -1)
    sums = torch.einsum("gtfk,grk->tfgr", columns, rows).reshape(n, f, c_out) + b.double()
    text = f"{n} x {f} columns, {c_in} to {c_out}, {taps} taps, {groups} groups, stride {stride}, act {act}"
    found = run_all(x, describe)
    for isa, y in found.items():
        near(y, ACTS[act](sums), 2e-6, f"{text}, {isa}")
    return found


def test_shapes():
    for shape in [(1, 1, 1, 1, 1, 1), (1, 1, 700, 130, 1, 1), (4, 1, 33, 17, 1, 1), (40, 1, 450, 100, 3, 1), (9, 1, 24, 60, 5, 4),
                  (13, 3, 5, 33, 1, 1), (150, 1, 1537, 48, 1, 1), (300, 1, 512, 31, 3, 1), (49, 1, 96, 96, 17, 8),
                  (37, 1, 768, 800, 1, 1)]:
        test_conv(*shape, act=random.choice(list(ACTS)))
    test_conv(60, 1, 65, 40, 3, 1, stride=2)
    test_conv(60, 2, 70, 40, 3, 1, dilation=5)
    for act in ACTS:
        test_conv(random.randrange(1, 40), 1, random.randrange(1, 300), random.randrange(1, 80), 1, 1, act=act)
    for _ in range(12):
        groups = random.choice([1, 1, 2, 3])
        test_conv(random.randrange(1, 60), random.choice([1, 1, 4]), groups * random.randrange(1, 200),
                  groups * random.randrange(1, 70), random.randrange(1, 5), groups, random.randrange(1, 4),
                  random.randrange(1, 4), random.choice(list(ACTS)))


def test_ranges():
    """Columns of one sign, of one value, of nothing, all but nothing, huge; the longest rows at full scale"""
    for text, x in (("positive", torch.rand(20, 1, 90)), ("negative", -torch.rand(20, 1, 90) - 5.0), ("equal", torch.full((20, 1, 90), 0.7)),
                    ("none", torch.zeros(20, 1, 90)), ("tiny", torch.rand(20, 1, 90) * 1e-33), ("huge", torch.randn(20, 1, 90) * 1e37)):
        found = test_conv(20, 1, 90, 35, 1, 1, x=x)
        ok(all(bool(torch.isfinite(y).all()) for y in found.values()), f"{text} columns stay finite")
    for sign in (1.0, -1.0):
        n, x = 65536, torch.ones(2, 1, 65536)
        w = torch.full((3, n), sign)

        def describe(p, r):
            p.keep_weights(DYNAMIC)
            return p.conv(r, Conv(3, (U32 * 2)(1, 1), (U32 * 2)(1, 1), (U32 * 2)(1, 1), 1, NONE, 0.0), p.weight(w), 0)

        for isa, y in run_all(x, describe).items():
            near(y, torch.full((2, 1, 3), sign * n).double(), 1e-6, f"a sum of {sign * n:.0f}, {isa}")


def test_transpose():
    """By phases: near the whole weights' result, and the same on all instruction sets"""
    layer = torch.nn.ConvTranspose1d(60, 45, 8, 4, 2)
    x = torch.randn(30, 1, 60)
    config = Conv(45, (U32 * 2)(8, 1), (U32 * 2)(4, 1), (U32 * 2)(1, 1), 1, SILU, 0.0)

    def describe(p, r):
        p.keep_weights(DYNAMIC)
        return p.conv_transpose(r, config, 2, p.weight(layer.weight), p.weight(layer.bias))

    expected = F.silu(layer.double()(x.double().permute(1, 2, 0))).permute(2, 0, 1).detach()
    found = run_all(x, describe)
    for isa, y in found.items():
        near(y, expected, 2e-2, f"transposed convolution, {isa}")
        near(y, found[next(iter(found))].double(), 2e-6, f"transposed convolution, {isa} as the first")


def test_plus_and_columns():
    """A sum behind a product is a part of it; columns are the same bits however many are asked for at once"""
    w, b, x, z = torch.randn(200, 310), torch.randn(200), torch.randn(61, 1, 310), torch.randn(61, 1, 200)
    config = Conv(200, (U32 * 2)(1, 1), (U32 * 2)(1, 1), (U32 * 2)(1, 1), 1, NONE, 0.0)

    def describe(p, r, s):
        p.keep_weights(DYNAMIC)
        return p.add(s, p.conv(r, config, p.weight(w), p.weight(b)))

    expected = round_columns(x) @ round_rows(w).T + b.double() + z.double()
    found = run_all(x, describe, z=z)
    parts = [run_all(x[i:i + 7], describe, z=z[i:i + 7]) for i in range(0, 61, 7)]
    for isa, y in found.items():
        near(y, expected, 2e-6, f"a product and a sum, {isa}")
        ok(torch.equal(torch.cat([part[isa] for part in parts]), y), f"seven columns at a time, {isa}")


def test_rnn():
    """Recurrent layers keep floats"""
    rnn = torch.nn.GRU(40, 33)
    x = torch.randn(20, 2, 40)

    def describe(p, r):
        p.keep_weights(DYNAMIC)
        return p.gru(r, Rnn(33, False, None), *[p.weight(w) for w in rnn.parameters()])

    found = run_all(x, describe)
    for isa, y in found.items():
        near(y, rnn.double()(x.double())[0], 1e-5, f"GRU, {isa}")


def test_refused():
    for bad in (float("nan"), float("inf")):
        plan, w = Plan(), torch.randn(8, 8)
        w[3, 5] = bad
        plan.keep_weights(DYNAMIC)
        x = plan.input("x", torch.zeros(2, 1, 8))
        plan.conv(x, Conv(8, (U32 * 2)(1, 1), (U32 * 2)(1, 1), (U32 * 2)(1, 1), 1, NONE, 0.0), plan.weight(w), 0)
        status, message = plan.finish()
        ok(status != 0, f"a weight of {bad} is refused: {message}")
        plan.free()


def main():
    seed_all()
    for test in (test_shapes, test_ranges, test_transpose, test_plus_and_columns, test_rnn, test_refused):
        test()
    done()


main()
