#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Train the mask of `denoise` that is built into the library: models/weights/denoise_mask.safetensors.

usage: /usr/bin/python3 tools/train/denoise_mask.py --out models/weights/denoise_mask.safetensors

Held out, never trained on: Russian, the last 21 clips of LJ Speech, takes 0 to 9 of the digits; typing on a keyboard,
all recorded noise (../shared/data/noise), the music pieces HELD_MUSIC, babble of Russian talkers. Rooms, noises and
mixtures are made while training; a mixture is a sum of spectra, equalised there."""

import pathlib
import subprocess

import numpy as np
import torch

import common
import mask_net
import sounds

BATCH, FRAMES = 24, 200
MIXES = 3  # batches of the same talkers and noises, mixed and coloured anew
N = (FRAMES + 1) * mask_net.HOP
HELD_LANGUAGE = "ru"
HELD_MUSIC = ("manolo_camp-morning_coffee", "macroform-robot_dity")
FLITE = ("awb", "rms", "slt")
PIECE = 20 * common.RATE
KINDS = {"coloured": 5, "white": 1, "pink": 1, "hum": 2, "rumble": 2, "clicks": 1, "tune": 2, "music": 2, "babble": 8}


def spoken(voice, texts, work):
    """Sentences by one of flite's voices (Debian's package flite)."""
    folder = pathlib.Path(work) / f"flite_{voice}"
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{i}.wav" for i in range(len(texts))]
    for path, text in zip(paths, texts):
        if not path.exists():
            subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True)
    return common.decode(paths, f"{folder}.npz")


class Speech:
    """Trained-on voices, each at several pitches, drawn with weights that make up for how much there is of each."""

    def __init__(self, work, rng):
        voices = {lang: [c.sound for c in common.asterisk(lang, work)]
                  for lang in common.LANGUAGES if lang != HELD_LANGUAGE}
        lj = common.ljspeech(work)[:-21]
        voices["lj"] = [c.sound for c in lj]
        for clip in common.fsdd(work):
            if int(clip.name.split("_")[2]) >= 10:
                voices.setdefault(clip.speaker, []).append(clip.sound)
        texts = [c.text for c in lj] + [c.text for c in common.asterisk("en", work) if len(c.text) > 40]
        for i, voice in enumerate(FLITE):
            voices[voice] = spoken(voice, texts[i::len(FLITE)], work)
        weights = {"it": 2.5, "es": 1.5, "fr": 1.5, "en": 1.5, "lj": 1.5, **dict.fromkeys(FLITE, 1.0)}
        self.voices, self.weights = {}, []
        for name, clips in voices.items():
            for factor in (1.0, 0.84, 1.18) if name in weights else (1.0,):
                f = factor * rng.uniform(0.96, 1.04) if factor != 1.0 else 1.0
                self.voices[f"{name}{factor}"] = [
                    c if f == 1.0 else sounds.faster(c, f).clip(-32767, 32767).astype(np.int16) for c in clips]
                self.weights.append(weights.get(name, 0.2))
        self.names, self.weights = list(self.voices), np.array(self.weights) / sum(self.weights)

    def draw(self, rng):
        """One talker, sometimes two in turns."""
        clips = self.voices[self.names[rng.choice(len(self.names), p=self.weights)]]
        if rng.random() < 0.1:
            clips = clips[:50] + self.voices[self.names[rng.choice(len(self.names), p=self.weights)]][:50]
        return sounds.speech(clips, N, rng, rng.choice([0.1, 0.4, 1.0]))


class Noise:
    """Pieces of 20 s by kind, one of which is made anew for every batch."""

    def __init__(self, work, speech, rooms, rng, n_pieces=24):
        self.speech, self.rooms = speech, rooms
        self.music = {name: x for name, x in common.music(work).items() if name not in HELD_MUSIC}
        self.kinds, self.weights = list(KINDS), np.array(list(KINDS.values())) / sum(KINDS.values())
        self.pieces = {kind: [self.make(kind, rng) for _ in range(n_pieces)] for kind in KINDS}

    def make(self, kind, rng):
        if kind == "babble":
            x = sounds.babble(self.speech.voices, PIECE, rng)
        elif kind == "music":
            names = sorted(self.music)
            x = sounds.stretch(self.music[names[rng.integers(len(names))]], PIECE, rng)
            x = sounds.faster(x, rng.choice([0.5, 0.67, 0.8, 1.0, 1.2])) if rng.random() < 0.8 else x  # 8 kHz: widen
            x = np.resize(x, PIECE)
        else:
            x = getattr(sounds, kind)(PIECE, rng)
        if kind in ("babble", "music", "tune", "clicks") and rng.random() < 0.5:
            x = sounds.reverberate(x, self.rooms[rng.integers(len(self.rooms))])
        return (x / (np.abs(x).max() + 1e-9) * 32000).astype(np.int16)

    def refresh(self, rng):
        kind = self.kinds[rng.choice(len(self.kinds), p=self.weights)]
        self.pieces[kind][rng.integers(len(self.pieces[kind]))] = self.make(kind, rng)

    def draw(self, rng):
        x = np.zeros(N, np.float32)
        for _ in range(1 + (rng.random() < 0.25)):
            pieces = self.pieces[self.kinds[rng.choice(len(self.kinds), p=self.weights)]]
            y = sounds.stretch(pieces[rng.integers(len(pieces))], N, rng)
            x += y / (sounds.rms(y) + 1e-9) * np.exp(rng.normal(0, 0.5))
        return x


def colours(rng, bands):
    """A smooth equaliser for each of the batch [batch x 1 x 257], some with an upper end (telephones, codecs)."""
    points = rng.normal(0, 0.35, (BATCH, 8)) * rng.random((BATCH, 1)) * 2
    at = np.log(1 + np.arange(mask_net.N_BINS) / 4) / np.log(1 + 64.01) * 7
    low = at.astype(int)
    gain = np.exp(points[:, low] * (1 - at + low) + points[:, low + 1 - (low == 7)] * (at - low))
    for i in np.flatnonzero(rng.random(BATCH) < bands):
        gain[i] *= 1 / (1 + np.exp((np.arange(mask_net.N_BINS) - rng.uniform(100, 250)) / 2.0))
    return torch.from_numpy(gain[:, None].astype(np.float32))


def talk(speech, noise, rooms, rng):
    """Spectra of talkers and of noises, each scaled to level 1: what several batches are mixed from."""
    clean, other = np.zeros((BATCH, N), np.float32), np.zeros((BATCH, N), np.float32)
    for i in range(BATCH):
        x = speech.draw(rng)
        x = sounds.reverberate(x, rooms[rng.integers(len(rooms))]) if rng.random() < 0.35 else x
        y = noise.draw(rng)
        clean[i] = x / max(sounds.active_rms(x), 0.01)
        other[i] = y / sounds.rms(y)
    return mask_net.spectra(torch.from_numpy(clean)), mask_net.spectra(torch.from_numpy(other))


def batch(talkers, noises, rng):
    """(power of the mixture, power of the speech, real part of their product) [batch x t x 257], and who speaks."""
    def column(values):
        return torch.from_numpy(np.asarray(values, np.float32))[:, None, None]
    special = rng.random(BATCH)  # some noise alone, some clean speech
    snr = np.where(special > 0.97, 45.0, rng.uniform(-6, 17, BATCH))
    level = 10 ** (rng.uniform(-42, -8, BATCH) / 20)
    s = talkers * column(level * (special > 0.03)) * colours(rng, 0.08)
    s[..., :2] = 0  # nobody speaks below 45 Hz; what recordings have there is noise
    y = noises.roll(int(rng.integers(BATCH)), 0) * column(level * 10 ** (-snr / 20)) * colours(rng, 0.15)
    for i in np.flatnonzero(rng.random(BATCH) < 0.05):  # a stream that starts with digital silence
        first = rng.integers(5, 90)
        s[i, :first], y[i, :first] = 0, 0
    x = s + y
    wanted = s.abs() ** 2
    loud = wanted.mean((1, 2)) > 0.01 * torch.from_numpy(level.astype(np.float32)) ** 2
    return x.abs() ** 2, wanted, (s.conj() * x).real, loud


def losses(logit, power, wanted, product, has_speech):
    """Compressed magnitudes, speech taken away counts 2.5 times; and SI-SDR, whose sums Parseval lets us take in bins."""
    gain = torch.sigmoid(logit)
    scale = 1 / power.mean((1, 2), keepdim=True)
    got = (gain.square() * power * scale + 1e-5) ** 0.15
    want = (wanted * scale + 1e-5) ** 0.15
    error = got - want
    compressed = (error.square() * torch.where(error < 0, 2.5, 1.0)).mean()
    along = (gain * product).sum((1, 2)).square() / (wanted.sum((1, 2)) + 1e-9)
    rest = (gain.square() * power).sum((1, 2)) - along
    si_sdr = 10 * torch.log10((along + 1e-9) / (rest.clamp(min=0) + 1e-3 * along + 1e-9))
    return compressed, si_sdr[has_speech].mean()


def write(path, net, run, seed):
    tensors = {name: t.detach().to(torch.float16).numpy() for name, t in net.state_dict().items()}
    common.save_safetensors(path, tensors, {
        "architecture": "pinna-mask-1", "rate": common.RATE,
        "n_fft": mask_net.N_FFT, "hop_length": mask_net.HOP, "licence": "GPL-3.0-or-later",
        "recipe": "tools/train/denoise_mask.py", "seed": seed, "steps": run.steps, "minutes": round(run.spent_s / 60)})


def main():
    options = common.arguments(__doc__, 80.0).parse_args()
    rng = common.begin(options)
    rooms = [sounds.room(rng) for _ in range(150)]
    speech = Speech(options.work, rng)
    noise = Noise(options.work, speech, rooms, rng)
    net = mask_net.MaskNet()
    print(f"{sum(p.numel() for p in net.parameters())} weights, {mask_net.N_BANDS} bands, {len(speech.names)} voices", flush=True)
    optimiser = torch.optim.Adam(net.parameters(), 2e-3, betas=(0.9, 0.98))
    run = common.Run(f"{options.work}/denoise_mask.pt", {"net": net, "optimiser": optimiser}, rng, options.minutes)
    state, drawn = (None, None), None
    while run.going():
        rate = 2e-3 * min(1.0, (run.steps + 1) / 100) * (0.02 + 0.98 * (1 - run.part_done()) ** 1.3)
        for group in optimiser.param_groups:
            group["lr"] = rate
        if run.steps % MIXES == 0 or not drawn:
            noise.refresh(rng)
            drawn = talk(speech, noise, rooms, rng)
        power, wanted, product, has_speech = batch(*drawn, rng)
        logit, last = net(*mask_net.features(power), state)
        compressed, si_sdr = losses(logit, power, wanted, product, has_speech)
        optimiser.zero_grad()
        (10 * compressed - 0.1 * si_sdr).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        # Every other batch begins in the middle of another stream, whose end the network remembers
        state = tuple(s.detach().roll(1, 1) for s in last) if rng.random() < 0.5 else (None, None)
        run.step(compressed=compressed, si_sdr=si_sdr)
    if options.out:
        write(options.out, net, run, options.seed)


if __name__ == "__main__":
    main()
