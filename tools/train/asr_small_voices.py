# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Synthetic voices of Debian for the small recogniser: espeak-ng with its variants, flite, festival."""

import io
import os
import pathlib
import subprocess
import tempfile

import numpy as np
from scipy import signal
from scipy.io import wavfile

RATE = 16000
ACCENTS = ["en-us"] * 6 + ["en-gb", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbcwmd", "en-gb-x-gbclan", "en-029", "en-us-nyc"]
ODD = {"whisper", "whisperf", "Demonic", "UniRobot", "AnxiousAndy", "Mr serious", "fast"}
FLITE = ["kal16", "awb", "rms", "slt", "rms", "slt", "awb"]
FESTIVAL = ["kal_diphone", "ked_diphone", "cmu_us_slt_arctic_hts"]

#: Voices of other languages say English digits as their alphabet writes them: accents. Festival's are recorded people.
CZECH, FINNISH = "zírou van tú srí fór fajv siks sevn ejt najn", "ziirou van tuu trii foor faiv siks seven eit nain"
ITALIAN = "zirou uan tu tri for faiv sics seven eit nain"
RUSSIAN, CATALAN = "зироу уан ту сри фор файв сикс севен эйт найн", "zirou uan tu sri for faiv sics séven eit nain"
ABROAD = {"czech_dita": CZECH, "czech_krb": CZECH, "czech_machac": CZECH, "czech_ph": CZECH, "suo_fi_lj_diphone": FINNISH,
          "hy_fi_mv_diphone": FINNISH, "lp_diphone": ITALIAN, "pc_diphone": ITALIAN, "msu_ru_nsh_clunits": RUSSIAN,
          "upc_ca_ona_hts": CATALAN}
ESPEAK_ABROAD = {"fr": "zirô ouane tou sri fôre faïve sixe sévène éïte naïne", "de": "sihro uann tu srie foor feif siks sewen eht nein",
                 "nl": "zirow wan toe srie foor faiv siks seven eejt najn", "es": "síro uan tu zri for faiv sics seven éit nain",
                 "pl": "ziroł łan tu sri for fajw siks sewen ejt najn", "sv": "siro oann to sri får fajv siks sevven ejt najn",
                 "it": ITALIAN, "cs": CZECH, "fi": FINNISH}


def variants():
    folder = next(pathlib.Path("/usr/lib").glob("*/espeak-ng-data/voices/!v"))
    return sorted(v.name for v in folder.iterdir() if v.name not in ODD)


def read(data):
    rate, sound = wavfile.read(io.BytesIO(data))
    return sound.astype(np.float32) / 32768, rate


def text_of(words, rng):
    """With commas here and there, so that strings are said in groups."""
    return " ".join(w + ("," if rng.random() < 0.2 else "") for w in words)


def espeak(words, rng, names):
    voice = f"{ACCENTS[rng.integers(len(ACCENTS))]}+{names[rng.integers(len(names))]}"
    return spoken(voice, text_of(words, rng), rng)


def spoken(voice, text, rng):
    command = ["espeak-ng", "--stdout", "-v", voice, "-s", str(rng.integers(110, 215)), "-p", str(rng.integers(15, 85)),
               "-g", str(rng.integers(0, 8)), "-a", "80", text]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    data = bytearray(done.stdout)  # the header of a pipe gives no length
    data[4:8], data[40:44] = (len(data) - 8).to_bytes(4, "little"), (len(data) - 44).to_bytes(4, "little")
    return read(bytes(data))


def flite(words, rng, _):
    voice = FLITE[rng.integers(len(FLITE))]
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run(["flite", "-voice", voice, "--setf", f"duration_stretch={rng.uniform(0.75, 1.35):.3f}",
                        "--setf", f"int_f0_target_mean={rng.uniform(80, 210):.1f}", "-t", text_of(words, rng), "-o", file.name],
                       check=True, stdout=subprocess.DEVNULL)
        return read(pathlib.Path(file.name).read_bytes())


def festival(rows, rng):
    """Many sentences in one process: starting it is slow."""
    with tempfile.TemporaryDirectory() as folder:
        script = []
        for i, words in enumerate(rows):
            script.append(f"(voice_{FESTIVAL[i * len(FESTIVAL) // len(rows)]})" if i * 3 % len(rows) < 3 else "")
            script.append(f"(Parameter.set 'Duration_Stretch {rng.uniform(0.75, 1.35):.3f})")
            script.append(f'(utt.save.wave (utt.synth (Utterance Text "{text_of(words, rng)}")) "{folder}/{i}.wav" \'riff)')
        path = pathlib.Path(folder) / "say.scm"
        path.write_text("\n".join(script))
        subprocess.run(["festival", "-b", str(path)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       env={**os.environ, "LC_ALL": "C"})
        return [read((pathlib.Path(folder) / f"{i}.wav").read_bytes()) for i in range(len(rows))]


def festival_abroad(voice, rng):
    """The ten digits of one voice."""
    with tempfile.TemporaryDirectory() as folder:
        script = [f"(voice_{voice})", f"(Parameter.set 'Duration_Stretch {rng.uniform(0.6, 1.15):.3f})"]
        script += [f'(utt.save.wave (utt.synth (Utterance Text "{word}")) "{folder}/{i}.wav" \'riff)'
                   for i, word in enumerate(ABROAD[voice].split())]
        path = pathlib.Path(folder) / "say.scm"
        code = "iso-8859-2" if voice.startswith("czech") else "utf-8" if voice.startswith("msu_ru") else "iso-8859-1"
        path.write_bytes("\n".join(script).encode(code))
        subprocess.run(["festival", "-b", str(path)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       env={**os.environ, "LC_ALL": "C"})
        return [read((pathlib.Path(folder) / f"{i}.wav").read_bytes()) for i in range(10)]


def abroad(rng):
    """Digits with accents: (voice, digit, sound at 16 kHz)."""
    found = [(voice, digit, resampled(*sound, 1.0)) for voice in list(ABROAD) * 6
             for digit, sound in enumerate(festival_abroad(voice, rng))]
    names = variants()
    for language, text in ESPEAK_ABROAD.items():
        for digit, word in list(enumerate(text.split())) * 8:
            sound = spoken(f"{language}+{names[rng.integers(len(names))]}", word, rng)
            found.append((language, digit, resampled(*sound, 1.0)))
    return found


def resampled(sound, rate, factor):
    """At 16 kHz and `factor` times as fast: pitch and formants rise with it, near enough another speaker."""
    up, down = RATE // 20, int(round(rate * factor / 20))
    return signal.resample_poly(sound, up, down).astype(np.float32)


def say(rows, rng):
    """Sounds (float32 at 16 kHz) of rows of words, the voice by the draw: half by espeak-ng."""
    names, sounds, slow = variants(), [None] * len(rows), []
    for i, words in enumerate(rows):
        kind = rng.integers(12)
        if kind >= 10:
            slow.append(i)
            continue
        sound, rate = (flite if kind >= 6 else espeak)(words, rng, names)
        sounds[i] = resampled(sound, rate, rng.uniform(0.82, 1.2))
    if slow:
        for i, (sound, rate) in zip(slow, festival([rows[i] for i in slow], rng)):
            sounds[i] = resampled(sound, rate, rng.uniform(0.82, 1.2))
    return sounds
