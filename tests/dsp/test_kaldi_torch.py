#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kaldi's spectrogram, fbank and mfcc equal torchaudio.compliance.kaldi's, option by option."""

import random

import torchaudio.compliance.kaldi as K
from oracle import (BOOL, DOUBLE, INT, LIB, PTR, SIZE, U32, U64, build, declare, done, near, ok, seed_all, signals,
                    struct, torch)
from oracle import WINDOWS

Kaldi = struct("Kaldi", kind=INT, sample_frequency=DOUBLE, frame_length=DOUBLE, frame_shift=DOUBLE, min_duration=DOUBLE,
               window_type=INT, blackman_coeff=DOUBLE, preemphasis_coefficient=DOUBLE, energy_floor=DOUBLE,
               dither=DOUBLE, seed=U64, raw_energy=BOOL, remove_dc_offset=BOOL, round_to_power_of_two=BOOL,
               snip_edges=BOOL, subtract_mean=BOOL, use_energy=BOOL, use_log_fbank=BOOL, use_power=BOOL,
               htk_compat=BOOL, low_freq=DOUBLE, high_freq=DOUBLE, vtln_low=DOUBLE, vtln_high=DOUBLE, vtln_warp=DOUBLE,
               num_mel_bins=U32, num_ceps=U32, cepstral_lifter=DOUBLE)
KINDS = ["spectrogram", "fbank", "mfcc"]
declare("kaldi_config", Kaldi, INT)
declare("kaldi_n_frames", SIZE, PTR, SIZE)
declare("kaldi_n_cols", U32, PTR)
declare("kaldi_frame_size", None, PTR, PTR, PTR)
declare("kaldi_run", U32, PTR, PTR, SIZE, PTR)
declare("kaldi_frame", None, PTR, PTR, PTR)


def configure(kind, options):
    config = LIB.pinna_kaldi_config(KINDS.index(kind))
    for key, value in options.items():
        if key == "window_type":
            value = WINDOWS.index("hann" if value == "hanning" else value)
        setattr(config, key, value)
    return config


def run(config, x):
    status, memory, self = build(LIB.pinna_kaldi_init, config)
    if status:
        return None
    out = torch.empty(LIB.pinna_kaldi_n_frames(self, len(x)), LIB.pinna_kaldi_n_cols(self))
    LIB.pinna_kaldi_run(self, x.data_ptr(), len(x), out.data_ptr())
    LIB.pinna_arena_free(memory)
    return out


COMMON = [{}, {"frame_length": 20.0, "frame_shift": 7.3}, {"sample_frequency": 8000.0, "frame_length": 32.0},
          {"window_type": "hanning"}, {"window_type": "hamming"}, {"window_type": "rectangular"},
          {"window_type": "blackman"}, {"window_type": "blackman", "blackman_coeff": 0.3},
          {"preemphasis_coefficient": 0.0}, {"preemphasis_coefficient": 0.5, "raw_energy": False},
          {"remove_dc_offset": False}, {"snip_edges": False}, {"snip_edges": False, "frame_shift": 30.0},
          {"energy_floor": 0.0}, {"energy_floor": 1e9}, {"round_to_power_of_two": False},
          {"round_to_power_of_two": False, "frame_length": 21.375}, {"subtract_mean": True}, {"min_duration": 0.3}]
FILTERS = [{"use_energy": True}, {"use_energy": True, "htk_compat": True}, {"htk_compat": True},
           {"low_freq": 200.0, "high_freq": 3500.0}, {"high_freq": -400.0}, {"num_mel_bins": 40},
           {"vtln_warp": 0.9}, {"vtln_warp": 1.1, "vtln_low": 60.0, "vtln_high": 7000.0}]
ONLY = {"spectrogram": [], "mfcc": [{"num_ceps": 5}, {"cepstral_lifter": 0.0}, {"num_ceps": 23}, {"cepstral_lifter": 5.0}],
        "fbank": [{"use_log_fbank": False}, {"use_power": False}, {"use_power": False, "use_log_fbank": False},
                  {"use_energy": True, "use_log_fbank": False, "subtract_mean": True}]}


def test_options(name, x):
    for kind in KINDS:
        for options in COMMON + (FILTERS if kind != "spectrogram" else []) + ONLY[kind]:
            theirs = getattr(K, kind)(x[None].double(), **options)
            near(run(configure(kind, options), x), theirs, 1e-4, f"{name} {kind} {options}")
        if kind != "spectrogram":
            near(run(configure(kind, {}), x), getattr(K, kind)(x[None]), 2e-4, f"{name} {kind}, in float")


def test_live(name, x):
    for kind in KINDS:
        config = configure(kind, {"dither": 1.0, "seed": 7})
        status, memory, self = build(LIB.pinna_kaldi_init, config)
        size, shift = torch.zeros(1, dtype=torch.int32), torch.zeros(1, dtype=torch.int32)
        LIB.pinna_kaldi_frame_size(self, size.data_ptr(), shift.data_ptr())
        whole = run(config, x)
        out = torch.empty_like(whole)
        for i, row in enumerate(x.unfold(0, int(size), int(shift)).contiguous()):
            LIB.pinna_kaldi_frame(self, row.data_ptr(), out[i].data_ptr())
        ok(status == 0 and bool((out == whole).all()), f"{name} {kind}: live frames equal the file's, bit for bit")
        LIB.pinna_arena_free(memory)


def test_dither():
    silence = torch.zeros(16000)
    one, other = (run(configure("fbank", {"dither": 2.0, "seed": s, "preemphasis_coefficient": 0.0}), silence)
                  for s in (1, 2))
    again = run(configure("fbank", {"dither": 2.0, "seed": 1, "preemphasis_coefficient": 0.0}), silence)
    ok(bool((one == again).all()) and bool((one != other).any()), "dither is reproducible by its seed")
    theirs = K.fbank(silence[None], dither=2.0, preemphasis_coefficient=0.0)
    difference = (one.mean() - theirs.mean()).abs()
    ok(bool(difference < 0.1), f"its level is TorchAudio's within {difference:.3f}")


def test_refusals(x):
    for kind, options in [("fbank", {"num_mel_bins": 3}), ("fbank", {"low_freq": -1.0}), ("fbank", {"low_freq": 8000.0}),
                          ("fbank", {"vtln_warp": 0.9, "vtln_low": 10.0}), ("mfcc", {"num_ceps": 24}),
                          ("spectrogram", {"frame_shift": 0.0}), ("spectrogram", {"preemphasis_coefficient": 1.1}),
                          ("spectrogram", {"round_to_power_of_two": False, "frame_length": 25.0625})]:
        try:
            getattr(K, kind)(x[None], **options)
            ok(False, f"{kind} {options}: TorchAudio takes it")
        except AssertionError:
            ok(run(configure(kind, options), x) is None, f"{kind} {options} is refused as there")
    ok(run(configure("fbank", {"min_duration": 10.0}), x).shape[0] == 0, "shorter than min_duration: no frame")
    ok(run(configure("fbank", {}), x[:399].contiguous()).shape[0] == 0, "shorter than a frame: no frame")


def main():
    seed_all()
    for name, x in signals(random.randrange(9000, 16000)):
        x = (x * 20000.0 + 50.0).round()
        test_options(name, x)
        test_live(name, x)
    test_refusals(torch.rand(8000))
    test_dither()
    done()


main()
