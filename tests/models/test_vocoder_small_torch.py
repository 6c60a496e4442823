#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own vocoder: its network equals torch, its synthesis an independent one, however a stream is cut."""

import ctypes
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../nn"))

import numpy as np  # noqa: E402

from oracle import INT, LIB, PTR, TEXT, Error, declare, done, near, ok, opened, seed_all, tensors, torch  # noqa: E402
from phase_steps_oracle import HOP, N_BINS, N_FFT, synthesise  # noqa: E402
from plan_oracle import ISAS, Plan, Runner, Shape, isa_name  # noqa: E402
from vocoder_oracle import Features, Mel, Vocoder  # noqa: E402

F = torch.nn.functional
WEIGHTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../models/weights/vocoder_small.safetensors")
DILATIONS = (1, 1, 2, 1, 2, 4)
declare("vocoder_small_describe", None, PTR, PTR)
declare("vocoder_small_open", INT, PTR, PTR, TEXT, PTR)
declare("vocoder_small_close", None, PTR)
declare("vocoder_small_vocoder", Vocoder, PTR)
declare("vocoder_small_features", Features)


def network(w, mel):
    """Scaled frames [T x 80] -> (log magnitude [T x 321], head [T x 1605]) of the frames before them"""
    def linear(x, name):
        return x @ w[name + ".weight"].t() + w[name + ".bias"]

    def norm(x, name):
        return F.layer_norm(x, (256,), w[name + ".weight"], w[name + ".bias"], 1e-5)

    past = F.pad(mel.t(), (4, 0))
    x = F.conv1d(past[None], w["inner.weight"], w["inner.bias"])[0].t()
    for i, d in enumerate(DILATIONS):
        name = f"blocks.{i}."
        y = F.conv1d(F.pad(x.t(), (4 * d, 0))[None], w[name + "depth.weight"], w[name + "depth.bias"],
                     dilation=d, groups=256)[0].t()
        x = x + linear(F.silu(linear(norm(y, name + "norm"), name + "up")), name + "down")
    head = linear(norm(x, "norm"), "head")
    return head[:, :N_BINS] + linear(past[:, 3:-1].t(), "skip"), head


def test_network(weights, w):
    mel = torch.randn(60, 80)
    magnitude, head = network(w, mel.double())
    plan = Plan()
    LIB.pinna_vocoder_small_describe(plan.handle, weights)
    status, message = plan.finish()
    ok(status == 0, f"network: planned {message}")
    plan.shapes = {"mel": Shape(1, 1, 80), "magnitude": Shape(1, 1, N_BINS), "head": Shape(1, 1, 5 * N_BINS)}
    for isa in ISAS:
        runner = Runner(plan, isa)
        LIB.pinna_runner_reset(runner.handle)
        found = [runner.run(mel=m.reshape(1, 1, -1)) for m in mel]
        near(torch.stack([y["magnitude"].flatten() for y in found]), magnitude, 1e-4, f"magnitudes, {isa_name(isa)}")
        near(torch.stack([y["head"].flatten() for y in found]), head, 1e-4, f"steps of phase, {isa_name(isa)}")
        runner.free()
    plan.free()


def voice(n):
    """Something like it: harmonics that glide under a moving envelope, and noise"""
    t = np.arange(n) / 16000
    pitch = 2 * np.pi * np.cumsum(130 * np.exp(0.3 * np.sin(2 * np.pi * 1.5 * t + random.random()))) / 16000
    x = sum(np.sin(k * pitch + k * k) / k * (1 + np.sin(7 * t + k)) for k in range(1, 25))
    x *= np.sin(2 * np.pi * 2.2 * t) > -0.4
    return torch.from_numpy(0.05 * x + 0.002 * np.random.default_rng(random.randrange(2 ** 31)).standard_normal(n)).float()


def distance(x, y):
    """Between log spectra, dB"""
    w = np.hanning(512)
    a, b = (20 * np.log10(np.abs(np.fft.rfft(np.lib.stride_tricks.sliding_window_view(s, 512)[::128] * w)) + 1e-3)
            for s in (x, y))
    return np.mean(np.sqrt(np.mean((a - b) ** 2, 1)))


def test_stream(w):
    handle, error = PTR(), Error()
    ok(LIB.pinna_vocoder_small_open(ctypes.byref(handle), None, b"cpu", ctypes.byref(error)) == 0,
       f"opens what is built in {error.text.decode()}")
    vocoder = LIB.pinna_vocoder_small_vocoder(handle)
    mel = Mel(LIB.pinna_vocoder_small_features())
    n = random.randint(120, 160)
    x = voice(n * HOP)
    frames = mel.run(x)
    y = vocoder.run(frames)
    vocoder.reset()
    ok(torch.equal(vocoder.run(frames, [random.randint(0, 5) for _ in range(n)]), y), "however the stream is cut")
    vocoder.reset()
    vocoder.run(torch.full((4, 80), float("nan")))
    vocoder.run(torch.full((4, 80), 1e30))
    ok(bool(torch.isfinite(vocoder.run(frames)).all()), "frames that are no number or loud do no harm")

    silence = np.log(1e-5)
    size, head = network(w, (frames.double() + 4.0) * 0.4)
    steps = head[:, N_BINS:].reshape(n, 4, N_BINS).numpy()
    before = np.concatenate([np.full((1, 80), silence), frames.double().numpy()])[:-1]
    import torchaudio
    filters = torchaudio.functional.melscale_fbanks(N_BINS, 0.0, 8000.0, 80, 16000, "slaney", "slaney").double().numpy()
    expected = synthesise(size.numpy(), steps[:, 0] + 1j * steps[:, 1], steps[:, 2] + 1j * steps[:, 3],
                          np.exp(before), filters)
    # Rounding grows where there is but noise; until then both are the same
    first = slice(0, 15 * HOP)
    noise = y.double().numpy()[first] - expected[first]
    db = 10 * np.log10(np.mean(expected[first] ** 2) / np.mean(noise ** 2))
    ok(db > 40.0, f"{db:.1f} dB from an independent synthesis in double precision, at least 40")

    late = vocoder.latency
    ok(late == 2 * HOP + N_FFT - HOP, f"latency {late}")
    best = min(range(0, 1601, HOP), key=lambda d: distance(x[:n * HOP - d].numpy(), y[d:].numpy()))
    ok(best == late, f"the envelope comes {best} samples late, {late} declared")
    near_by = distance(x[:n * HOP - late].numpy(), y[late:].numpy())
    ok(near_by < 8.0, f"{near_by:.2f} dB between log spectra of a voice-like sound and its resynthesis")
    level = 10 * np.log10(float((y[late:] ** 2).mean() / (x[:n * HOP - late] ** 2).mean()))
    ok(abs(level) < 1.0, f"its level differs by {level:.2f} dB")
    vocoder.reset()
    quiet = vocoder.run(torch.full((200, 80), silence)).abs().max().item()
    ok(quiet < 3e-4, f"silence gives at most {quiet:.1e}")
    mel.free()
    LIB.pinna_vocoder_small_close(handle)


def main():
    seed_all()
    status, weights, message = opened(WEIGHTS)
    ok(status == 0, f"weights open {message}")
    w = {n: v.double() for n, v in tensors(weights)[0].items()}
    test_network(weights, w)
    test_stream(w)
    LIB.pinna_weights_free(weights)
    done()


main()
