#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""HiFi-GAN V1, V2 and V3 equal torch, as a whole file and as a stream cut anywhere."""

import ctypes
import os
import random
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../nn"))

from oracle import INT, LIB, PTR, TEXT, U32, Error, declare, done, ok, opened, save_safetensors, seed_all, torch  # noqa: E402
from hifigan_oracle import random_generator  # noqa: E402
from vocoder_oracle import Features, Vocoder  # noqa: E402


class Config(ctypes.Structure):
    _fields_ = [("weights", PTR), ("device", TEXT), ("n_frames", U32), ("features", Features)]


declare("hifigan_open", INT, PTR, PTR, PTR)
declare("hifigan_close", None, PTR)
declare("hifigan_vocoder", Vocoder, PTR)
declare("hifigan_delay", U32, PTR)
declare("hifigan_end", None, PTR)
SILENCE = torch.full((1, 80), -11.5)


class Hifigan:
    def __init__(self, path, n_frames):
        status, weights, message = opened(path)
        assert status == 0, message
        self.handle, error = PTR(), Error()
        self.status = LIB.pinna_hifigan_open(ctypes.byref(self.handle),
                                             ctypes.byref(Config(weights, b"cpu", n_frames, Features())),
                                             ctypes.byref(error))
        self.message = error.text.decode()
        LIB.pinna_weights_free(weights)
        if self.status == 0:
            self.vocoder = LIB.pinna_hifigan_vocoder(self.handle)
            self.delay = LIB.pinna_hifigan_delay(self.handle)

    def whole(self, mel, cuts=()):
        """The samples of a file, as long as its frames"""
        self.vocoder.reset()
        out = [self.vocoder.run(mel, cuts)]
        LIB.pinna_hifigan_end(self.handle)
        out.append(self.vocoder.run(torch.randn(-(-self.delay // 256), 80)))
        return torch.cat(out)[self.delay:self.delay + len(mel) * 256]

    def free(self):
        LIB.pinna_hifigan_close(self.handle)


def original_names(state):
    """As the authors' training writes it: weight_g and weight_v, under "generator" """
    found = {}
    for name, value in state.items():
        if name.endswith("weight"):
            norm = value.flatten(1).norm(dim=1).reshape(-1, 1, 1)
            scale = torch.rand(len(value), 1, 1) + 0.5
            found[name + "_g"], found[name + "_v"] = norm, value * scale
        else:
            found[name] = value
    return {"generator": found}


def compare(version, folder, sizes):
    net = random_generator(version)
    path = os.path.join(folder, "net.safetensors")
    save_safetensors(net.state_dict(), path)
    n = random.randint(15, 25)
    mel = torch.randn(n, 80) * 1.5 - 4.0
    expected = net.double()(mel.double().t()[None])[0, 0]
    print(f"# V{version}: {n} frames, level {expected.std():.3f}, peak {expected.abs().max():.3f}")
    first = None
    for size in sizes:
        hifigan = Hifigan(path, size)
        ok(hifigan.status == 0, f"V{version}, chunks of {size}: opens {hifigan.message}")
        found = hifigan.whole(mel)
        error = (found.double() - expected).abs().max().item()
        ok(error <= 1e-4, f"V{version}, chunks of {size}: {error:.1e} from torch, at most 1e-4")
        first = found if first is None else first
        ok(torch.equal(found, first), f"V{version}, chunks of {size}: bit for bit as in chunks of {sizes[0]}")
        cuts = [random.randint(0, 4) for _ in range(n)]
        ok(torch.equal(hifigan.whole(mel, cuts), first), f"V{version}, chunks of {size}: however it is cut")
        hifigan.vocoder.run(torch.full((3, 80), float("nan")))
        ok(torch.equal(hifigan.whole(mel), first), f"V{version}, chunks of {size}: after frames that are no number")
        hifigan.free()
    torch.save(original_names(net.float().state_dict()), path)
    hifigan = Hifigan(path, sizes[0])
    error = (hifigan.whole(mel).double() - expected).abs().max().item()
    ok(error <= 1e-4, f"V{version}: {error:.1e} from the names and weight norm of the authors' files")
    hifigan.free()


def main():
    seed_all()
    with tempfile.TemporaryDirectory() as folder:
        compare(3, folder, [1, 4, 40])
        compare(2, folder, [1, 3, 40])
        compare(1, folder, [8, 40])
        path = os.path.join(folder, "bad.safetensors")
        save_safetensors({"conv_pre.weight": torch.randn(100, 80, 7)}, path)
        bad = Hifigan(path, 4)
        ok(bad.status != 0, f"refused: {bad.message}")
    done()


main()
