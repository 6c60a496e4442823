#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""HiFi-GAN against torch in turns, and all vocoders against real time: one thread, processor time, best of rounds."""

import ctypes
import os
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../nn"))

from oracle import INT, LIB, PTR, TEXT, U32, Error, declare, done, ok, opened, save_safetensors, torch  # noqa: E402
from hifigan_oracle import random_generator  # noqa: E402
from vocoder_oracle import Features, Vocoder  # noqa: E402

N_FRAMES, N_ROUNDS = 172, 5  # 2 s of HiFi-GAN
GATES = {1: (None, None), 2: (None, 1.0), 3: (1.5, 1.0)}  # times torch, times real time with live chunks


class Config(ctypes.Structure):
    _fields_ = [("weights", PTR), ("device", TEXT), ("n_frames", U32), ("features", Features)]


declare("hifigan_open", INT, PTR, PTR, PTR)
declare("hifigan_close", None, PTR)
declare("hifigan_vocoder", Vocoder, PTR)
declare("vocoder_small_open", INT, PTR, PTR, TEXT, PTR)
declare("vocoder_small_close", None, PTR)
declare("vocoder_small_vocoder", Vocoder, PTR)


def seconds(call):
    before = time.process_time()
    call()
    return time.process_time() - before


def hifigan(path, n_frames):
    _, weights, _ = opened(path)
    handle, error = PTR(), Error()
    status = LIB.pinna_hifigan_open(ctypes.byref(handle), ctypes.byref(Config(weights, b"cpu", n_frames, Features())),
                                    ctypes.byref(error))
    assert status == 0, error.text
    LIB.pinna_weights_free(weights)
    return handle, LIB.pinna_hifigan_vocoder(handle)


def compare(version, folder):
    net = random_generator(version)
    net.eval()
    path = os.path.join(folder, "net.safetensors")
    save_safetensors(net.state_dict(), path)
    mel = torch.randn(N_FRAMES, 80) - 4.0
    whole, live = hifigan(path, 43), hifigan(path, 4)
    calls = {"torch": lambda: net(mel.t()[None]), "whole": lambda: whole[1].run(mel), "live": lambda: live[1].run(mel)}
    best = dict.fromkeys(calls, 1e9)
    for _ in range(2 if version == 1 else N_ROUNDS):
        for name, call in calls.items():
            best[name] = min(best[name], seconds(call))
    sound = N_FRAMES * 256 / 22050
    times, real = best["torch"] / best["whole"], sound / best["live"]
    gate, least = GATES[version]
    text = (f"HiFi-GAN V{version}: {times:.2f} times torch, {sound / best['whole']:.2f} times real time, "
            f"{real:.2f} in chunks of 4 frames (torch {sound / best['torch']:.2f})")
    ok((gate is None or times >= gate) and (least is None or real >= least), text)
    for handle, _ in (whole, live):
        LIB.pinna_hifigan_close(handle)


def small():
    handle, error = PTR(), Error()
    assert LIB.pinna_vocoder_small_open(ctypes.byref(handle), None, b"cpu", ctypes.byref(error)) == 0, error.text
    vocoder = LIB.pinna_vocoder_small_vocoder(handle)
    mel = torch.randn(200, 80) - 4.0
    share = 100.0 * min(seconds(lambda: vocoder.run(mel)) for _ in range(8)) / 2.0
    ok(share <= 5.0, f"our own: {share:.2f} % of a core, at most 5 %")
    LIB.pinna_vocoder_small_close(handle)


def main():
    with tempfile.TemporaryDirectory() as folder:
        small()
        for version in (3, 2, 1):
            compare(version, folder)
    done()


main()
