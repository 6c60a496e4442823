#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Train the mask of `denoise` that is built into the library: models/weights/denoise_mask.safetensors.

usage: /usr/bin/python3 tools/train/denoise_mask.py --out models/weights/denoise_mask.safetensors [--start WEIGHTS]

Two stages: FIRST_MINUTES learn what speech is, with a loss that spares it; then the gain is made what `denoise` is judged
by, SI-SDR and a short-time intelligibility that must not fall below the mixture's. --start begins the second stage with
the weights of a first. A second process makes the mixtures; what is written is a running mean of the weights.

Held out, never trained on: Russian, the last 21 clips of LJ Speech, takes 0 to 9 of the digits; typing on a keyboard,
all recorded noise (../shared/data/noise), the music pieces HELD_MUSIC, babble of Russian talkers. Rooms, noises and
mixtures are made while training; a mixture is a sum of spectra, equalised there."""

import os
import pathlib
import subprocess
import unicodedata

import numpy as np
import torch
import torch.multiprocessing

import common
import mask_net
import sounds

BATCH, FRAMES = 24, 200
MIXES = 2  # batches of the same talkers and noises, mixed and coloured anew
N = (FRAMES + 1) * mask_net.HOP
HELD_LANGUAGE = "ru"
HELD_MUSIC = ("manolo_camp-morning_coffee", "macroform-robot_dity")
FLITE = ("awb", "rms", "slt")
FSDD = ("george", "jackson", "lucas", "nicolas", "yweweler")
PIECE = 20 * common.RATE
FIRST_MINUTES, SECOND_MINUTES = 80.0, 90.0
LEAST_GAIN = 0.05  # deeper than this counts for nothing: `denoise` uses 26 dB of the mask
KEEP = 0.999  # of the running mean, a step
KINDS = {"coloured": 4, "white": 2, "pink": 1, "hum": 1, "rumble": 2, "clicks": 1, "tune": 2, "music": 3, "babble": 10,
         "engine": 1, "flutter": 1}


def spoken(voice, texts, work):
    """Sentences by one of flite's voices (Debian's package flite)."""
    folder = pathlib.Path(work) / f"flite_{voice}"
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{i}.wav" for i in range(len(texts))]
    for path, text in zip(paths, texts):
        if not path.exists():
            subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True)
    return common.decode(paths, f"{folder}.npz")


#: Recorded people behind festival's diphones, mostly men, and who reads to them: the prompts of which language
FESTIVAL = {"kal_diphone": "en", "ked_diphone": "en", "lp_diphone": "it", "pc_diphone": "it", "czech_krb": "it", "czech_machac": "it",
            "czech_ph": "it", "czech_dita": "it", "hy_fi_mv_diphone": "it", "suo_fi_lj_diphone": "it"}


def diphones(voice, texts, work):
    """Sentences by one of festival's voices; accents are dropped, what it makes of foreign words is speech as well."""
    folder = pathlib.Path(work) / f"festival_{voice}"
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{i}.wav" for i in range(len(texts))]
    if not paths[-1].exists():
        plain = [unicodedata.normalize("NFD", t).encode("ascii", "ignore").decode() for t in texts]
        plain = ["".join(c for c in t if c.isalpha() or c in " ,.") for t in plain]
        script = [f"(voice_{voice})"] + [f'(utt.save.wave (utt.synth (Utterance Text "{t}")) "{path}" \'riff)'
                                         for t, path in zip(plain, paths)]
        (folder / "say.scm").write_text("\n".join(script))
        subprocess.run(["festival", "-b", str(folder / "say.scm")], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C"})
    return common.decode([p for p in paths if p.exists()], f"{folder}.npz")


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
        for voice, language in FESTIVAL.items():
            prompts = [c.text for c in common.asterisk(language, work) if 30 < len(c.text) < 150]
            voices[voice] = diphones(voice, prompts[:60], work)
        for clip in common.words_abroad(work, (HELD_LANGUAGE, "uk")):
            voices.setdefault(clip.speaker, []).append(clip.sound)
        weights = {"it": 2.5, "es": 1.5, "fr": 1.5, "en": 1.5, "lj": 1.5, **dict.fromkeys(FLITE, 1.0), **dict.fromkeys(FESTIVAL, 0.5)}
        self.voices, self.weights = {}, []
        for name, clips in voices.items():
            for factor in (1.0, 0.84, 1.18) if weights.get(name, 0) >= 1 else (1.0,):
                f = factor * rng.uniform(0.96, 1.04) if factor != 1.0 else 1.0
                self.voices[f"{name}{factor}"] = [
                    c if f == 1.0 else sounds.faster(c, f).clip(-32767, 32767).astype(np.int16) for c in clips]
                self.weights.append(weights.get(name, 1.0 if name in FSDD else 0.1))
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
            x = sounds.babble(self.speech.voices, PIECE, rng, rng.integers(2, 9))
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
        """Noise, and the least SNR at which it is clear who is meant: other voices are not louder than the talker."""
        x, least = np.zeros(N, np.float32), -6.0
        for _ in range(1 + (rng.random() < 0.25)):
            kind = self.kinds[rng.choice(len(self.kinds), p=self.weights)]
            pieces = self.pieces[kind]
            y = sounds.stretch(pieces[rng.integers(len(pieces))], N, rng)
            x += y / (sounds.rms(y) + 1e-9) * np.exp(rng.normal(0, 0.5))
            least = 0.0 if kind == "babble" else least
        return x, least


def colours(rng, bands):
    """A smooth equaliser for each of the batch [batch x 1 x 257], some with an upper end (telephones, codecs)."""
    points = rng.normal(0, 0.35, (BATCH, 8)) * rng.random((BATCH, 1)) * 2
    at = np.log(1 + np.arange(mask_net.N_BINS) / 4) / np.log(1 + 64.01) * 7
    low = at.astype(int)
    gain = np.exp(points[:, low] * (1 - at + low) + points[:, low + 1 - (low == 7)] * (at - low))
    for i in np.flatnonzero(rng.random(BATCH) < bands):
        gain[i] *= 1 / (1 + np.exp((np.arange(mask_net.N_BINS) - rng.uniform(100, 250)) / 2.0))
    return torch.from_numpy(gain[:, None].astype(np.float32))


def bands_of_speech():
    """[257 x 15]: thirds of an octave from 150 Hz, as STOI's (Taal et al., IEEE TASL 19(7), 2011)."""
    hz = np.arange(mask_net.N_BINS) * common.RATE / mask_net.N_FFT
    low = 150 * 2 ** (np.arange(15) / 3 - 1 / 6)
    return torch.from_numpy(((hz[:, None] >= low) & (hz[:, None] < low * 2 ** (1 / 3))).astype(np.float32))


def talk(speech, noise, rooms, rng):
    """Spectra of talkers and of noises, each scaled to level 1: what several batches are mixed from; and least SNRs."""
    clean, other, least = np.zeros((BATCH, N), np.float32), np.zeros((BATCH, N), np.float32), np.zeros(BATCH)
    for i in range(BATCH):
        x = speech.draw(rng)
        x = sounds.reverberate(x, rooms[rng.integers(len(rooms))]) if rng.random() < 0.35 else x
        y, least[i] = noise.draw(rng)
        clean[i] = x / max(sounds.active_rms(x), 0.01)
        other[i] = y / sounds.rms(y)
    return mask_net.spectra(torch.from_numpy(clean)), mask_net.spectra(torch.from_numpy(other)), least


def batch(talkers, noises, least, rng):
    """(power of the mixture, power of the speech, real part of their product) [batch x t x 257], and who speaks."""
    def column(values):
        return torch.from_numpy(np.asarray(values, np.float32))[:, None, None]
    special = rng.random(BATCH)  # some noise alone, some clean speech
    shift = int(rng.integers(BATCH))
    snr = np.where(special > 0.95, rng.uniform(20, 45, BATCH), rng.uniform(np.roll(least, shift), 17))
    level = 10 ** (rng.uniform(-42, -8, BATCH) / 20)
    s = talkers * column(level * (special > 0.03)) * colours(rng, 0.08)
    narrow = torch.from_numpy((rng.random(BATCH) < 0.45)[:, None, None])  # telephones: nothing above 4 kHz in either
    s[..., :2] = 0  # nobody speaks below 45 Hz; what recordings have there is noise
    y = noises.roll(shift, 0) * column(level * 10 ** (-snr / 20)) * colours(rng, 0.15)
    s[..., 126:].masked_fill_(narrow, 0)
    y[..., 126:].masked_fill_(narrow, 0)
    for i in np.flatnonzero(rng.random(BATCH) < 0.05):  # a stream that starts with digital silence
        first = rng.integers(5, 90)
        s[i, :first], y[i, :first] = 0, 0
    x = s + y
    wanted = s.abs() ** 2
    loud = wanted.mean((1, 2)) > 0.01 * torch.from_numpy(level.astype(np.float32)) ** 2
    return x.abs() ** 2, wanted, (s.conj() * x).real, loud


def si_sdr_of(gain, power, wanted, product):
    """Parseval lets us take its sums in bins."""
    along = (gain * product).sum((1, 2)).square() / (wanted.sum((1, 2)) + 1e-9)
    rest = (gain.square() * power).sum((1, 2)) - along
    return 10 * torch.log10((along + 1e-9) / (rest.clamp(min=0) + 1e-3 * along + 1e-9))


def intelligibility(power, wanted, bands, n=24, hop=6):
    """[batch]: STOI in our frames, 0.4 s at a time: how envelopes of bands go along with those of the clean speech."""
    answers = []
    for got, want in zip((power @ bands + 1e-10).sqrt(), (wanted @ bands + 1e-10).sqrt()):
        level = want.square().sum(1)
        kept = level > 1e-4 * level.max()
        if kept.sum() < n:
            kept[:] = True
        x, y = want[kept].unfold(0, n, hop), got[kept].unfold(0, n, hop)
        y = y * x.norm(dim=-1, keepdim=True) / (y.norm(dim=-1, keepdim=True) + 1e-9)
        y = torch.minimum(y, x * 6.6)
        x, y = x - x.mean(-1, keepdim=True), y - y.mean(-1, keepdim=True)
        answers.append(((x * y).sum(-1) / (x.norm(dim=-1) * y.norm(dim=-1) + 1e-9)).mean())
    return torch.stack(answers)


def compress(power):
    """Its eighth root: three square roots cost a tenth of a power."""
    return (power + 1e-5).sqrt().sqrt().sqrt()


def losses(logit, power, wanted, product, has_speech, is_second, bands=bands_of_speech()):
    """What to minimise, and what to tell: compressed magnitudes, speech taken away counts 2.5 times; SI-SDR; and in the
    second stage intelligibility, what it lost against the mixture counting more."""
    gain = torch.sigmoid(logit)
    scale = 1 / power.mean((1, 2), keepdim=True)
    error = compress(gain.square() * power * scale) - compress(wanted * scale)
    compressed = (error.square() * torch.where(error < 0, 2.5, 1.0)).mean()
    limited = gain.clamp(min=LEAST_GAIN) if is_second else gain
    si_sdr = si_sdr_of(limited, power, wanted, product)[has_speech].mean()
    if not is_second:
        return 10 * compressed - 0.1 * si_sdr, {"compressed": compressed, "si_sdr": si_sdr}
    has = has_speech & (wanted.mean((1, 2)) * scale[:, 0, 0] > 0.05)
    scaled = (power * scale)[has], (wanted * scale)[has]
    after = intelligibility(limited[has].square() * scaled[0], scaled[1], bands)
    lost = (intelligibility(*scaled, bands) - after).clamp(min=-0.002)
    loss = 4 * compressed - 0.2 * si_sdr + 5 * (1 - after).mean() + 40 * lost.mean()
    return loss, {"compressed": compressed, "si_sdr": si_sdr, "stoi": after.mean(), "lost": lost.clamp(min=0).mean()}


@torch.no_grad()
def produce(queue, speech, noise, rooms, seed):
    """The other process: batches as losses() and the network want them, without end."""
    rng, n = np.random.default_rng(seed), 0
    while True:
        if n % MIXES == 0:
            noise.refresh(rng)
            drawn = talk(speech, noise, rooms, rng)
        made = batch(*drawn, rng)
        queue.put((mask_net.features(made[0]), made))
        n += 1


class Mean:
    """A running mean of a network's weights, short at first."""

    def __init__(self, net):
        self.net, self.n, self.kept = net, 0, {k: v.clone() for k, v in net.state_dict().items()}

    def step(self):
        self.n += 1
        keep = min(KEEP, self.n / (self.n + 9))
        for name, value in self.net.state_dict().items():
            self.kept[name].mul_(keep).add_(value, alpha=1 - keep)

    def state_dict(self):
        return {"n": self.n, "kept": self.kept}

    def load_state_dict(self, state):
        self.n, self.kept = state["n"], state["kept"]


def write(path, mean, run, seed):
    tensors = {name: t.to(torch.float16).numpy() for name, t in mean.kept.items()}
    common.save_safetensors(path, tensors, {
        "architecture": "pinna-mask-1", "rate": common.RATE,
        "n_fft": mask_net.N_FFT, "hop_length": mask_net.HOP, "licence": "GPL-3.0-or-later",
        "recipe": "tools/train/denoise_mask.py", "seed": seed, "steps": run.steps, "minutes": round(run.spent_s / 60)})


def main():
    parser = common.arguments(__doc__, FIRST_MINUTES + SECOND_MINUTES)
    parser.add_argument("--start", help="weights of a first stage: --minutes then count from its end")
    options = parser.parse_args()
    rng = common.begin(options)
    rooms = [sounds.room(rng) for _ in range(150)]
    speech = Speech(options.work, rng)
    noise = Noise(options.work, speech, rooms, rng)
    net = mask_net.MaskNet()
    first_s = 0.0 if options.start else 60 * FIRST_MINUTES
    if options.start:
        tensors, _ = common.load_safetensors(options.start)
        net.load_state_dict({name: torch.from_numpy(t.astype(np.float32)) for name, t in tensors.items()})
    print(f"{sum(p.numel() for p in net.parameters())} weights, {mask_net.N_BANDS} bands, {len(speech.names)} voices", flush=True)
    optimiser = torch.optim.Adam(net.parameters(), 2e-3, betas=(0.9, 0.98))
    mean = Mean(net)
    parts = {"net": net, "optimiser": optimiser, "mean": mean}
    run = common.Run(f"{options.work}/denoise_mask.pt", parts, rng, options.minutes)
    queue = torch.multiprocessing.get_context("fork").Queue(4)
    torch.multiprocessing.get_context("fork").Process(
        target=produce, args=(queue, speech, noise, rooms, [options.seed, run.steps]), daemon=True).start()
    state = None, None
    while run.going():
        is_second = run.spent_s >= first_s
        part = (run.spent_s - first_s * is_second) / ((run.limit_s - first_s) if is_second else min(first_s, run.limit_s))
        rate = (1e-3 if is_second else 2e-3) * min(1.0, (run.steps + 1) / 100) * (0.02 + 0.98 * max(0.0, 1 - part) ** 1.3)
        for group in optimiser.param_groups:
            group["lr"] = rate
        features, (power, wanted, product, has_speech) = queue.get()
        logit, last = net(*features, state)
        loss, told = losses(logit, power, wanted, product, has_speech, is_second)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        mean.step()
        # Every other batch begins in the middle of another stream, whose end the network remembers
        state = tuple(s.detach().roll(1, 1) for s in last) if rng.random() < 0.5 else (None, None)
        run.step(**told)
    if options.out:
        write(options.out, mean, run, options.seed)


if __name__ == "__main__":
    main()
