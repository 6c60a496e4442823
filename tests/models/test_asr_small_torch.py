#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The small recogniser's network equals torch with TorchAudio's features, over a whole file; a stream has no seams."""

import ctypes
import os
import random
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../nn"))

from oracle import INT, LIB, PTR, Error, declare, done, ok, opened, save_safetensors, seed_all, skip, torch  # noqa: E402
from plan_oracle import BUILD, ISAS, RunnerConfig, isa_name  # noqa: E402

import torchaudio.compliance.kaldi as kaldi  # noqa: E402

F = torch.nn.functional
U32, CHUNK = ctypes.c_uint32, 1280
DILATIONS = (1, 1, 2, 2, 4, 4)
WEIGHTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../models/weights/asr_small.safetensors")
SHAPES = {"stem1": (12, 1, 3, 3), "stem2": (24, 12, 3, 3), "enter": (208, 384, 1), "leave": (40, 208, 1),
          **{f"blocks.{i}.look": (160, 208, 5) for i in range(6)}, **{f"blocks.{i}.mix": (208, 160, 1) for i in range(6)}}


class Acoustic(ctypes.Structure):
    _fields_ = [("handle", PTR), ("rate", U32), ("chunk", U32), ("n_frames", U32), ("n_values", U32), ("delay", U32),
                ("run", ctypes.CFUNCTYPE(None, PTR, PTR, PTR)), ("reset", ctypes.CFUNCTYPE(None, PTR))]


declare("asr_small_describe", None, PTR, PTR)
declare("asr_small_init", INT, PTR, PTR, PTR)
declare("asr_small_acoustic", Acoustic, PTR)


def reference(weights, sound):
    """Log-probabilities of a whole file in double precision, behind TorchAudio's features."""
    w = {name: v.double() for name, v in weights.items()}

    def conv(x, name, past=(0, 0), **more):
        how = F.conv2d if w[name + ".weight"].dim() == 4 else F.conv1d
        return how(F.pad(x, past), w[name + ".weight"], w[name + ".bias"], **more)
    mel = kaldi.fbank(F.pad(sound * 32768.0, (240, 0))[None], num_mel_bins=64, low_freq=60.0, high_freq=7600.0, dither=0.0,
                      sample_frequency=16000.0, use_log_fbank=False).double()
    x = (torch.log(mel + 1000.0) - 13.0) / 4.0
    x = F.relu(conv(x[None, None], "stem1", (1, 0, 1, 0), stride=2))
    x = F.relu(conv(x, "stem2", (1, 0, 1, 0), stride=2))
    x = F.relu(conv(x.permute(0, 3, 1, 2).flatten(1, 2), "enter"))
    for i, dilation in enumerate(DILATIONS):
        y = F.relu(conv(x, f"blocks.{i}.look", (4 * dilation, 0), dilation=dilation))
        x = F.relu(x + conv(y, f"blocks.{i}.mix"))
    return torch.log_softmax(conv(x, "leave")[0].T, 1)


class Network:
    def __init__(self, weights, isa):
        plan, error = PTR(LIB.pinna_plan_new()), Error()
        LIB.pinna_asr_small_describe(plan, weights)
        self.status = LIB.pinna_plan_finish(plan, ctypes.byref(error))
        self.message = error.text.decode()

        @BUILD
        def call(out, arena, config):
            return LIB.pinna_asr_small_init(PTR(out), PTR(arena), PTR(config))

        self.memory, handle = PTR(), PTR()
        config = RunnerConfig(plan, isa)
        if self.status == 0:
            self.status = LIB.pinna_arena_build(ctypes.byref(self.memory), ctypes.byref(handle), call, ctypes.byref(config))
        LIB.pinna_plan_free(plan)
        if self.status == 0:
            self.seam = LIB.pinna_asr_small_acoustic(handle)

    def run(self, sound):
        frames = torch.empty(len(sound) // CHUNK, self.seam.n_frames, self.seam.n_values)
        for chunk, frame in zip(sound.split(CHUNK), frames):
            self.seam.run(self.seam.handle, chunk.contiguous().data_ptr(), frame.data_ptr())
        return frames.flatten(0, 1)

    def free(self):
        LIB.pinna_arena_free(self.memory)


def compare(path, text, sound):
    from oracle import tensors
    status, weights, message = opened(path)
    ok(status == 0, f"{text}: opens {message}")
    expected = reference(tensors(weights)[0], sound)
    print(f"# {text}: {len(expected)} frames, log-probabilities {expected.min():.1f} to {expected.max():.4f}")
    for isa in ISAS:
        net = Network(weights, isa)
        ok(net.status == 0, f"{text}: builds for {isa_name(isa)} {net.message}")
        found = net.run(sound)
        ok((net.seam.rate, net.seam.chunk) == (16000, CHUNK) and found.shape == expected.shape, f"{text}: {tuple(found.shape)}")
        error = (found.double().exp() - expected.exp()).abs().max().item()
        worst = ((found.double() - expected).abs() / (1.0 + expected.abs())).max().item()
        ok(error <= 1e-4 and worst <= 1e-4, f"{text}, {isa_name(isa)}: {error:.2e} of a probability, {worst:.2e} of a logarithm")
        net.seam.reset(net.seam.handle)
        ok(torch.equal(net.run(sound), found), f"{text}, {isa_name(isa)}: starts again bit for bit")
        net.run(torch.full((CHUNK,), float("nan")))
        ok(bool(net.run(sound).isfinite().all()), f"{text}, {isa_name(isa)}: survives samples that are no number")
        net.free()
    LIB.pinna_weights_free(weights)


def sound(n_chunks):
    """Bursts of noise and tones at all levels."""
    level = (10.0 ** (-4.0 * torch.rand(n_chunks * 4))).repeat_interleave(CHUNK // 4)
    t = torch.arange(n_chunks * CHUNK) / 16000.0
    return level * (torch.randn(len(t)) * 0.3 + torch.sin(2 * 3.14159 * random.uniform(100, 3000) * t))


def main():
    seed_all()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "asr.safetensors")
        state = {f"{n}.weight": torch.randn(s) * 0.9 / (torch.Size(s).numel() / s[0]) ** 0.5 for n, s in SHAPES.items()}
        state.update({f"{n}.bias": torch.randn(s[0]) * 0.1 for n, s in SHAPES.items()})
        save_safetensors(state, path)
        compare(path, "random weights", sound(25))
        for name in ("blocks.3.look.weight", "leave.bias", "stem2.weight"):
            save_safetensors({n: v for n, v in state.items() if n != name}, path)
            _, weights, _ = opened(path)
            net = Network(weights, 0)
            ok(net.status != 0 and name in net.message, f"refused: {net.message}")
            LIB.pinna_weights_free(weights)
    if os.path.isfile(WEIGHTS):
        compare(WEIGHTS, "the weights that come along", sound(40))
    else:
        skip("the weights that come along", "not there yet")
    done()


main()
