#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""GTCRN equals an independent construction in torch and the published result, streaming as whole."""

import ctypes
import os
import random
import sys
import tempfile
import wave

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../nn"))

from gtcrn_reference import Gtcrn  # noqa: E402
from oracle import INT, LIB, PTR, SHARED, U32, Error, declare, done, near, ok, opened, seed_all, skip, torch  # noqa: E402
from plan_oracle import BUILD, ISAS, RunnerConfig, isa_name  # noqa: E402

declare("gtcrn_describe", None, PTR, PTR)
declare("gtcrn_init", INT, PTR, PTR, PTR)
declare("gtcrn_frame", None, PTR, PTR)
declare("gtcrn_run", None, PTR, PTR, PTR, U32)
declare("gtcrn_latency", U32, PTR)
declare("gtcrn_reset", None, PTR)
WINDOW = torch.hann_window(512) ** 0.5


class Ours:
    def __init__(self, path, isa):
        _, weights, self.message = opened(path)
        plan, error = PTR(LIB.pinna_plan_new()), Error()
        LIB.pinna_gtcrn_describe(plan, weights)
        self.status = LIB.pinna_plan_finish(plan, ctypes.byref(error))
        self.message += error.text.decode()

        @BUILD
        def call(out, arena, config):
            return LIB.pinna_gtcrn_init(PTR(out), PTR(arena), PTR(config))

        self.memory, self.handle = PTR(), PTR()
        config = RunnerConfig(plan, isa)
        if self.status == 0:
            self.status = LIB.pinna_arena_build(ctypes.byref(self.memory), ctypes.byref(self.handle), call,
                                                ctypes.byref(config))
        LIB.pinna_plan_free(plan)
        LIB.pinna_weights_free(weights)

    def frames(self, spectra):
        """Complex [257, t]"""
        rows = spectra.to(torch.complex64).T.clone(memory_format=torch.contiguous_format)
        for row in rows:
            LIB.pinna_gtcrn_frame(self.handle, row.data_ptr())
        return rows.T

    def stream(self, x, longest):
        """In blocks of random lengths."""
        x, done_, out = x.contiguous(), 0, torch.empty_like(x)
        while done_ < len(x):
            n = min(random.randrange(0, longest), len(x) - done_)
            LIB.pinna_gtcrn_run(self.handle, x.data_ptr() + 4 * done_, out.data_ptr() + 4 * done_, n)
            done_ += n
        return out

    def free(self):
        LIB.pinna_arena_free(self.memory)


def read(name):
    path = os.path.join(SHARED, "data/noise", name)
    if not os.path.isfile(path):
        return None
    with wave.open(path) as file:
        return torch.frombuffer(bytearray(file.readframes(file.getnframes())), dtype=torch.int16).float() / 32768.0


def stft(x):
    return torch.stft(x, 512, 256, 512, WINDOW, return_complex=True)


def compare(path, text, x, isas):
    """@return The reference's and our spectra"""
    reference = Gtcrn().eval()
    reference.load_state_dict(torch.load(path, map_location="cpu")["model"])
    spectra = stft(x)
    expected = reference.double()(spectra.to(torch.complex128))
    found = None
    for isa in isas:
        ours = Ours(path, isa)
        if not ok(ours.status == 0, f"{text}: builds for {isa_name(isa)} {ours.message}"):
            return expected, expected
        found = ours.frames(spectra)
        error = (found - expected).abs().max() / expected.abs().max()
        ok(error <= 1e-4, f"{text}, {isa_name(isa)}: {error:.2e} of the greatest over {spectra.shape[1]} frames")
        LIB.pinna_gtcrn_reset(ours.handle)
        ok(torch.equal(ours.frames(spectra), found), f"{text}, {isa_name(isa)}: starts again bit for bit")
        ours.free()
    return expected, found


def test_random(folder):
    """Weights of torch's own, with norms that have seen something."""
    path = os.path.join(folder, "gtcrn.pt")
    model = Gtcrn().train()
    for _ in range(3):
        model(stft(torch.randn(20000) * 0.3))
    for name, value in model.named_parameters():
        if ".bn." in name or "_bn" in name or "_ln" in name:
            value.add_(torch.randn_like(value) * 0.2)
    torch.save({"epoch": 1, "model": model.state_dict()}, path)
    compare(path, "random weights", torch.randn(20000) * 0.3, ISAS)
    return path


def test_stream(path, x, text):
    ours = Ours(path, ISAS[-1])
    latency = LIB.pinna_gtcrn_latency(ours.handle)
    streamed = ours.stream(x, 1000)
    LIB.pinna_gtcrn_reset(ours.handle)
    ok(torch.equal(ours.stream(x, 77), streamed), f"{text}: the same bits however the stream is cut")
    LIB.pinna_gtcrn_reset(ours.handle)
    padded = torch.cat([torch.zeros(256), x, torch.zeros(512)])
    frames = torch.stft(padded, 512, 256, 512, WINDOW, center=False, return_complex=True)
    whole = torch.istft(ours.frames(frames), 512, 256, 512, WINDOW, center=True, length=len(x) - latency)
    near(streamed[latency:], whole, 1e-5, f"{text}: a stream, {latency} samples late, is the whole file")
    ours.free()


def si_sdr(estimate, target):
    target = target.double() * (estimate.double() @ target.double()) / (target.double() @ target.double())
    return float(10.0 * torch.log10((target ** 2).sum() / ((estimate - target) ** 2).sum()))


def main():
    seed_all()
    with tempfile.TemporaryDirectory() as folder:
        path = test_random(folder)
        test_stream(path, torch.randn(16000) * 0.2, "random weights")
        state = torch.load(path)
        state["model"]["decoder.de_convs.1.depth_conv.weight"] = torch.zeros(16, 1, 3, 5)
        torch.save(state, path)
        bad = Ours(path, 0)
        ok(bad.status != 0 and "decoder.de_convs.1.depth_conv.weight" in bad.message, f"refused: {bad.message}")
    mix, published = read("gtcrn_mix.wav"), read("gtcrn_enhanced.wav")
    checkpoints = {n: os.path.join(SHARED, "models", f"gtcrn_{n}.pt") for n in ("dns3", "vctk")}
    if mix is None or not all(map(os.path.isfile, checkpoints.values())):
        skip("published weights", "not on this machine")
        done()
    best = -100.0
    for name, path in checkpoints.items():
        _, found = compare(path, name, mix[:16000 * 4], ISAS)
        _, found = compare(path, name, mix, ISAS[-1:])
        enhanced = torch.istft(found, 512, 256, 512, WINDOW)
        n = min(len(enhanced), len(published))
        ratio = si_sdr(enhanced[:n], published[:n])
        print(f"# {name}: {ratio:.1f} dB SI-SDR to the published result")
        best = max(best, ratio)
        test_stream(path, mix[:48000], name)
    # The published file came from neither checkpoint: torch's own result is as far from it
    before = si_sdr(mix[:len(published)], published)
    ok(best >= before + 10.0, f"near the published result: {best:.1f} dB SI-SDR, {before:.1f} before")
    done()


main()
