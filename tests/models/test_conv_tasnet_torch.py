#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conv-TasNet equals TorchAudio's on random weights; its causal form an independent one in torch."""

import ctypes
import os
import random
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../nn"))

from oracle import (FLOAT, INT, LIB, PTR, U32, Error, declare, done, near, ok, opened, save_safetensors,  # noqa: E402
                    seed_all, torch)
from peer_gate import gate  # noqa: E402
from plan_oracle import BUILD, ISAS, RELU, SIGMOID, RunnerConfig, isa_name  # noqa: E402

try:
    from torchaudio.models import ConvTasNet, conv_tasnet_base
except ImportError as error:
    print(f"1..0 # SKIP no oracle: {error}")
    sys.exit(0)

F = torch.nn.functional
FLOATS, HALVES, INT8, DYNAMIC = range(4)


class Config(ctypes.Structure):
    _fields_ = [("n_samples", U32), ("is_causal", ctypes.c_bool), ("n_layers", U32), ("mask", INT)]


declare("conv_tasnet_describe", None, PTR, PTR, PTR)
declare("conv_tasnet_latency", U32, PTR)
declare("conv_tasnet_init", INT, PTR, PTR, PTR)
declare("conv_tasnet_n_sources", U32, PTR)
declare("conv_tasnet_run", None, PTR, PTR, PTR)
declare("conv_tasnet_reset", None, PTR)


class Model:
    """A file on one instruction set."""

    def __init__(self, path, config, isa, precision=FLOATS):
        self.memory, self.handle, plan, error = PTR(), PTR(), PTR(LIB.pinna_plan_new()), Error()
        self.status, weights, self.message = opened(path)
        if self.status == 0:
            self.latency = LIB.pinna_conv_tasnet_latency(weights)
            LIB.pinna_plan_keep_weights(plan, precision)
            LIB.pinna_conv_tasnet_describe(plan, weights, ctypes.byref(config))
            self.status = LIB.pinna_plan_finish(plan, ctypes.byref(error))
            self.message = error.text.decode()
            LIB.pinna_weights_free(weights)

        @BUILD
        def call(out, arena, runner_config):
            return LIB.pinna_conv_tasnet_init(PTR(out), PTR(arena), PTR(runner_config))

        if self.status == 0:
            runner_config = RunnerConfig(plan, isa)
            self.status = LIB.pinna_arena_build(ctypes.byref(self.memory), ctypes.byref(self.handle), call,
                                                ctypes.byref(runner_config))
        LIB.pinna_plan_free(plan)
        if self.status == 0:
            self.out = torch.zeros(LIB.pinna_conv_tasnet_n_sources(self.handle), config.n_samples)
            self.rows = (PTR * len(self.out))(*[row.data_ptr() for row in self.out])

    def run(self, x):
        """[sources, samples]"""
        x = x.contiguous()
        LIB.pinna_conv_tasnet_run(self.handle, x.data_ptr(), self.rows)
        return self.out

    def free(self):
        LIB.pinna_arena_free(self.memory)


def disturb(model):
    """So that no bias is 0, no gain 1 and no slope like another"""
    for p in model.parameters():
        if p.ndim == 1:
            p.data += 0.2 * torch.randn_like(p)
    return model.eval()


def causal(model, x, dilations):
    """The paper's causal network with TorchAudio's tensors: [1, 1, n] to [sources, n], n whole strides"""
    w = {name: value.double() for name, value in model.state_dict().items()}
    stride = model.enc_stride

    def norm(y, name):  # [1, c, t]
        n = torch.arange(1, y.shape[-1] + 1).double() * y.shape[1]
        mean = y.sum(1).cumsum(-1) / n
        variance = (y * y).sum(1).cumsum(-1) / n - mean ** 2
        y = (y - mean[:, None]) / (variance[:, None] + 1e-8).sqrt()
        return y * w[name + ".weight"][:, None] + w[name + ".bias"][:, None]

    def conv(y, name, **more):
        return F.conv1d(y, w[name + ".weight"], w.get(name + ".bias"), **more)

    features = conv(F.pad(x.double(), (stride, 0)), "encoder", stride=stride)
    y = conv(norm(features, "mask_generator.input_norm"), "mask_generator.input_conv")
    total = 0.0
    for i, dilation in enumerate(dilations):
        name = f"mask_generator.conv_layers.{i}."
        z = F.prelu(conv(y, name + "conv_layers.0"), w[name + "conv_layers.1.weight"])
        z = norm(z, name + "conv_layers.2")
        taps = w[name + "conv_layers.3.weight"].shape[-1]
        z = conv(F.pad(z, ((taps - 1) * dilation, 0)), name + "conv_layers.3", dilation=dilation, groups=z.shape[1])
        z = norm(F.prelu(z, w[name + "conv_layers.4.weight"]), name + "conv_layers.5")
        total = total + conv(z, name + "skip_out")
        if name + "res_out.weight" in w:
            y = y + conv(z, name + "res_out")
    masks = conv(F.prelu(total, w["mask_generator.output_prelu.weight"]), "mask_generator.output_conv")
    masks = model.mask_generator.mask_activate(masks).view(model.num_sources, -1, masks.shape[-1])
    out = F.conv_transpose1d(masks * features, w["decoder.weight"], stride=stride)
    return out[:, 0, :x.shape[-1]]  # Sample i is of the input's sample i - stride


def whole(path, model, n, layers, mask, text):
    x = torch.randn(n) * 0.3
    expected = model.double()(x.double()[None, None])[0]
    model.float()
    for isa in ISAS:
        net = Model(path, Config(n, False, layers, mask), isa)
        if ok(net.status == 0, f"{text}: builds for {isa_name(isa)} {net.message}"):
            near(net.run(x), expected, 1e-4, f"{text}, {n} samples, {isa_name(isa)}")
        net.free()


def si_sdr(found, expected):
    """How far a signal is above what it is not of another, in dB"""
    target = expected * (found @ expected) / (expected @ expected)
    return float(10.0 * torch.log10(target.square().sum() / (found - target).square().sum()))


def narrow(path, model, n):
    """What is lost with fewer bits: SI-SDR of each source, the worst of them"""
    x = torch.randn(n) * 0.3
    config = Config(n, False, 0, 0)
    expected = model.double()(x.double()[None, None])[0].detach()
    model.float()
    for precision, name, least in ((HALVES, "half", 55.0), (INT8, "int8 weights", 33.0), (DYNAMIC, "int8", 27.0)):
        first = None
        for isa in ISAS:
            net = Model(path, config, isa, precision)
            found = net.run(x).clone()
            loss = min(si_sdr(y.double(), e) for y, e in zip(found, expected))
            ok(loss >= least, f"conv_tasnet_base, {name}, {isa_name(isa)}: SI-SDR {loss:.1f} dB to all floats', at least {least:.0f}")
            first = found if first is None else first
            same = min(si_sdr(y.double(), e.double()) for y, e in zip(found, first))
            ok(same >= 27.0, f"{name}, {isa_name(isa)}: {same:.1f} dB to plain C's, at least 27")
            net.free()


def streamed(path, model, chunk, dilations, layers, mask, text, n_chunks=40):
    x = torch.randn(n_chunks * chunk) * torch.linspace(0.05, 1.0, n_chunks).repeat_interleave(chunk)
    expected = causal(model, x[None, None], dilations)
    for isa in ISAS:
        net = Model(path, Config(chunk, True, layers, mask), isa)
        if not ok(net.status == 0, f"{text}: builds for {isa_name(isa)} {net.message}"):
            continue
        found = torch.cat([net.run(c).clone() for c in x.split(chunk)], -1)
        near(found, expected, 1e-4, f"{text}, {n_chunks} chunks of {chunk}, {isa_name(isa)}")
        ok(net.latency == model.enc_stride and bool((found[:, :net.latency].abs().max() < 1.0)), f"{text}: latency")
        LIB.pinna_conv_tasnet_reset(net.handle)
        net.run(torch.full((chunk,), float("nan")))
        LIB.pinna_conv_tasnet_reset(net.handle)
        again = torch.cat([net.run(c).clone() for c in x.split(chunk)], -1)
        ok(torch.equal(again, found), f"{text}: starts again bit for bit, {isa_name(isa)}")
        net.free()


def test(folder):
    path = os.path.join(folder, "tasnet")
    for sources, kernel, features, taps, width, hidden, layers, stacks, mask in [
            (2, 16, 64, 3, 24, 40, 3, 2, "relu"), (3, 20, 33, 3, 17, 29, 2, 3, "sigmoid")]:
        model = disturb(ConvTasNet(sources, kernel, features, taps, width, hidden, layers, stacks, mask))
        number = RELU if mask == "relu" else SIGMOID
        text = f"{sources} sources, {features} features"
        torch.save(model.state_dict(), path + ".pt")
        whole(path + ".pt", model, random.randrange(500, 3000), layers, number, text)
        whole(path + ".pt", model, 16 * kernel, layers, number, text)
        save_safetensors(model.state_dict(), path + ".safetensors")
        dilations = [2 ** i for _ in range(stacks) for i in range(layers)]
        for strides in (1, random.randrange(2, 30)):
            streamed(path + ".safetensors", model, strides * kernel // 2, dilations, layers, number, text + ", causal")
    model = disturb(conv_tasnet_base())
    torch.save(model.state_dict(), path + ".pt")
    whole(path + ".pt", model, 4001, 0, 0, "conv_tasnet_base")
    narrow(path + ".pt", model, 8000)
    streamed(path + ".pt", model, 160, [2 ** i for _ in range(3) for i in range(8)], 0, 0, "conv_tasnet_base, causal", 25)

    state = model.state_dict()
    name = "mask_generator.conv_layers.3.res_out.bias"
    for change in (None, torch.randn(127), torch.full((128,), float("inf"))):
        bad = {n: change if n == name else v for n, v in state.items() if n != name or change is not None}
        save_safetensors(bad, path)
        net = Model(path, Config(800, False, 0, 0), 0)
        ok(net.status != 0 and name in net.message, f"refused: {net.message}")
    save_safetensors(state, path)
    for config in (Config(801, True, 0, 0), Config(0, False, 0, 0)):
        net = Model(path, config, 0)
        ok(net.status != 0, f"refused: {net.message}")
    save_safetensors({"x": torch.ones(1)}, path)
    net = Model(path, Config(800, False, 0, 0), 0)
    ok(net.status != 0 and "encoder.weight" in net.message, f"refused: {net.message}")


def speed(folder):
    """A second at 8 kHz"""
    model = disturb(conv_tasnet_base())
    x = torch.randn(8000) * 0.1
    path = os.path.join(folder, "base.pt")
    torch.save(model.state_dict(), path)
    nets = [Model(path, Config(8000, False, 0, 0), ISAS[-1], precision) for precision in (FLOATS, DYNAMIC)]
    near(nets[0].run(x), model(x[None, None])[0].double(), 1e-4, "they do the same")
    gate("one second of conv_tasnet_base", {"floats": (lambda: nets[0].run(x), 0.25, 0.68), "int8": (lambda: nets[1].run(x), 0.15, 0.35)},
         lambda: model(x[None, None]))
    for net in nets:
        net.free()


def main():
    seed_all()
    with tempfile.TemporaryDirectory() as folder:
        speed(folder) if "--gate" in sys.argv else test(folder)
    done()


main()
