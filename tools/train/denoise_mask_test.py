#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure a mask on what denoise_mask.py holds out, against OM-LSA alone, and print the tables of its model card.

usage: /usr/bin/python3 tools/train/denoise_mask_test.py WEIGHTS [build/libpinna.so] [--work build/train] [--takes 4]

Mixtures of 12 s at 16 kHz, the SNR over the whole; gains are means over takes. The mask is run as it is, without the
limit on reduction that `denoise` sets."""

import argparse
import ctypes
import wave

import numpy as np
import torch
from scipy import signal

import common
import mask_net
import sounds
from denoise_mask import HELD_LANGUAGE, HELD_MUSIC

SECONDS = 12
N = SECONDS * common.RATE


class Params(ctypes.Structure):
    _fields_ = [(n, ctypes.c_int) for n in ("mode", "method", "statistic", "gate")] \
        + [("learn", ctypes.c_bool), ("listen", ctypes.c_bool)] \
        + [(n, ctypes.c_double) for n in (
            "reduction_db sensitivity speed_s smoothing preserve whitening hum_hz rumble_hz dereverb rt60_s "
            "threshold_db hold_s range_db mix mask").split()]


class Config(ctypes.Structure):
    _fields_ = [("rate", ctypes.c_double), ("n_channels", ctypes.c_uint32), ("low_latency", ctypes.c_bool),
                ("profile", ctypes.c_void_p), ("mask", ctypes.c_void_p)]


def omlsa(library):
    """A function that denoises a sound as `denoise` does by itself."""
    lib = ctypes.CDLL(library)
    build = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
    lib.pinna_denoise_defaults.restype = Params
    lib.pinna_denoise_latency.argtypes = [ctypes.c_void_p]
    lib.pinna_denoise_init.argtypes = [ctypes.c_void_p] * 3

    def enhance(x):
        memory, handle, params = ctypes.c_void_p(), ctypes.c_void_p(), lib.pinna_denoise_defaults()
        call = build(lambda out, arena, config: lib.pinna_denoise_init(out, arena, config))
        config = Config(common.RATE, 1, False, None, None)
        status = lib.pinna_arena_build(ctypes.byref(memory), ctypes.byref(handle), call, ctypes.byref(config))
        assert status == 0, status
        lib.pinna_denoise_set(handle, ctypes.byref(params))
        lib.pinna_denoise_snap(handle)
        latency = lib.pinna_denoise_latency(handle)
        y = np.concatenate([x, np.zeros(latency, np.float32)])
        rows = (ctypes.c_void_p * 1)(y.ctypes.data)
        lib.pinna_denoise_run(handle, rows, rows, ctypes.c_uint32(len(y)))
        lib.pinna_arena_free(memory)
        return y[latency:]
    return enhance


def si_sdr(clean, x):
    clean, x = clean.astype(np.float64), x.astype(np.float64)
    target = clean * (clean @ x) / (clean @ clean)
    return 10 * np.log10((target @ target) / ((x - target) @ (x - target)))


def stoi(clean, x):
    """Taal et al., IEEE TASL 19(7), 2011."""
    clean, x = (signal.resample_poly(s.astype(np.float64), 5, 8) for s in (clean, x))
    window = np.hanning(258)[1:-1]
    frames = [np.lib.stride_tricks.sliding_window_view(s, 256)[::128] * window for s in (clean, x)]
    level = 20 * np.log10(np.linalg.norm(frames[0], axis=1) + 1e-12)
    kept = level > level.max() - 40
    spectra = []
    for f in frames:
        f = f[kept]
        sound = np.zeros(128 * (len(f) - 1) + 256)
        for i, row in enumerate(f):
            sound[128 * i:128 * i + 256] += row
        spectra.append(np.abs(np.fft.rfft(np.lib.stride_tricks.sliding_window_view(sound, 256)[::128] * window, 512)) ** 2)
    edges = [(150 * 2 ** (k / 3) * 2 ** (-1 / 6), 150 * 2 ** (k / 3) * 2 ** (1 / 6)) for k in range(15)]
    hz = np.arange(257) * 10000 / 512
    bands = np.array([(np.arange(257) >= np.argmin(np.abs(hz - a))) & (np.arange(257) < np.argmin(np.abs(hz - b)))
                      for a, b in edges], float)
    a, b = (np.lib.stride_tricks.sliding_window_view(np.sqrt(s @ bands.T), 30, axis=0) for s in spectra)
    b = b * np.linalg.norm(a, axis=-1, keepdims=True) / (np.linalg.norm(b, axis=-1, keepdims=True) + 1e-12)
    b = np.minimum(b, a * (1 + 10 ** (15 / 20)))
    a, b = a - a.mean(-1, keepdims=True), b - b.mean(-1, keepdims=True)
    return float((np.sum(a * b, -1) / (np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1) + 1e-12)).mean())


def recorded():
    with wave.open(str(common.shared() / "data/noise/freesound_573577.wav")) as file:
        x = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())[:, 0]
        return signal.resample_poly(x.astype(np.float32), common.RATE, file.getframerate())


def noises(talkers, work):
    """Name -> function of rng. `babble` is of the other talkers, none of whom was trained on in the last rows."""
    music = common.music(work)
    noise = recorded()
    return {"white": lambda rng: sounds.white(N, rng), "pink": lambda rng: sounds.pink(N, rng),
            "babble, 6 trained voices": lambda rng: sounds.babble(talkers[0], N, rng, 6),
            "babble, held out": lambda rng: sounds.babble(talkers[1], N, rng, 6),
            "music, held-out pieces": lambda rng: sounds.stretch(music[HELD_MUSIC[rng.integers(2)]], N, rng),
            "keyboard, never trained": lambda rng: sounds.keyboard(N, rng),
            "recorded, never trained": lambda rng: sounds.stretch(noise, N, rng)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights")
    parser.add_argument("library", nargs="?", default="build/libpinna.so")
    parser.add_argument("--work", default="build/train")
    parser.add_argument("--takes", type=int, default=4)
    options = parser.parse_args()
    torch.set_num_threads(1)
    net = mask_net.MaskNet().eval()
    if options.weights.endswith(".pt"):
        net.load_state_dict(torch.load(options.weights, map_location="cpu")["parts"]["net"])
    else:
        tensors, _ = common.load_safetensors(options.weights)
        net.load_state_dict({name: torch.from_numpy(t.astype(np.float32)) for name, t in tensors.items()})
    baseline = omlsa(options.library)
    voices = {lang: [c.sound for c in common.asterisk(lang, options.work)] for lang in common.LANGUAGES}
    voices["LJ held out"] = [c.sound for c in common.ljspeech(options.work)[-21:]]
    fsdd = [c for c in common.fsdd(options.work) if int(c.name.split("_")[2]) < 10]
    voices["digits held out"] = [c.sound for c in fsdd if c.speaker == "george"]
    held = [HELD_LANGUAGE, "LJ held out", "digits held out", "it"]
    print("SI-SDR gain [dB] of the mask, of OM-LSA, difference; STOI of the input, change by the mask; worst take")
    for name in held:
        trained = {k: v for k, v in voices.items() if k in common.LANGUAGES and k not in (HELD_LANGUAGE, name)}
        other = {k: v for k, v in voices.items() if k in (HELD_LANGUAGE, "LJ held out", "digits held out") and k != name}
        for kind, make in noises((trained, other), options.work).items():
            for snr in (0, 10):
                rows = []
                for take in range(options.takes):
                    rng = np.random.default_rng([take, snr, *kind.encode()])
                    clean = sounds.speech(voices[name], N, rng, 0.2)
                    noise = make(rng)
                    noise *= sounds.rms(clean) / sounds.rms(noise) * 10 ** (-snr / 20)
                    level = 0.05 / sounds.rms(clean)
                    clean, mix = (clean * level).astype(np.float32), ((clean + noise) * level).astype(np.float32)
                    ours = mask_net.enhance(net, torch.from_numpy(mix)).numpy()
                    before = si_sdr(clean, mix)
                    rows.append((si_sdr(clean, ours) - before, si_sdr(clean, baseline(mix)) - before,
                                 stoi(clean, mix), stoi(clean, ours)))
                a, b, s, t = np.mean(rows, 0)
                worst = min(r[0] - r[1] for r in rows), min(r[3] - r[2] for r in rows)
                print(f"{name:16} {kind:26} {snr:3} dB  {a:6.2f} {b:6.2f} {a - b:+6.2f}   {s:.3f} {t - s:+.3f}   "
                      f"worst {worst[0]:+.2f} {worst[1]:+.3f}", flush=True)


if __name__ == "__main__":
    main()
