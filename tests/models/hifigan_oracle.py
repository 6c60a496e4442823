# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""HiFi-GAN's generator in torch, from the paper (Kong, Kim & Bae 2020, section 2.2 and appendix A.1)."""

import torch
import torch.nn.functional as F
from torch import nn

CONFIGS = {1: dict(channels=512, rates=(8, 8, 2, 2), kernels=(16, 16, 4, 4), blocks=(3, 7, 11),
                   dilations=((1, 3, 5),) * 3, pairs=True),
           2: dict(channels=128, rates=(8, 8, 2, 2), kernels=(16, 16, 4, 4), blocks=(3, 7, 11),
                   dilations=((1, 3, 5),) * 3, pairs=True),
           3: dict(channels=256, rates=(8, 8, 4), kernels=(16, 16, 8), blocks=(3, 5, 7),
                   dilations=((1, 2), (2, 6), (3, 12)), pairs=False)}
SLOPE = 0.1


def same(channels, kernel, dilation=1):
    return nn.Conv1d(channels, channels, kernel, dilation=dilation, padding=dilation * (kernel - 1) // 2)


class Block(nn.Module):
    def __init__(self, channels, kernel, dilations, pairs):
        super().__init__()
        first = nn.ModuleList(same(channels, kernel, d) for d in dilations)
        if pairs:
            self.convs1, self.convs2 = first, nn.ModuleList(same(channels, kernel) for _ in dilations)
        else:
            self.convs = first

    def forward(self, x):
        if hasattr(self, "convs"):
            for conv in self.convs:
                x = x + conv(F.leaky_relu(x, SLOPE))
        else:
            for one, two in zip(self.convs1, self.convs2):
                x = x + two(F.leaky_relu(one(F.leaky_relu(x, SLOPE)), SLOPE))
        return x


class Generator(nn.Module):
    """Mel [B x 80 x T] -> samples [B x 1 x 256 T]"""

    def __init__(self, channels, rates, kernels, blocks, dilations, pairs):
        super().__init__()
        self.conv_pre = nn.Conv1d(80, channels, 7, padding=3)
        widths = [channels >> i for i in range(len(rates) + 1)]
        self.ups = nn.ModuleList(nn.ConvTranspose1d(a, b, k, u, padding=(k - u) // 2)
                                 for a, b, k, u in zip(widths, widths[1:], kernels, rates))
        self.resblocks = nn.ModuleList(Block(w, k, d, pairs) for w in widths[1:] for k, d in zip(blocks, dilations))
        self.conv_post = nn.Conv1d(widths[-1], 1, 7, padding=3)
        self.n_side = len(blocks)

    def forward(self, x):
        x = self.conv_pre(x)
        for i, up in enumerate(self.ups):
            x = up(F.leaky_relu(x, SLOPE))
            x = sum(b(x) for b in self.resblocks[i * self.n_side:(i + 1) * self.n_side]) / self.n_side
        return torch.tanh(self.conv_post(F.leaky_relu(x)))


def random_generator(version):
    """Weights for which every layer keeps the level and the output is neither 0 nor limited"""
    net = Generator(**CONFIGS[version])
    for name, w in net.named_parameters():
        if name.endswith("bias"):
            w.data.normal_(0, 0.1)
        elif name.startswith("resblocks"):
            w.data.normal_(0, 0.5 / (w[0].numel()) ** 0.5)
        elif name.startswith("ups"):
            i = int(name.split(".")[1])
            w.data.normal_(0, (CONFIGS[version]["rates"][i] / (w.shape[0] * w.shape[2])) ** 0.5)
        else:
            w.data.normal_(0, (0.1 if name.startswith("conv_post") else 1.0) / (w[0].numel()) ** 0.5)
    return net
