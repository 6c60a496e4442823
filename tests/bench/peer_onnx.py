#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""GTCRN and Silero VAD beside the same networks under onnxruntime, in turns, one thread each.

usage: peer_onnx.py LIBRARY

Torch constructions of the tests are exported to ONNX; PINNA_PEER_PYTHON (python3) runs them if it has onnxruntime.
Times are processor time of the thread, the best of many runs; onnxruntime's own results are held to torch's."""

import ctypes
import json
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../nn"), os.path.join(HERE, "../models")]
PYTHON = os.environ.get("PINNA_PEER_PYTHON", "python3")
PEER = """
import json, sys, time
import numpy, onnxruntime
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
open_ = {}
for line in sys.stdin:
    path = line.strip()
    if path not in open_:
        given = numpy.load(path + ".npz")
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        x = {i.name: given[i.name] for i in session.get_inputs()}
        found, wanted = session.run(None, x)[0], given["expected"]
        open_[path] = session, x, float(abs(found - wanted).max() / abs(wanted).max())
    session, x, error = open_[path]
    best, end = 1e9, time.thread_time() + 0.1
    while time.thread_time() < end:
        start = time.thread_time()
        session.run(None, x)
        best = min(best, time.thread_time() - start)
    print(json.dumps([best, error, onnxruntime.__version__]), flush=True)
"""


def skip_all(why):
    print(f"1..0 # SKIP {why}")
    sys.exit(0)


if subprocess.run([PYTHON, "-c", "import numpy, onnxruntime"], capture_output=True, check=False).returncode:
    skip_all(f"{PYTHON} has no onnxruntime (PINNA_PEER_PYTHON names one that has)")

from gtcrn_reference import Gtcrn, spread  # noqa: E402
from oracle import FLOAT, LIB, PTR, U32, declare, done, ok, opened, save_safetensors, seed_all, torch  # noqa: E402
from plan_oracle import BUILD, ISAS, RunnerConfig  # noqa: E402

F = torch.nn.functional


def plain(layer):
    """A transposed convolution without stride as a convolution, which onnxruntime runs faster."""
    if not isinstance(layer, torch.nn.ConvTranspose2d):
        return layer
    kernel, groups, dilation = layer.kernel_size, layer.groups, layer.dilation
    padding = [d * (k - 1) - p for d, k, p in zip(dilation, kernel, layer.padding)]
    out = torch.nn.Conv2d(layer.in_channels, layer.out_channels, kernel, 1, padding, dilation, groups)
    w = layer.weight.flip(2, 3)
    w = w.unflatten(0, (groups, -1)).transpose(1, 2).flatten(0, 1)
    out.load_state_dict({"weight": w, "bias": layer.bias})
    return out


class Chunk(torch.nn.Module):
    """GTCRN with its states as inputs and outputs: spectra [257, t, 2]."""

    def __init__(self, net):
        super().__init__()
        self.net = net
        for layer in (*net.encoder["en_convs"][2:], *net.decoder["de_convs"][:3]):
            for name in ("point_conv1", "depth_conv", "point_conv2"):
                setattr(layer, name, plain(getattr(layer, name)))

    def states(self):
        layers = [*self.net.encoder["en_convs"][2:], *self.net.decoder["de_convs"][:3]]
        return ([torch.zeros(1, 16, layer.reach, 33) for layer in layers] + [torch.zeros(1, 1, 16) for _ in layers]
                + [torch.zeros(1, 33, 8) for _ in range(4)])

    def temporal(self, layer, x, past, h0):
        h = layer.point_act(layer.point_bn1(layer.point_conv1(spread(x[:, :8]))))
        h = torch.cat([past, h], 2)
        past = h[:, :, -layer.reach:]
        h = layer.point_bn2(layer.point_conv2(layer.depth_act(layer.depth_bn(layer.depth_conv(h)))))
        gain, h0 = layer.tra.att_gru((h ** 2).mean(-1).transpose(1, 2), h0)
        h = h * torch.sigmoid(layer.tra.att_fc(gain)).transpose(1, 2)[..., None]
        return torch.stack([h, x[:, 8:]], 2).flatten(1, 2), past, h0

    def paths(self, layer, x, h1, h2):
        x = x[0].permute(1, 2, 0)
        x = x + layer.intra_ln(layer.intra_fc(layer.intra_rnn(x)))
        y = x.transpose(0, 1)
        y1, h1 = layer.inter_rnn.rnn1(y[..., :8], h1)
        y2, h2 = layer.inter_rnn.rnn2(y[..., 8:], h2)
        x = x + layer.inter_ln(layer.inter_fc(torch.cat([y1, y2], -1)).transpose(0, 1))
        return x.permute(2, 0, 1)[None], h1, h2

    def forward(self, spectra, *states):
        net, states, new = self.net, list(states), [None] * 16
        re, im = spectra[..., 0], spectra[..., 1]
        x = torch.stack([(re ** 2 + im ** 2 + 1e-12).sqrt(), re, im])[None].transpose(2, 3)
        x = spread(torch.cat([x[..., :65], net.erb["erb_fc"](x[..., 65:])], -1))
        kept = []
        for i, layer in enumerate(net.encoder["en_convs"]):
            if i < 2:
                x = layer(x)
            else:
                x, new[i - 2], new[i + 4] = self.temporal(layer, x, states[i - 2], states[i + 4])
            kept.append(x)
        x, new[12], new[13] = self.paths(net.dpgrnn1, x, states[12], states[13])
        x, new[14], new[15] = self.paths(net.dpgrnn2, x, states[14], states[15])
        for i, layer in enumerate(net.decoder["de_convs"]):
            x = x + kept.pop()
            if i < 3:
                x, new[i + 3], new[i + 9] = self.temporal(layer, x, states[i + 3], states[i + 9])
            else:
                x = layer(x)
        m = torch.cat([x[..., :65], net.erb["ierb_fc"](x[..., 65:])], -1)[0].transpose(1, 2)
        return (torch.stack([re * m[0] - im * m[1], re * m[1] + im * m[0]], -1), *new)


class Silero(torch.nn.Module):
    """Silero VAD of one chunk [1, 576], context in front, with its LSTM's state."""

    SHAPES = {"stft_conv": (258, 1, 256), "conv1": (128, 129, 3), "conv2": (64, 128, 3), "conv3": (64, 64, 3),
              "conv4": (128, 64, 3), "final_conv": (1, 128, 1)}

    def __init__(self):
        super().__init__()
        for name, shape in self.SHAPES.items():
            self.add_module(name, torch.nn.Conv1d(shape[1], shape[0], shape[2], {"stft_conv": 128, "conv2": 2, "conv3": 2}
                                                  .get(name, 1), shape[2] // 2 if shape[2] == 3 else 0,
                                                  bias=name != "stft_conv"))
        self.lstm_cell = torch.nn.LSTM(128, 128)

    def weights(self):
        return {n.replace("_l0", ""): v for n, v in self.state_dict().items()}

    def forward(self, x, h, c):
        x = self.stft_conv(F.pad(x[None], (0, 64), mode="reflect"))
        x = (x[:, :129] ** 2 + x[:, 129:] ** 2).sqrt()
        for layer in (self.conv1, self.conv2, self.conv3, self.conv4):
            x = layer(x).relu()
        y, (h, c) = self.lstm_cell(x.permute(2, 0, 1), (h, c))
        return torch.sigmoid(self.final_conv(y.relu().permute(1, 2, 0))).mean(), h, c


def export(path, model, inputs, names):
    import numpy
    outputs = model(*inputs)
    torch.onnx.export(model, tuple(inputs), path, input_names=names,
                      output_names=[f"o{i}" for i in range(len(outputs))], opset_version=14)
    numpy.savez(path + ".npz", expected=outputs[0].numpy(), **{n: v.numpy() for n, v in zip(names, inputs)})


def ours(describe, init, path):
    """@return A network of a file, its handle"""
    _, weights, message = opened(path)
    plan = PTR(LIB.pinna_plan_new())
    describe(plan, weights)
    status = LIB.pinna_plan_finish(plan, None)

    @BUILD
    def call(out, arena, config):
        return init(PTR(out), PTR(arena), PTR(config))

    memory, handle = PTR(), PTR()
    config = RunnerConfig(plan, ISAS[-1])
    status = status or LIB.pinna_arena_build(ctypes.byref(memory), ctypes.byref(handle), call, ctypes.byref(config))
    ok(status == 0, f"{os.path.basename(path)} builds {message}")
    return handle


def best_of(call):
    best, end = float("inf"), time.thread_time() + 0.1
    while time.thread_time() < end:
        start = time.thread_time()
        call()
        best = min(best, time.thread_time() - start)
    return best


def duel(peer, path, call, text, most, seconds, budget=float("inf")):
    """In turns until our best time is at most `most` of the peer's and within the budget"""
    mine = theirs = float("inf")
    for turn in range(12):
        peer.stdin.write(path + "\n")
        peer.stdin.flush()
        found, error, version = json.loads(peer.stdout.readline())
        theirs, mine = min(theirs, found), min(mine, best_of(call))
        if turn >= 2 and mine <= most * theirs and mine <= budget:
            break
    ok(error <= 1e-4, f"{text}: onnxruntime does what torch does, {error:.1e}")
    ok(mine <= most * theirs, f"{text}: {1e6 * mine:.1f} us, onnxruntime {version} {1e6 * theirs:.1f} us: "
       f"1/{theirs / mine:.1f}, at most 1/{1 / most:g}")
    ok(mine <= budget, f"{text}: real-time factor {mine / seconds:.5f}, at most {budget / seconds:.5f}")


def test(folder, peer):
    declare("gtcrn_describe", None, PTR, PTR)
    declare("gtcrn_init", ctypes.c_int, PTR, PTR, PTR)
    declare("gtcrn_frame", None, PTR, PTR)
    declare("silero_describe", None, PTR, PTR)
    declare("silero_init", ctypes.c_int, PTR, PTR, PTR)
    declare("silero_run", FLOAT, PTR, PTR)

    net = Gtcrn().eval()
    torch.save({"model": net.state_dict()}, os.path.join(folder, "gtcrn.pt"))
    handle = ours(LIB.pinna_gtcrn_describe, LIB.pinna_gtcrn_init, os.path.join(folder, "gtcrn.pt"))
    n = 63
    spectra = torch.randn(257, n, 2)
    wanted = torch.view_as_real(net(torch.view_as_complex(spectra)))
    chunk = Chunk(net).eval()
    state, parts = chunk.states(), []
    for t in range(n):
        part, *state = chunk(spectra[:, t:t + 1], *state)
        parts.append(part)
    error = float((torch.cat(parts, 1) - wanted).abs().max() / wanted.abs().max())
    ok(error <= 1e-4, f"GTCRN with states, frame by frame, is the whole: {error:.1e}")
    names = ["x", *(f"s{i}" for i in range(16))]
    export(os.path.join(folder, "chunk.onnx"), chunk, [spectra[:, :1], *chunk.states()], names)
    export(os.path.join(folder, "whole.onnx"), chunk, [spectra, *chunk.states()], names)
    rows = spectra.transpose(0, 1).clone(memory_format=torch.contiguous_format)

    def one():
        copy = rows[0].clone()
        LIB.pinna_gtcrn_frame(handle, copy.data_ptr())

    duel(peer, os.path.join(folder, "chunk.onnx"), one, "GTCRN, a chunk of 16 ms", 0.2, 0.016, 0.00016)

    def whole():
        copy = rows.clone()
        for t in range(n):
            LIB.pinna_gtcrn_frame(handle, copy.data_ptr() + 8 * 257 * t)

    duel(peer, os.path.join(folder, "whole.onnx"), whole, f"GTCRN, {n} frames, there at once", 1.0, 0.016 * n, 0.00016 * n)

    vad = Silero().eval()
    path = os.path.join(folder, "silero.safetensors")
    save_safetensors(vad.weights(), path)
    handle_vad = ours(LIB.pinna_silero_describe, LIB.pinna_silero_init, path)
    x = 0.1 * torch.randn(1, 576)
    export(os.path.join(folder, "silero.onnx"), vad, [x, torch.zeros(1, 1, 128), torch.zeros(1, 1, 128)], ["x", "h", "c"])
    samples = x[0, 64:].contiguous()
    duel(peer, os.path.join(folder, "silero.onnx"), lambda: LIB.pinna_silero_run(handle_vad, samples.data_ptr()),
         "Silero VAD, a chunk of 32 ms", 1.0, 0.032, 50e-6)


def main():
    seed_all()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        with subprocess.Popen([PYTHON, "-c", PEER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as peer:
            with torch.no_grad():
                test(folder, peer)
            peer.stdin.close()
    done()


main()
