# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Voices for tools/train/vocoder.py: found, decoded to 16 kHz, split and kept as one .npz a voice."""

import glob
import hashlib
import os
import subprocess
import sys
import wave

import numpy as np
import torch
import torchaudio

RATE = 16000
PROMPTS = "/usr/share/asterisk/sounds"
LANGUAGES = {"en": "en_US_f_Allison", "es": "es_MX_f_Allison", "fr": "fr_CA_f_June",
             "it": "it_IT_m_Carlo", "ru": "ru_RU_f_IvrvoiceRU"}
HELD_OUT = {"ru", "fsdd"}  # a language with its speaker, and a set of speakers: never trained on
SPEEDS = {"slow2": (5, 4), "slow": (9, 8), "plain": (1, 1), "fast": (8, 9), "fast2": (4, 5)}
TEST_SHARE = 0.06


def shared_dir():
    top = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    return os.environ.get("PINNA_SHARED", os.path.join(os.path.dirname(top), "shared"))


def is_test(name):
    """The split hangs on the name alone, so it is the same everywhere and for ever"""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 1000 < 1000 * TEST_SHARE


def read_g722(path):
    pcm = subprocess.run(["ffmpeg", "-v", "error", "-f", "g722", "-i", path, "-f", "s16le", "-ac",
                          "1", "-ar", str(RATE), "-"], check=True, capture_output=True).stdout
    return np.frombuffer(pcm, np.int16)


def resample(pcm, old, new):
    x = torchaudio.functional.resample(torch.from_numpy(pcm.astype(np.float32)), old, new,
                                       lowpass_filter_width=24)
    return x.clamp(-32768, 32767).round().numpy().astype(np.int16)


def read_wav(path):
    with wave.open(path) as f:
        return resample(np.frombuffer(f.readframes(f.getnframes()), np.int16), f.getframerate(),
                        RATE)


def read_flac(path):
    x, rate = torchaudio.load(path)
    return resample((x[0] * 32767).round().numpy().astype(np.int16), rate, RATE)


def find(voice):
    """(name, reader) of every clip"""
    if voice in LANGUAGES:
        top = os.path.join(PROMPTS, LANGUAGES[voice])
        for path in sorted(glob.glob(os.path.join(top, "**", "*.g722"), recursive=True)):
            name = os.path.relpath(path, top)
            if not name.startswith("silence") and "beep" not in name:
                yield name, path, read_g722
    elif voice == "ljspeech":
        for path in sorted(glob.glob(os.path.join(shared_dir(), "data", voice, "*.flac"))):
            yield os.path.basename(path), path, read_flac
    else:
        for path in sorted(glob.glob(os.path.join(shared_dir(), "data", voice, "*_[0-9].wav"))):
            yield os.path.basename(path), path, read_wav


def load(voice, cache):
    """(train, test): lists of int16 clips; the held-out voices have no training part"""
    path = os.path.join(cache, voice + ".npz")
    if not os.path.exists(path):
        clips = [(n, r(p)) for n, p, r in find(voice)]
        clips = [(n, x) for n, x in clips if len(x) >= RATE // 4]
        if not clips:
            print(f"vocoder_data: no clips of {voice}: left out", file=sys.stderr)
            return [], []
        np.savez(path, names=np.array([n for n, _ in clips]),
                 ends=np.cumsum([len(x) for _, x in clips], dtype=np.int64),
                 pcm=np.concatenate([x for _, x in clips]))
        print(f"vocoder_data: {voice}: {len(clips)} clips, "
              f"{sum(len(x) for _, x in clips) / RATE / 60:.1f} min", flush=True)
    data = np.load(path)
    clips = np.split(data["pcm"], data["ends"][:-1])
    named = [(str(n), x) for n, x in zip(data["names"], clips)]
    test = [x for n, x in named if voice in HELD_OUT or is_test(n)]
    return [x for n, x in named if voice not in HELD_OUT and not is_test(n)], test


def training_stream(cache):
    """All training clips at all speeds in one int16 array on disk, mapped"""
    path = os.path.join(cache, "train.npy")
    if not os.path.exists(path):
        parts = []
        for voice in list(LANGUAGES) + ["ljspeech"]:
            if voice in HELD_OUT:
                continue
            pcm = np.concatenate([np.zeros(0, np.int16)] + load(voice, cache)[0])
            parts += [pcm if a == b else resample(pcm, b, a) for a, b in SPEEDS.values()]
        np.save(path + ".part.npy", np.concatenate(parts))
        os.rename(path + ".part.npy", path)
    return np.load(path, mmap_mode="r")


if __name__ == "__main__":
    for v in list(LANGUAGES) + ["ljspeech", "fsdd"]:
        load(v, sys.argv[1])
    print(training_stream(sys.argv[1]).shape)
