# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""models/vocoder.h and models/vocoder_mel.h for Python."""

import ctypes

from oracle import FLOAT, INT, LIB, PTR, U32, declare, torch
from plan_oracle import BUILD


class Features(ctypes.Structure):
    _fields_ = [("sample_rate", U32), ("n_fft", U32), ("win_length", U32), ("hop_length", U32), ("n_mels", U32),
                ("f_min", FLOAT), ("f_max", FLOAT), ("floor", FLOAT), ("epsilon", FLOAT)]


RUN, RESET = ctypes.CFUNCTYPE(None, PTR, PTR, U32, PTR), ctypes.CFUNCTYPE(None, PTR)


class Vocoder(ctypes.Structure):
    _fields_ = [("handle", PTR), ("features", Features), ("latency", U32), ("macs", ctypes.c_double), ("run_", RUN),
                ("reset_", RESET)]

    def run(self, mel, cuts=()):
        """[n_frames x n_mels] -> [n_frames * hop], in pieces of the given lengths, then the rest"""
        mel = mel.contiguous().float()
        out = torch.empty(len(mel) * self.features.hop_length)
        at = 0
        for n in list(cuts) + [len(mel)]:
            n = min(n, len(mel) - at)
            self.run_(self.handle, mel.data_ptr() + at * mel.shape[1] * 4, n,
                      out.data_ptr() + at * self.features.hop_length * 4)
            at += n
        return out

    def reset(self):
        self.reset_(self.handle)


declare("vocoder_mel_init", INT, PTR, PTR, PTR)
declare("vocoder_mel_run", None, PTR, PTR, PTR)
declare("vocoder_mel_reset", None, PTR)


class Mel:
    def __init__(self, features):
        @BUILD
        def call(out, arena, config):
            return LIB.pinna_vocoder_mel_init(PTR(out), PTR(arena), PTR(config))

        self.features, self.memory, self.handle = features, PTR(), PTR()
        self.status = LIB.pinna_arena_build(ctypes.byref(self.memory), ctypes.byref(self.handle), call,
                                            ctypes.byref(features))

    def run(self, x):
        hop = self.features.hop_length
        x = x.contiguous().float()
        out = torch.empty(len(x) // hop, self.features.n_mels)
        for i in range(len(out)):
            LIB.pinna_vocoder_mel_run(self.handle, x.data_ptr() + i * hop * 4, out[i].data_ptr())
        return out

    def reset(self):
        LIB.pinna_vocoder_mel_reset(self.handle)

    def free(self):
        LIB.pinna_arena_free(self.memory)
