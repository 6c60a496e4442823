# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure the small recogniser on what it was not trained on: the exact best word sequence of lexicon and bigram."""

import numpy as np
import torch

import asr_small_data as data
import asr_small_words as words
import sounds

LM_WEIGHT, WORD_SCORE = 0.8, -0.5


class Search:
    """Viterbi over all words of a lexicon at once: every state of every pronunciation, a bigram between words."""

    def __init__(self, dictionary, vocabulary, arpa):
        self.words = list(vocabulary)
        number = {w: i for i, w in enumerate(self.words)}
        spelled = [(number[w], [words.TOKENS.index(p) for p in phones]) for w in self.words for phones in dictionary[w]]
        self.owner = np.array([w for w, _ in spelled])
        self.tokens = np.array([t for _, ts in spelled for t in ts])
        ends = np.cumsum([len(ts) for _, ts in spelled])
        self.last, self.first = ends - 1, ends - [len(ts) for _, ts in spelled]
        self.begins = np.zeros(len(self.tokens), bool)
        self.begins[self.first] = True
        self.repeats = np.concatenate([[False], self.tokens[1:] == self.tokens[:-1]])
        self.bigram = self.matrix(arpa, number) * LM_WEIGHT + WORD_SCORE
        self.end = self.closing * LM_WEIGHT

    def matrix(self, arpa, number):
        """Natural logarithms [history, word]; the last history is the beginning."""
        single, back, pairs = {}, {}, []
        for line in arpa.splitlines():
            row = line.split("\t")
            if len(row) >= 2:
                ws = row[1].split()
                if len(ws) == 1:
                    single[ws[0]], back[ws[0]] = float(row[0]), float(row[2]) if len(row) > 2 else 0.0
                else:
                    pairs.append((ws, float(row[0])))
        n = len(self.words)
        history = {**number, "<s>": n}
        m = np.array([single[w] for w in self.words])[None] + np.array([back[w] for w in self.words] + [back["<s>"]])[:, None]
        self.closing = np.array([back[w] + single["</s>"] for w in self.words] + [-99.0])
        for (v, w), p in pairs:
            if w == "</s>":
                self.closing[history[v]] = p
            else:
                m[history[v], number[w]] = p
        self.closing = (self.closing * np.log(10)).astype(np.float32)
        return (m * np.log(10)).astype(np.float32)

    def __call__(self, logp):
        """Words of log-probabilities [n x tokens], and the frame at which each was over."""
        n, never = len(self.tokens), np.float32(-1e30)
        phone, blank = np.full(n, never), np.full(n, never)
        ph, bh = np.full(n, -1), np.full(n, -1)
        start, history, rows = np.float32(0), [], len(self.words)
        for t, lp in enumerate(logp):
            out_p, out_b = phone[self.last], blank[self.last]
            out = np.full(rows + 1, never, np.float32)
            np.maximum.at(out, self.owner, np.maximum(out_p, out_b))
            out[rows] = start
            best = out[:, None] + self.bigram if t else out[rows] + self.bigram[rows:]
            came = best.argmax(0) if t else np.full(rows, rows)
            enter = best[came if t else 0, np.arange(rows)][self.owner]
            came = came[self.owner]
            prev_p = np.concatenate([[never], np.where(self.repeats[1:], never, phone[:-1])])
            prev_b = np.concatenate([[never], blank[:-1]])
            prev_p[self.first], prev_b[self.first] = enter, never
            links = np.full(n, -1)
            used = np.unique(came)
            made = {}
            for v in used:
                if v < rows:
                    which = np.flatnonzero(self.owner == v)
                    i = which[np.maximum(out_p, out_b)[which].argmax()]
                    made[v] = (v, t, ph[self.last[i]] if out_p[i] >= out_b[i] else bh[self.last[i]])
            place = {v: len(history) + k for k, v in enumerate(made)}
            history += made.values()
            links[self.first] = [place.get(v, -1) for v in came]
            choice = np.stack([phone, prev_p, prev_b]).argmax(0)
            before = np.concatenate([[-1], ph[:-1]]), np.concatenate([[-1], bh[:-1]])
            new_h = np.choose(choice, [ph, np.where(self.begins, links, before[0]), before[1]])
            new_p = np.choose(choice, [phone, prev_p, prev_b]) + lp[self.tokens]
            stay = blank >= phone
            bh, blank = np.where(stay, bh, ph), np.where(stay, blank, phone) + lp[0]
            phone, ph = new_p, new_h
            start = start + lp[0]
        score = np.maximum(phone, blank)[self.last] + self.end[self.owner]
        if not len(score) or score.max() < start + self.end[rows] * 0:
            return [], []
        i = score.argmax()
        found, times = [self.owner[i]], [len(logp)]
        at = (ph if phone[self.last[i]] >= blank[self.last[i]] else bh)[self.last[i]]
        while at >= 0:
            w, t, at = history[at]
            found.append(w)
            times.append(t)
        return [self.words[w] for w in found[::-1]], times[::-1]


def edits(said, heard):
    row = list(range(len(heard) + 1))
    for i, s in enumerate(said):
        left, row[0] = row[0], i + 1
        for j, h in enumerate(heard):
            left, row[j + 1] = row[j + 1], min(row[j] + 1, row[j + 1] + 1, left + (s != h))
    return row[-1]


def heard(model, search, sound):
    """Words of float32 samples in +-32768, as the runtime hears them: 240 zeros before, half a second behind."""
    sound = np.concatenate([np.zeros(240, np.float32), sound, np.zeros(8000 + -len(sound) % 640, np.float32)])
    x = data.feature(data.energies(sound))
    x = torch.from_numpy(x[:len(x) // 4 * 4])[None]
    with torch.no_grad():
        logp = torch.log_softmax(model(x), 2)[0].numpy()
    return search(logp)[0]


def strings(clips, rng, count):
    """Connected digits: 3 to 7 takes of one speaker with gaps of -30 to 250 ms."""
    made = []
    for _ in range(count):
        some = [clips[i] for i in rng.integers(0, len(clips), rng.integers(3, 8))]
        sound, at = np.zeros(16000 * 12, np.float32), 4000
        for clip in some:
            s = common_trim(clip.sound)
            sound[at:at + len(s)] += s
            at += len(s) + int(rng.uniform(-480, 4000))
        made.append((sound[:at + 4000], [words.DIGITS[int(c.text)] for c in some]))
    return made


def common_trim(sound):
    return data.common.trimmed(sound.astype(np.float32), -40.0, 0.03)


def noisy(sound, snr_db, rng):
    kinds = (sounds.white, sounds.pink, sounds.coloured)
    noise = kinds[rng.integers(3)](len(sound), rng)
    return sound + sounds.mix(sound, noise, snr_db).astype(np.float32)


def wer(model, search, tests):
    wrong = sum(edits(said, heard(model, search, sound)) for sound, said in tests)
    return 100.0 * wrong / sum(len(said) for _, said in tests)


def digits(model, search, clips, rng, count=200, n_strings=40):
    """Per cent of isolated digits heard right, WER of strings, and the same with noise 10 dB below."""
    clips = [clips[i] for i in rng.permutation(len(clips))]
    alone = [(np.pad(c.sound.astype(np.float32), 4000), [words.DIGITS[int(c.text)]]) for c in clips[:count]]
    rows = strings(clips, rng, n_strings)
    right = 100.0 * np.mean([heard(model, search, s) == w for s, w in alone])
    right_10 = 100.0 * np.mean([heard(model, search, noisy(s, 10, rng)) == w for s, w in alone])
    return right, wer(model, search, rows), right_10, wer(model, search, [(noisy(s, 10, rng), w) for s, w in rows])


def prompts(model, search, held, rng):
    tests = [(c.sound.astype(np.float32), row) for c, row in held]
    return wer(model, search, tests), wer(model, search, [(noisy(s, 10, rng), w) for s, w in tests])
