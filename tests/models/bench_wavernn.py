#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""WaveRNN's samples a second against torchaudio.models.WaveRNN's, one thread each, in turns."""

import os
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../nn"))

from test_wavernn_torch import F16, F32, INT8, Ours, build, fold  # noqa: E402
from oracle import done, ok, save_safetensors, torch  # noqa: E402
from plan_oracle import ISAS  # noqa: E402

RATE = 22050
HOP = 275


def rate(function):
    """Samples for each second of processor time"""
    start = time.thread_time()
    n = len(function())
    return n / (time.thread_time() - start)


def main():
    torch.manual_seed(3)
    folded = 0.0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "wavernn.safetensors")
        model = build([5, 5, 11], 256, n_freq=80)
        save_safetensors(model.state_dict(), path)
        long = torch.rand(80, 80)
        for _ in range(3):
            folded = max(folded, rate(lambda: fold(path, long, HOP, 16)[0]))
        ours = {p: Ours(path, p, ISAS[-1]) for p in (F32, F16, INT8)}
    mel = torch.rand(80, 12)
    best = dict.fromkeys(["torchaudio", F32, F16, INT8], 0.0)
    for _ in range(4):
        best["torchaudio"] = max(best["torchaudio"], rate(lambda: model.infer(mel[None, :, :1])[0].flatten()))
        for precision, voice in ours.items():
            best[precision] = max(best[precision], rate(lambda v=voice: v.speak(mel)))
    peer = best.pop("torchaudio")
    print(f"# torchaudio {torch.__version__}: {peer:.0f} samples/s")
    for precision, name, factor in ((F32, "float", 6.0), (F16, "half", 10.0), (INT8, "int8", 16.0)):
        found = best[precision]
        ok(found >= factor * peer, f"{name}: {found:.0f} samples/s, {found / peer:.1f} x TorchAudio's, at least "
           f"{factor:.0f}; {found / RATE:.2f} x real time on one core")
        ours[precision].free()
    ok(folded >= 10.0 * peer, f"float, 16 folds: {folded:.0f} samples/s, {folded / peer:.1f} x TorchAudio's, at least 10; "
       f"{folded / RATE:.2f} x real time on one core")
    done()


main()
