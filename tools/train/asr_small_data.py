# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Material of the small recogniser: mel energies of all voices, kept in memory, and batches made of them.

Mixing, rooms, filters, gains and warps of the frequency axis are applied to mel energies, not to sound: a batch costs
a tenth of the network's own time."""

import collections
import multiprocessing
import pathlib
import pickle

import numpy as np
import torch
import torchaudio.compliance.kaldi as kaldi
from scipy import signal

import asr_small_voices as voices
import asr_small_words as words
import common
import sounds

N_MELS, LOW, HIGH = 64, 60.0, 7600.0
FLOOR, MEAN, SCALE = 1000.0, 13.0, 0.25  # x = (ln(energy + FLOOR) - MEAN) * SCALE, samples in +-32768
SHARDS, SHARD = 20, 300

#: `mel`: ln(energy + 1) as float16 [n_frames x N_MELS]
Said = collections.namedtuple("Said", "name speaker words mel")


def energies(sound):
    """Kaldi's mel filter bank of float32 samples in +-32768: 25 ms every 10 ms, with pre-emphasis and Povey's window."""
    wave = torch.from_numpy(np.ascontiguousarray(sound, np.float32))[None]
    return kaldi.fbank(wave, num_mel_bins=N_MELS, low_freq=LOW, high_freq=HIGH, sample_frequency=16000.0, dither=0.0,
                       use_log_fbank=False).numpy()


def kept(sound):
    return np.log1p(energies(sound)).astype(np.float16)


def feature(energy):
    return ((np.log(energy + FLOOR) - MEAN) * SCALE).astype(np.float32)


def level(sound):
    """Of the 20 ms frames within 35 dB of the loudest."""
    p = np.square(sound[:len(sound) // 320 * 320].reshape(-1, 320)).mean(1)
    return float(np.sqrt(p[p > p.max() * 10 ** -3.5].mean() + 1e-9))


def prepared(sound):
    """Without silence at the ends (30 ms around what is within 40 dB), at -21 dB."""
    sound = common.trimmed(sound.astype(np.float32), -40.0, 0.03)
    return sound * (3000.0 / level(sound))


def shard(job):
    """One file of synthetic speech; made once."""
    work, index, seed, follow, vocabulary = job
    path = pathlib.Path(work) / f"said_{index:02d}.npz"
    if path.exists():
        return path
    torch.set_num_threads(1)
    rng = np.random.default_rng([seed, 77, index])
    rows = [words.sentence(rng, follow, vocabulary) for _ in range(SHARD)]
    mels = [kept(prepared(s)) for s in voices.say(rows, rng)]
    partial = path.with_suffix(".partial.npz")
    np.savez(partial, text=np.array([" ".join(r) for r in rows]), ends=np.cumsum([len(m) for m in mels]), mel=np.concatenate(mels))
    partial.replace(path)
    return path


def synthetic(work, seed, follow, vocabulary, processes):
    jobs = [(work, i, seed, follow, vocabulary) for i in range(SHARDS)]
    said = []
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        for done, path in enumerate(pool.imap(shard, jobs), 1):
            with np.load(path) as z:
                mels = np.split(z["mel"], z["ends"][:-1])
                said += [Said("", "tts", str(t).split(), m) for t, m in zip(z["text"], mels)]
            print(f"synthetic speech: {done} of {SHARDS}", flush=True)
    return said


def copies(clip, text, factors):
    """A recording at several speeds: pitch and formants move along."""
    sound = prepared(clip.sound)
    return [Said(clip.name, clip.speaker, text, kept(voices.resampled(sound, 16000, f))) for f in factors]


def once(work, name, make):
    """What make() gives, from a file after the first time."""
    path = pathlib.Path(work) / f"{name}.pickle"
    if not path.exists():
        partial = path.with_suffix(".partial")
        partial.write_bytes(pickle.dumps(make(), protocol=4))
        partial.replace(path)
    return pickle.loads(path.read_bytes())


class Material:
    """Everything that is trained on, by kind, and what is kept back."""

    def __init__(self, options):
        self.work = options.work
        prompts = [(c, words.words_of(c.text)) for c in common.asterisk("en", self.work)]
        self.dictionary = words.dictionary()
        self.vocabulary = sorted({w for _, row in prompts for w in row} | set(words.DIGITS))
        self.held = [(c, row) for c, row in prompts if words.held_out(row)]
        train = [(c, row) for c, row in prompts if row and not words.held_out(row)]
        self.sentences = [row for _, row in train]
        spoken = [w for w in self.vocabulary if w not in words.UNSPOKEN]
        self.said = synthetic(self.work, options.seed, words.followers(self.sentences), spoken, options.processes)
        self.single = [s for s in self.said if all(w in words.DIGITS for w in s.words)]
        self.prompts = once(self.work, "prompts", lambda: [s for c, row in train for s in copies(c, row, (0.86, 0.93, 1.0, 1.08, 1.17))])
        self.lj = once(self.work, "lj", self.read)
        self.others = once(self.work, "others", self.games)
        self.fsdd_clips = common.fsdd(self.work)
        self.fsdd = collections.defaultdict(list)
        for said in once(self.work, "fsdd", self.digits):
            self.fsdd[said.speaker].append(said)
        self.abroad = once(self.work, "abroad", lambda: self.accents(options.seed))
        self.made = once(self.work, "made", lambda: self.knocks(options.seed))
        self.talk, self.music = once(self.work, "noise", self.noises)
        pronounced = {w for pool in (self.said, self.prompts, self.lj, self.others) for s in pool for w in s.words} | set(words.DIGITS)
        self.phones = {w: [words.TOKENS.index(p) for p in self.dictionary[w][0]] for w in pronounced}

    def read(self):
        rows = [(c, words.words_of(c.text)) for c in common.ljspeech(self.work)]
        return [s for c, row in rows if all(w in self.dictionary for w in row) for s in copies(c, row, (0.92, 1.0, 1.09))]

    def digits(self):
        return [s for c in self.fsdd_clips for s in copies(c, [words.DIGITS[int(c.text)]], (0.84, 0.91, 1.0, 1.0, 1.1, 1.2))]

    def games(self):
        """Letters and words from games for children and loudspeakers' places from ALSA: four more people."""
        return [s for c in common.games(self.work) for row in [words.words_of(c.text)] if row and all(w in self.dictionary for w in row)
                for s in copies(c, row, (0.84, 0.92, 1.0, 1.09, 1.18))]

    @staticmethod
    def accents(seed):
        clips = [common.Clip("", voice, "en", str(digit), sound * 32768)
                 for voice, digit, sound in voices.abroad(np.random.default_rng([seed, 88]))]
        return [s for c in clips for s in copies(c, [words.DIGITS[int(c.text)]], (0.86, 1.0, 1.16))]

    @staticmethod
    def knocks(seed):
        """Typing, clicks, hum and rumble: what is easily taken for a short word."""
        rng = np.random.default_rng([seed, 99])
        makers = [sounds.keyboard] * 12 + [sounds.clicks] * 8 + [sounds.hum] * 3 + [sounds.rumble] * 3
        return [kept(prepared(make(20 * 16000, rng).astype(np.float32))) for make in makers]

    def noises(self):
        """Other languages, and all music but the piece that the test plays."""
        talk = [np.concatenate([kept(c.sound) for c in common.asterisk(lang, self.work)]) for lang in ("es", "fr", "ru")]
        return talk, [kept(s) for name, s in sorted(common.music(self.work).items()) if "morning_coffee" not in name]


def power(mel):
    """Between 400 and 3000 Hz, of the frames within 25 dB of the loudest."""
    loud = mel[:, 12:44].mean(1)
    return loud[loud >= loud.max() * 10 ** -2.5].mean()


def mel_points():
    return 1127.0 * np.log(1 + np.array([LOW, HIGH]) / 700)


def centres():
    low, high = mel_points()
    return 700 * (np.exp((low + (high - low) * np.arange(1, N_MELS + 1) / (N_MELS + 1)) / 1127) - 1)


def warp_matrix(factor):
    """Energies as a vocal tract shorter by the factor would give them: each band reads at its frequency / factor."""
    low, high = mel_points()
    at = (1127 * np.log(1 + centres() / factor / 700) - low) / (high - low) * (N_MELS + 1) - 1
    at = np.clip(at, 0, N_MELS - 1)
    first = np.minimum(at.astype(int), N_MELS - 2)
    matrix = np.zeros((N_MELS, N_MELS), np.float32)
    matrix[np.arange(N_MELS), first] = 1 - (at - first)
    matrix[np.arange(N_MELS), first + 1] = at - first
    return matrix.T.copy()


class Batches:
    """Batch number i for a seed: the same every time, so that a training goes on as if never stopped. The first
    `easy` batches go from all easy to all hard: so CTC finds its first alignments in a third of the time. From batch
    `whole` on nothing is masked."""

    #: What an example is made of: shares, cumulative
    WITHOUT = ((0.14, "abroad"), (0.58, "said"), (0.66, "single"), (0.88, "prompts"), (0.92, "others"), (0.95, "lj"),
               (1.0, "none"))
    WITH_DIGITS = ((0.25, "fsdd"), (0.32, "abroad"), (0.55, "said"), (0.6, "single"), (0.89, "prompts"), (0.92, "others"),
                   (0.95, "lj"), (1.0, "none"))
    LENGTHS = ((250, 16), (400, 10), (600, 7), (900, 5))  # frames, examples

    def __init__(self, material, speakers, seed, shares, easy, whole):
        self.m, self.speakers, self.seed, self.easy, self.whole = material, sorted(speakers), seed, easy, whole
        self.shares = shares
        self.gentle = bool(speakers)  # the base has to hear all that there may be, what comes from it is to be right
        self.warps = [warp_matrix(f) for f in np.linspace(0.84, 1.19, 36)]
        edges = np.concatenate([[LOW], centres(), [HIGH]])
        self.dof = np.maximum(1.0, (edges[2:] - edges[:-2]) / 2 / 40).astype(np.float32)
        table = np.random.default_rng([seed, 55])
        self.bends = [warp_matrix(bend) for bend in self.bent(table, 300)]
        self.grains = table.gamma(self.dof, 1 / self.dof, (60000, N_MELS)).astype(np.float32)
        self.phases = (2 * np.cos(table.uniform(0, 2 * np.pi, (20000, N_MELS))) / np.sqrt(self.dof)).astype(np.float32)
        self.hz = centres()

    @staticmethod
    def bent(rng, n):
        """Warps that differ from band to band: formants do not move together from one speaker to another."""
        points = np.linspace(*mel_points(), 6)
        at = 1127 * np.log(1 + centres() / 700)
        return [np.exp(rng.uniform(-0.16, 0.16) + np.interp(at, points, rng.normal(0, 0.05, 6))) for _ in range(n)]

    @staticmethod
    def part(table, n, rng):
        """n rows from anywhere in a table of random numbers: drawing them anew would cost as much as the network."""
        at = rng.integers(0, len(table) - n)
        return table[at:at + n]

    def grain(self, n, rng):
        """The energies of white noise, with a mean of 1."""
        return self.part(self.grains, n, rng)

    def voice(self, said, rng):
        """Energies of a recording as somebody else might say it, a little slower or faster, and its words."""
        mel = np.expm1(said.mel.astype(np.float32))
        if rng.random() < (0.75 if self.gentle else 0.85):
            mel = mel @ self.bends[rng.integers(len(self.bends))]
        if rng.random() < 0.7:
            spread = 0.12 if self.gentle else 0.17
            n = max(8, int(len(mel) * np.exp(rng.uniform(-spread, spread))))
            pace = np.exp(np.interp(np.arange(n) / 10, np.arange(n // 10 + 2), rng.normal(0, 0.15, n // 10 + 2)))
            at = np.cumsum(pace)
            at = (at - at[0]) * (len(mel) - 1.001) / (at[-1] - at[0])
            i = at.astype(int)
            part = (at - i)[:, None].astype(np.float32)
            mel = mel[i] * (1 - part) + mel[np.minimum(i + 1, len(mel) - 1)] * part
        return self.boxed(mel, rng) if rng.random() < 0.6 else mel

    def boxed(self, mel, rng):
        """With the hiss of its own recording, which begins and ends with it, and may cut the word: around it is silence."""
        before, behind = np.maximum(rng.integers(-4, 12, 2), -len(mel) // 6)
        hiss = power(mel) * 10 ** -rng.uniform(0.8, 4.0)
        mel = np.pad(mel[max(0, -before):len(mel) - max(0, -behind)], ((max(0, before), max(0, behind)), (0, 0)))
        return mel + self.noise(len(mel), rng, rng.uniform(0, 0.5)) * np.float32(hiss)

    def rows(self, room, rng):
        """Recordings that fit into `room` frames, said one after another: [(Said, gap before it)]."""
        m, found, draw = self.m, [], rng.random()
        kind = next(name for most, name in self.shares if draw <= most)
        if kind == "none":
            return []
        digits = kind in ("fsdd", "abroad")
        if kind == "lj" and room < 600:
            kind = "prompts"
        pool = m.fsdd[self.speakers[rng.integers(len(self.speakers))]] if kind == "fsdd" else getattr(m, kind)
        wanted = min(rng.integers(1, 9), rng.integers(1, 9)) if digits else rng.integers(1, 4)
        tight = rng.random() < 0.5
        for i in range(4 * wanted):
            said = pool[rng.integers(len(pool))]
            gap = int(rng.uniform(-6, 12) if tight and digits else rng.uniform(2, 50)) if found else 0
            if gap + len(said.mel) <= room:
                room -= gap + len(said.mel)
                found.append((said, gap))
            if len(found) == wanted:
                break
        return found

    def noise(self, n, rng, kind):
        """Energies of noise [n x N_MELS] with a mean of 1 over its 400 to 3000 Hz. kind: 0 to 1."""
        if kind < 0.3:  # white (1), pink (0) and what lies between
            steep = np.exp(self.curve(0.2, rng) + rng.uniform(-0.6, 1.2) * np.log(self.hz / 1000))
            x = steep * self.grain(n, rng)
        elif kind < 0.5:
            curve = self.curve(1.2, rng) + rng.uniform(-1.8, 0.8) * np.log(self.hz / 1000)
            points = rng.normal(0, rng.uniform(0, 0.8), n // 30 + 2)
            slow = np.interp(np.arange(n) / 30, np.arange(len(points)), points)[:, None]
            x = np.exp(curve + slow) * self.grain(n, rng)
        elif kind < 0.7:
            piece = self.m.music[rng.integers(len(self.m.music))]
            x = self.cut(piece, n, rng) @ self.warps[rng.integers(36)]
        elif kind < 0.82:
            x = sum(self.cut(self.m.talk[rng.integers(len(self.m.talk))], n, rng) @ self.warps[rng.integers(36)]
                    for _ in range(rng.integers(3, 8)))
        elif kind > 0.9:
            x = self.cut(self.m.made[rng.integers(len(self.m.made))], n, rng) @ self.warps[rng.integers(36)]
        else:
            hits = (rng.random(n) < np.exp(rng.uniform(-5, -2))) * rng.gamma(1, 1, n)
            tail = signal.lfilter([1], [1, -rng.uniform(0.2, 0.9)], hits)[:, None]
            x = (tail + 1e-3) * np.exp(rng.normal(0, 1.0, N_MELS)) * self.grain(n, rng)
        x = x.astype(np.float32)
        return x / (x[:, 12:44].mean() + 1e-9)

    def curve(self, deviation, rng):
        """A smooth random line over the bands, natural logarithm."""
        return np.interp(np.log(self.hz), np.linspace(4, 9, 7), rng.normal(0, deviation, 7))

    @staticmethod
    def cut(mel, n, rng):
        at = rng.integers(0, len(mel) - n - 1)
        return np.expm1(mel[at:at + n].astype(np.float32))

    def channel(self, x, rng):
        """Room, equaliser and telephone, on energies of speech and noise together or speech alone."""
        if rng.random() < 0.4:
            decay = 10 ** (-6 / 100 / rng.uniform(0.15, 0.8))
            tail = signal.lfilter([0, decay], [1, -decay], x, axis=0)
            x = x + tail.astype(np.float32) * (10 ** rng.uniform(-2.4, -0.9))
        if rng.random() < 0.6:
            curve = self.curve(0.9, rng) + rng.uniform(-0.5, 0.5) * np.log(self.hz / 1000)
            x = x * np.exp(curve).astype(np.float32)
        return x

    def telephone(self, x, rng):
        if rng.random() < 0.45:
            low, high = (rng.uniform(150, 350) if rng.random() < 0.6 else 20.0), rng.uniform(3200, 4000)
            steep = rng.uniform(4, 40)
            gain = np.maximum((1 + (low / self.hz) ** steep) * (1 + (self.hz / high) ** (2 * steep)), 1) ** -1.0
            x = x * np.maximum(gain, 1e-9).astype(np.float32)
            if rng.random() < 0.5:
                x = x + x.mean(1, keepdims=True) * 10 ** -rng.uniform(3.4, 4.2) * (self.hz < 4000)
        return x

    def example(self, n, easy, whole, rng):
        """Features [n x N_MELS] and their phones; an easy one has no room, no noise to speak of, no holes."""
        lead = int(rng.uniform(0, 50))
        tail = int(rng.uniform(20, 40))
        rows = self.rows(n - lead - tail, rng)
        x, labels, at = np.zeros((n, N_MELS), np.float32), [], lead
        for said, gap in rows:
            mel = self.voice(said, rng)
            at = max(0, at + gap)
            if at + len(mel) > n - 18:
                break
            x[at:at + len(mel)] += mel * np.float32(10 ** rng.normal(0, 0.12))
            labels += [p for w in said.words for p in self.m.phones[w]]
            at += len(mel)
        loud = power(x) if labels else 1e7
        if not easy:
            x = self.channel(x, rng)
        if (rng.random() < (0.65 if self.gentle else 0.75) and not easy) or not labels:
            snr = rng.uniform(1, 26) if self.gentle else rng.uniform(0, 30 if rng.random() < 0.7 else 12)
            kind = rng.uniform(0 if labels or rng.random() < 0.4 else 0.82, 1)
            noise = self.noise(n, rng, kind) * loud * 10 ** (-snr / 10)
            cross = np.sqrt(np.maximum(x * noise, 0)) * self.part(self.phases, n, rng)
            x = np.maximum(x + noise + cross, 0)
        x = self.telephone(x, rng)
        hiss = 10 ** rng.uniform(1.0, 4.2) * self.grain(n, rng) * (1 + self.hz / 2000)
        x = x * np.float32(10 ** (rng.uniform(-27, 9) / 10)) + hiss.astype(np.float32)  # -48 to -12 dB
        y = feature(x)
        if easy or whole:
            return y, labels
        for _ in range(rng.integers(0, 3)):
            f, w = rng.integers(0, N_MELS), rng.integers(1, 10)
            y[:, f:f + w] = y.mean()
        for _ in range(rng.integers(0, 1 + n // 200)):
            t, w = rng.integers(0, n), rng.integers(1, 8)
            y[t:t + w] = y.mean()
        return y, labels

    def batch(self, step):
        """x [b x n x N_MELS], labels one after another, their counts."""
        rng = np.random.default_rng([self.seed, step])
        n, b = self.LENGTHS[rng.integers(len(self.LENGTHS))]
        made = [self.example(n, rng.random() < 1 - step / self.easy, step >= self.whole, rng) for _ in range(b)]
        return (torch.from_numpy(np.stack([x for x, _ in made])),
                torch.tensor([p for _, labels in made for p in labels], dtype=torch.long),
                torch.tensor([len(labels) for _, labels in made], dtype=torch.long))
