# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The default vocoder's features, network and synthesis in torch: models/vocoder_small.h in C."""

import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

RATE, N_FFT, HOP, N_MELS = 16000, 640, 160, 80
N_BINS = N_FFT // 2 + 1
LOOK_AHEAD = 1      # frames of mel that the network sees beyond the one it makes
MEL_FLOOR, MAG_FLOOR = 1e-5, 1e-3
MEL_MEAN, MEL_SCALE = -4.0, 0.4
DIM, HIDDEN, KERNEL, IN_KERNEL = 256, 512, 5, 5
DILATIONS = (1, 1, 2, 1, 2, 4)


class Bf16Product(torch.autograd.Function):
    """x w^T with operands rounded to bfloat16: eight times as fast where the processor has it"""

    @staticmethod
    def forward(ctx, x, w):
        a, b = x.reshape(-1, x.shape[-1]).bfloat16(), w.bfloat16()
        ctx.save_for_backward(a, b)
        return (a @ b.t()).float().reshape(*x.shape[:-1], w.shape[0])

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        g2 = g.reshape(-1, g.shape[-1]).bfloat16()
        return (g2 @ b).float().reshape(*g.shape[:-1], b.shape[1]), (g2.t() @ a).float()


class FastLinear(nn.Linear):
    def forward(self, x):
        if self.training:
            return Bf16Product.apply(x, self.weight) + self.bias
        return F.linear(x, self.weight, self.bias)


def mel_filters():
    """[N_BINS x N_MELS]: Slaney's scale and norm, 0 to 8 kHz, as torchaudio.functional.melscale_fbanks"""
    import torchaudio
    return torchaudio.functional.melscale_fbanks(N_BINS, 0.0, RATE / 2, N_MELS, RATE, "slaney",
                                                 "slaney")


WINDOW = torch.hann_window(N_FFT)
FILTERS = mel_filters()


def spectrum(x):
    """[... x n] -> [... x frames x N_BINS] complex: frame i is samples i HOP to i HOP + N_FFT"""
    return torch.fft.rfft(x.unfold(-1, N_FFT, HOP) * WINDOW)


def log_mel(bins):
    return (bins.abs() @ FILTERS).clamp(min=MEL_FLOOR).log()


class Block(nn.Module):
    def __init__(self, dilation):
        super().__init__()
        self.reach = (KERNEL - 1) * dilation
        self.depth = nn.Conv1d(DIM, DIM, KERNEL, dilation=dilation, groups=DIM)
        self.norm = nn.LayerNorm(DIM, eps=1e-5)
        self.up = FastLinear(DIM, HIDDEN)
        self.down = FastLinear(HIDDEN, DIM)
        nn.init.zeros_(self.down.bias)
        with torch.no_grad():
            self.down.weight *= 0.3

    def forward(self, x):
        y = F.pad(x.transpose(1, 2), (self.reach, 0))
        return x + self.down(F.silu(self.up(self.norm(self.depth(y).transpose(1, 2)))))


class Net(nn.Module):
    """Mel frames [B x T x N_MELS] -> log magnitude [B x T' x N_BINS] and the expected unit vectors
    of the phase's steps along time and along frequency [B x T' x N_BINS x 2] each; frame t of the
    output needs mel frames up to t + LOOK_AHEAD, and T' = T - LOOK_AHEAD"""

    def __init__(self):
        super().__init__()
        self.inner = FastLinear(IN_KERNEL * N_MELS, DIM)
        self.blocks = nn.ModuleList([Block(d) for d in DILATIONS])
        self.norm = nn.LayerNorm(DIM, eps=1e-5)
        self.skip = FastLinear(N_MELS, N_BINS)
        self.head = FastLinear(DIM, 5 * N_BINS)
        with torch.no_grad():
            peak = FILTERS.argmax(0).float()
            at = torch.searchsorted(peak, torch.arange(N_BINS).float()).clamp(1, N_MELS - 1)
            part = ((torch.arange(N_BINS) - peak[at - 1]) / (peak[at] - peak[at - 1])).clamp(0, 1)
            self.skip.weight.zero_()
            self.skip.weight[torch.arange(N_BINS), at - 1] = (1 - part) / MEL_SCALE
            self.skip.weight[torch.arange(N_BINS), at] += part / MEL_SCALE
            self.skip.bias.fill_(MEL_MEAN + math.log(RATE / N_FFT))
            self.head.weight *= 0.3

    def forward(self, mel):
        m = (mel - MEL_MEAN) * MEL_SCALE
        n = m.shape[1] - LOOK_AHEAD
        x = F.pad(m, (0, 0, IN_KERNEL - 1 - LOOK_AHEAD, 0)).unfold(1, IN_KERNEL, 1)
        x = self.inner(x.transpose(2, 3).reshape(m.shape[0], n, -1))
        for block in self.blocks:
            x = block(x)
        y = self.head(self.norm(x))
        mag = y[..., :N_BINS] + self.skip(m[:, :n])
        return mag, y[..., N_BINS:].reshape(*y.shape[:2], 2, 2, N_BINS)


QUARTER = torch.tensor([1, -1j, -1, 1j], dtype=torch.complex64)[torch.arange(N_BINS) % 4]


def phase_steps(bins):
    """Unit vectors [B x T - 1 x N_BINS] of the phase's steps along t (against a tone in the bin's middle)
    and along f (against a click in the window's middle; bin 0 has none), and their weights"""
    along_t = bins[:, 1:] * bins[:, :-1].conj() * QUARTER
    along_f = torch.zeros_like(along_t)
    along_f[..., 1:] = -bins[:, 1:, 1:] * bins[:, 1:, :-1].conj()
    return along_t, along_f
