# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the default vocoder (models/vocoder_small.h), one command:

    /usr/bin/python3 tools/train/vocoder.py --work build/train

Goes on from its last checkpoint if it was stopped. Writes WORK/vocoder.pt; tools/train/vocoder_export.py
makes the weights file and tools/train/vocoder_eval.py the table of the model card.
"""

import argparse
import math
import os
import time

import numpy as np
import torch

from vocoder_data import training_stream
from vocoder_net import HOP, LOOK_AHEAD, MAG_FLOOR, N_BINS, N_FFT, Net, log_mel, phase_steps, spectrum

SEED, BATCH, FRAMES, SKIP = 20261122, 12, 56, 6
RATE_TOP, WARM, DECAY, EMA = 2e-3, 300, 0.35, 0.999


def crops(stream, rng):
    n = N_FFT + (FRAMES + LOOK_AHEAD) * HOP
    x = np.empty((BATCH, n), np.float32)
    for i in range(BATCH):
        while True:
            at = rng.integers(0, len(stream) - n)
            x[i] = stream[at:at + n]
            peak = np.abs(x[i]).max()
            if peak > 300:
                break
        x[i] *= 10 ** (rng.uniform(-30, -1) / 20) / peak
    return torch.from_numpy(x + rng.standard_normal(x.shape).astype(np.float32) * 1e-5)


def colour(rng):
    """A random smooth response in octaves, up to about +-10 dB: other rooms and microphones"""
    f = np.log2(1 + np.arange(N_BINS) / 4) / np.log2(1 + N_BINS / 4)
    k = np.arange(1, 6)
    a = rng.standard_normal((BATCH, 5)) * 0.6 / k
    return torch.from_numpy(np.exp(a @ np.cos(np.pi * np.outer(k, f)))).float()[:, None]


def losses(net, bins):
    mel = log_mel(bins[:, 1:])
    mag, steps = net(mel)
    bins = bins[:, :-LOOK_AHEAD]
    true_mag = bins[:, 1:].abs().clamp(min=MAG_FLOOR)
    along_t, along_f = phase_steps(bins)
    total = [(mag - true_mag.log())[:, SKIP:].abs().mean()]
    for i, z in enumerate((along_t, along_f)):
        size = z.abs() + 1e-12
        weight = size.sqrt().sqrt()
        weight = weight / weight.mean((1, 2), keepdim=True)
        error = (steps[..., i, 0, :] - z.real / size) ** 2 + (steps[..., i, 1, :] - z.imag / size) ** 2
        total.append((weight * error)[:, SKIP:].mean())
    return total


def rate(step, steps):
    if step < WARM:
        return step / WARM
    left = (steps - step) / (DECAY * steps)
    return 1.0 if left >= 1 else 0.01 + 0.99 * 0.5 * (1 - math.cos(math.pi * max(left, 0.0)))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--work", required=True)
    p.add_argument("--steps", type=int, default=7300)
    args = p.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    torch.manual_seed(SEED)
    stream = training_stream(args.work)
    net = Net()
    net.train()
    mean = {k: v.clone() for k, v in net.state_dict().items()}
    adam = torch.optim.AdamW(net.parameters(), lr=RATE_TOP, betas=(0.9, 0.98), weight_decay=1e-2)
    path, step, shown, since = os.path.join(args.work, "vocoder.pt"), 0, np.zeros(3), time.time()
    if os.path.exists(path):
        kept = torch.load(path)
        net.load_state_dict(kept["net"])
        adam.load_state_dict(kept["adam"])
        mean, step = kept["mean"], kept["step"]
    while step < args.steps:
        rng = np.random.default_rng((SEED, step))
        bins = spectrum(crops(stream, rng)) * colour(rng)
        parts = losses(net, bins)
        adam.zero_grad()
        sum(parts).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        for group in adam.param_groups:
            group["lr"] = RATE_TOP * rate(step, args.steps)
        adam.step()
        step += 1
        with torch.no_grad():
            decay = min(EMA, (1 + step) / (10 + step))
            for k, v in net.state_dict().items():
                mean[k].lerp_(v, 1 - decay)
        shown += [float(x) for x in parts]
        if step % 100 == 0 or step == args.steps:
            took, since = time.time() - since, time.time()
            print(f"step {step}/{args.steps}  magnitude {shown[0] / 100:.4f}  along t {shown[1] / 100:.4f}"
                  f"  along f {shown[2] / 100:.4f}  {took / 100 * 1000:.0f} ms a step", flush=True)
            shown[:] = 0
        if step % 500 == 0 or step == args.steps:
            torch.save({"net": net.state_dict(), "adam": adam.state_dict(), "mean": mean, "step": step},
                       path + ".part")
            os.replace(path + ".part", path)


if __name__ == "__main__":
    main()
