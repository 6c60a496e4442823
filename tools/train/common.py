# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all training recipes share: voices with their texts, checkpoints that go on, progress, safetensors.

Voices are Debian's asterisk-core-sounds packages, and the clips of ../shared/data beside the checkout (environment
variable PINNA_SHARED overrides); nothing of them is ever written into the project. Decoded sound is kept in the
recipe's work folder."""

import argparse
import collections
import gzip
import json
import os
import pathlib
import struct
import subprocess
import tempfile
import time

import numpy as np

RATE = 16000
LANGUAGES = ("en", "es", "fr", "it", "ru")

#: One utterance: `sound` is int16 at 16 kHz, `text` as its source writes it
Clip = collections.namedtuple("Clip", "name speaker language text sound")


def shared():
    """The folder of data that is not part of the project."""
    beside = pathlib.Path(__file__).resolve().parents[2].parent / "shared"
    return pathlib.Path(os.environ.get("PINNA_SHARED", beside))


def ffmpeg(paths):
    """Mono int16 sounds at 16 kHz of files; 40 files a process, because starting one is most of the work."""
    sounds = []
    with tempfile.TemporaryDirectory() as folder:
        for first in range(0, len(paths), 40):
            some = paths[first:first + 40]
            command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-threads", "1"]
            for path in some:
                command += (["-f", "g722"] if str(path).endswith(".g722") else []) + ["-i", str(path)]
            for i in range(len(some)):
                command += ["-map", f"{i}:a", "-ac", "1", "-ar", str(RATE), "-f", "s16le", f"{folder}/{i}"]
            subprocess.run(command, check=True)
            sounds += [np.fromfile(f"{folder}/{i}", "<i2") for i in range(len(some))]
    return sounds


def decode(paths, cache):
    """ffmpeg(), once: the sounds are kept in the file `cache` and read from there if the paths are the same."""
    cache = pathlib.Path(cache)
    names = np.array([str(path) for path in paths])
    if cache.exists():
        with np.load(cache) as kept:
            if np.array_equal(kept["names"], names):
                return np.split(kept["sound"], kept["ends"][:-1])
    sounds = ffmpeg(paths)
    cache.parent.mkdir(parents=True, exist_ok=True)
    partial = cache.with_suffix(".partial.npz")
    np.savez(partial, names=names, ends=np.cumsum([len(s) for s in sounds]), sound=np.concatenate(sounds))
    partial.replace(cache)
    return sounds


def asterisk(language, work):
    """The prompts of one language (one speaker): those that their list says are words."""
    folders = [f for f in pathlib.Path("/usr/share/asterisk/sounds").glob(f"{language}_*_*") if f.is_dir()]
    listing = f"/usr/share/doc/asterisk-core-sounds-{language}/core-sounds-{language}.txt.gz"
    found = {}
    with gzip.open(listing, "rt", encoding="utf-8", errors="replace") as lines:
        for line in lines:
            name, colon, text = line.strip().partition(":")
            path = folders[0] / f"{name}.g722" if folders else None
            wordless = text.strip()[:1] in ("", "[", "<", "(") or "beep" in name or "monkeys" in name
            if colon and not name.startswith((";", "silence")) and not wordless and path and path.exists():
                found[name] = (path, text.strip())
    if not found:
        raise SystemExit(f"no prompts: install asterisk-core-sounds-{language}-g722")
    names = sorted(found)
    sounds = decode([found[n][0] for n in names], f"{work}/asterisk_{language}.npz")
    speaker = folders[0].name
    return [Clip(n, speaker, language, found[n][1], s) for n, s in zip(names, sounds)]


def ljspeech(work):
    """121 sentences of one English reader."""
    folder = shared() / "data/ljspeech"
    rows = [line.rstrip("\n").split("|", 1) for line in open(folder / "metadata.csv", encoding="utf-8")]
    sounds = decode([folder / f"{name}.flac" for name, _ in rows], f"{work}/ljspeech.npz")
    return [Clip(name, "lj", "en", text, s) for (name, text), s in zip(rows, sounds)]


def games(work):
    """Letters and words of klettres-data (two people) and ktuberling-data, places of loudspeakers of alsa-utils."""
    sounds = pathlib.Path("/usr/share")
    paths = [p for where in ("klettres/en/*/*.ogg", "klettres/en_GB/*/*.ogg", "ktuberling/sounds/en/*.ogg", "sounds/alsa/*_*.wav")
             for p in sorted(sounds.glob(where)) if p.stem.lower() not in ("a", "aw", "th", "ch") and p.stem != "z"]
    texts = [p.stem.lower().replace("_", " ") if "alsa" in p.parts else p.stem.lower().split("_")[-1] for p in paths]
    return [Clip(p.stem, p.parts[3] + p.parts[4], "en", t, s) for p, t, s in zip(paths, texts, decode(paths, f"{work}/games.npz"))]


def words_abroad(work, but):
    """Words of ktuberling-data in every language except English and those of `but`; a speaker or two each."""
    folders = [f for f in sorted(pathlib.Path("/usr/share/ktuberling/sounds").iterdir()) if f.is_dir() and f.name not in ("en", *but)]
    paths = [p for f in folders for p in sorted(f.glob("*.[ow]*"))]
    return [Clip(p.stem, f"ktuberling_{p.parent.name}", p.parent.name, "", s)
            for p, s in zip(paths, decode(paths, f"{work}/words_abroad.npz"))]


def fsdd(work):
    """2500 spoken digits of five speakers; nothing above 4 kHz. `text` is the digit, take 0 to 49 ends the name."""
    paths = sorted((shared() / "data/fsdd").glob("*.wav"))
    sounds = decode(paths, f"{work}/fsdd.npz")
    return [Clip(p.stem, p.stem.split("_")[1], "en", p.stem[0], s) for p, s in zip(paths, sounds)]


def music(work):
    """Pieces of asterisk-moh-opsound-wav (8 kHz: nothing above 4 kHz) by name."""
    paths = sorted(pathlib.Path("/usr/share/asterisk/moh").glob("*.wav"))
    return dict(zip([p.stem for p in paths], decode(paths, f"{work}/music.npz")))


def trimmed(sound, threshold_db=-45.0, keep_s=0.05):
    """Without the silence at both ends: 10 ms frames this far below the loudest one."""
    n = len(sound) // 160
    level = np.square(sound[:n * 160].reshape(n, 160).astype(np.float32)).mean(1)
    loud = np.flatnonzero(level > level.max(initial=0.0) * 10 ** (threshold_db / 10))
    if not len(loud):
        return sound[:0]
    keep = int(keep_s * RATE)
    return sound[max(0, loud[0] * 160 - keep):(loud[-1] + 1) * 160 + keep]


def save_safetensors(path, tensors, metadata):
    """Write numpy arrays by name: wide types first, then by name, so that equal input gives equal bytes."""
    kinds = {"float32": "F32", "float16": "F16", "int64": "I64", "int32": "I32", "int8": "I8", "uint8": "U8"}
    names = sorted(tensors, key=lambda name: (-tensors[name].itemsize, name))
    header, place = {"__metadata__": {k: str(v) for k, v in sorted(metadata.items())}}, 0
    for name in names:
        t = tensors[name]
        header[name] = {"dtype": kinds[t.dtype.name], "shape": list(t.shape), "data_offsets": [place, place + t.nbytes]}
        place += t.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    partial = pathlib.Path(f"{path}.partial")
    partial.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(tensors[n].tobytes() for n in names))
    partial.replace(path)


def load_safetensors(path):
    """(arrays by name, metadata) of a file of save_safetensors()."""
    kinds = {"F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I8": "i1", "U8": "u1"}
    data = pathlib.Path(path).read_bytes()
    (size,) = struct.unpack_from("<Q", data)
    header, base = json.loads(data[8:8 + size]), 8 + size
    metadata = header.pop("__metadata__", {})
    return {name: np.frombuffer(data[base + e["data_offsets"][0]:base + e["data_offsets"][1]],
                                kinds[e["dtype"]]).reshape(e["shape"]) for name, e in header.items()}, metadata


def arguments(description, minutes):
    """The options of every recipe; a run continues what its work folder holds."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--work", default="build/train", help="folder for decoded sound and checkpoints")
    parser.add_argument("--out", help="the .safetensors file to write at the end")
    parser.add_argument("--minutes", type=float, default=minutes, help="training in all, counted over interruptions")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--threads", type=int, default=1)
    return parser


def begin(options):
    """Threads and seeds as the options say; the number generator of the recipe."""
    import torch
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    pathlib.Path(options.work).mkdir(parents=True, exist_ok=True)
    return np.random.default_rng(options.seed)


class Run:
    """A training of so many minutes that can be stopped and gone on with.

    parts: name -> what has state_dict() and load_state_dict(). The parts, torch's and `rng`'s state, the step and the
    time spent are kept in `path` every `every_s`. Use: `while run.going(): ...; run.step(loss=...)`."""

    def __init__(self, path, parts, rng, minutes, every_s=180.0):
        import torch
        self.torch, self.path, self.parts, self.rng = torch, pathlib.Path(path), parts, rng
        self.limit_s, self.every_s = minutes * 60.0, every_s
        self.steps, self.spent_s, self.sums, self.count = 0, 0.0, collections.Counter(), 0
        if self.path.exists():
            kept = torch.load(self.path, map_location="cpu")
            for name, part in parts.items():
                part.load_state_dict(kept["parts"][name])
            rng.bit_generator.state = kept["numpy"]
            torch.set_rng_state(kept["torch"])
            self.steps, self.spent_s = kept["steps"], kept["spent_s"]
            print(f"going on from step {self.steps}, {self.spent_s / 60:.1f} min", flush=True)
        self.last = self.kept = self.told = time.monotonic()

    def part_done(self):
        """0 at the first step, 1 when the time is over: for schedules."""
        return min(1.0, self.spent_s / self.limit_s)

    def going(self):
        if self.spent_s < self.limit_s:
            return True
        self.keep()
        return False

    def step(self, **losses):
        now = time.monotonic()
        self.steps, self.spent_s, self.last = self.steps + 1, self.spent_s + now - self.last, now
        self.sums.update({name: float(value) for name, value in losses.items()})
        self.count += 1
        if now - self.told > 20.0:
            means = "  ".join(f"{name} {total / self.count:.4f}" for name, total in self.sums.items())
            left = (self.limit_s - self.spent_s) / 60
            print(f"step {self.steps}  {means}  {self.spent_s / 60:.1f} min, {left:.1f} to go", flush=True)
            self.told, self.count = now, 0
            self.sums.clear()
        if now - self.kept > self.every_s:
            self.keep()

    def keep(self):
        partial = self.path.with_suffix(".partial")
        self.torch.save({"parts": {name: part.state_dict() for name, part in self.parts.items()},
                         "numpy": self.rng.bit_generator.state, "torch": self.torch.get_rng_state(),
                         "steps": self.steps, "spent_s": self.spent_s}, partial)
        partial.replace(self.path)
        self.kept = time.monotonic()
