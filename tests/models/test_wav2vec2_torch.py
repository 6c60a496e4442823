#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""wav2vec 2.0 and HuBERT equal TorchAudio's on random weights, from torch's own files and safetensors."""

import ctypes
import os
import random
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../nn"))

from oracle import (INT, LIB, PTR, TEXT, U32, Error, declare, done, near, ok, save_safetensors, seed_all,  # noqa: E402
                    skip, torch)
from peer_gate import gate  # noqa: E402
from plan_oracle import BUILD, ISAS, RunnerConfig, isa_name  # noqa: E402

try:
    import torchaudio
    from torchaudio.models import hubert_base, wav2vec2_base, wav2vec2_model
except ImportError as error:
    print(f"1..0 # SKIP no oracle: {error}")
    sys.exit(0)


FLOATS, HALVES, INT8, DYNAMIC = range(4)


class Config(ctypes.Structure):
    _fields_ = [("n_samples", U32), ("n_heads", U32), ("n_layers", U32), ("normalize_waveform", ctypes.c_bool)]


declare("wav2vec2_open", INT, PTR, TEXT, PTR)
declare("wav2vec2_describe", None, PTR, PTR, PTR)
declare("wav2vec2_frames", U32, U32)
declare("wav2vec2_init", INT, PTR, PTR, PTR)
declare("wav2vec2_run", None, PTR, PTR)
declare("wav2vec2_features", PTR, PTR)
declare("wav2vec2_logits", PTR, PTR)


class Model:
    """A file on one instruction set."""

    def __init__(self, path, config, isa, precision=FLOATS):
        weights, error, self.plan = PTR(), Error(), PTR(LIB.pinna_plan_new())
        self.memory, self.handle = PTR(), PTR()
        self.status = LIB.pinna_wav2vec2_open(ctypes.byref(weights), path.encode(), ctypes.byref(error))
        if self.status == 0:
            LIB.pinna_plan_keep_weights(self.plan, precision)
            LIB.pinna_wav2vec2_describe(self.plan, weights, ctypes.byref(config))
            self.status = LIB.pinna_plan_finish(self.plan, ctypes.byref(error))
            LIB.pinna_weights_free(weights)

        @BUILD
        def call(out, arena, runner_config):
            return LIB.pinna_wav2vec2_init(PTR(out), PTR(arena), PTR(runner_config))

        if self.status == 0:
            runner_config = RunnerConfig(self.plan, isa)
            self.status = LIB.pinna_arena_build(ctypes.byref(self.memory), ctypes.byref(self.handle), call,
                                                ctypes.byref(runner_config))
        self.message = error.text.decode()
        LIB.pinna_plan_free(self.plan)

    def run(self, x):
        LIB.pinna_wav2vec2_run(self.handle, x.contiguous().data_ptr())

    def read(self, what, shape):
        at = getattr(LIB, "pinna_wav2vec2_" + what)(self.handle)
        return torch.frombuffer((ctypes.c_float * shape.numel()).from_address(at), dtype=torch.float32).reshape(shape)

    def free(self):
        LIB.pinna_arena_free(self.memory)


def small(is_large, n_layers=2, width=96, heads=4, n_labels=29):
    """A network of the shape of base, or of large_lv60k, that is quick to make."""
    mode = ("layer_norm" if is_large else "group_norm")
    convs = [(64, 10, 5)] + [(64, 3, 2)] * 4 + [(64, 2, 2)] * 2
    return wav2vec2_model(mode, convs, is_large, width, 0.0, random.choice([128, 16, 15]), 8, n_layers, heads, 0.0,
                          2 * width, 0.0, 0.0, is_large, 0.0, n_labels).eval()


def disturb(model):
    """So that no bias is 0 and no gain 1"""
    for p in model.parameters():
        p.data += (0.3 if p.ndim == 1 else 0.02) * torch.randn_like(p)


def expect(model, x, n_layers, normalize):
    """Features [frames, n] and logits, or the output of a layer, in double precision."""
    model.double()
    y = x.double()[None]
    y = torch.nn.functional.layer_norm(y, y.shape) if normalize else y
    if n_layers:
        found = model.extract_features(y, num_layers=n_layers)[0][-1][0], None
    else:
        features = model.encoder(model.feature_extractor(y, None)[0])
        found = features[0], None if model.aux is None else model(y)[0][0]
    model.float()
    return found


def compare(path, model, x, text, heads=0, n_layers=0, normalize=False, isas=ISAS):
    features, logits = expect(model, x, n_layers, normalize)
    ok(LIB.pinna_wav2vec2_frames(len(x)) == len(features), f"{text}: {len(features)} frames")
    for isa in isas:
        net = Model(path, Config(len(x), heads, n_layers, normalize), isa)
        if not ok(net.status == 0, f"{text}: builds for {isa_name(isa)} {net.message}"):
            continue
        net.run(x)
        near(net.read("features", features.shape), features, 1e-4, f"{text}: features, {isa_name(isa)}")
        if logits is not None:
            near(net.read("logits", logits.shape), logits, 1e-4, f"{text}: logits, {isa_name(isa)}")
        ok((logits is None) == (not LIB.pinna_wav2vec2_logits(net.handle)), f"{text}: a head or none")
        first = net.read("features", features.shape).clone()
        net.run(torch.full((len(x),), float("nan")))
        net.run(x)
        ok(torch.equal(first, net.read("features", features.shape)), f"{text}: the same again, {isa_name(isa)}")
        net.free()


def narrow(path, model, x, text, heads=0):
    """What is lost with fewer bits: the worst frame's cosine to floats' features"""
    features, _ = expect(model, x, 0, False)
    for precision, name, least in ((HALVES, "half", 0.99999), (INT8, "int8 weights", 0.9998), (DYNAMIC, "int8", 0.9995)):
        first = None
        for isa in ISAS:
            net = Model(path, Config(len(x), heads, 0, False), isa, precision)
            net.run(x)
            found = net.read("features", features.shape).clone()
            near_ = torch.nn.functional.cosine_similarity(found.double(), features).min()
            ok(near_ >= least, f"{text}, {name}, {isa_name(isa)}: cosine {near_:.6f} to all floats', at least {least}")
            first = found if first is None else first
            same = torch.nn.functional.cosine_similarity(found, first).min()
            ok(same >= 0.9995, f"{text}, {name}, {isa_name(isa)}: cosine {same:.6f} to plain C's, at least 0.9995")
            net.free()


def to_huggingface(state):
    names = {}
    for name, value in state.items():
        name = name.replace("encoder.transformer.", "encoder.") if "encoder.transformer" in name \
            else name.replace("encoder.feature_projection", "feature_projection")
        names["lm_head." + name[4:] if name.startswith("aux.") else "wav2vec2." + name] = value
    g = "wav2vec2.encoder.pos_conv_embed.conv.weight_g"
    new = g.replace("weight_g", "parametrizations.weight.original")
    names[new + "0"], names[new + "1"] = names.pop(g), names.pop(g[:-1] + "v")
    return names


def test_small(folder):
    for is_large in (False, True):
        model = small(is_large)
        disturb(model)
        path = os.path.join(folder, "small")
        text = "large" if is_large else "base"
        x = torch.randn(random.randrange(8000, 20000)) * 0.1 + 0.02
        torch.save(model.state_dict(), path + ".pt")
        compare(path + ".pt", model, x, f"small {text}, .pt", heads=4)
        narrow(path + ".pt", model, x, f"small {text}", heads=4)
        compare(path + ".pt", model, x, f"small {text}, layer 1", heads=4, n_layers=1)
        save_safetensors(to_huggingface(model.state_dict()), path + ".safetensors")
        compare(path + ".safetensors", model, x[:400 + 320 * random.randrange(3)],
                f"small {text}, Hugging Face's names, waveform normalised", heads=4, normalize=True)
    state = model.state_dict()
    name = "encoder.transformer.layers.1.attention.k_proj.weight"
    for change in (None, torch.randn(96, 95), torch.full((96, 96), float("nan"))):
        bad = {n: change if n == name else v for n, v in state.items() if n != name or change is not None}
        save_safetensors(bad, path)
        net = Model(path, Config(1600, 4, 0, False), 0)
        ok(net.status != 0 and name in net.message, f"refused: {net.message}")
    save_safetensors({"x": torch.ones(1)}, path)
    net = Model(path, Config(1600, 4, 0, False), 0)
    ok(net.status != 0 and "feature_extractor" in net.message, f"refused: {net.message}")
    save_safetensors(state, path)
    net = Model(path, Config(399, 4, 0, False), 0)
    ok(net.status != 0, f"too short: {net.message}")


def test_base(folder):
    """The whole of wav2vec2_base with a head, and hubert_base."""
    if not os.environ.get("PINNA_LONG"):
        return skip("wav2vec2_base and hubert_base", "PINNA_LONG=1 makes them")
    for name, model in [("wav2vec2_base", wav2vec2_base(aux_num_out=32)), ("hubert_base", hubert_base())]:
        model.eval()
        disturb(model)
        path = os.path.join(folder, name)
        torch.save(model.state_dict(), path + ".pt")
        compare(path + ".pt", model, torch.randn(16000) * 0.1, f"{name}, .pt")
        narrow(path + ".pt", model, torch.randn(16000) * 0.1, name)
        save_safetensors(model.state_dict(), path + ".safetensors")
        compare(path + ".safetensors", model, torch.randn(16000) * 0.1, f"{name}, safetensors", isas=ISAS[-1:])
        os.remove(path + ".pt")
        os.remove(path + ".safetensors")


def speed(folder):
    """One second of wav2vec2_base"""
    model = wav2vec2_base().eval()
    x = torch.randn(16000) * 0.1
    path = os.path.join(folder, "base.pt")
    torch.save(model.state_dict(), path)
    nets = [Model(path, Config(16000, 0, 0, False), ISAS[-1], precision) for precision in (FLOATS, DYNAMIC)]
    os.remove(path)
    nets[0].run(x)
    near(nets[0].read("features", torch.Size([49, 768])), model(x[None])[0][0].double(), 1e-4, "they do the same")
    gate("one second of wav2vec2_base", {"floats": (lambda: nets[0].run(x), 0.45, 0.66), "int8": (lambda: nets[1].run(x), 0.2, 0.3)},
         lambda: model(x[None]))
    for net in nets:
        net.free()


def main():
    seed_all()
    with tempfile.TemporaryDirectory() as folder:
        if "--gate" in sys.argv:
            speed(folder)
        else:
            test_small(folder)
            test_base(folder)
    done()


if __name__ == "__main__":
    main()
