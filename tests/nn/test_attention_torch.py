#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What transformers and transducers are made of equals torch and TorchAudio in double precision."""

import copy
import random

from oracle import done, near, ok, seed_all, torch
from plan_oracle import RELU, SILU, U32, Attention, Conv, Rnn, run_all, run_chunks
from torchaudio.models.emformer import Emformer
from torchaudio.models.rnnt import _CustomLSTM

F = torch.nn.functional
LIMIT = 1e-5


def compare(expected, found, text):
    for isa, y in found.items():
        near(y, expected, LIMIT, f"{text}, {isa}")


def attend(q, k, v, n_heads, scale, bias):
    """[t, f, c] by the formula; bias [heads or 1, t or 1, s]"""
    split = [x.reshape(*x.shape[:2], n_heads, -1).permute(1, 2, 0, 3) for x in (q, k, v)]
    weights = split[0] @ split[1].transpose(-1, -2) * scale
    out = F.softmax(weights + (0.0 if bias is None else bias), -1) @ split[2]
    return out.permute(2, 0, 1, 3).reshape(q.shape[0], q.shape[1], -1)


def attention_case(t, s, f, heads, d, d_v, bias=None, scale=0.0, as_weight=False):
    q, k, v = torch.randn(t, f, heads * d), torch.randn(s, f, heads * d) * 2.0, torch.randn(s, f, heads * d_v)
    b = None if bias is None else torch.randn(bias)
    if bias is not None and bias[1] > 1:
        b[torch.rand(bias) < 0.3] = -1e8
        b[..., 0] = 0.0
    factor = scale if scale else d ** -0.5
    expected = attend(q.double(), k.double(), v.double(), heads, factor, None if b is None else b.double())
    config = Attention(heads, scale, 0, 0, None)
    more = {"k": k, "v": v}
    if b is not None and not as_weight:
        more["b"] = b

    def describe(p, rq, rk, rv, rb=0):
        return p.attention(rq, rk, rv, p.weight(b) if as_weight else rb, config)

    compare(expected, run_all(q, describe, **more),
            f"attention of {t} to {s} x {f}, {heads} heads of {d} and {d_v}, bias {bias}{' fixed' * as_weight}")


def test_attention():
    for t, s, f, heads, d, d_v in [(1, 1, 1, 1, 1, 1), (49, 49, 1, 12, 64, 64), (5, 39, 1, 8, 64, 64), (1, 17, 3, 2, 5, 9),
                                   (33, 16, 2, 3, 7, 16), (random.randrange(1, 60), random.randrange(1, 60), 1, 4, 31, 33)]:
        attention_case(t, s, f, heads, d, d_v)
        for bias in ((1, 1, s), (1, t, s), (heads, t, s), (heads, 1, s)):
            attention_case(t, s, f, heads, d, d_v, bias, scale=0.3)
        attention_case(t, s, f, heads, d, d_v, (heads, t, s), as_weight=True)
        attention_case(t, s, f, heads, d, d_v, (1, t, s), as_weight=True)
    # Within one tensor, as one product makes queries, keys and values
    x = torch.randn(7, 2, 36)
    config = Attention(3, 0.0, 0, 0, None)
    expected = attend(*x.double().chunk(3, -1), 3, 0.5, None)
    compare(expected, run_all(x, lambda p, r: p.attention(*[p.channels(r, 12 * i, 12) for i in range(3)], 0, config)),
            "attention of slices")
    layer = torch.nn.MultiheadAttention(24, 4).double()
    y = torch.randn(9, 2, 24)
    expected = layer(y.double(), y.double(), y.double(), need_weights=False)[0]
    joint = torch.nn.Linear(24, 72)
    joint.weight, joint.bias = layer.in_proj_weight, layer.in_proj_bias

    def describe(p, r):
        all_three = p.linear(r, joint)
        z = p.attention(*[p.channels(all_three, 24 * i, 24) for i in range(3)], 0, Attention(4, 0.0, 0, 0, None))
        return p.linear(z, layer.out_proj)

    compare(expected, run_all(y, describe), "torch.nn.MultiheadAttention")


def describe_emformer(p, x, model, n):
    """TorchAudio's Emformer.infer, which keeps keys and values of the past"""
    segment, right = model.segment_length, model.right_context_length
    y, ahead = p.rows(x, 0, segment), p.rows(x, segment, right)
    for i, layer in enumerate(model.emformer_layers):
        joined = p.join(y, ahead)
        normed = p.layer_norm(joined, layer.layer_norm_input)
        query = p.linear(normed, layer.attention.emb_to_query)
        both = p.linear(normed, layer.attention.emb_to_key_value)
        past = p.history(p.rows(both, 0, segment), layer.left_context_length, b"past%d" % i)
        both = p.join(past, p.rows(both, segment, right))
        config = Attention(layer.attention.num_heads, 0.0, layer.left_context_length, segment, b"seen%d" % i)
        z = p.attention(query, p.channels(both, 0, n), p.channels(both, n, n), 0, config)
        z = p.add(p.linear(z, layer.attention.out_proj), joined)
        hidden = p.act(p.linear(p.layer_norm(z, layer.pos_ff[0]), layer.pos_ff[1]), RELU, 0.0)
        z = p.layer_norm(p.add(p.linear(hidden, layer.pos_ff[4]), z), layer.layer_norm_output)
        y, ahead = p.rows(z, 0, segment), p.rows(z, segment, right)
    return p.add(y, y)  # An operator's own result


def test_emformer():
    for n, heads, hidden, layers, segment, left, right in [(24, 4, 40, 3, 4, 30, 1), (33, 3, 17, 2, 5, 12, 3)]:
        model = Emformer(n, heads, hidden, layers, segment, left_context_length=left, right_context_length=right)
        model = model.double().eval()
        for parameter in model.parameters():
            parameter.data += 0.1 * torch.randn_like(parameter)
        chunks, expected, states = [torch.randn(segment + right, 1, n) for _ in range(12)], [], None
        for chunk in chunks:
            y, _, states = model.infer(chunk.double().permute(1, 0, 2), torch.tensor([segment + right]), states)
            expected.append(2.0 * y.permute(1, 0, 2))
        found = run_chunks([{"x": c} for c in chunks], lambda p, r: describe_emformer(p, r, model, n))
        for isa, ys in found.items():
            for i in (0, 1, 11):
                near(ys[i], expected[i], LIMIT, f"Emformer {n}, segments of {segment}, chunk {i}, {isa}")


def test_embedding():
    for rows, columns in [(29, 17), (4097, 33), (1, 1)]:
        table = torch.nn.Embedding(rows, columns)
        x = torch.randint(rows, (5, 3, 1))
        compare(table(x[..., 0]).double(), run_all(x.float(), lambda p, r: p.embedding(r, rows, columns,
                                                                                     p.weight(table.weight))),
                f"embedding of {rows} x {columns}")
        far = torch.tensor([-3.0, float("nan"), 1e9, float("inf")]).reshape(1, 4, 1)
        ends = table(torch.tensor([[0, 0, rows - 1, rows - 1]])).double()
        compare(ends, run_all(far, lambda p, r: p.embedding(r, rows, columns, p.weight(table.weight))),
                f"embedding held at the ends of {rows}")


def test_lstm_norm():
    for t, f, c, h in [(1, 1, 512, 512), (9, 3, 5, 17), (4, 2, 31, 33)]:
        layer = _CustomLSTM(c, h, True, 1e-3).double()
        for parameter in layer.parameters():
            parameter.data += 0.2 * torch.randn_like(parameter)
        single = copy.deepcopy(layer).float()
        chunks, expected, state = [torch.randn(t, f, c) for _ in range(4)], [], None
        limits, single_state = [], None
        for chunk in chunks:
            y, state = layer(chunk.double(), state)
            expected.append(y)
            y, single_state = single(chunk, single_state)
            # One draw in 300 is so near to norming nothing that torch's own floats lose as much
            limits.append(max(LIMIT, 10.0 * float((y - expected[-1]).abs().max() / expected[-1].abs().max())))
        names = ["x2g", "p2g", "g_norm", "c_norm"]
        w = [getattr(layer, n).weight for n in names]
        found = run_chunks([{"x": x} for x in chunks], lambda p, r: p.lstm_norm(
            r, Rnn(h, False, b"cells"), p.weight(w[0]), p.weight(w[1]), 1e-3, p.weight(w[2]),
            p.weight(layer.g_norm.bias), p.weight(w[3]), p.weight(layer.c_norm.bias)))
        for isa, ys in found.items():
            for i in (0, 3):
                near(ys[i], expected[i], limits[i], f"layer-normed LSTM [{t} x {f} x {c}] to {h}, chunk {i}, {isa}")


def test_norm_cumulative():
    """Conv-TasNet's cumulative layer norm: at each row the mean and variance of all until then."""
    for t, f, c, offset in [(5, 1, 33, 0.3), (1, 3, 7, 2.0), (40, 2, 64, 0.0)]:
        chunks = [torch.randn(t, f, c) * (i + 1.0) + offset for i in range(7)]
        w, b = torch.randn(c), torch.randn(c)
        x = torch.cat(chunks).double()
        n = torch.arange(1, len(x) + 1).double()[:, None] * c
        mean = x.sum(-1).cumsum(0) / n
        power = (x * x).sum(-1).cumsum(0) / n
        expected = (x - mean[..., None]) / (power - mean ** 2 + 1e-8).sqrt()[..., None] * w.double() + b.double()
        found = run_chunks([{"x": x} for x in chunks],
                           lambda p, r: p.norm_cumulative(r, 1e-8, p.weight(w), p.weight(b), b"norm"))
        for isa, ys in found.items():
            near(torch.cat(ys), expected, LIMIT, f"cumulative layer norm of [{t} x {f} x {c}], {isa}")


def round_weights(w, precision):
    """What a precision keeps of weights whose rows are outputs"""
    if precision == 1:
        return w.half().double()
    greatest = w.float().abs().amax(tuple(range(1, w.ndim)), keepdim=True)  # In floats, so that ties fall alike
    return ((w.float() / greatest * 127.0).round() * (greatest / 127.0)).double()


def test_narrow():
    """Weights as halves and bytes: exactly what the rounded weights give, and near what the whole ones give."""
    for precision, name, loss in [(1, "half", 1e-3), (2, "int8", 3e-2)]:
        for n, c_in, c_out, taps, groups in [(1, 700, 130, 1, 1), (4, 33, 17, 1, 1), (40, 450, 100, 3, 1), (9, 24, 60, 5, 4),
                                             (1, 5, 1, 2, 1)]:
            layer = torch.nn.Conv1d(c_in, c_out, taps, groups=groups)
            x = torch.randn(n + taps - 1, 1, c_in)
            if n * c_out == 1:  # Alone, a sum that all but cancels out is near to nothing
                x, layer.weight.data, layer.bias.data = x.abs(), layer.weight.data.abs(), layer.bias.data.abs()
            config = Conv(c_out, (U32 * 2)(taps, 1), (U32 * 2)(1, 1), (U32 * 2)(1, 1), groups, SILU, 0.0)

            def describe(p, r):
                p.keep_weights(precision)
                return p.conv(r, config, p.weight(layer.weight), p.weight(layer.bias))

            def run(w):
                y = F.conv1d(x.double().permute(1, 2, 0), w.double(), layer.bias.double(), groups=groups)
                return F.silu(y).permute(2, 0, 1)

            found = run_all(x, describe)
            text = f"{name} weights, {n} columns, {c_in} to {c_out}, {taps} taps, {groups} groups"
            compare(run(round_weights(layer.weight, precision)), found, text)
            for isa, y in found.items():
                near(y, run(layer.weight), loss, f"{text}, of the whole weights, {isa}")
        rnn = torch.nn.LSTM(40, 33)
        x = torch.randn(20, 2, 40)

        def describe_rnn(p, r):
            p.keep_weights(precision)
            return p.lstm(r, Rnn(33, False, None), *[p.weight(w) for w in rnn.parameters()])

        found = run_all(x, describe_rnn)
        for w in (rnn.weight_ih_l0, rnn.weight_hh_l0):
            w.data = round_weights(w.data, precision).float()
        compare(rnn.double()(x.double())[0], found, f"{name} weights, LSTM")


def test_small():
    x = torch.randn(3, 5, 34)
    compare(F.glu(x.double(), -1), run_all(x, lambda p, r: p.glu(r)), "glu")
    compare(F.glu(x.double()[..., 3:21], -1), run_all(x, lambda p, r: p.glu(p.channels(r, 3, 18))), "glu of a slice")
    y = torch.randn(4, 5, 7)
    expected = torch.cat([x[1:3, :, 2:9], y]).double()
    compare(expected, run_all(x, lambda p, r, s: p.join(p.channels(p.rows(r, 1, 2), 2, 7), s), z=y), "rows joined")
    ok(expected.shape == (6, 5, 7), "six rows")


def main():
    seed_all()
    for test in (test_attention, test_emformer, test_embedding, test_lstm_norm, test_norm_cumulative, test_narrow, test_small):
        test()
    done()


main()
