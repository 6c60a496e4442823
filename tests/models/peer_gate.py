#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our processor time as a part of TorchAudio's, in turns, one thread each: best of as many rounds as it needs."""

import time

from oracle import ok


def has_openblas():
    """Debian's own BLAS is a third as quick as OpenBLAS, which may stand in for it."""
    with open("/proc/self/maps", encoding="ascii") as maps:
        return "openblas" in maps.read()


def gate(text, ours, peer, rounds=40):
    """@param ours name -> (call, greatest part of the peer's time with Debian's BLAS, and with OpenBLAS)"""
    fast = has_openblas()
    limits = {name: limit[fast] for name, (_, *limit) in ours.items()}
    calls = {**{name: call for name, (call, *_) in ours.items()}, "TorchAudio's": peer}
    best = dict.fromkeys(calls, 1e9)
    for i in range(rounds):
        for name, call in calls.items():
            start = time.thread_time()
            call()
            best[name] = min(best[name], time.thread_time() - start)
        if i >= 9 and all(best[name] <= limit * best["TorchAudio's"] for name, limit in limits.items()):
            break
    whole = best["TorchAudio's"]
    for name, limit in limits.items():
        ok(best[name] <= limit * whole, f"{text}, {name}: {best[name] * 1e3:.1f} ms, TorchAudio's {whole * 1e3:.1f} ms with "
           f"{'OpenBLAS' if fast else 'its own BLAS'}: {best[name] / whole:.3f}, at most {limit}")
