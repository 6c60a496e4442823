# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the default vocoder's sound, and with Griffin-Lim's, in figures instead of by ear:

    /usr/bin/python3 tools/train/vocoder_artefacts.py --library build/libpinna.so

Prints the tables of pitch (models/weights/vocoder_small.md) and of artefacts (docs/vocoder.md), on sentences and voices
held out.
"""

import argparse

import numpy as np
import torch

from vocoder_data import HELD_OUT, LANGUAGES, RATE, find, is_test
from vocoder_eval import Library, griffin_lim

VOICES = list(LANGUAGES) + ["ljspeech", "fsdd"]
LAGS = np.arange(RATE // 500, RATE // 60 + 1)
JUMP = 2.0 * np.abs(np.log2(LAGS[:, None] / LAGS[None, :]))
HOP, WINDOW = 80, 400


def held_out(voice, n):
    """Up to n sounds of 2 s or more that nothing was trained on, short ones joined, evenly from all there are"""
    clips = [(path, read) for name, path, read in find(voice) if voice in HELD_OUT or is_test(name)]
    for i in range(n):
        some = []
        for path, read in clips[i * len(clips) // n:]:
            some.append(read(path))
            if sum(len(x) for x in some) >= 2 * RATE:
                yield np.concatenate(some)[:6 * RATE].astype(np.float32) / 32768
                break


def pitch(x):
    """How periodic (0 to 1) and at how many Hz, every 5 ms: normalised cross-correlation along the path whose jumps,
    an octave costing 2, and whose lack of it are least; so octave slips are rare, unlike in dsp/yin.h"""
    x, rows = x.astype(np.float64), []
    for at in range(0, len(x) - WINDOW - LAGS[-1] - 1, HOP):
        a, more = x[at:at + WINDOW], x[at:at + WINDOW + LAGS[-1] + 1]
        energy = np.cumsum(np.concatenate([[0.0], more ** 2]))
        power = energy[LAGS + WINDOW] - energy[LAGS] + 1e-4
        rows.append(np.correlate(more, a, "valid")[LAGS] / np.sqrt((a @ a + 1e-4) * power) - 2e-4 * LAGS)
    rows = np.array(rows)
    cost, back = -rows[0], []
    for row in rows[1:]:
        total = cost[None, :] + JUMP
        back.append(total.argmin(1))
        cost = total[np.arange(len(LAGS)), back[-1]] - row
    path = [int(cost.argmin())]
    for best in back[::-1]:
        path.append(int(best[path[-1]]))
    path = np.array(path[::-1])
    inner, i = np.clip(path, 1, len(LAGS) - 2), np.arange(len(path))
    low, mid, high = rows[i, inner - 1], rows[i, inner], rows[i, inner + 1]
    bend = np.minimum(low - 2.0 * mid + high, -1e-9)
    return rows[i, path], RATE / (LAGS[path] + np.clip(0.5 * (low - high) / bend, -0.5, 0.5))


def levels(x, n):
    """dB of blocks of n samples"""
    return 10.0 * np.log10((x[:len(x) // n * n].reshape(-1, n).astype(np.float64) ** 2).mean(1) + 1e-12)


def onsets(blocks, top):
    """Blocks of 4 ms where a loud sound begins: 18 dB in 12 ms"""
    return [i for i in range(8, len(blocks) - 4) if blocks[i:i + 3].max() - blocks[i - 5:i - 1].max() > 18.0 and
            blocks[i] > top - 25.0 and blocks[i - 1] < blocks[i] - 8.0]


def bands(x):
    """Power in eighths of 8 kHz"""
    bins = np.abs(np.fft.rfft(np.lib.stride_tricks.sliding_window_view(x, 512)[::128] * np.hanning(512)))[:, :256] ** 2
    return bins.reshape(len(bins), 8, 32).sum((0, 2))


def examine(x, y, facts):
    """Add to the lists of `facts` what y has more than x"""
    (periodic, hz), (periodic_y, hz_y) = pitch(x), pitch(y)
    level, level_y = levels(x, HOP)[:len(periodic)], levels(y, HOP)[:len(periodic)]
    top = np.percentile(level, 95)
    facts["unvoiced"] += list(periodic_y[(periodic < 0.35) & (level > top - 35.0)])
    facts["voiced"] += list(periodic_y[(periodic > 0.85) & (level > top - 25.0)])
    facts["pauses"] += list((level_y - level)[level < top - 50.0])
    blocks, blocks_y = levels(x, 64), levels(y, 64)
    for i in onsets(blocks, top):
        before, before_y = (10.0 * np.log10(np.mean(10.0 ** (b[i - 4:i - 1] / 10.0))) for b in (blocks, blocks_y))
        facts["onsets"].append(before_y - before)
    facts["bands"].append(10.0 * np.log10(bands(y) / bands(x)))
    both = (periodic > 0.7) & (periodic_y > 0.7)
    facts["cents"] += list(1200.0 * np.log2(hz_y[both] / hz[both]))


def report_pitch(voice, name, cents):
    cents = np.array(cents)
    fine = cents[np.abs(cents) < 300.0]
    octaves = np.abs(np.abs(cents) - 1200.0) < 100.0
    print(f"| {voice} | {name} | {np.sqrt((fine ** 2).mean()):.1f} | {np.median(np.abs(cents)):.1f} | "
          f"{100.0 - 100.0 * len(fine) / len(cents):.2f} | {100.0 * octaves.mean():.2f} |", flush=True)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--library", required=True)
    p.add_argument("--clips", type=int, default=8)
    args = p.parse_args()
    torch.set_num_threads(1)
    library = Library(args.library)
    total = {}
    print("| held out | | fine cents | median | beyond 300 cents % | an octave % |\n|---|---|---|---|---|---|")
    for voice in VOICES:
        own = {}
        for x in held_out(voice, args.clips):
            for name, y in (("original", x), ("ours", library.resynthesise(x)), ("Griffin-Lim", griffin_lim(x))):
                n = min(len(x), len(y))
                facts = own.setdefault(name, {k: [] for k in ("unvoiced", "voiced", "pauses", "onsets", "bands", "cents")})
                examine(x[:n], np.ascontiguousarray(y[:n]), facts)
        for name, facts in own.items():
            if name != "original":
                report_pitch(voice, name, facts["cents"])
            for key, values in facts.items():
                total.setdefault(name, {}).setdefault(key, []).extend(values)
    print("\n| | periodic: voiced | unvoiced | pauses, mean and p90 dB | 12 ms before onsets dB | eighths of 8 kHz dB |\n"
          "|---|---|---|---|---|---|")
    for name, t in total.items():
        print(f"| {name} | {np.mean(t['voiced']):.3f} | {np.mean(t['unvoiced']):.3f} | {np.mean(t['pauses']):+.1f}, "
              f"{np.percentile(t['pauses'], 90):+.1f} | {np.mean(t['onsets']):+.1f} | "
              + " ".join(f"{v:+.1f}" for v in np.mean(t["bands"], 0)) + " |")


if __name__ == "__main__":
    main()
