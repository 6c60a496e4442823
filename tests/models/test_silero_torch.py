#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Silero VAD equals an independent construction in torch, on the published and on random weights."""

import ctypes
import os
import random
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../nn"))

from oracle import (FLOAT, INT, LIB, PTR, SHARED, Error, declare, done, near, ok, opened,  # noqa: E402
                    save_safetensors, seed_all, skip, torch)
from plan_oracle import BUILD, ISAS, RunnerConfig, isa_name  # noqa: E402

F = torch.nn.functional
declare("silero_describe", None, PTR, PTR)
declare("silero_init", INT, PTR, PTR, PTR)
declare("silero_run", FLOAT, PTR, PTR)
declare("silero_reset", None, PTR)
SHAPES = {"stft_conv.weight": (258, 1, 256), "conv1.weight": (128, 129, 3), "conv1.bias": (128,),
          "conv2.weight": (64, 128, 3), "conv2.bias": (64,), "conv3.weight": (64, 64, 3), "conv3.bias": (64,),
          "conv4.weight": (128, 64, 3), "conv4.bias": (128,), "lstm_cell.weight_ih": (512, 128),
          "lstm_cell.weight_hh": (512, 128), "lstm_cell.bias_ih": (512,), "lstm_cell.bias_hh": (512,),
          "final_conv.weight": (1, 128, 1), "final_conv.bias": (1,)}


class Reference:
    """The network in double precision, from its description."""

    def __init__(self, weights):
        self.w = {n: v.double() for n, v in weights.items()}
        self.cell = torch.nn.LSTMCell(128, 128).double()
        self.cell.load_state_dict({n[10:]: v for n, v in self.w.items() if n.startswith("lstm_cell.")})
        self.reset()

    def reset(self):
        self.context = torch.zeros(64, dtype=torch.float64)
        self.state = [torch.zeros(1, 128, dtype=torch.float64) for _ in range(2)]

    def run(self, chunk):
        x = torch.cat([self.context, chunk.double()])
        self.context = x[-64:]
        x = F.pad(x[None, None], (0, 64), mode="reflect")
        x = F.conv1d(x, self.w["stft_conv.weight"], stride=128)
        x = (x[:, :129] ** 2 + x[:, 129:] ** 2).sqrt()
        for layer, stride in (("conv1", 1), ("conv2", 2), ("conv3", 2), ("conv4", 1)):
            x = F.relu(F.conv1d(x, self.w[layer + ".weight"], self.w[layer + ".bias"], stride, 1))
        self.state = list(self.cell(x[..., 0], tuple(self.state)))
        x = F.conv1d(F.relu(self.state[0])[..., None], self.w["final_conv.weight"], self.w["final_conv.bias"])
        return torch.sigmoid(x).mean().item()


class Silero:
    def __init__(self, weights, isa):
        plan, error = PTR(LIB.pinna_plan_new()), Error()
        LIB.pinna_silero_describe(plan, weights)
        self.status = LIB.pinna_plan_finish(plan, ctypes.byref(error))
        self.message = error.text.decode()

        @BUILD
        def call(out, arena, config):
            return LIB.pinna_silero_init(PTR(out), PTR(arena), PTR(config))

        self.memory, self.handle = PTR(), PTR()
        config = RunnerConfig(plan, isa)
        if self.status == 0:
            self.status = LIB.pinna_arena_build(ctypes.byref(self.memory), ctypes.byref(self.handle), call,
                                                ctypes.byref(config))
        LIB.pinna_plan_free(plan)

    def run(self, chunk):
        return LIB.pinna_silero_run(self.handle, chunk.contiguous().data_ptr())

    def free(self):
        LIB.pinna_arena_free(self.memory)


def speech():
    """Published noisy speech, or something that rises and falls like it. [n] at 16 kHz"""
    import wave
    path = os.path.join(SHARED, "data/noise/gtcrn_mix.wav")
    if os.path.isfile(path):
        with wave.open(path) as file:
            x = torch.frombuffer(bytearray(file.readframes(200 * 512)), dtype=torch.int16).float() / 32768.0
            return x[:len(x) // 512 * 512]
    t = torch.arange(200 * 512) / 16000.0
    return 0.3 * torch.sin(2e3 * t) * (torch.sin(6.0 * t) > 0.0) + 0.02 * torch.randn(len(t))


def compare(path, text, x):
    status, weights, message = opened(path)
    ok(status == 0, f"{text}: opens {message}")
    from oracle import tensors
    reference = Reference(tensors(weights)[0])
    expected = torch.tensor([reference.run(c) for c in x.split(512)])
    print(f"# {text}: {len(expected)} chunks, probabilities {expected.min():.4f} to {expected.max():.4f}")
    for isa in ISAS:
        vad = Silero(weights, isa)
        ok(vad.status == 0, f"{text}: builds for {isa_name(isa)} {vad.message}")
        found = torch.tensor([vad.run(c) for c in x.split(512)])
        error = (found.double() - expected).abs().max().item()
        ok(error <= 1e-4, f"{text}, {isa_name(isa)}: {error:.2e} of the probability, at most 1e-4")
        LIB.pinna_silero_reset(vad.handle)
        again = torch.tensor([vad.run(c) for c in x.split(512)])
        ok(torch.equal(again, found), f"{text}, {isa_name(isa)}: starts again bit for bit")
        vad.run(torch.full((512,), float("nan")))
        after = [vad.run(c) for c in x.split(512)]
        ok(all(0.0 <= p <= 1.0 for p in after), f"{text}, {isa_name(isa)}: survives samples that are no number")
        vad.free()
    LIB.pinna_weights_free(weights)
    return expected


def main():
    seed_all()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "silero.safetensors")
        state = {n: torch.randn(s) / max(1.0, (torch.Size(s).numel() / s[0])) ** 0.5 for n, s in SHAPES.items()}
        state["final_conv.weight"] *= 8.0
        save_safetensors(state, path)
        compare(path, "random weights", torch.randn(40 * 512) * 10.0 ** (torch.rand(40) - 1.0).repeat_interleave(512))
        for name, change in [("conv3.bias", None), ("conv2.weight", torch.randn(64, 128, 5)),
                             ("final_conv.bias", torch.tensor([float("nan")]))]:
            bad = {n: change if n == name else v for n, v in state.items() if n != name or change is not None}
            save_safetensors(bad, path)
            _, weights, _ = opened(path)
            vad = Silero(weights, 0)
            ok(vad.status != 0 and name in vad.message, f"refused: {vad.message}")
            LIB.pinna_weights_free(weights)
    path = os.path.join(SHARED, "models/silero_vad_16k.safetensors")
    if os.path.isfile(path):
        p = compare(path, "published weights", speech())
        ok(p.max() > 0.8, "it hears speech")
        _, weights, _ = opened(path)
        vad = Silero(weights, ISAS[-1])
        level = 10.0 ** random.uniform(-5.0, -2.0)
        quiet = sum(vad.run(torch.randn(512) * level) for _ in range(100)) / 100.0
        ok(quiet < 0.3, f"and none in noise: {quiet:.3f} on average")
        vad.free()
        LIB.pinna_weights_free(weights)
    else:
        skip("published weights", "not on this machine")
    done()


main()
