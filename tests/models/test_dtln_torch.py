#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""DTLN equals an independent construction in torch, on random and on the published weights, streaming as whole."""

import ctypes
import os
import sys
import tempfile
import wave

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../nn"))

from model_oracle import Stream  # noqa: E402
from oracle import (INT, LIB, PTR, SHARED, Error, declare, done, near, ok, opened, save_safetensors,  # noqa: E402
                    seed_all, skip, tensors, torch)
from plan_oracle import BUILD, ISAS, isa_name  # noqa: E402

declare("dtln_describe", None, PTR, PTR, PTR)
declare("dtln_init", INT, PTR, PTR, PTR)


class Config(ctypes.Structure):
    _fields_ = [("spectrum", PTR), ("sound", PTR), ("isa", INT)]


class Ours(Stream):
    def __init__(self, path, isa):
        super().__init__("dtln")
        _, weights, self.message = opened(path)
        plans, self.status = [PTR(LIB.pinna_plan_new()) for _ in range(2)], 0
        LIB.pinna_dtln_describe(*plans, weights)
        for plan in plans:
            error = Error()
            self.status = LIB.pinna_plan_finish(plan, ctypes.byref(error)) or self.status
            self.message = self.message or error.text.decode()

        @BUILD
        def build(out, arena, config):
            return LIB.pinna_dtln_init(PTR(out), PTR(arena), PTR(config))

        if self.status == 0:
            self.status = LIB.pinna_arena_build(ctypes.byref(self.memory), ctypes.byref(self.handle), build,
                                                ctypes.byref(Config(*plans, isa)))
        for plan in plans:
            LIB.pinna_plan_free(plan)
        LIB.pinna_weights_free(weights)


class Reference:
    """The published network on a whole file, in double precision."""

    def __init__(self, weights):
        self.w = {name: w.double() for name, w in weights.items()}

    def norm(self, x, name):
        d = x - x.mean(-1, keepdim=True)
        return d / (d.square().mean(-1, keepdim=True) + 1e-7).sqrt() * self.w[f"{name}/{name}/gamma"] \
            + self.w[f"{name}/{name}/beta"]

    def lstm(self, x, i):
        s = f"_{i}" if i else ""
        kernel, recurrent, bias = (self.w[f"lstm{s}/lstm{s}/lstm_cell{s}/{part}"]
                                   for part in ("kernel", "recurrent_kernel", "bias"))
        h, c, out = torch.zeros(128).double(), torch.zeros(128).double(), []
        for row in x:
            i_, f, g, o = (row @ kernel + h @ recurrent + bias).chunk(4)
            c = torch.sigmoid(f) * c + torch.sigmoid(i_) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            out.append(h)
        return torch.stack(out)

    def mask(self, x, i, name):
        x = self.lstm(self.lstm(x, i), i + 1)
        return torch.sigmoid(x @ self.w[f"{name}/{name}/kernel"] + self.w[f"{name}/{name}/bias"])

    def run(self, x):
        """[n] to [n], where a frame is every 512 samples at multiples of 128, zeros before the first."""
        frames = torch.nn.functional.pad(x.double(), (384, 0)).unfold(0, 512, 128)
        spectra = torch.fft.rfft(frames)
        seen = self.norm(torch.log(spectra.abs() + 1e-7), "instant_layer_normalization")
        frames = torch.fft.irfft(spectra * self.mask(seen, 0, "dense"), 512)
        encoded = frames @ self.w["conv1d/conv1d/kernel"][0]
        encoded = encoded * self.mask(self.norm(encoded, "instant_layer_normalization_1"), 2, "dense_1")
        decoded = encoded @ self.w["conv1d_1/conv1d_1/kernel"][0]
        out = torch.zeros(384 + len(x), dtype=torch.float64)
        for i, frame in enumerate(decoded):
            out[128 * i:128 * i + 512] += frame
        return out[384:]


def random_weights():
    shapes = {"conv1d/conv1d/kernel": (1, 512, 256), "conv1d_1/conv1d_1/kernel": (1, 256, 512)}
    for s, d, n in (("", "dense", 257), ("_1", "dense_1", 256)):
        shapes[f"{d}/{d}/kernel"], shapes[f"{d}/{d}/bias"] = (128, n), (n,)
        for part in ("gamma", "beta"):
            shapes[f"instant_layer_normalization{s}/instant_layer_normalization{s}/{part}"] = (n,)
    for i, n in enumerate((257, 128, 256, 128)):
        s = f"_{i}" if i else ""
        for part, shape in (("kernel", (n, 512)), ("recurrent_kernel", (128, 512)), ("bias", (512,))):
            shapes[f"lstm{s}/lstm{s}/lstm_cell{s}/{part}"] = shape
    return {name: torch.randn(shape) * (1.0 if len(shape) == 1 else shape[-2] ** -0.5) for name, shape in shapes.items()}


def compare(path, text, x):
    _, handle, _ = opened(path)
    weights, _ = tensors(handle)
    LIB.pinna_weights_free(handle)
    expected = Reference(weights).run(x)
    for isa in ISAS:
        ours = Ours(path, isa)
        if not ok(ours.status == 0, f"{text}: builds for {isa_name(isa)} {ours.message}"):
            continue
        streamed = ours.stream(x, 1000)
        n = (len(x) - 512) // 128 * 128
        near(streamed[512:512 + n], expected[:n], 1e-4, f"{text}, {isa_name(isa)}: a stream is torch's whole file")
        ours.reset()
        ok(torch.equal(ours.stream(x, 50), streamed), f"{text}, {isa_name(isa)}: the same bits cut otherwise")
        ours.free()


def read(path):
    with wave.open(path) as file:
        return torch.frombuffer(bytearray(file.readframes(file.getnframes())), dtype=torch.int16).float() / 32768


def si_sdr(x, target):
    target = target * (x @ target) / (target @ target)
    return float(10 * torch.log10(target.square().sum() / (x - target).square().sum()))


def test_sound(path, x, other):
    """Another network's result of the same mixture is the judge that this is the network as it was trained."""
    ours, target = Ours(path, ISAS[-1]), read(other).double()
    y = ours.stream(torch.cat([x, torch.zeros(512)]), 4000)[512:].double()
    n = min(len(y), len(target), len(x))
    before, after = si_sdr(x[:n].double(), target[:n]), si_sdr(y[:n], target[:n])
    ok(after >= before + 5, f"published weights: {after:.1f} dB SI-SDR to another network's result, {before:.1f} before")
    ours.free()


def main():
    seed_all()
    with tempfile.TemporaryDirectory() as folder:
        path, state = os.path.join(folder, "dtln.safetensors"), random_weights()
        save_safetensors(state, path)
        compare(path, "random weights", torch.randn(20001) * 0.2)
        for name in ("lstm_2/lstm_2/lstm_cell_2/recurrent_kernel", "instant_layer_normalization/instant_layer_normalization/beta"):
            save_safetensors({k: v for k, v in state.items() if k != name}, path)
            bad = Ours(path, 0)
            ok(bad.status != 0 and name in bad.message, f"refused: {bad.message}")
    path = os.path.join(SHARED, "models/dtln_norm_500h.safetensors")
    noisy = os.path.join(SHARED, "data/noise/gtcrn_mix.wav")
    if not os.path.exists(path) or not os.path.exists(noisy):
        skip("published weights", "not on this machine")
        done()
    x = read(noisy)
    compare(path, "published weights", x[:48000])
    test_sound(path, x, os.path.join(SHARED, "data/noise/gtcrn_enhanced.wav"))
    done()


main()
