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
from oracle import LIB, done, ok, save_safetensors, skip, torch  # noqa: E402
from plan_oracle import ISAS  # noqa: E402

RATE = 22050
HOP = 275


def rate(function):
    """Samples for each second of processor time"""
    start = time.thread_time()
    n = len(function())
    return n / (time.thread_time() - start)


def frame_rates(voices, n_frames=60):
    """Samples a second of wall clock in each voice's quickest frame, frames in turns: what load cannot slow down for
    long"""
    best, out = [1e9] * len(voices), torch.zeros(HOP)
    for frame in torch.rand(n_frames, 80):
        for i, voice in enumerate(voices):
            start = time.perf_counter()
            if LIB.pinna_wavernn_frame(voice.handle, frame.data_ptr(), None, out.data_ptr()):
                best[i] = min(best[i], time.perf_counter() - start)
    return [HOP / seconds for seconds in best]


def test_helper(path, ours, peer):
    text = "int8 with a helper"
    if len(os.sched_getaffinity(0)) < 2:
        return skip(text, "one core")
    pair = Ours(path, INT8, ISAS[-1], has_helper=True)
    one = two = 0.0
    for _ in range(8):
        found = frame_rates((ours, pair))
        one, two = max(one, found[0]), max(two, found[1])
        if two >= 1.35 * one:
            break
    ok(two >= 1.25 * one, f"{text}: {two:.0f} samples/s, {two / one:.2f} x one thread's, at least 1.25; "
       f"{two / peer:.0f} x TorchAudio's; {two / RATE:.2f} x real time on two cores")
    return pair.free()


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
        for precision, name, factor in ((F32, "float", 6.0), (F16, "half", 10.0), (INT8, "int8", 24.0)):
            found = best[precision]
            ok(found >= factor * peer, f"{name}: {found:.0f} samples/s, {found / peer:.1f} x TorchAudio's, at least "
               f"{factor:.0f}; {found / RATE:.2f} x real time on one core")
        ok(folded >= 10.0 * peer, f"float, 16 folds: {folded:.0f} samples/s, {folded / peer:.1f} x TorchAudio's, at least 10; "
           f"{folded / RATE:.2f} x real time on one core")
        test_helper(path, ours[INT8], peer)
        for voice in ours.values():
            voice.free()
    done()


main()
