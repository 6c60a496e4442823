# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The embedded mask: features of a spectrum, the network, the gain of each bin. models/mask.h is the same in C.

Frames of 512 every 256 at 16 kHz under the root of a Hann window. Everything the network sees is a difference of
logarithms, so that neither the level nor a fixed equaliser changes the mask. The network answers in bands; what happens
inside a band comes from each bin's own level over its surroundings and over its own noise floor."""

import torch

N_FFT, HOP, N_BINS = 512, 256, 257
HIDDEN = 160
FLOOR = 1e-8        # under every power, full scale is 1
SMOOTH = 0.2        # of the logarithms, a frame
RISE = 0.022        # of a noise floor in nepers of power, a frame
MEAN = 0.016        # of a band's mean level, a frame
GLOBAL = 0.008      # of the whole level, a frame


def centres():
    """Band centres in bins: each one below 48, then ever farther apart."""
    k = [0]
    while k[-1] < N_BINS - 1:
        k.append(min(N_BINS - 1, k[-1] + max(1, k[-1] // 24)))
    return k


CENTRES = centres()
N_BANDS = len(CENTRES)


def triangles():
    """[bins x bands]: how a bin divides itself among its two nearest centres; rows add up to 1."""
    t = torch.zeros(N_BINS, N_BANDS)
    for b in range(N_BANDS - 1):
        first, last = CENTRES[b], CENTRES[b + 1]
        for k in range(first, last + 1):
            t[k, b + 1] = (k - first) / (last - first)
            t[k, b] = 1 - t[k, b + 1]
    return t


def track_floor(levels):
    """(smoothed, floor) of log levels [batch x t x n]: the floor follows down at once, up at RISE."""
    smooth = floor = levels[:, 0]
    smoothed, floors = [smooth], [floor]
    for t in range(1, levels.shape[1]):
        smooth = smooth + SMOOTH * (levels[:, t] - smooth)
        floor = torch.minimum(smooth, floor + RISE)
        smoothed.append(smooth)
        floors.append(floor)
    return torch.stack(smoothed, 1), torch.stack(floors, 1)


def track_mean(levels, rate):
    mean, means = levels[:, 0], [levels[:, 0]]
    for t in range(1, levels.shape[1]):
        mean = mean + rate * (levels[:, t] - mean)
        means.append(mean)
    return torch.stack(means, 1)


@torch.no_grad()
def features(power, bands=triangles()):
    """power [batch x t x 257] to (network input [.. x 3 bands], three local features [.. x 257])."""
    level = torch.log(power + FLOOR)
    band = torch.log(power @ (bands / bands.sum(0)) + FLOOR)
    smooth, floor = track_floor(level)
    band_floor = track_floor(band)[1]
    whole = track_mean(band.mean(-1, keepdim=True), GLOBAL)
    seen = torch.cat([(band - band_floor) / 5, (band - track_mean(band, MEAN)) / 3, (band - whole) / 4], -1)
    around = band @ bands.T
    local = (level - around) / 2, (smooth - around) / 2, (level - floor) / 5
    return seen.clamp(-4, 4), [x.clamp(-4, 4) for x in local]


class MaskNet(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.enter = torch.nn.Linear(3 * N_BANDS, HIDDEN)
        self.gru1 = torch.nn.GRU(HIDDEN, HIDDEN, batch_first=True)
        self.gru2 = torch.nn.GRU(HIDDEN, HIDDEN, batch_first=True)
        self.leave = torch.nn.Linear(HIDDEN, 4 * N_BANDS)
        self.register_buffer("spread", triangles().T.contiguous(), persistent=False)

    def forward(self, seen, local, state=(None, None)):
        """(gain before the sigmoid [batch x t x 257], state of the two GRUs)"""
        x = torch.relu(self.enter(seen))
        a, state1 = self.gru1(x, state[0])
        b, state2 = self.gru2(a, state[1])
        logit, *weights = [part @ self.spread for part in self.leave(a + b).chunk(4, -1)]
        for weight, x in zip(weights, local):
            logit = torch.addcmul(logit, weight, x)
        return logit, (state1, state2)


WINDOW = torch.hann_window(N_FFT).sqrt()


def spectra(sound):
    """[batch x n] to complex [batch x t x 257]; the first frame ends at sample 512."""
    return torch.stft(sound, N_FFT, HOP, window=WINDOW, center=False, return_complex=True).transpose(1, 2)


@torch.no_grad()
def enhance(net, sound):
    """One sound [n], as a stream that starts from nothing; not delayed."""
    padded = torch.nn.functional.pad(sound[None], (HOP, N_FFT))
    x = spectra(padded)
    gain = torch.sigmoid(net(*features(x.abs() ** 2))[0])
    y = torch.fft.irfft(x * gain, N_FFT) * WINDOW
    out = torch.nn.functional.fold(y.mT, (1, HOP * (y.shape[1] - 1) + N_FFT), (1, N_FFT), stride=(1, HOP))
    return out[0, 0, 0, HOP:HOP + len(sound)]
