#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time TorchAudio's operations and ours in turns, one thread, and print the table.

usage: bench_torchaudio.py [--gate] COMMAND...

COMMAND is our side (pinna bench --torchaudio-rows): it reads the name of a row on standard input and answers with the
best CPU time of a few runs. Rounds alternate between the two, the best of each counts, so that other load on the
machine does not decide. PyTorch gets the allocator settings under which it is fastest, set before it starts."""

import os
import subprocess
import sys
import time
import warnings

TUNED = {"MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "8589934592",
         "MALLOC_TOP_PAD_": "67108864", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
if any(os.environ.get(key) != value for key, value in TUNED.items()):
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **TUNED})

GATE = "--gate" in sys.argv
try:
    import torch
    import torchaudio.functional as F
    import torchaudio.transforms as T
except ImportError as error:
    print(f"1..0 # SKIP no oracle: {error}" if GATE else f"TorchAudio is not installed: {error}")
    sys.exit(0)

warnings.simplefilter("ignore")
torch.set_num_threads(1)
torch.set_grad_enabled(False)
torch.manual_seed(0)
SECONDS, RATE = 10, 16000


def cases():
    """Row -> (least ratio, function)."""
    x = 0.3 * torch.sin(torch.arange(SECONDS * RATE) * 0.0864)[None] + 0.05 * torch.randn(1, SECONDS * RATE)
    wide = 0.05 * torch.randn(1, SECONDS * 44100)
    few = x[:, :RATE // 2]
    rows = {}
    for n_fft, hop in ((400, 160), (2048, 512)):
        name = f"{n_fft}/{hop}"
        bins = T.Spectrogram(n_fft, hop_length=hop, power=None)(x)
        power = bins.abs() ** 2
        rows["Spectrogram " + name] = 2.0, lambda m=T.Spectrogram(n_fft, hop_length=hop): m(x)
        rows["MFCC " + name] = 2.0, lambda m=T.MFCC(RATE, 40, melkwargs={"n_fft": n_fft, "hop_length": hop}): m(x)
        rows["SpectralCentroid " + name] = 2.0, lambda m=T.SpectralCentroid(RATE, n_fft, hop_length=hop): m(x)
        rows["PhaseVocoder " + name] = 3.0, lambda b=bins, m=T.TimeStretch(hop, n_fft // 2 + 1, 1.3): m(b)
        rows["GriffinLim " + name] = 3.0, lambda p=power, m=T.GriffinLim(n_fft, 32, hop_length=hop): m(p)
    rows["Resample 44100-16000"] = 3.0, lambda m=T.Resample(44100, 16000): m(wide)
    rows["PitchShift +4"] = 3.0, lambda m=T.PitchShift(RATE, 4): m(x)
    mics = T.Spectrogram(400, hop_length=160, power=None)(x + 0.1 * torch.randn(6, x.shape[1])).to(torch.cdouble)
    mask = torch.rand(mics.shape[-2:]).double()
    rows["MVDR 6 channels"] = 3.0, lambda m=T.MVDR(): m(mics, mask, 1.0 - mask)
    rows["phaser 0.5 s"] = 100.0, lambda: F.phaser(few, RATE)
    rows["flanger 0.5 s"] = 100.0, lambda: F.flanger(few[None], RATE)
    return rows


def best_of(function, budget):
    """Best time in ns of as many runs as fit the budget, three at least (one of what takes long)."""
    best, start = float("inf"), time.thread_time()
    for i in range(40):
        before = time.thread_time()
        function()
        after = time.thread_time()
        best = min(best, after - before)
        if after - start > budget and (i >= 2 or after - before > budget):
            break
    return 1e9 * best


def main():
    failed = 0
    ours_side = subprocess.Popen([a for a in sys.argv[1:] if a != "--gate"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    rows = cases()
    print(f"1..{len(rows)}" if GATE else f"{'operation, 10 s of audio':<28} {'TorchAudio':>12} {'Pinna':>12} {'ratio':>8} {'asked':>7}")
    for i, (name, (least, function)) in enumerate(rows.items(), 1):
        theirs = ours = float("inf")
        for turn in range(6):
            ours_side.stdin.write(name + "\n")
            ours_side.stdin.flush()
            ours = min(ours, float(ours_side.stdout.readline()))
            theirs = min(theirs, best_of(function, 0.05))
            if turn >= 2 and theirs > 1.1 * least * ours:
                break
        passed = theirs >= least * ours
        failed += not passed
        if GATE:
            print(f"{'' if passed else 'not '}ok {i} - {name}: {theirs / ours:.1f} times TorchAudio's speed, at least {least:g}")
        else:
            print(f"{name:<28} {1e-6 * theirs:>9.3f} ms {1e-6 * ours:>9.3f} ms {theirs / ours:>8.1f} {least:>7g}", flush=True)
    ours_side.stdin.close()
    ours_side.wait()
    sys.exit(failed > 0)


main()
