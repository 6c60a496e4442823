#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operator on every instruction set equals torch in double precision, on odd shapes."""

import random

from oracle import done, near, ok, seed_all, torch
from plan_oracle import GELU, LEAKY, NONE, RELU, SIGMOID, SILU, TANH, Conv, Pad, Rnn, Shape, U32, run_all, run_chunks

nn, F = torch.nn, torch.nn.functional
LIMIT = 1e-5


def compare(expected, found, text):
    """expected: float64 [t, f, c]"""
    for isa, y in found.items():
        near(y, expected, LIMIT, f"{text}, {isa}")


def channels_last(y):
    """[1, c, t, f] to [t, f, c]"""
    return y[0].permute(1, 2, 0)


def activate(act, slope, y):
    return {NONE: lambda v: v, RELU: F.relu, LEAKY: lambda v: F.leaky_relu(v, slope), SIGMOID: torch.sigmoid,
            TANH: torch.tanh, SILU: F.silu, GELU: gelu}[act](y)


def gelu(y):
    """torch's own is 0 / 0 far below 0, even in double precision."""
    return 0.5 * y * torch.special.erfc(-y * 0.5 ** 0.5)


def conv_case(t, f, c_in, c_out, kernel, stride=(1, 1), dilation=(1, 1), groups=1, bias=True, act=NONE, is_whole=False):
    x = torch.randn(t, f, c_in)
    layer = nn.Conv2d(c_in, c_out, kernel, stride, 0, dilation, groups, bias).double()
    expected = activate(act, 0.2, channels_last(layer(x.double().permute(2, 0, 1)[None])))
    config = Conv(c_out, (U32 * 2)(*kernel), (U32 * 2)(*stride), (U32 * 2)(*dilation), groups, act, 0.2)

    def describe(p, r):
        if is_whole:
            p.take_whole()
        return p.conv(r, config, p.weight(layer.weight), p.weight(layer.bias))

    compare(expected, run_all(x, describe), f"conv [{t} x {f} x {c_in}] to {c_out}, kernel {kernel}, stride {stride}, "
            f"dilation {dilation}, {groups} groups, act {act}{', whole' * is_whole}")


def sum_case(t, c_in, c_out):
    """A Linear layer's rows and others, which lie in longer ones."""
    x, others = torch.randn(t, 1, c_in), torch.randn(t, 1, c_out + 3)
    layer = nn.Linear(c_in, c_out).double()
    config = Conv(c_out, (U32 * 2)(1, 1), (U32 * 2)(1, 1), (U32 * 2)(1, 1), 1, NONE, 0.0)

    def describe(p, r, o):
        p.take_whole()
        return p.add(p.channels(o, 3, c_out), p.conv(r, config, p.weight(layer.weight), p.weight(layer.bias)))

    compare(layer(x.double()) + others[:, :, 3:].double(), run_all(x, describe, others=others),
            f"Linear layer {c_in} to {c_out}, {t} rows, added to others, whole")


def test_conv():
    for n in list(range(1, 17)) + [33]:  # Columns of a Linear layer: what streaming is
        conv_case(n, 1, random.randrange(1, 70), random.randrange(1, 140), (1, 1))
    conv_case(1, 1, 512, 257, (1, 1), act=SIGMOID)
    conv_case(40, 1, 13, 31, (5, 1), act=RELU)
    conv_case(40, 1, 13, 31, (5, 1), (3, 1), (2, 1), bias=False)
    conv_case(40, 1, 12, 18, (3, 1), groups=3)
    conv_case(640, 1, 1, 258, (256, 1), (128, 1), bias=False)
    conv_case(1, 33, 16, 16, (1, 1), act=TANH)
    conv_case(1, 133, 9, 16, (1, 5), (1, 2), act=LEAKY)
    conv_case(1, 69, 16, 16, (1, 5), (1, 2), groups=2)
    conv_case(50, 1, 99, 99, (3, 1), groups=99, act=LEAKY)
    conv_case(5, 35, 16, 16, (3, 3), dilation=(2, 1), groups=16, act=LEAKY)
    conv_case(11, 9, 19, 19, (3, 3), (2, 1), (2, 3), groups=19)
    conv_case(12, 7, 6, 10, (3, 2), (2, 3), (3, 2), groups=2)
    conv_case(7, 6, 3, 5, (7, 6))
    for t, c_in, c_out, kernel in [(17, 9, 96, 1), (49, 768, 100, 1), (50, 1025, 113, 1), (61, 64, 129, 11),
                                   (601, 700, 97, 2), (random.randrange(18, 90), random.randrange(30, 500), 160, 3)]:
        conv_case(t, 1, c_in, c_out, (kernel, 1), (random.randrange(1, 3), 1), act=GELU)  # In blocks for the caches
        conv_case(t + 2 * kernel, 1, c_in, c_out, (kernel, 1), dilation=(3, 1) if kernel < 4 else (1, 1))
    for c_in, c_out, kernel in [(128, 192, 1), (256, 64, 1), (512, 256, 1), (256, 128, 3), (512, 384, 3), (144, 128, 1)]:
        t = random.randrange(192, 300)  # Products of halves and quarters
        conv_case(2 * t + kernel, 1, c_in, c_out, (kernel, 1), (2, 1), act=random.choice([NONE, LEAKY, GELU]), is_whole=True)
        sum_case(t, c_in, c_out)
    conv_case(30, 5, 14, 98, (3, 2))
    for act in (NONE, RELU, LEAKY, SIGMOID, TANH, SILU, GELU):
        conv_case(random.randrange(1, 9), random.randrange(3, 9), random.randrange(1, 20), random.randrange(1, 40),
                  (1, random.randrange(1, 4)), act=act)


def transpose_case(t, f, c_in, c_out, axis, kernel, stride, crop, groups=1):
    x = torch.randn(t, f, c_in)
    pair = (lambda v, other: (v, other) if axis == 0 else (other, v))
    layer = nn.ConvTranspose2d(c_in, c_out, pair(kernel, 1), pair(stride, 1), pair(crop, 0), 0, groups).double()
    expected = channels_last(layer(x.double().permute(2, 0, 1)[None]))
    config = Conv(c_out, (U32 * 2)(*pair(kernel, 1)), (U32 * 2)(*pair(stride, 1)), (U32 * 2)(1, 1), groups, NONE, 0.0)
    found = run_all(x, lambda p, r: p.conv_transpose(r, config, crop, p.weight(layer.weight), p.weight(layer.bias)))
    compare(expected, found, f"transposed conv [{t} x {f} x {c_in}] to {c_out} along {'tf'[axis]}, kernel {kernel}, "
                             f"stride {stride}, crop {crop}, {groups} groups")


def test_conv_transpose():
    for axis in (0, 1):
        for kernel, stride, crop, groups in [(5, 2, 2, 1), (5, 2, 2, 2), (16, 8, 4, 1), (4, 4, 0, 1), (3, 5, 1, 1),
                                             (11, 5, 3, 2), (1, 3, 0, 1), (3, 1, 1, 1), (7, 2, 5, 4)]:
            transpose_case(random.randrange(6, 12), random.randrange(6, 12), 4 * random.randrange(1, 6),
                           4 * random.randrange(1, 6), axis, kernel, stride, crop, groups)


    transpose_case(40, 3, 20, 101, 0, 5, 2, 1)
    transpose_case(2, 60, 37, 200, 1, 16, 8, 4)


def rnn_case(kind, t, f, c, h, reverse, bias=True):
    layer = getattr(nn, kind)(c, h, bias=bias).double()
    x = torch.randn(t, f, c)
    seen = x.double().flip(0) if reverse else x.double()
    expected = layer(seen)[0]
    expected = expected.flip(0) if reverse else expected
    names = ["weight_ih_l0", "weight_hh_l0"] + ["bias_ih_l0", "bias_hh_l0"] * bias
    config = Rnn(h, reverse, None)

    def describe(p, r):
        weights = [p.weight(getattr(layer, n)) for n in names] + [0, 0] * (not bias)
        return getattr(p, kind.lower())(r, config, *weights)

    compare(expected, run_all(x, describe), f"{kind} [{t} x {f} x {c}] to {h}{' backwards' if reverse else ''}")


def test_fused():
    """BatchNorm and PReLU taken up by the convolution before them, or by none."""
    for up, groups, bias in [(False, 1, True), (False, 4, False), (True, 1, False), (True, 2, True), (True, 4, True)]:
        c_in, c_out, f = 4 * random.randrange(1, 5), 4 * random.randrange(1, 6), random.randrange(7, 20)
        x = torch.randn(2, f, c_in)
        kind = nn.ConvTranspose2d if up else nn.Conv2d
        conv, norm, act = kind(c_in, c_out, (1, 5), (1, 2), groups=groups, bias=bias), nn.BatchNorm2d(c_out), nn.PReLU()
        norm.running_mean, norm.running_var = torch.randn(c_out), torch.rand(c_out) + 0.1
        norm.weight.add_(torch.randn(c_out) * 0.5)
        norm.bias.add_(torch.randn(c_out))
        act.weight.fill_(-0.3)
        expected = channels_last(nn.Sequential(conv, norm, act).double().eval()(x.double().permute(2, 0, 1)[None]))
        config = Conv(c_out, (U32 * 2)(1, 5), (U32 * 2)(1, 2), (U32 * 2)(1, 1), groups, NONE, 0.0)

        def describe(p, r, is_fused):
            weights = p.weight(conv.weight), p.weight(conv.bias) if bias else 0
            y = p.conv_transpose(r, config, 0, *weights) if up else p.conv(r, config, *weights)
            if not is_fused:
                y = p.add(y, y)  # Twice the convolution, half the scale behind it
            scale = norm.weight if is_fused else norm.weight * 0.5
            mean = norm.running_mean if is_fused else norm.running_mean * 2.0
            y = p.batch_norm(y, norm.eps, *map(p.weight, (scale, norm.bias, mean, norm.running_var)))
            return p.prelu(y, p.weight(act.weight)) if is_fused else p.act(p.reshape(y, p.shape(y)), LEAKY, -0.3)

        for is_fused in (True, False):
            compare(expected, run_all(x, lambda p, r: describe(p, r, is_fused)),
                    f"conv{' transposed' * up}, norm, PReLU {'in one' if is_fused else 'apart'}, {groups} groups")
    order = torch.randperm(30).to(torch.int32)
    w = torch.randn(30)
    x = torch.randn(1, 1, 6)
    expected = x.double() @ w.double()[order.long()].reshape(5, 6).T
    config = Conv(5, (U32 * 2)(1, 1), (U32 * 2)(1, 1), (U32 * 2)(1, 1), 1, NONE, 0.0)
    compare(expected, run_all(x, lambda p, r: p.conv(r, config, p.rearrange(p.weight(w), 30, order.data_ptr()), 0)),
            "weights rearranged")


def test_rnn():
    for kind in ("GRU", "LSTM"):
        for t, f, c, h, reverse, bias in [(1, 1, 128, 128, False, True), (33, 1, 8, 4, True, True),
                                          (33, 1, 8, 4, False, True), (1, 33, 8, 8, False, True),
                                          (7, 3, 5, 17, False, False), (20, 2, 31, 33, True, True),
                                          (23, 2, 40, 41, False, True),
                                          (random.randrange(2, 30), random.randrange(1, 20), random.randrange(1, 50),
                                           random.randrange(1, 50), False, True)]:
            rnn_case(kind, t, f, c, h, reverse, bias)


def test_norms():
    for t, f, c in [(5, 7, 33), (1, 33, 16), (9, 1, 512), (3, 2, 1), (700, 1, 137)]:
        x = torch.randn(t, f, c) * 3.0 + 5.0
        if f * c == 2:  # Of two values nearly alike, rounding decides: keep them apart
            x[:, 0], x[:, 1] = x[:, 0].abs() + 1.0, -x[:, 1].abs()
        d = x.double()
        w, b = torch.randn(c), torch.randn(c)
        expected = F.layer_norm(d, (c,), w.double(), b.double(), 1e-5)
        if c > 1:
            compare(expected, run_all(x, lambda p, r: p.norm(r, 0, 1, 1e-5, p.weight(w), p.weight(b))),
                    f"layer norm over {c} of [{t} x {f} x {c}]")
        wf, bf = torch.randn(f, c), torch.randn(f, c)
        expected = F.layer_norm(d, (f, c), wf.double(), bf.double(), 1e-8)
        compare(expected, run_all(x, lambda p, r: p.norm(r, 1, 1, 1e-8, p.weight(wf), p.weight(bf))),
                f"layer norm over {f} x {c} of [{t} x {f} x {c}]")
        for groups in {1, c, 4 if c % 4 == 0 else 1}:
            expected = channels_last(F.group_norm(d.permute(2, 0, 1)[None], groups, w.double(), b.double(), 1e-5))
            compare(expected, run_all(x, lambda p, r: p.norm(r, 2, groups, 1e-5, p.weight(w), p.weight(b))),
                    f"group norm by {groups} of [{t} x {f} x {c}]")
        expected = F.layer_norm(d, (f, c), None, None, 1e-3)
        compare(expected, run_all(x, lambda p, r: p.norm(r, 1, 1, 1e-3, 0, 0)), f"layer norm without weights of {c}")
        far = x + 300.0 * (torch.arange(t) > 0)[:, None, None]  # The first row says nothing of the mean
        expected = channels_last(F.group_norm(far.double().permute(2, 0, 1)[None], 1, None, None, 1e-5))
        compare(expected, run_all(far, lambda p, r: p.norm(r, 2, 1, 1e-5, 0, 0)), f"group norm far off of {t} x {c}")
        m, v = torch.randn(c), torch.rand(c) + 0.1
        expected = channels_last(F.batch_norm(d.permute(2, 0, 1)[None], m.double(), v.double(), w.double(),
                                              b.double(), False, 0.0, 1e-5))
        compare(expected, run_all(x, lambda p, r: p.batch_norm(r, 1e-5, *map(p.weight, (w, b, m, v)))),
                f"batch norm of [{t} x {f} x {c}]")


def test_normed_depthwise():
    """A group norm, rows of 0 around it and a depthwise convolution: one pass, and near to it what is none"""
    for _ in range(10):
        t, c, taps, dilation = random.randrange(1, 90), random.choice([2, 7, 16, 65, 130]), random.randrange(1, 6), random.randrange(1, 9)
        before, behind = random.randrange(40), random.randrange(40)
        before += max(0, (taps - 1) * dilation + 1 - t - before - behind)
        groups, act = random.choice([1, 1, c]), random.choice([NONE, LEAKY, RELU, SIGMOID])
        x = torch.randn(t, 1, 2 * c) * 2.0 + 1.0
        w, b, k, kb = torch.randn(c), torch.randn(c), torch.randn(c, 1, taps), torch.randn(c)
        config = Conv(c, (U32 * 2)(taps, 1), (U32 * 2)(1, 1), (U32 * 2)(dilation, 1), c, NONE, 0.0)
        pad = Pad((U32 * 2)(before, behind), (U32 * 2)(0, 0), False)
        if t * c // groups < 8:
            continue
        for is_read_twice in (False, True):
            def describe(p, r):
                n = p.norm(p.channels(r, c, c), 2, groups, 1e-5, p.weight(w), p.weight(b))
                y = p.act(p.conv(p.pad(n, pad), config, p.weight(k), p.weight(kb)), act, 0.3)
                return p.join(y, n) if is_read_twice else y

            d = x[..., c:].double().permute(1, 2, 0)
            n = F.group_norm(d, groups, w.double(), b.double(), 1e-5)
            y = activate(act, 0.3, F.conv1d(F.pad(n, (before, behind)), k.double(), kb.double(), dilation=dilation, groups=c))
            expected = torch.cat([y, n], -1) if is_read_twice else y
            compare(expected.permute(2, 0, 1), run_all(x, describe),
                    f"norm by {groups}, {before} + {t} + {behind} rows, {taps} taps by {dilation}, {c} channels, act {act}, "
                    f"{'twice' if is_read_twice else 'once'} read")


def test_elements():
    ok(torch.allclose(gelu(torch.linspace(-3.0, 3.0, 99)), F.gelu(torch.linspace(-3.0, 3.0, 99)), 1e-4, 1e-7), "gelu")
    for t, f, c in [(3, 5, 37), (1, 1, 1), (2, 1, 16), (4, 3, 8)]:
        x, y = torch.randn(t, f, c) * 4.0, torch.randn(t, f, c)
        x = x.abs() if c == 1 else x  # Alone far below 0, an activation is all tail, which is near to nothing only
        d = x.double()
        for act in (RELU, LEAKY, SIGMOID, TANH, SILU, GELU):
            compare(activate(act, 0.25, d), run_all(x, lambda p, r: p.act(r, act, 0.25)), f"act {act} of {c}")
        compare(F.softmax(d, -1), run_all(x, lambda p, r: p.softmax(r)), f"softmax over {c}")
        compare((d * d).mean(1, keepdim=True), run_all(x, lambda p, r: p.mean_square(r)), f"mean square of {f}")
        for other in (y, y[:, :1], y[:1, :1]):
            compare(d + other.double(), run_all(x, lambda p, r, s: p.add(r, s), z=other), f"add {tuple(other.shape)}")
            compare(d * other.double(), run_all(x, lambda p, r, s: p.mul(r, s), z=other), f"mul {tuple(other.shape)}")
        if c % 2 == 0:
            compare(torch.hypot(*d.chunk(2, -1)), run_all(x, lambda p, r: p.magnitude(r)), f"magnitude of {c}")
    far = torch.tensor([-1e30, -200.0, -88.0, -1e-3, -1e-8, 0.0, 1e-8, 1e-3, 88.0, 200.0, 1e30]).reshape(1, 1, -1)
    for act in (SIGMOID, TANH):
        compare(activate(act, 0.0, far.double()), run_all(far, lambda p, r: p.act(r, act, 0.0)), f"act {act} far out")
        for isa, y in run_all(far[..., 3:8], lambda p, r: p.act(r, act, 0.0)).items():
            exact = activate(act, 0.0, far[..., 3:8].double())
            ok(bool(((y - exact).abs() <= 1e-6 * exact.abs()).all()), f"act {act} near 0, relative, {isa}")


def test_moves():
    x = torch.randn(4, 5, 6)
    pad = Pad((U32 * 2)(2, 1), (U32 * 2)(0, 3), False)
    compare(F.pad(x, (0, 0, 0, 3, 2, 1)).double(), run_all(x, lambda p, r: p.pad(r, pad)), "zero padding")
    mirror = Pad((U32 * 2)(3, 2), (U32 * 2)(0, 0), True)
    expected = F.pad(x.permute(1, 2, 0), (3, 2), mode="reflect").permute(2, 0, 1).double()
    compare(expected, run_all(x, lambda p, r: p.pad(r, mirror)), "reflection")
    compare(x[..., 2:5].double() * 2.0, run_all(x, lambda p, r: p.add(*[p.channels(r, 2, 3)] * 2)), "slice of channels")
    weight = torch.randn(3, 3, 2, 2)
    config = Conv(3, (U32 * 2)(2, 2), (U32 * 2)(1, 1), (U32 * 2)(1, 1), 1, NONE, 0.0)
    expected = channels_last(F.conv2d(x[..., 1:4].double().permute(2, 0, 1)[None], weight.double()))
    compare(expected, run_all(x, lambda p, r: p.conv(p.channels(r, 1, 3), config, p.weight(weight), 0)),
            "convolution of a slice")
    order = torch.randperm(9 * 20 - 1).to(torch.int32)[:77] - 1
    both = torch.cat([x.flatten(), x[..., 2:5].flatten() * 0.0 + 7.0, torch.zeros(1)])
    expected = both[order.long().where(order >= 0, torch.tensor(-1))].reshape(7, 1, 11).double()
    compare(expected, run_all(x, lambda p, r, s: p.gather(r, p.channels(s, 1, 3), Shape(7, 1, 11), order.data_ptr()),
                              z=torch.full((4, 5, 4), 7.0)), "gather from two")


def test_history_within():
    """A layer of 3 rows a step, 5 rows late, of a stream that begins with it and ends after 4.5 chunks"""
    n, kept, rate, delay, end = 4, 6, 3, 5, 18
    x = torch.randn(8 * n * rate, 2, 3)
    at = torch.arange(len(x)) - delay
    inside = x * ((at >= 0) & (at < end * rate))[:, None, None]
    expected = F.pad(inside, (0, 0, 0, 0, kept, 0)).double()
    chunks = [{"x": x[i * n * rate:(i + 1) * n * rate],
               "span": torch.tensor([-float(i * n), float(end - i * n)]).reshape(1, 1, 2)} for i in range(8)]
    found = run_chunks(chunks, lambda p, r, s: p.history_within(r, kept, b"past", s, rate, delay))
    for isa, ys in found.items():
        same = all(torch.equal(y.double(), expected[i * n * rate:(i + 1) * n * rate + kept]) for i, y in enumerate(ys))
        ok(same, f"history within a span, {isa}")


def main():
    seed_all()
    for test in (test_conv, test_conv_transpose, test_fused, test_rnn, test_norms, test_normed_depthwise, test_elements, test_moves,
                 test_history_within):
        test()
    done()


main()
