# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""GTCRN in torch, built from its paper and its checkpoint's names: whole files, double precision."""

import torch

nn, F = torch.nn, torch.nn.functional


def spread(x):
    """Sub-band features: each channel's left neighbour, itself, right neighbour. [b, c, t, f]"""
    left, right = F.pad(x, (1, 0))[..., :-1], F.pad(x, (0, 1))[..., 1:]
    return torch.stack([left, x, right], 2).flatten(1, 2)


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.att_gru = nn.GRU(c, 2 * c, batch_first=True)
        self.att_fc = nn.Linear(2 * c, c)

    def forward(self, x):
        gain = torch.sigmoid(self.att_fc(self.att_gru((x ** 2).mean(-1).mT)[0]))
        return x * gain.mT[..., None]


class Strided(nn.Module):
    def __init__(self, c_in, c_out, groups, up, last):
        super().__init__()
        self.conv = (nn.ConvTranspose2d if up else nn.Conv2d)(c_in, c_out, (1, 5), (1, 2), (0, 2), groups=groups)
        self.bn = nn.BatchNorm2d(c_out)
        self.act = nn.Tanh() if last else nn.PReLU()

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))


class Temporal(nn.Module):
    def __init__(self, dilation, up):
        super().__init__()
        kind = nn.ConvTranspose2d if up else nn.Conv2d
        self.reach = 2 * dilation
        self.point_conv1, self.point_bn1, self.point_act = kind(24, 16, 1), nn.BatchNorm2d(16), nn.PReLU()
        self.depth_conv = kind(16, 16, 3, 1, (self.reach if up else 0, 1), dilation=(dilation, 1), groups=16)
        self.depth_bn, self.depth_act = nn.BatchNorm2d(16), nn.PReLU()
        self.point_conv2, self.point_bn2 = kind(16, 8, 1), nn.BatchNorm2d(8)
        self.tra = Attention(8)

    def forward(self, x):
        h = self.point_act(self.point_bn1(self.point_conv1(spread(x[:, :8]))))
        h = self.depth_act(self.depth_bn(self.depth_conv(F.pad(h, (0, 0, self.reach, 0)))))
        h = self.tra(self.point_bn2(self.point_conv2(h)))
        return torch.stack([h, x[:, 8:]], 2).flatten(1, 2)


class Grouped(nn.Module):
    def __init__(self, hidden, both_ways):
        super().__init__()
        self.rnn1 = nn.GRU(8, hidden, batch_first=True, bidirectional=both_ways)
        self.rnn2 = nn.GRU(8, hidden, batch_first=True, bidirectional=both_ways)

    def forward(self, x):
        return torch.cat([self.rnn1(x[..., :8])[0], self.rnn2(x[..., 8:])[0]], -1)


class Paths(nn.Module):
    def __init__(self):
        super().__init__()
        self.intra_rnn, self.intra_fc, self.intra_ln = Grouped(4, True), nn.Linear(16, 16), nn.LayerNorm((33, 16), 1e-8)
        self.inter_rnn, self.inter_fc, self.inter_ln = Grouped(8, False), nn.Linear(16, 16), nn.LayerNorm((33, 16), 1e-8)

    def forward(self, x):
        x = x[0].permute(1, 2, 0)  # [t, f, c]
        x = x + self.intra_ln(self.intra_fc(self.intra_rnn(x)))
        x = x + self.inter_ln(self.inter_fc(self.inter_rnn(x.transpose(0, 1))).transpose(0, 1))
        return x.permute(2, 0, 1)[None]


class Gtcrn(nn.Module):
    def __init__(self):
        super().__init__()
        self.erb = nn.ModuleDict({"erb_fc": nn.Linear(192, 64, bias=False), "ierb_fc": nn.Linear(64, 192, bias=False)})
        self.encoder = nn.ModuleDict({"en_convs": nn.ModuleList(
            [Strided(9, 16, 1, False, False), Strided(16, 16, 2, False, False)]
            + [Temporal(d, False) for d in (1, 2, 5)])})
        self.dpgrnn1, self.dpgrnn2 = Paths(), Paths()
        self.decoder = nn.ModuleDict({"de_convs": nn.ModuleList(
            [Temporal(d, True) for d in (5, 2, 1)]
            + [Strided(16, 16, 2, True, False), Strided(16, 2, 1, True, True)])})

    def forward(self, spectra):
        """Complex [257, t] to the same, enhanced."""
        x = torch.stack([(spectra.abs() ** 2 + 1e-12).sqrt(), spectra.real, spectra.imag])[None].mT
        x = spread(torch.cat([x[..., :65], self.erb["erb_fc"](x[..., 65:])], -1))
        kept = []
        for layer in self.encoder["en_convs"]:
            x = layer(x)
            kept.append(x)
        x = self.dpgrnn2(self.dpgrnn1(x))
        for layer in self.decoder["de_convs"]:
            x = layer(x + kept.pop())
        mask = torch.cat([x[..., :65], self.erb["ierb_fc"](x[..., 65:])], -1)[0].mT
        return spectra * torch.complex(mask[0], mask[1])
