# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Made noise, rooms and mixing for the training recipes: float32 at 16 kHz, numpy only, every draw from one rng."""

import numpy as np
from scipy import signal

from common import RATE


def rms(x):
    return float(np.sqrt(np.mean(np.square(x, dtype=np.float64)) + 1e-20))


def shaped(n, gain, rng, least_hz=20.0):
    """White noise of n samples with an amplitude for each frequency: gain(hz), hz at least `least_hz`."""
    spectrum = np.fft.rfft(rng.standard_normal(n).astype(np.float32))
    spectrum *= gain(np.maximum(np.fft.rfftfreq(n, 1 / RATE), least_hz))
    x = np.fft.irfft(spectrum, n).astype(np.float32)
    return x / rms(x)


def coloured(n, rng):
    """A tilt of -9 to +3 dB per octave, some broad humps, sometimes slowly waxing and waning."""
    tilt = rng.uniform(-1.5, 0.5)
    humps = [(np.log(rng.uniform(100, 7000)), rng.uniform(0.1, 0.8), rng.uniform(-1.0, 2.5)) for _ in range(rng.integers(5))]

    def gain(hz):
        log_gain = tilt * np.log(hz / 1000)
        for at, width, height in humps:
            log_gain = log_gain + height * np.exp(-0.5 * ((np.log(hz) - at) / width) ** 2)
        return np.exp(log_gain)
    x = shaped(n, gain, rng)
    return x * waves(n, rng) if rng.random() < 0.4 else x


def white(n, rng):
    return rng.standard_normal(n).astype(np.float32)


def pink(n, rng):
    return shaped(n, lambda hz: hz ** -0.5, rng)


def rumble(n, rng):
    """What reaches a microphone's lowest octaves: wind, steps, knocks on the table, in swells and bursts."""
    top, slope = np.exp(rng.uniform(np.log(12), np.log(150))), rng.uniform(2, 6)
    x = shaped(n, lambda hz: 1 / (1 + (hz / top) ** slope), rng, 5.0)
    swell = np.exp(rng.uniform(0.3, 1.5) * np.interp(
        np.arange(n), np.arange(0, n + 4000, 4000), rng.standard_normal(len(np.arange(0, n + 4000, 4000)))))
    return x * swell.astype(np.float32) + 10 ** rng.uniform(-3, -1) * coloured(n, rng)


def waves(n, rng):
    """A slow random gain around 1: up to +-10 dB, 0.1 to 4 s long."""
    step = int(RATE * rng.uniform(0.1, 4.0))
    points = rng.normal(0.0, rng.uniform(0.1, 0.6), n // step + 3)
    return np.exp(np.interp(np.arange(n) / step, np.arange(len(points)), points)).astype(np.float32)


def hum(n, rng):
    """Mains with harmonics, or a fan: tones that drift a little, in some coloured noise."""
    t = np.cumsum(1 + 0.003 * np.interp(np.arange(n), np.linspace(0, n, 9), rng.standard_normal(9))) / RATE
    base = rng.choice([50.0, 60.0, rng.uniform(40, 400)])
    x = np.zeros(n, np.float32)
    for k in range(1, rng.integers(3, 30)):
        if k * base < 7500:
            x += (np.sin(2 * np.pi * (k * base * t + rng.random())) * rng.exponential() / k ** 0.7).astype(np.float32)
    return x / rms(x) + rng.uniform(0.05, 0.7) * coloured(n, rng)


def engine(n, rng):
    """Something that turns: harmonics whose pitch wanders, and noise in time with them."""
    steps = np.cumsum(rng.normal(0, 0.03, n // 1600 + 2))
    base = rng.uniform(15, 120) * np.exp(np.interp(np.arange(n) / 1600, np.arange(len(steps)), steps))
    phase = 2 * np.pi * np.cumsum(base) / RATE
    x = sum(np.sin(k * phase + 6 * rng.random()) * rng.exponential() / k ** 0.5 for k in range(1, 25)).astype(np.float32)
    puffs = coloured(n, rng) * (1 + rng.uniform(0.2, 0.95) * np.sin(phase * rng.choice([0.5, 1, 2]))).astype(np.float32)
    return x / rms(x) + rng.uniform(0.2, 2.0) * puffs


def flutter(n, rng):
    """Applause, rain, leaves: bands of noise, each beating by itself 2 to 30 times a second."""
    x, edges = np.zeros(n, np.float32), 100 * 2 ** np.arange(0, 7)
    for low in edges:
        y = shaped(n, lambda hz: ((hz >= low) & (hz < 2 * low)) / np.sqrt(hz), rng)
        rate = rng.uniform(2, 30)
        points = rng.exponential(size=int(n / RATE * rate) + 2) ** rng.uniform(0.3, 1.5)
        x += (y * rng.exponential() * np.interp(np.arange(n) / RATE * rate, np.arange(len(points)), points)).astype(np.float32)
    return x / rms(x)


def clicks(n, rng):
    """Short decaying bursts, alone or in showers: crackle, rain, something dropped."""
    x = np.zeros(n, np.float32)
    for at in rng.integers(0, n, rng.poisson(n / RATE * np.exp(rng.uniform(np.log(1), np.log(60)))) + 1):
        length = int(RATE * np.exp(rng.uniform(np.log(0.001), np.log(0.08))))
        burst = rng.standard_normal(4 * length) * np.exp(-np.arange(4 * length) / length) * rng.exponential()
        if rng.random() < 0.5:
            burst *= np.sin(2 * np.pi * rng.uniform(200, 6000) * np.arange(4 * length) / RATE)
        stop = min(n, at + 4 * length)
        x[at:stop] += burst[:stop - at]
    return x / rms(x) + 0.03 * coloured(n, rng)


def keyboard(n, rng):
    """Typing: 3 to 9 keys a second, each a press of two knocks and a softer release, the same few resonances."""
    x = np.zeros(n + RATE, np.float32)
    modes = [(rng.uniform(300, 6500), rng.uniform(0.002, 0.012), rng.uniform(0.2, 1)) for _ in range(6)]
    t = np.arange(RATE // 10) / RATE

    def knock(gain):
        body = sum(a * np.exp(-t / d) * np.sin(2 * np.pi * f * rng.uniform(0.97, 1.03) * t) for f, d, a in modes)
        return gain * (body + 0.7 * rng.standard_normal(len(t)) * np.exp(-t / 0.004))
    at = 0.0
    while at < n / RATE:
        for delay, gain in ((0, rng.uniform(0.4, 1)), (rng.uniform(0.004, 0.015), rng.uniform(0.3, 1)),
                            (rng.uniform(0.06, 0.13), rng.uniform(0.1, 0.4))):
            i = int((at + delay) * RATE)
            x[i:i + len(t)] += knock(gain)
        at += rng.gamma(3, 1 / rng.uniform(9, 27)) + (rng.uniform(0.3, 1.2) if rng.random() < 0.08 else 0)
    return x[:n] / rms(x[:n]) + 0.01 * pink(n, rng)


def tune(n, rng):
    """Made music: chords of harmonic notes with envelopes, a bass, drums."""
    beat = rng.uniform(0.25, 0.7)
    scale = 110 * 2 ** (rng.uniform(0, 1) + np.array([0, 2, 4, 5, 7, 9, 11, 12, 14, 16, 19, 21]) / 12)
    x = np.zeros(n + 4 * RATE, np.float32)
    rolloff, decay, attack = rng.uniform(0.6, 2.5), rng.uniform(0.1, 1.5), rng.uniform(0.003, 0.1)
    for i in range(int(n / RATE / beat)):
        at = int(i * beat * RATE)
        for _ in range(rng.integers(0, 4)):
            f, length = rng.choice(scale) * rng.choice([0.5, 1, 1, 2]), int(RATE * beat * rng.choice([1, 1, 2, 4]))
            t = np.arange(length) / RATE
            note = sum(np.sin(2 * np.pi * k * f * t + 6 * rng.random()) / k ** rolloff for k in range(1, 16) if k * f < 7500)
            x[at:at + length] += note * np.exp(-t / decay) * np.minimum(1, t / attack) * np.minimum(1, t[::-1] / 0.02)
        if rng.random() < 0.5:
            length = int(RATE * rng.uniform(0.02, 0.2))
            x[at:at + 3 * length] += rng.exponential() * rng.standard_normal(3 * length) * np.exp(-np.arange(3 * length) / length)
    return x[:n] / rms(x[:n])


def stretch(sound, n, rng):
    """n samples of a sound from anywhere in it, repeated if it is too short."""
    if len(sound) < n + 1:
        sound = np.tile(sound, n // max(1, len(sound)) + 2)
    at = rng.integers(0, len(sound) - n)
    return sound[at:at + n].astype(np.float32)


def speech(clips, n, rng, gap_s=0.4):
    """n samples of clips behind each other, with gaps, scaled to about the same level each."""
    x, at = np.zeros(n, np.float32), -int(rng.uniform(0, 2 * RATE))
    while at < n:
        clip = clips[rng.integers(len(clips))].astype(np.float32)
        clip = clip / (rms(clip) + 1e-9)
        first, stop = max(0, -at), min(len(clip), n - at)
        if stop > first:
            x[at + first:at + stop] = clip[first:stop]
        at += len(clip) + int(RATE * rng.exponential(gap_s))
    return x


def faster(sound, factor):
    """Played faster: pitch and formants rise by the factor, near enough another speaker."""
    up, down = 100, int(round(100 * factor))
    return signal.resample_poly(sound.astype(np.float32), up, down).astype(np.float32)


def babble(clips, n, rng, talkers=None):
    """Several at once, not all equally loud. clips: sounds by speaker name."""
    names = list(clips)
    x = np.zeros(n, np.float32)
    for _ in range(talkers or rng.integers(3, 12)):
        x += speech(clips[names[rng.integers(len(names))]], n, rng, 0.2) * np.exp(rng.normal(0, 0.35))
    return x / rms(x)


def room(rng, rt60=None):
    """The response of a shoebox by image sources (Allen and Berkley 1979), whose direct path is 1 at sample 0."""
    size = np.array([rng.uniform(2.5, 9), rng.uniform(2.5, 7), rng.uniform(2.2, 4)])
    rt60 = rt60 or rng.uniform(0.1, 0.7)
    volume, surface = size.prod(), 2 * (size[0] * size[1] + size[1] * size[2] + size[0] * size[2])
    reflection = np.sqrt(max(0.0, 1 - min(0.95, 0.161 * volume / (surface * rt60))))
    source, ear = rng.uniform(0.15, 0.85, 3) * size, rng.uniform(0.15, 0.85, 3) * size
    n = int(RATE * min(0.6, rt60))
    reach = np.ceil(343 * n / RATE / (2 * size)).astype(int).clip(max=14)
    axes = []
    for k in range(3):
        m = np.arange(-reach[k], reach[k] + 1)
        axes.append((np.concatenate([2 * m * size[k] + source[k], 2 * m * size[k] - source[k]]) - ear[k],
                     np.concatenate([np.abs(2 * m), np.abs(2 * m - 1)])))
    distance = np.sqrt(axes[0][0][:, None, None] ** 2 + axes[1][0][:, None] ** 2 + axes[2][0] ** 2).ravel()
    bounces = (axes[0][1][:, None, None] + axes[1][1][:, None] + axes[2][1]).ravel()
    direct = np.linalg.norm(source - ear)
    delay = (distance - direct) * RATE / 343
    keep = (delay >= 0) & (delay < n - 1)
    delay, gain = delay[keep], direct / distance[keep] * reflection ** bounces[keep]
    h, whole = np.zeros(n, np.float32), delay.astype(int)
    np.add.at(h, whole, (gain * (1 - delay + whole)).astype(np.float32))
    np.add.at(h, whole + 1, (gain * (delay - whole)).astype(np.float32))
    return h


def reverberate(x, response):
    """Through a room, as long as before."""
    return signal.fftconvolve(x, response)[:len(x)].astype(np.float32)


def active_rms(x):
    """Level of the 20 ms frames within 35 dB of the loudest: speech without its pauses."""
    level = np.square(x[:len(x) // 320 * 320].reshape(-1, 320)).mean(1)
    return float(np.sqrt(level[level >= level.max() * 10 ** -3.5].mean() + 1e-20)) if len(level) else 1e-10


def mix(clean, noise, snr_db):
    """Noise scaled to this SNR against the active speech; add it to `clean`."""
    return noise * (active_rms(clean) / rms(noise) * 10 ** (-snr_db / 20))
