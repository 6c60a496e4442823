#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""WaveRNN equals torchaudio.models.WaveRNN: logits when taught, samples from the same random numbers."""

import ctypes
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../nn"))

from oracle import (INT, LIB, PTR, SIZE, U32, U64, Error, declare, done, ok, opened, save_safetensors,  # noqa: E402
                    seed_all, torch)
from plan_oracle import ISAS, isa_name  # noqa: E402
import torchaudio  # noqa: E402

F32, F16, INT8 = range(3)
CLASSES, MIXTURE = range(2)


class Config(ctypes.Structure):
    _fields_ = [("weights", PTR), ("precision", INT), ("isa", INT), ("form", INT), ("seed", U64),
                ("has_helper", ctypes.c_bool)]


class Facts(ctypes.Structure):
    _fields_ = [(n, U32) for n in ("n_freq", "hop", "n_classes", "n_ahead")]


declare("wavernn_new", INT, PTR, PTR, PTR)
declare("wavernn_free", None, PTR)
declare("wavernn_facts", Facts, PTR)
declare("wavernn_frame", U32, PTR, PTR, PTR, PTR)
declare("wavernn_teach", U32, PTR, PTR, PTR, PTR)
declare("wavernn_reset", None, PTR)
PROGRESS = ctypes.CFUNCTYPE(None, PTR, U32, U32)


class Folds(ctypes.Structure):
    _fields_ = [("weights", PTR), ("isa", INT), ("form", INT), ("seed", U64), ("n_folds", U32), ("n_overlap", U32),
                ("progress", PROGRESS), ("data", PTR), ("has_helper", ctypes.c_bool)]


declare("wavernn_fold", INT, PTR, PTR, U32, PTR, PTR)
declare("wavernn_scale", None, PTR, SIZE)


class Ours:
    def __init__(self, path, precision, isa, form=CLASSES, seed=1, has_helper=False):
        _, weights, self.message = opened(path)
        self.handle, error = PTR(), Error()
        config = Config(weights, precision, isa, form, seed, has_helper)
        self.status = LIB.pinna_wavernn_new(ctypes.byref(self.handle), ctypes.byref(config), ctypes.byref(error))
        self.message += error.text.decode()
        LIB.pinna_weights_free(weights)
        if self.status == 0:
            self.facts = LIB.pinna_wavernn_facts(self.handle)

    def padded(self, mel):
        """[n_freq, t] with what infer() puts behind it, frame by frame"""
        return [f.contiguous() for f in torch.cat([mel, torch.zeros(mel.shape[0], self.facts.n_ahead)], 1).T]

    def teach(self, mel, wave):
        hop, n = self.facts.hop, self.facts.n_classes
        wave, out = wave.reshape(-1, hop).contiguous(), torch.zeros(mel.shape[1], hop, n)
        for i, frame in enumerate(self.padded(mel)):
            at = max(0, i - self.facts.n_ahead)
            LIB.pinna_wavernn_teach(self.handle, frame.data_ptr(), wave[at].data_ptr(), out[at].data_ptr())
        return out.reshape(-1, n)

    def speak(self, mel, uniforms=None):
        out = torch.zeros(mel.shape[1], self.facts.hop)
        for i, frame in enumerate(self.padded(mel)):
            at = max(0, i - self.facts.n_ahead)
            LIB.pinna_wavernn_frame(self.handle, frame.data_ptr(),
                                    None if uniforms is None else uniforms[at].data_ptr(),
                                    out[at].data_ptr())
        return out.flatten()

    def reset(self):
        LIB.pinna_wavernn_reset(self.handle)

    def free(self):
        LIB.pinna_wavernn_free(self.handle)


def fold(path, mel, hop, n_folds, n_overlap=2, isa=ISAS[-1], has_helper=False):
    """[n_freq, t] in pieces. @return Samples, calls of progress, message"""
    _, weights, _ = opened(path)
    calls, error, out, frames = [], Error(), torch.zeros(mel.shape[1] * hop), mel.T.contiguous()
    config = Folds(weights, isa, CLASSES, 1, n_folds, n_overlap, PROGRESS(lambda _, i, n: calls.append((i, n))), None,
                   has_helper)
    status = LIB.pinna_wavernn_fold(ctypes.byref(config), frames.data_ptr(), mel.shape[1], out.data_ptr(),
                                    ctypes.byref(error))
    LIB.pinna_weights_free(weights)
    return out if status == 0 else None, calls, error.text.decode()


def build(scales, n_classes, **sizes):
    """Random weights of torch's own, norms that have seen something, logits that say something."""
    hop = torch.tensor(scales).prod().item()
    model = torchaudio.models.WaveRNN(scales, n_classes, hop, **sizes).train()
    n_freq = sizes.get("n_freq", 128)
    with torch.no_grad():
        for _ in range(3):
            model.upsample(torch.randn(2, n_freq, 12))
        for name, value in model.named_parameters():
            if "upsample_layers" in name:
                value.mul_(1.0 + 0.3 * torch.randn_like(value))
            elif "fc3" in name:
                value.mul_(8.0)
            elif "rnn" in name:
                value.mul_(2.0)
    return model.eval()


def infer(model, mel, uniforms, form=CLASSES):
    """WaveRNN.infer() with its draw replaced by the inverse of the distribution"""
    picks = iter(uniforms.reshape(-1, 2 if form == MIXTURE else 1))
    kept = torch.multinomial
    torch.multinomial = lambda p, n: (p.cumsum(1) <= next(picks)[0] * p.sum()).sum().clamp(max=p.shape[1] - 1).view(1, 1)
    try:
        return model.infer(mel[None])[0].flatten()
    finally:
        torch.multinomial = kept


def mixture(logits, u):
    """A logistic of the mixture, as the paper of PixelCNN++ draws it"""
    n = logits.shape[0] // 3
    i = int((logits[:n].softmax(0).cumsum(0) <= u[0]).sum().clamp(max=n - 1))
    v = u[1].clamp(1e-5, 1 - 1e-5)
    return (logits[n + i] + logits[2 * n + i].exp() * (v.log() - (1 - v).log())).clamp(-1, 1)


def compare(path, model, n_freq, isas, text, n_frames):
    hop = model.hop_length
    mel, wave = torch.rand(n_freq, n_frames), torch.rand(n_frames * hop) * 2.0 - 1.0
    exact = model.double()
    padded = torch.nn.functional.pad(mel.double(), (2, 2))
    expected = exact(wave[None, None].double(), padded[None, None])[0, 0]
    model.float()
    uniforms = torch.rand(n_frames, hop)
    spoken = infer(model, mel, uniforms)
    first = None
    for isa in isas:
        for precision, limit in ((F32, 1e-4), (F16, 1e-3)):
            ours = Ours(path, precision, isa)
            if not ok(ours.status == 0, f"{text}: builds for {isa_name(isa)} {ours.message}"):
                return
            taught = ours.teach(mel, wave)
            error = (taught - expected).abs().max().item()
            name = ("float", "half", "int8")[precision]
            ok(error <= limit * max(1.0, expected.abs().max().item()),
               f"{text}, {isa_name(isa)}, {name}: logits within {error:.1e}, at most {limit:.0e} of "
               f"{expected.abs().max():.1f}")
            if precision == F32:
                ours.reset()
                same = (ours.speak(mel, uniforms) == spoken).float().mean().item()
                ok(same == 1.0, f"{text}, {isa_name(isa)}: {len(spoken)} samples are infer()'s ({same:.4f})")
                ours.reset()
                own = ours.speak(mel)
                ours.reset()
                ok(torch.equal(ours.speak(mel), own), "its own random numbers come again after a reset")
            ours.free()
        ours = Ours(path, INT8, isa)
        taught = ours.teach(mel, wave)
        kl = (expected.softmax(1) * (expected.log_softmax(1) - taught.double().log_softmax(1))).sum(1).mean().item()
        ok(kl <= 5e-3, f"{text}, {isa_name(isa)}, int8: {kl:.1e} nat from the exact distribution, at most 5e-3")
        first = taught if first is None else first
        ok((taught - first).abs().max() <= 2e-3, "int8 is the same on every processor, but for its float parts")
        ours.reset()
        alone = ours.speak(mel)
        pair = Ours(path, INT8, isa, has_helper=True)
        ok(torch.equal(pair.speak(mel), alone), f"{text}, {isa_name(isa)}: with a helper the same bits")
        pair.free()
        survived = ours.speak(torch.full_like(mel, float("nan")))
        ok(bool(survived.isfinite().all()), "frames that are no number give samples that are")
        ours.free()


def test_mixture(folder):
    path = os.path.join(folder, "mixture.safetensors")
    model = build([3, 4], 30, n_freq=20, n_rnn=40, n_fc=36, n_hidden=24, n_output=32, n_res_block=2)
    save_safetensors(model.state_dict(), path)
    mel, uniforms = torch.rand(20, 5), torch.rand(5, 12, 2)
    ours = Ours(path, F32, ISAS[-1], MIXTURE)
    spoken = ours.speak(mel, uniforms)
    previous = torch.cat([torch.zeros(1), spoken[:-1]])
    logits = model(previous[None, None], torch.nn.functional.pad(mel, (2, 2))[None, None])[0, 0]
    expected = torch.stack([mixture(x, u) for x, u in zip(logits, uniforms.reshape(-1, 2))])
    error = (spoken - expected).abs().max().item()
    ok(error <= 1e-3, f"a mixture of logistics is drawn as by its formula: {error:.1e}")
    ours.free()


def test_folds(path, n_labels):
    """One piece is the stream; of many the first is, up to where the second fades in."""
    mel, hop = torch.rand(20, 41), 12
    ours = Ours(path, F32, ISAS[-1])
    stream = torchaudio.functional.mu_law_decoding(((ours.speak(mel) + 1) / 2 * (n_labels - 1)).round(), n_labels)
    ours.free()
    whole, calls, _ = fold(path, mel, hop, 1)
    ok(torch.allclose(whole, stream, atol=1e-6), "one fold is what the stream says, decoded")
    ok(calls == [(i + 1, 41) for i in range(41)], "progress is told after each frame")
    for n_folds in (2, 5, 64):
        pieces, calls, _ = fold(path, mel, hop, n_folds)
        n_first = (calls[-1][1] - 2) * hop
        ok(torch.allclose(pieces[:n_first], whole[:n_first], atol=1e-6) and bool(pieces.isfinite().all())
           and pieces.abs().max() <= 1.5, f"{n_folds} folds of {calls[-1][1]} frames: the first is the stream's")
        ok(pieces[-hop:].abs().max() > 0.0, "and the last reaches the end")
        pair = fold(path, mel, hop, n_folds, has_helper=True)[0]
        same = ((pair - pieces).abs() < 1e-6).float().mean().item()
        ok(same > 0.5 and torch.allclose(pair[:n_first], pieces[:n_first], atol=1e-6) and pair[-hop:].abs().max() > 0.0,
           f"with a helper, too ({same:.3f})")
    for n_folds, n_overlap in ((0, 2), (65, 2), (4, 1)):
        ok("folds" in fold(path, mel, hop, n_folds, n_overlap)[2], f"{n_folds} folds over {n_overlap} are refused")


def test_faults(folder, state):
    path = os.path.join(folder, "bad.safetensors")
    for name, change in [("rnn2.weight_hh_l0", None), ("fc2.weight", torch.randn(36, 37)),
                         ("upsample.upsample_layers.1.weight", torch.randn(1, 1, 1, 8)),
                         ("fc1.bias", torch.full((36,), float("nan"))),
                         ("upsample.resnet.melresnet_model.0.weight", None)]:
        bad = {n: change if n == name else v for n, v in state.items() if n != name or change is not None}
        save_safetensors(bad, path)
        ours = Ours(path, F32, 0)
        ok(ours.status != 0 and name.rsplit(".", 2)[0] in ours.message, f"refused: {ours.message}")
    save_safetensors(state, path)
    ours = Ours(path, F32, 0, MIXTURE)
    ok(ours.status != 0 and "mixture" in ours.message, f"refused: {ours.message}")


def main():
    seed_all()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "small.pt")
        model = build([3, 4], 32, n_freq=20, n_rnn=40, n_fc=36, n_hidden=24, n_output=32, n_res_block=2)
        torch.save(model.state_dict(), path)
        compare(path, model, 20, ISAS, "small", 9)
        path = os.path.join(folder, "ljspeech.safetensors")
        full = build([5, 5, 11], 256, n_freq=80)
        save_safetensors(full.state_dict(), path)
        compare(path, full, 80, ISAS[-1:], "as for LJSpeech", 3)
        test_folds(os.path.join(folder, "small.pt"), 32)
        test_mixture(folder)
        test_faults(folder, model.state_dict())
    mel = torch.tensor([0.0, 1e-6, 1e-5, 1e-3, 1.0, 10.0])
    LIB.pinna_wavernn_scale(mel.data_ptr(), 6)
    ok(torch.allclose(mel, torch.tensor([0.0, 0.0, 0.0, 0.4, 1.0, 1.0]), atol=1e-6), "mel frames are scaled from dB")
    done()


if __name__ == "__main__":
    main()
