#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mel frames of vocoders equal torch's, with TorchAudio's filters."""

import ctypes
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../nn"))

from oracle import done, ok, seed_all, torch  # noqa: E402
from vocoder_oracle import Features, Mel  # noqa: E402

FEATURES = {"of our own": Features(16000, 640, 640, 160, 80, 0.0, 8000.0, 1e-5, 0.0),
            "of HiFi-GAN": Features(22050, 1024, 1024, 256, 80, 0.0, 8000.0, 1e-5, 1e-9),
            "of Tacotron 2": Features(22050, 2048, 1100, 275, 80, 40.0, 11025.0, 1e-5, 0.0)}


def expected(x, f):
    import torchaudio
    window = torch.nn.functional.pad(torch.hann_window(f.win_length, dtype=torch.float64),
                                     ((f.n_fft - f.win_length) // 2, -(-(f.n_fft - f.win_length) // 2)))
    frames = torch.nn.functional.pad(x.double(), (f.n_fft - f.hop_length, 0)).unfold(0, f.n_fft, f.hop_length)
    power = torch.fft.rfft(frames * window).abs() ** 2
    bank = torchaudio.functional.melscale_fbanks(f.n_fft // 2 + 1, f.f_min, f.f_max, f.n_mels, f.sample_rate,
                                                 "slaney", "slaney").double()
    return ((power + f.epsilon).sqrt() @ bank).clamp(min=f.floor).log()


def main():
    seed_all()
    for name, features in FEATURES.items():
        hop = features.hop_length
        n = random.randint(20, 40) * hop
        t = torch.arange(n) / features.sample_rate
        x = torch.randn(n) * 10 ** random.uniform(-4, -1) + 0.3 * torch.sin(random.uniform(500, 5000) * t)
        x[n // 2:] *= 1e-3
        mel = Mel(features)
        ok(mel.status == 0, f"frames {name}: made")
        found = mel.run(x)
        error = (found.double() - expected(x, features)).abs().max().item()
        ok(error <= 3e-3, f"frames {name}: {error:.1e} from torch in double precision, at most 3e-3 of ln")
        mel.reset()
        ok(torch.equal(mel.run(x), found), f"frames {name}: again bit for bit after a reset")
        bad = x.clone()
        bad[3], bad[5], bad[7] = float("nan"), float("inf"), 1e30
        mel.run(bad)
        y = mel.run(x)[-3:]
        ok(bool(torch.isfinite(y).all()), f"frames {name}: survive samples that are no number")
        mel.free()
    for change in ({"n_fft": 639}, {"hop_length": 0}, {"win_length": 641}, {"f_max": 9000.0}, {"floor": 0.0}):
        features = Features(*[change.get(k, v) for (k, _), v in
                              zip(Features._fields_, (16000, 640, 640, 160, 80, 0.0, 8000.0, 1e-5, 0.0))])
        ok(Mel(features).status != 0, f"refused: {change}")
    done()


main()
