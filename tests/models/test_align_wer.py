#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Forced alignment by trying all paths, edit distance by torchaudio, intervals by their definition."""

import ctypes
import itertools
import math
import random

from asr_oracle import LIB
from oracle import FLOAT, INT, PTR, SIZE, TEXT, U32, U64, declare, done, ok, seed_all, torch
from torchaudio.functional import edit_distance


class Span(ctypes.Structure):
    _fields_ = [("start", U32), ("end", U32), ("log_prob", FLOAT)]


class Wer(ctypes.Structure):
    _fields_ = [(n, U32) for n in ("n_words", "n_substitutions", "n_deletions", "n_insertions")]


class Interval(ctypes.Structure):
    _fields_ = [(n, ctypes.c_double) for n in ("rate", "low", "high")]


declare("align_ctc", INT, PTR, U32, U32, U32, PTR, U32, PTR, PTR, PTR)
declare("wer_compare", INT, TEXT, TEXT, PTR)
declare("wer_distance", INT, PTR, SIZE, PTR, SIZE, PTR)
declare("wer_rate", INT, PTR, SIZE, U32, U64, PTR)


def align(frames, blank, targets):
    frames = frames.contiguous()
    path, spans, score = (U32 * len(frames))(), (Span * max(1, len(targets)))(), FLOAT()
    status = LIB.pinna_align_ctc(frames.data_ptr(), *frames.shape, blank, (U32 * len(targets))(*targets), len(targets),
                                 path, spans, ctypes.byref(score))
    return status, list(path), [(s.start, s.end, s.log_prob) for s in spans[:len(targets)]], score.value


def collapse(path, blank):
    return [k for k, _ in itertools.groupby(path) if k != blank]


def merge_tokens(path, frames, blank):
    """As torchaudio 2.1: runs of equal tokens, blank left out, the mean of their scores."""
    spans, at = [], 0
    for token, group in itertools.groupby(path):
        n = len(list(group))
        if token != blank:
            spans.append((at, at + n, float(frames[at:at + n, token].mean())))
        at += n
    return spans


def test_align():
    wrong, worst, n_found, n_refused = 0, 0.0, 0, 0
    for _ in range(60):
        n_tokens, n_frames = random.randint(2, 4), random.randint(1, 6)
        blank = random.randrange(n_tokens)
        frames = torch.log_softmax(2.0 * torch.randn(n_frames, n_tokens), 1)
        targets = [random.choice([i for i in range(n_tokens) if i != blank]) for _ in range(random.randint(0, 4))]
        paths = [p for p in itertools.product(range(n_tokens), repeat=n_frames) if collapse(p, blank) == targets]
        status, path, spans, score = align(frames, blank, targets)
        if not paths:
            n_refused += 1
            wrong += status == 0
            continue
        n_found += 1
        best = max(sum(float(frames[t, k]) for t, k in enumerate(p)) for p in paths)
        own = sum(float(frames[t, k]) for t, k in enumerate(path))
        expected = merge_tokens(path, frames, blank)
        wrong += status != 0 or collapse(path, blank) != targets or [s[:2] for s in spans] != [e[:2] for e in expected]
        worst = max([worst, abs(score - best), abs(own - best)] + [abs(a[2] - b[2]) for a, b in zip(spans, expected)])
    ok(wrong == 0 and worst < 1e-5 and n_found and n_refused, f"alignment: {n_found} best paths of all, {n_refused} "
       f"impossible ones refused ({wrong} wrong), scores within {worst:.1e}")
    frames = torch.log_softmax(torch.randn(5, 3), 1)
    ok(all(align(frames, 0, t)[0] != 0 for t in ([0], [3], [1] * 4)), "blank, unknown and too many targets are refused")
    frames[2] = float("nan")
    ok(align(frames, 0, [1])[0] != 0, "frames that are no number are refused")


def test_distance():
    wrong, n = 0, 200
    for _ in range(n):
        a, b = ([random.randrange(4) for _ in range(random.randint(0, 12))] for _ in range(2))
        distance, wer = U32(), Wer()
        LIB.pinna_wer_distance((U32 * len(a))(*a), len(a), (U32 * len(b))(*b), len(b), ctypes.byref(distance))
        texts = ["  ".join(f"w{i}" for i in s) + random.choice(("", " ", "\n")) for s in (a, b)]
        LIB.pinna_wer_compare(texts[0].encode(), texts[1].encode(), ctypes.byref(wer))
        changes = wer.n_substitutions + wer.n_deletions + wer.n_insertions
        expected = edit_distance(a, b)
        wrong += not (distance.value == changes == expected and wer.n_words == len(a) and
                      len(b) - len(a) == wer.n_insertions - wer.n_deletions)
    ok(wrong == 0, f"edit distance: torchaudio's in {n} pairs, kinds of changes add up ({wrong} wrong)")


def test_interval():
    # Each utterance has 10 words of which each is wrong with probability p: the interval is binomial
    n, p = 400, 0.1
    wers = (Wer * n)(*[Wer(10, sum(random.random() < p for _ in range(10)), 0, 0) for _ in range(n)])
    found, again = Interval(), Interval()
    LIB.pinna_wer_rate(wers, n, 2000, 7, ctypes.byref(found))
    rate = sum(w.n_substitutions for w in wers) / (10 * n)
    spread = 1.96 * math.sqrt(p * (1 - p) / (10 * n))
    near_binomial = all(abs(abs(x - rate) - spread) < 0.35 * spread for x in (found.low, found.high))
    ok(abs(found.rate - rate) < 1e-12 and found.low < rate < found.high and near_binomial,
       f"rate {found.rate:.4f}, 95 % interval {found.low:.4f} to {found.high:.4f}, theory +- {spread:.4f}")
    LIB.pinna_wer_rate(wers, n, 2000, 7, ctypes.byref(again))
    ok(bytes(found) == bytes(again), "the same seed gives the same interval")
    LIB.pinna_wer_rate(wers, 0, 10, 7, ctypes.byref(again))
    ok(again.rate == again.low == again.high == 0.0, "no utterances, no errors")


def main():
    seed_all()
    test_align()
    test_distance()
    test_interval()
    done()


main()
