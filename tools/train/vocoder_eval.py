# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The default vocoder and Griffin-Lim (32 iterations, from the same mel frames) on voices held out:

    /usr/bin/python3 tools/train/vocoder_eval.py --work build/train --library build/libpinna.so

Prints the table of models/weights/vocoder_small.md; with --pictures FOLDER it also draws one sentence of each
language. What is judged is the library: the weights that are built in, streamed.
"""

import argparse
import ctypes
import os
import struct
import zlib

import numpy as np
import torch
import torchaudio

from vocoder_data import HELD_OUT, LANGUAGES, RATE, load
from vocoder_net import FILTERS, HOP, N_FFT, N_MELS, log_mel, spectrum

PTR, U32 = ctypes.c_void_p, ctypes.c_uint32
NAMES = ("STOI", "MCD dB", "LSD dB", "STFT loss", "F0 cents", "voicing %")


class Features(ctypes.Structure):
    _fields_ = [(n, U32) for n in ("sample_rate", "n_fft", "win_length", "hop_length", "n_mels")] \
        + [(n, ctypes.c_float) for n in ("f_min", "f_max", "floor", "epsilon")]


class Vocoder(ctypes.Structure):
    _fields_ = [("handle", PTR), ("features", Features), ("latency", U32), ("macs", ctypes.c_double),
                ("run", ctypes.CFUNCTYPE(None, PTR, PTR, U32, PTR)), ("reset", ctypes.CFUNCTYPE(None, PTR))]


def pointer(x):
    return x.ctypes.data_as(PTR)


class Library:
    def __init__(self, path):
        self.lib = ctypes.CDLL(os.path.abspath(path))
        self.lib.pinna_vocoder_small_vocoder.restype = Vocoder
        self.lib.pinna_vocoder_small_vocoder.argtypes = [PTR]
        handle = PTR()
        if self.lib.pinna_vocoder_small_open(ctypes.byref(handle), None, b"cpu", None):
            raise SystemExit("no vocoder in this library")
        self.vocoder = self.lib.pinna_vocoder_small_vocoder(handle)

    def resynthesise(self, x):
        """As long as x, in its place"""
        late = self.vocoder.latency
        padded = torch.nn.functional.pad(torch.from_numpy(x), (N_FFT - HOP, late + HOP))
        mel = np.ascontiguousarray(log_mel(spectrum(padded)).numpy())
        out = np.empty(len(mel) * HOP, np.float32)
        self.vocoder.reset(self.vocoder.handle)
        self.vocoder.run(self.vocoder.handle, pointer(mel), len(mel), pointer(out))
        return out[late:late + len(x)]

    def score(self, x, y):
        scores = np.zeros(6)
        if self.lib.pinna_resynthesis_score(pointer(scores), pointer(x), pointer(y), ctypes.c_size_t(len(x)), U32(RATE)):
            raise SystemExit("too short")
        return scores * (1, 1, 1, 1, 1, 100)


def griffin_lim(x):
    """torchaudio's, bins by least squares from the bands"""
    mel = log_mel(spectrum(torch.nn.functional.pad(torch.from_numpy(x), (N_FFT // 2, N_FFT))))
    bins = (mel.exp().double() @ torch.linalg.pinv(FILTERS.T.double()).T).clamp(min=0).float()
    torch.manual_seed(0)
    back = torchaudio.transforms.GriffinLim(N_FFT, hop_length=HOP, n_iter=32, power=1.0)
    return np.ascontiguousarray(back(bins.T).numpy()[:len(x)])


def sentences(voice, work, n):
    """Held-out sounds of 1.5 s or more; short ones are joined in the order of their names"""
    found, some = [], []
    for clip in load(voice, work)[1]:
        some.append(clip)
        if sum(len(c) for c in some) >= 2 * RATE:
            found.append(np.concatenate(some).astype(np.float32) / 32768)
            some = []
    step = max(1, len(found) // n)
    return [x[:12 * RATE] for x in found[::step][:n]]


def draw(path, sounds):
    """Spectrograms of some sounds below each other, 8 kHz high: a palette PNG, white between them"""
    pictures = []
    for x in sounds:
        bins = np.fft.rfft(np.lib.stride_tricks.sliding_window_view(x, 512)[::80] * np.hanning(512))[:, :256]
        level = 20 * np.log10(np.abs(bins.T[::-1]) + 1e-4)
        level = level.reshape(128, 2, -1).mean(1)
        pictures += [np.clip((level + 45) / 75 * 24, 0, 24).round().astype(np.uint8), np.full((6, level.shape[1]), 25, np.uint8)]
    rows = np.concatenate(pictures[:-1])
    t = np.arange(25) / 24  # More colours would make a large file
    palette = np.stack([np.clip(1.6 * t, 0, 1), np.clip(1.8 * t - 0.7, 0, 1), np.clip(0.55 * np.sin(3.6 * t) + (t > 0.8) *
                       (t - 0.8) * 4, 0, 1)], 1) * 255
    palette = np.concatenate([palette.astype(np.uint8), np.full((1, 3), 255, np.uint8)])

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    raw = np.concatenate([np.zeros((len(rows), 1), np.uint8), rows], 1).tobytes()
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", rows.shape[1], len(rows), 8, 3, 0, 0, 0))
                + chunk(b"PLTE", palette.tobytes()) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b""))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--work", required=True)
    p.add_argument("--library", required=True)
    p.add_argument("--clips", type=int, default=12)
    p.add_argument("--pictures")
    args = p.parse_args()
    torch.set_num_threads(1)
    library = Library(args.library)
    print("| held out | sentences | | " + " | ".join(NAMES) + " |\n|---|---|---" + "|---" * len(NAMES) + "|")
    for voice in list(LANGUAGES) + ["ljspeech", "fsdd"]:
        some = sentences(voice, args.work, args.clips)
        rows = {"ours": [], "Griffin-Lim": []}
        for i, x in enumerate(some):
            made = {"ours": library.resynthesise(x), "Griffin-Lim": griffin_lim(x)}
            for name, y in made.items():
                n = min(len(x), len(y))
                rows[name].append(library.score(np.ascontiguousarray(x[:n]), np.ascontiguousarray(y[:n])))
            if args.pictures and i == 1 and voice in ("ru", "it"):
                draw(os.path.join(args.pictures, f"vocoder_{voice}.png"),
                     [y[:4 * RATE] for y in (x, made["ours"], made["Griffin-Lim"])])
        what = "all of it" if voice in HELD_OUT else "sentences"
        for name, r in rows.items():
            mean = np.nanmean(r, 0)
            print(f"| {voice}, {what} | {len(r)} | {name} | " + " | ".join(
                f"{v:.3f}" if k in (0, 3) else f"{v:.2f}" if k < 3 else f"{v:.1f}" for k, v in enumerate(mean)) + " |",
                flush=True)


if __name__ == "__main__":
    main()
