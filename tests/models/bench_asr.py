#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time of the built-in recogniser, decoder and all, per second of speech: one core, the best of several rounds."""

import ctypes
import os
import sys
import time

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, ".."), os.path.join(HERE, "../../tools/train")]

import common  # noqa: E402
from asr_recogniser import RATE, Recogniser  # noqa: E402
from tap import finish, ok  # noqa: E402

MOST = 0.01


def main():
    clips = sorted((common.shared() / "data/fsdd").glob("?_*_1.wav"))
    if not clips:
        print("1..0 # SKIP no recorded voices")
        return
    sound = np.concatenate([np.pad(s.astype(np.float32) / 32768, RATE // 8) for s in common.ffmpeg(clips)])
    asr = Recogniser(ctypes.CDLL(sys.argv[1]), os.environ.get("PINNA_ASR_MODEL"))
    if asr.status:
        ok(False, f"opens {asr.message}")
        finish()
    rounds = []
    for _ in range(7):
        begun = time.process_time()
        asr.hear(sound, block=1280)
        rounds.append((time.process_time() - begun) / (len(sound) / RATE))
    ok(min(rounds) <= MOST, f"{min(rounds):.5f} of real time for {len(sound) / RATE:.0f} s of digits "
       f"(worst round {max(rounds):.5f}), at most {MOST}")
    asr.close()
    finish()


main()
