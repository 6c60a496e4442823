#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter banks, mel, cepstra, centroid and decibels equal TorchAudio's and librosa's formula."""

import math
import random

from oracle import (BOOL, DOUBLE, FLOAT, INT, LIB, PTR, SIZE, U32, SpectrogramConfig, build, declare, done, near, ok,
                    seed_all, signals, struct, torch, torchaudio)

Bank = struct("Bank", n_freqs=U32, n_filters=U32, sample_rate=U32, f_min=DOUBLE, f_max=DOUBLE, scale=INT, norm=INT)
Mel = struct("Mel", spectrogram=SpectrogramConfig, power=FLOAT, filterbank=Bank)
Cepstrum = struct("Cepstrum", bands=Mel, n_coeffs=U32, norm=INT, log_bands=BOOL, top_db=FLOAT)
Centroid = struct("Centroid", spectrogram=SpectrogramConfig, sample_rate=U32, torchaudio=BOOL)
F, T = torchaudio.functional, torchaudio.transforms
HTK, SLANEY, LINEAR = 0, 1, 2

declare("spectrogram_config", SpectrogramConfig, U32)
declare("mel_config", Mel, U32)
declare("mel_librosa_config", Mel, U32)
declare("mfcc_config", Cepstrum, U32)
declare("lfcc_config", Cepstrum, U32)
declare("filterbank_dense", None, PTR, PTR)
declare("filterbank_apply", None, PTR, PTR, PTR)
declare("filterbank_n_empty", U32, PTR)
for kind in ("mel", "cepstrum", "centroid"):
    declare(kind + "_n_frames", SIZE, PTR, SIZE)
    declare(kind + "_run", U32, PTR, PTR, SIZE, PTR)
declare("mel_frame", None, PTR, PTR, PTR)
declare("cepstrum_frame", None, PTR, PTR, PTR)
declare("centroid_frame", FLOAT, PTR, PTR)
declare("inverse_mel_apply", None, PTR, PTR, PTR)
declare("dct_fill", U32, PTR, U32, U32, INT)
declare("amplitude_to_db", None, PTR, SIZE, FLOAT, FLOAT, FLOAT, PTR)
declare("db_clamp_top", None, PTR, SIZE, FLOAT)
declare("db_to_amplitude", None, PTR, SIZE, FLOAT, FLOAT, PTR)


def test_banks():
    for n_freqs, n_mels, rate, f_min, f_max in [(201, 40, 16000, 0.0, None), (1025, 128, 44100, 0.0, None),
                                                (257, 23, 8000, 20.0, 3800.0), (513, 80, 22051, 55.5, 7999.0),
                                                (200, random.randrange(1, 60), 16000, 100.0, 7000.0)]:
        for scale, norm in [(HTK, None), (SLANEY, "slaney"), (HTK, "slaney"), (SLANEY, None), (LINEAR, None)]:
            config = Bank(n_freqs, n_mels, rate, f_min, f_max or 0.0, scale, norm is not None)
            status, memory, self = build(LIB.pinna_filterbank_init, config)
            name = f"{n_mels} filters over {n_freqs} bins of {rate} Hz, scale {scale}, norm {norm}"
            ok(status == 0, name)
            ours = torch.empty(n_freqs, n_mels)
            LIB.pinna_filterbank_dense(self, ours.data_ptr())
            top = f_max or float(rate // 2)
            torch.set_default_dtype(torch.float64)
            if scale == LINEAR:
                theirs = F.linear_fbanks(n_freqs, f_min, top, n_mels, rate)
            else:
                theirs = F.melscale_fbanks(n_freqs, f_min, top, n_mels, rate, norm, "slaney" if scale else "htk")
            torch.set_default_dtype(torch.float32)
            near(ours, theirs, 1e-6, f"{name}: matrix")
            empty = int((theirs.abs().max(0).values == 0.0).sum())
            ok(LIB.pinna_filterbank_n_empty(self) == empty, f"{name}: {empty} empty")
            x, y = torch.rand(n_freqs), torch.empty(n_mels)
            LIB.pinna_filterbank_apply(self, x.data_ptr(), y.data_ptr())
            near(y, x.double() @ theirs, 1e-5, f"{name}: applied")
            LIB.pinna_arena_free(memory)
    for field, value in [("n_freqs", 1), ("n_filters", 0), ("f_max", -1.0), ("f_min", 9000.0), ("scale", 3), ("norm", 2)]:
        config = Bank(201, 40, 16000, 0.0, 0.0, HTK, 0)
        setattr(config, field, value)
        ok(build(LIB.pinna_filterbank_init, config)[0] == 1, f"{field} {value} is refused")


def test_inverse():
    """relu(lstsq), as TorchAudio 2.x: the shortest bins, and exact where bins are fewer than bands' freedom."""
    for n_freqs, n_mels, rate, scale in [(201, 40, 16000, HTK), (1025, 80, 22050, SLANEY), (257, 23, 8000, HTK)]:
        config = Bank(n_freqs, n_mels, rate, 0.0, 0.0, scale, 0)
        status, memory, self = build(LIB.pinna_inverse_mel_init, config)
        ok(status == 0, f"inverse of {n_mels} mels builds")
        torch.set_default_dtype(torch.float64)
        bank = F.melscale_fbanks(n_freqs, 0.0, float(rate // 2), n_mels, rate, None, "slaney" if scale else "htk")
        torch.set_default_dtype(torch.float32)
        mel = (torch.rand(n_freqs).double() @ bank).float()
        out = torch.empty(n_freqs)
        LIB.pinna_inverse_mel_apply(self, mel.data_ptr(), out.data_ptr())
        near(out, (torch.linalg.pinv(bank.T) @ mel.double()).relu(), 1e-4, f"inverse of {n_mels} mels of {n_freqs} bins")
        LIB.pinna_arena_free(memory)


def run(kind, config, x, n_cols):
    """[n_cols, n_frames] as torch has it."""
    status, memory, self = build(getattr(LIB, f"pinna_{kind}_init"), config)
    ok(status == 0, f"{kind} builds")
    shape = getattr(LIB, f"pinna_{kind}_n_frames")(self, len(x)), n_cols
    out = torch.empty(shape)
    ok(getattr(LIB, f"pinna_{kind}_run")(self, x.data_ptr(), len(x), out.data_ptr()) == 0, f"{kind} runs")
    LIB.pinna_arena_free(memory)
    return out.T


def spectrogram(config, n_fft, win, hop, pad=0, center=True):
    config.n_fft, config.win_length, config.hop_length, config.pad, config.center = n_fft, win, hop, pad, center


SHAPES = [(400, 400, 160, 0, True), (512, 400, 160, 0, True), (2048, 2048, 512, 0, True), (401, 301, 77, 3, True),
          (194, 194, 50, 0, False)]


def test_mel(name, x):
    for n_fft, win, hop, pad, center in SHAPES:
        for power, scale, norm in [(2.0, HTK, None), (1.0, SLANEY, "slaney"), (1.5, HTK, None)]:
            config = LIB.pinna_mel_config(16000)
            spectrogram(config.spectrogram, n_fft, win, hop, pad, center)
            n_mels = random.randrange(5, 70)
            config.power = power
            config.filterbank.n_filters, config.filterbank.scale = n_mels, scale
            config.filterbank.norm = norm is not None
            theirs = T.MelSpectrogram(16000, n_fft, win, hop, 0.0, None, pad, n_mels, power=power, center=center,
                                      norm=norm, mel_scale="slaney" if scale else "htk").double()(x.double())
            near(run("mel", config, x, n_mels), theirs, 1e-5, f"{name} {n_fft}/{win}/{hop} mel {n_mels} power {power}")


def test_cepstra(name, x):
    for n_fft, win, hop, pad, center in SHAPES:
        for log, ortho, n in [(False, True, 40), (True, False, 13), (False, False, 1), (True, True, 20)]:
            kwargs = dict(n_fft=n_fft, win_length=win, hop_length=hop, pad=pad, center=center)
            for kind in ("mfcc", "lfcc"):
                config = getattr(LIB, f"pinna_{kind}_config")(16000)
                spectrogram(config.bands.spectrogram, n_fft, win, hop, pad, center)
                n_bands = random.randrange(40, 60)
                config.bands.filterbank.n_filters = n_bands
                config.n_coeffs, config.norm, config.log_bands = n, not ortho, log
                norm = "ortho" if ortho else None
                if kind == "mfcc":
                    op = T.MFCC(16000, n, 2, norm, log, dict(kwargs, n_mels=n_bands))
                else:
                    op = T.LFCC(16000, n_bands, 0.0, None, n, 2, norm, log, kwargs)
                near(run("cepstrum", config, x, n), op.double()(x.double()), 2e-5,
                     f"{name} {n_fft}/{win}/{hop} {kind} of {n_bands}, log {log}, {norm}")
    near(run("cepstrum", LIB.pinna_mfcc_config(16000), x, 40), T.MFCC(16000)(x), 1e-4, f"{name} MFCC(), in float")
    near(run("cepstrum", LIB.pinna_lfcc_config(16000), x, 40), T.LFCC(16000)(x), 1e-4, f"{name} LFCC(), in float")


def test_centroid(name, x):
    for n_fft, win, hop, pad, _ in SHAPES:
        config = Centroid(LIB.pinna_spectrogram_config(n_fft), 16000, True)
        spectrogram(config.spectrogram, n_fft, win, hop, pad)
        theirs = T.SpectralCentroid(16000, n_fft, win, hop, pad).double()(x.double())
        near(run("centroid", config, x, 1), theirs[None], 1e-4, f"{name} {n_fft}/{win}/{hop} centroid")
    config = Centroid(LIB.pinna_spectrogram_config(400), 16000, True)
    silence = torch.zeros(2000)
    near(run("centroid", config, silence, 1), T.SpectralCentroid(16000)(silence)[None], 0.0, "silence is NaN as there")
    config.torchaudio = False
    ok(bool((run("centroid", config, silence, 1) == 0.0).all()), "silence is 0 Hz by default")


def test_live(name, x):
    """Frames one by one equal the whole signal."""
    config = LIB.pinna_mfcc_config(16000)
    spectrogram(config.bands.spectrogram, 512, 512, 128, 0, False)
    config.bands.filterbank.n_filters, config.top_db = 64, -1.0
    status, memory, self = build(LIB.pinna_cepstrum_init, config)
    mel_status, mel_memory, mel = build(LIB.pinna_mel_init, config.bands)
    centre = Centroid(config.bands.spectrogram, 16000, False)
    centroid_status, centroid_memory, centroid = build(LIB.pinna_centroid_init, centre)
    ok(status == mel_status == centroid_status == 0, "live objects build")
    whole, whole_mel = run("cepstrum", config, x, 40), run("mel", config.bands, x, 64)
    whole_centroid = run("centroid", centre, x, 1)
    bins = torch.stft(x, 512, 128, window=torch.hann_window(512), center=False, return_complex=True).T.contiguous()
    frames, mels, centroids = torch.empty(len(bins), 40), torch.empty(len(bins), 64), torch.empty(len(bins))
    for i, row in enumerate(bins):
        LIB.pinna_cepstrum_frame(self, row.data_ptr(), frames[i].data_ptr())
        LIB.pinna_mel_frame(mel, row.data_ptr(), mels[i].data_ptr())
        centroids[i] = LIB.pinna_centroid_frame(centroid, row.data_ptr())
    near(frames.T, whole, 1e-4, f"{name} live MFCC")
    near(mels.T, whole_mel, 1e-5, f"{name} live mel")
    near(centroids[None], whole_centroid, 1e-4, f"{name} live centroid")
    for block in (memory, mel_memory, centroid_memory):
        LIB.pinna_arena_free(block)


def librosa_mel(x, rate, n_fft=2048, hop=512, n_mels=128, pad_mode="constant"):
    """librosa.feature.melspectrogram() written out: Slaney's scale and norm, zeros at the ends."""
    def to_hz(mel):
        return torch.where(mel < 15.0, mel * 200.0 / 3.0, 1000.0 * torch.exp(math.log(6.4) / 27.0 * (mel - 15.0)))

    top = rate / 2.0
    mel_top = top * 3.0 / 200.0 if top < 1000.0 else 15.0 + math.log(top / 1000.0) * 27.0 / math.log(6.4)
    edges = to_hz(torch.arange(n_mels + 2, dtype=torch.float64) * mel_top / (n_mels + 1))
    f = torch.arange(n_fft // 2 + 1, dtype=torch.float64) * rate / n_fft
    up = (f - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    down = (edges[2:, None] - f) / (edges[2:] - edges[1:-1])[:, None]
    bank = torch.minimum(up, down).clamp(min=0.0) * (2.0 / (edges[2:] - edges[:-2]))[:, None]
    bins = torch.stft(x.double(), n_fft, hop, window=torch.hann_window(n_fft, dtype=torch.float64), center=True,
                      pad_mode=pad_mode, return_complex=True)
    return bank @ bins.abs() ** 2


def test_librosa(name, x):
    for rate in (22050, 16000, 44100):
        config = LIB.pinna_mel_librosa_config(rate)
        mel, theirs = run("mel", config, x, 128), librosa_mel(x, rate)
        near(mel, theirs, 1e-5, f"{name} librosa mel at {rate}")
        db, want = torch.empty_like(mel).contiguous(), 10.0 * theirs.clamp(min=1e-10).log10()
        mel = mel.contiguous()
        LIB.pinna_amplitude_to_db(mel.data_ptr(), mel.numel(), 10.0, 1e-10, 0.0, db.data_ptr())
        LIB.pinna_db_clamp_top(db.data_ptr(), db.numel(), 80.0)
        near(db, torch.maximum(want, want.max() - 80.0), 1e-4, f"{name} librosa power_to_db at {rate}")


def test_decibel():
    x = torch.rand(1, 37, 53) ** 8
    for multiplier, ref, top in [(10.0, 1.0, 80.0), (20.0, 0.1, None), (10.0, 3.0, 20.0)]:
        y = torch.empty_like(x)
        offset = math.log10(max(1e-10, ref))
        LIB.pinna_amplitude_to_db(x.data_ptr(), x.numel(), multiplier, 1e-10, offset, y.data_ptr())
        if top:
            LIB.pinna_db_clamp_top(y.data_ptr(), y.numel(), top)
        near(y, F.amplitude_to_DB(x.double(), multiplier, 1e-10, offset, top), 1e-6, f"decibels {multiplier} top {top}")
        z = torch.empty_like(x)
        LIB.pinna_db_to_amplitude(y.data_ptr(), y.numel(), 2.0, 0.5, z.data_ptr())
        near(z, F.DB_to_amplitude(y.double(), 2.0, 0.5), 1e-5, f"and back {multiplier}")


def test_dct():
    for n_out, n_in in [(40, 128), (13, 23), (7, 7), (1, 5)]:
        for norm in ("ortho", None):
            ours = torch.empty(n_in, n_out)
            ok(LIB.pinna_dct_fill(ours.data_ptr(), n_out, n_in, norm is None) == 0, f"DCT {n_in} to {n_out} {norm}")
            near(ours, F.create_dct(n_out, n_in, norm), 1e-5, f"DCT {n_in} to {n_out} {norm}")
    ok(LIB.pinna_dct_fill(None, 6, 5, 0) == 1, "more out than in is refused")


def main():
    seed_all()
    test_banks()
    test_inverse()
    test_dct()
    test_decibel()
    for name, x in signals(random.randrange(9000, 20000)):
        test_mel(name, x)
        test_cepstra(name, x)
        test_centroid(name, x)
        test_live(name, x)
        test_librosa(name, x)
    done()


main()
