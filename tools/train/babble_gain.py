#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fit the gain against babble: dsp/babble_table.h, printed.

usage: /usr/bin/python3 tools/train/babble_gain.py [--work DIR] > dsp/babble_table.h

The clues are those of dsp/babble.c, the same formula for every bin. What is made best is what counts, the gain of
SI-SDR of whole scenes, above all of the worst of a batch: babble of 3 to 12 talkers, a third of it of the target's own
voice, at 0, 5 and 10 dB; every talker also slower and faster than recorded. Trained on: English and Spanish prompts, LJ
Speech, the digits of jackson and nicolas, flite's awb and rms. Choices were made on Italian prompts and george's
digits. Never used: French and Russian prompts, the other digits, flite's slt."""

import argparse
import functools
import multiprocessing
import pathlib
import sys

import numpy as np
import torch
from scipy.ndimage import convolve1d
from scipy.signal import lfilter, resample_poly

import common
from denoise_mask import spoken

RATE, SIZE, HOP, BINS = 48000, 1024, 256, 112
LOW, HIGH = 2, 86             # speech band
SHORTEST, LONGEST = 110, 600  # period of a voice
SPEEDS = ((3, 1), (7, 2), (5, 2))
CROWDS = (3, 5, 8, 12, 4, 6)
RATIOS = (0, 10, 0, 5, 0, 10)
SCENES, EVERY = 210, 6        # of its frames are learnt from
UNITS, STEPS, BATCH, RAGE = 16, 2000, 6, 1.5
WINDOW = np.sqrt(np.hanning(SIZE + 1)[:-1])
FLITE_TEXT = 40


def by_telephone(sound):
    return resample_poly(resample_poly(sound.astype(np.float32), 1, 2), 2, 1)


def talkers(work):
    """Their sounds at 16 kHz; prompts also as a telephone passes them."""
    found = {lang: [c.sound for c in common.asterisk(lang, work)] for lang in ("en", "es")}
    for lang in ("en", "es"):
        found[lang + " by telephone"] = [by_telephone(sound) for sound in found[lang]]
    lj = common.ljspeech(work)
    found["lj"] = [c.sound for c in lj]
    for name in ("jackson", "nicolas"):
        found[name] = [c.sound for c in common.fsdd(work) if c.speaker == name]
    for voice in ("awb", "rms"):
        found[voice] = spoken(voice, [c.text for c in lj][:FLITE_TEXT], work)
    return found


def track(clips, n, rng):
    """n samples at 16 kHz of one talker, with short pauses."""
    x, at = np.zeros(n, np.float32), int(rng.uniform(0.0, 4800.0))
    while at < n:
        clip = clips[rng.integers(len(clips))].astype(np.float32)
        part = clip[:n - at] / np.sqrt(np.mean(clip ** 2) + 1e-9)
        x[at:at + len(part)] = part
        at += len(part) + int(rng.uniform(1600.0, 5600.0))
    return x / np.sqrt(np.mean(x ** 2) + 1e-9)


def scene(found, index, rng):
    """Target and babble at 0 dB and 48 kHz, rms 0.05."""
    names = sorted(found)
    target = names[index % len(names)]
    n_babblers = CROWDS[(index // len(names) + index) % len(CROWDS)]
    others = [name for name in names if name[:2] != target[:2]]
    own = rng.random() < 0.33
    speed, n = rng.integers(3), RATE * (8, 10, 14)[rng.integers(3)]
    room = [n * down // up + 2 for up, down in SPEEDS]
    clean, crowd = track(found[target], room[speed], rng), [np.zeros(r, np.float32) for r in room]
    for _ in range(n_babblers):
        name = target if own else others[rng.integers(len(others))]
        at = speed if own else rng.integers(3)
        other = track(found[name], room[at], rng)
        crowd[at] += np.roll(other, rng.integers(room[at])) * 10.0 ** (0.1 * rng.standard_normal())
    noise = sum(resample_poly(x, *SPEEDS[i])[:n].astype(float) for i, x in enumerate(crowd) if x.any())
    clean = resample_poly(clean, *SPEEDS[speed])[:n].astype(float)
    return 0.05 * clean / np.sqrt(np.mean(clean ** 2)), 0.05 * noise / np.sqrt(np.mean(noise ** 2))


def spectra(x):
    x = np.pad(x, (SIZE - HOP, SIZE))
    return np.fft.rfft(np.lib.stride_tricks.sliding_window_view(x, SIZE)[::HOP] * WINDOW, axis=1)


def follow(x, tau):
    keep = np.exp(-HOP / RATE / tau)
    return lfilter([1.0 - keep], [1.0, -keep], x, axis=0, zi=keep * x[:1])[0]


def long_run(x):
    share, mean, out = 1.0 - np.exp(-HOP / RATE / 3.0), np.zeros(x.shape[1:]), np.empty_like(x)
    for t, row in enumerate(x):
        mean = mean + max(1.0 / (t + 1), share) * (row - mean)
        out[t] = mean
    return out


def lulls(power):
    """dsp/noise_lull.c."""
    hop, level = HOP / RATE, np.log(power[:, LOW:HIGH].sum(1))
    quantile, mean, out, n, since, quiet = level[0], np.zeros(power.shape[1]), np.empty_like(power), 0, 0.0, 0.0
    for t, now in enumerate(level):
        is_lull = now < quantile
        quantile += 3.75 * hop * (-0.7 if is_lull else 0.3)
        since = 0.0 if is_lull else since + hop
        quiet = min(quiet, now) if since > hop else now
        if since > 0.5 and (t + 1) * hop < 3.0:
            quantile, since = max(quantile, quiet), 0.0
        if now < quantile:
            n += 1
            mean = mean + max(1.0 / n, 1.0 - np.exp(-hop / 0.264)) * (power[t] - mean)
        out[t] = np.maximum(mean, 1e-9)
    return out


def pitch(power):
    """How much a frame repeats itself, and after how many samples."""
    echo = np.fft.irfft(np.sqrt(power), axis=1)
    at = np.arange(SHORTEST, LONGEST) / SIZE
    ratio = echo[:, SHORTEST:LONGEST] / np.maximum((1 - at) * np.cos(np.pi * at) + np.sin(np.pi * at) / np.pi, 0.25)
    best = ratio.argmax(1)
    return np.clip(ratio[np.arange(len(ratio)), best] / echo[:, 0], 0.0, 1.5), best + SHORTEST


def spread(x, reach):
    ones = np.ones(2 * reach + 1)
    return (convolve1d(x, ones, axis=1, mode="constant") /
            convolve1d(np.ones((1, x.shape[1])), ones, axis=1, mode="constant"))


def clues(spectrum):
    """[frames, BINS, clues]: a bin's own, the frame's, the frequency, as dsp/babble.c takes them."""
    power = np.maximum(np.abs(spectrum) ** 2, 1e-13)
    strength, period = pitch(power)
    power = power[:, :BINS + 16]
    smooth = power.copy()
    smooth[:, 1:-1] = 0.5 * power[:, 1:-1] + 0.25 * (power[:, :-2] + power[:, 2:])
    brief, wide, lull = follow(smooth, 0.02), spread(smooth, 8), lulls(power)
    mean, band = np.log(long_run(smooth)), power[:, LOW:HIGH].sum(1)
    short, base = follow(band, 0.03), np.log(long_run(band))
    k = np.arange(power.shape[1])
    own = [np.log(x) - mean for x in (smooth, brief, follow(smooth, 0.06), follow(smooth, 0.25))]
    own += [long_run(np.log(brief)) - mean, np.log(lull) - mean, np.log(wide / long_run(wide)),
            np.log(power / spread(power, 4)), strength[:, None] * np.cos(2.0 * np.pi / SIZE * k * period[:, None])]
    whole = [np.log(short) - base, np.log(follow(band, 0.2)) - base, long_run(np.log(short)) - base,
             np.log(lull[:, LOW:HIGH].sum(1)) - base, strength]
    own += [np.broadcast_to(x[:, None], power.shape) for x in whole]
    own += [np.broadcast_to(np.log1p(k / 10.0), power.shape)]
    return np.stack(own, -1)[:, :BINS].astype(np.float16)


def example(found, index, seed):
    """Of a scene some frames: clues, Re(X conj Y), |Y|^2, and the whole power of X in them."""
    rng = np.random.default_rng([seed, index])
    clean, noise = scene(found, index, rng)
    x = spectra(clean)
    y = x + spectra(noise * 10.0 ** (-RATIOS[index // 10 % len(RATIOS)] / 20.0))
    some = slice(int(rng.integers(EVERY)), None, EVERY)
    got, x, y = clues(y)[some], x[some, :BINS], y[some, :BINS]
    return (got, np.real(x * np.conj(y)).astype(np.float32), (np.abs(y) ** 2).astype(np.float32),
            float((np.abs(x) ** 2).sum()))


def examples(found, n, options):
    """Made by several processes, which see `found` as they were forked with it."""
    global here
    here = functools.partial(example, found, seed=options.seed)
    with multiprocessing.get_context("fork").Pool(options.threads) as pool:
        made = pool.imap(call_here, range(n), 4)
        return [[torch.from_numpy(part) for part in parts[:3]] + [parts[3]] for parts in made]


def call_here(index):
    return here(index)


def decibels(cross, power, clean):
    rho = (cross.sum() ** 2 / (power.sum() * clean)).clamp(1e-4, 0.9999)
    return 10.0 * torch.log10(rho / (1.0 - rho))


def fit(data, seed):
    torch.manual_seed(seed)
    some = torch.cat([d[0][::8].reshape(-1, d[0].shape[-1]).float() for d in data])
    mean, scale = some.mean(0), some.std(0)
    net = torch.nn.Sequential(torch.nn.Linear(len(mean), UNITS), torch.nn.Tanh(), torch.nn.Linear(UNITS, 1))
    adam = torch.optim.Adam(net.parameters(), 1e-2)
    rng, gained = np.random.default_rng(seed), []
    for step in range(STEPS):
        adam.param_groups[0]["lr"] = 1e-2 * (1.0 - step / STEPS) + 2e-4
        losses = []
        for i in rng.choice(len(data), BATCH, replace=False):
            some = slice(int(rng.integers(3)), None, 3)
            x, cross, power = (part[some] for part in data[i][:3])
            gain = torch.sigmoid(net(((x.float() - mean) / scale).clamp(-4.0, 4.0))[..., 0])
            clean = data[i][3] * len(x) / len(data[i][0])
            losses.append(decibels(cross, power, clean) - decibels(gain * cross, gain ** 2 * power, clean))
        losses = torch.stack(losses)
        adam.zero_grad()
        (RAGE * torch.logsumexp(losses / RAGE, 0)).backward()
        adam.step()
        gained.append(-losses.mean().item())
        if step % 100 == 99:
            print(f"step {step + 1}: mean gain {np.mean(gained[-100:]):.3f} dB", file=sys.stderr, flush=True)
    first, last = net[0], net[2]
    weight = (first.weight / scale).detach().double().numpy()
    bias = first.bias.detach().double().numpy() - weight @ mean.double().numpy()
    return weight, bias, last.weight[0].detach().double().numpy(), last.bias.item()


def number(x):
    text = f"{x:.7g}"
    return (text if "." in text or "e" in text else text + ".0") + "f"


def row(x):
    return ", ".join(number(v) for v in x)


def table(weight, bias, out, out_bias):
    rows = "\n".join(f"    {{{row(w)}}}," for w in weight)
    return f"""// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_BABBLE_TABLE_H
#define PINNA_DSP_BABBLE_TABLE_H

// What tools/train/babble_gain.py found: weights from each clue to each unit, and from the units to
// the gain

#define PINNA_BABBLE_UNITS {weight.shape[0]}U
#define PINNA_BABBLE_CLUES {weight.shape[1]}U

static const float babble_weight[PINNA_BABBLE_UNITS][PINNA_BABBLE_CLUES] = {{
{rows}
}};

static const float babble_bias[PINNA_BABBLE_UNITS] = {{{row(bias)}}};

static const float babble_out[PINNA_BABBLE_UNITS] = {{{row(out)}}};

static const float babble_out_bias = {number(out_bias)};

#endif // PINNA_DSP_BABBLE_TABLE_H
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--work", default="build/train", help="folder for decoded sound")
    parser.add_argument("--threads", type=int, default=4, help="to make scenes")
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    pathlib.Path(options.work).mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    data = examples(talkers(options.work), SCENES, options)
    sys.stdout.write(table(*fit(data, options.seed)))


if __name__ == "__main__":
    main()
