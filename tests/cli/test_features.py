#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""pinna features: numbers of TorchAudio and of formulas, Kaldi archives byte by byte, shards, bad files."""

import os
import random
import struct
import subprocess
import sys
import tempfile
import warnings

import wavio

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish, ok, skip  # noqa: E402

PINNA = sys.argv[1]
SEED = int(os.environ.get("PINNA_SEED", random.randrange(1 << 31)))

try:
    import numpy as np
except ImportError:
    print("1..0 # SKIP no NumPy for this Python")
    sys.exit(0)
try:
    import torch
    import torchaudio
    import torchaudio.compliance.kaldi as kaldi
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
except ImportError:
    torchaudio = None


def pinna(*args, stdin=None, cwd=None):
    return subprocess.run([PINNA, "features", *map(str, args)], input=stdin, capture_output=True,
                          timeout=120, cwd=cwd)


def good(*args, **more):
    done = pinna(*args, **more)
    ok(done.returncode == 0, "pinna features %s" % " ".join(map(str, args))[-90:], done.stderr.decode())
    return done


def near(actual, expected, limit, text):
    """Greatest difference over the greatest value."""
    same = actual.shape == expected.shape
    error = float(np.abs(actual - expected).max() / max(np.abs(expected).max(), 1e-20)) if same else 1e9
    ok(same and error <= limit, "%s: %.1e" % (text, error), "%s, expected %s" % (actual.shape, expected.shape))


def noise(rng, n):
    """Noise with a spectrum that is not flat, full scale 0.5."""
    x = np.cumsum(rng.standard_normal(n)) * 0.01
    x = x - np.convolve(x, np.ones(64) / 64, "same") + 0.02 * rng.standard_normal(n)
    return (0.5 * x / np.abs(x).max()).astype(np.float32)


def test_torchaudio(folder, rng):
    if not torchaudio:
        skip("parity with TorchAudio", "python3-torchaudio is not installed")
        return
    rate = 16000
    x = noise(rng, rate + 123)
    wav = folder + "/a.wav"
    wavio.write(wav, [x], rate)
    wave = torch.from_numpy(x).double()
    transforms = torchaudio.transforms

    def compare(expected, limit, *args):
        out = folder + "/a.npy"
        good(wav, "--out", out, *args)
        near(np.load(out), expected.numpy(), limit, " ".join(map(str, args)))

    compare(transforms.Spectrogram().double()(wave), 2e-6, "--kind", "spectrogram")
    compare(transforms.Spectrogram(n_fft=512, win_length=400, hop_length=160, power=1.0, center=False).double()(wave),
            2e-6, "--kind", "spectrogram", "--n_fft", 512, "--win_length", 400, "--hop_length", 160,
            "--power", 1, "--no_center")
    compare(transforms.MelSpectrogram().double()(wave), 1e-5)
    compare(transforms.MelSpectrogram(n_fft=512, hop_length=128, n_mels=40, f_min=60, f_max=7000).double()(wave),
            1e-5, "--n_fft", 512, "--hop_length", 128, "--n_mels", 40, "--f_min", 60, "--f_max", 7000)
    compare(transforms.MFCC(n_mfcc=20).double()(wave), 1e-5, "--kind", "mfcc", "--n_mfcc", 20)
    compare(transforms.LFCC().double()(wave), 1e-5, "--kind", "lfcc")
    compare(transforms.SpectralCentroid(rate).double()(wave)[None, :], 1e-5,
            "--kind", "centroid")
    scaled = wave.float()[None, :].double() * 32768.0
    compare(kaldi.fbank(scaled), 1e-4, "--kind", "fbank")
    compare(kaldi.fbank(scaled, num_mel_bins=80, frame_shift=5.0, snip_edges=False), 1e-4, "--kind", "mel",
            "--style", "kaldi", "--n_mels", 80, "--frame_shift", 5, "--no_snip_edges")
    compare(kaldi.mfcc(scaled), 1e-4, "--kind", "mfcc", "--style", "kaldi")
    compare(kaldi.spectrogram(scaled), 1e-4, "--kind", "kaldi-spectrogram")


def test_curves(folder, rng):
    rate = 16000
    t = np.arange(3 * rate) / rate
    tone = np.where((t > 1.0) & (t < 2.0), 0.3 * np.sign(np.sin(2 * np.pi * 150.0 * t)) + 0.2 * np.sin(2 * np.pi * 300 * t), 0.0)
    x = (tone + 1e-4 * rng.standard_normal(len(t))).astype(np.float32)
    wav, out = folder + "/d.wav", folder + "/d.npy"
    wavio.write(wav, [x], rate)
    good(wav, "--kind", "pitch", "--out", out)
    f0 = np.load(out)[:, 0]
    inside, outside = f0[115:190], np.concatenate([f0[20:90], f0[230:]])
    ok(bool(np.all(np.abs(inside / 150.0 - 1.0) < 0.003)) and np.mean(outside == 0) > 0.95,
       "pitch: 150 Hz for a second, 0 around it", f0)
    good(wav, "--kind", "vad", "--out", out)
    ok(np.load(out).shape == (300, 2), "voice activity every 10 ms")
    k = np.sin(2 * np.pi * 997.0 * np.arange(5 * 48000) / 48000).astype(np.float32)
    wavio.write(folder + "/k.wav", [k, k], 48000)
    good(folder + "/k.wav", "--kind", "loudness", "--out", out)
    ok(bool(np.abs(np.load(out)[-1, :3] - -0.01).max() < 0.1), "997 Hz at 0 dBFS in both channels is 0 LUFS", np.load(out)[-1])
    good(folder + "/k.wav", "--kind", "level", "--out", out)
    ok(bool(np.abs(np.load(out)[-1] - [-3.0103, 0.0, 3.0103, 0.0]).max() < 0.02), "a full-scale sine: -3 dB, 0 dB, crest 3 dB",
       np.load(out)[-1])
    y = noise(rng, 16000)
    wavio.write(folder + "/y.wav", [y], rate)
    good(folder + "/y.wav", "--kind", "descriptors", "--n_fft", 512, "--hop_length", 100, "--out", out)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(512) / 512)
    s = np.abs(np.fft.rfft([y[i:i + 512].astype(float) * window for i in range(0, len(y) - 511, 100)]))
    hz = np.arange(257) * rate / 512
    centroid = (s * hz).sum(1) / s.sum(1)
    spread = np.sqrt((s * (hz - centroid[:, None]) ** 2).sum(1) / s.sum(1))
    flat = np.exp(np.log(s ** 2).mean(1)) / (s ** 2).mean(1)
    for column, expected in [(0, centroid), (1, spread), (4, flat)]:
        near(np.load(out)[:, column], expected, 1e-4, "descriptor %d by its formula" % column)
    if torchaudio:
        wave = torch.from_numpy(x)
        good(wav, "--kind", "pitch", "--style", "torchaudio", "--out", out)
        near(np.load(out)[0], torchaudio.functional.detect_pitch_frequency(wave, rate).numpy(), 1e-5, "TorchAudio's pitch")
        good(wav, "--kind", "loudness", "--style", "torchaudio", "--out", out)
        near(np.load(out)[0], torchaudio.functional.loudness(wave[None].double(), rate).numpy().reshape(1), 1e-4,
             "TorchAudio's loudness")
        good(wav, "--kind", "vad", "--style", "torchaudio", "--out", out)
        kept = torchaudio.functional.vad(wave[None], rate).shape[-1]
        near(np.load(out)[0], np.array([(len(x) - kept) / rate]), 1e-6, "TorchAudio's start of speech")


def test_formula(folder, rng):
    """A librosa-style spectrogram from its definition: zeros around, periodic Hann, magnitude."""
    rate, n_fft, hop = 22050, 2048, 512
    x = noise(rng, 30000)
    wav, out = folder + "/b.wav", folder + "/b.npy"
    wavio.write(wav, [x], rate)
    padded = np.pad(x.astype(np.float64), n_fft // 2)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)
    frames = [padded[i:i + n_fft] * window for i in range(0, len(padded) - n_fft + 1, hop)]
    expected = np.abs(np.fft.rfft(frames)).T
    good(wav, "--kind", "spectrogram", "--style", "librosa", "--out", out)
    near(np.load(out), expected, 2e-6, "librosa's spectrogram by its formula")
    good(wav, "--kind", "spectrogram", "--style", "librosa", "--log", "--out", out)
    near(np.load(out), 20 * np.log10(np.maximum(expected, 1e-10)), 1e-4, "in decibels")
    good(wav, "--kind", "spectrogram", "--style", "librosa", "--out", folder + "/b.csv")
    table = np.genfromtxt(folder + "/b.csv", delimiter=",", skip_header=1)
    near(table[:, 1:].T, expected, 2e-6, "the table has the same values")
    near(table[:, 0], np.arange(len(frames)) * hop / rate, 1e-6, "and the frames' times")
    left, right = noise(rng, 5000), noise(rng, 5000)
    wavio.write(wav, [left, right], rate)
    for args, signal in [((), 0.5 * (left + right)), (("--channel", 2), right)]:
        wavio.write(folder + "/c.wav", [signal.astype(np.float32)], rate)
        good(wav, "--out", out, *args)
        good(folder + "/c.wav", "--out", folder + "/c.npy")
        near(np.load(out), np.load(folder + "/c.npy"), 1e-5, "stereo %s" % " ".join(map(str, args)))


def test_rate(folder):
    """A tone keeps its frequency when it is resampled first."""
    x = np.sin(2 * np.pi * 1000.0 * np.arange(48000) / 48000).astype(np.float32)
    wavio.write(folder + "/t.wav", [x], 48000)
    good(folder + "/t.wav", "--rate", 16000, "--kind", "spectrogram", "--n_fft", 1600, "--out", folder + "/t.npy")
    s = np.load(folder + "/t.npy")
    ok(s.shape == (801, 21) and int(s[:, 10].argmax()) == 100, "1 kHz at 16 kHz is bin 100 of 1600", s.shape)


def read_ark(data):
    """Independent reader of Kaldi's binary float matrices: {name: (offset, array)}."""
    found, at = {}, 0
    while at < len(data):
        space = data.index(b" ", at)
        key, begin = data[at:space].decode(), space + 1
        assert data[begin:begin + 5] == b"\0BFM ", data[begin:begin + 5]
        size_r, rows, size_c, cols = struct.unpack("<bibi", data[begin + 5:begin + 15])
        assert size_r == size_c == 4
        at = begin + 15 + 4 * rows * cols
        found[key] = (begin, np.frombuffer(data[begin + 15:at], "<f4").reshape(rows, cols))
    return found


def compressed(kind, x):
    """Kaldi's compressed matrices by compressed-matrix.cc, and what they decode to."""
    low, span = x.min(), x.max() - x.min()
    head = b"\0B" + kind + b" " + struct.pack("<ffii", low, span, *x.shape)
    if kind == b"CM2":
        q = np.round((x - low) / span * 65535).astype("<u2")
        return head + q.tobytes(), low + span * q / 65535.0
    if kind == b"CM3":
        q = np.round((x - low) / span * 255).astype("u1")
        return head + q.tobytes(), low + span * q / 255.0
    marks = np.percentile(x, [0, 25, 75, 100], axis=0)
    q = np.round((marks - low) / span * 65535).astype("<u2")
    p = low + span * q / 65535.0
    codes = np.empty(x.T.shape, "u1")
    decoded = np.empty_like(x)
    for c in range(x.shape[1]):
        knots, values = [0, 64, 192, 255], p[:, c]
        codes[c] = np.round(np.interp(x[:, c], values, knots)).astype("u1")
        decoded[:, c] = np.interp(codes[c], knots, values)
    return head + q.T.tobytes() + codes.tobytes(), decoded


def test_ark(folder, rng):
    wavs = []
    for name in ["one", "two", "three"]:
        wavio.write("%s/%s.wav" % (folder, name), [noise(rng, int(rng.integers(4000, 9000)))], 16000)
        wavs.append("%s/%s.wav" % (folder, name))
    good(*wavs, "--kind", "fbank", "--out", folder + "/x.ark")
    with open(folder + "/x.ark", "rb") as f:
        found = read_ark(f.read())
    ok(list(found) == ["one", "two", "three"], "an archive of three", list(found))
    with open(folder + "/x.scp") as f:
        lines = [line.split() for line in f]
    ok(all(path == "%s:%d" % (folder + "/x.ark", found[key][0]) for key, path in lines) and len(lines) == 3,
       "the scp file points at the matrices", lines)
    good(*wavs, "--kind", "fbank", "--out", folder + "/each")
    for key, (_, array) in found.items():
        ok(np.array_equal(np.load("%s/each/%s.npy" % (folder, key)), array), key + " is the same in both formats")
    for source in ["x.scp", "x.ark"]:
        good(folder + "/" + source, "--out", folder + "/back")
        ok(all(np.array_equal(np.load("%s/back/%s.npy" % (folder, k)), a) for k, (_, a) in found.items()),
           source + " read back, bit for bit")
    x = rng.standard_normal((11, 7)) * 3.0 + 1.0
    cases_ = {"DM": (b"\0BDM " + struct.pack("<bibi", 4, 11, 4, 7) + x.tobytes(), x)}
    for kind in [b"CM", b"CM2", b"CM3"]:
        cases_[kind.decode()] = compressed(kind, x)
    text = " [\n" + "\n".join("  " + " ".join("%.9g" % v for v in row) for row in x) + " ]\n"
    cases_["text"] = (text.encode(), x)
    with open(folder + "/y.ark", "wb") as f:
        for key, (data, _) in cases_.items():
            f.write(key.encode() + b" " + data)
    good(folder + "/y.ark", "--out", folder + "/y")
    for key, (_, expected) in cases_.items():
        near(np.load("%s/y/%s.npy" % (folder, key)), expected, 1e-6, "Kaldi's %s is read" % key)
    np.save(folder + "/z.npy", np.asfortranarray(x))
    good(folder + "/z.npy", "--out", folder + "/z.ark")
    with open(folder + "/z.ark", "rb") as f:
        near(read_ark(f.read())["z"][1], x, 1e-7, ".npy of doubles in Fortran's order to Kaldi")


def test_shards(folder, rng):
    names = ["s%02d" % i for i in range(11)]
    for name in names:
        wavio.write("%s/%s.wav" % (folder, name), [noise(rng, 900)], 8000)
    with open(folder + "/list.txt", "w") as f:
        f.write("# a corpus\n\n" + "".join("id-%s %s/%s.wav\n" % (n, folder, n) for n in names))
    seen = []
    for i in range(1, 5):
        out = "%s/shard%d" % (folder, i)
        good("--list", folder + "/list.txt", "--shard", "%d/4" % i, "--out", out)
        seen += os.listdir(out)
        good("--list", folder + "/list.txt", "--shard", "%d/4" % i, "--out", folder + "/arks", "--format", "ark")
    ok(sorted(seen) == ["id-%s.npy" % n for n in names], "four shards: every recording exactly once", sorted(seen))
    arks = sorted(os.listdir(folder + "/arks"))
    ok(arks == sorted("feats.%d.%s" % (i, e) for i in range(1, 5) for e in ["ark", "scp"]), "an archive a shard", arks)
    done = good("--list", folder + "/list.txt", "--shard", "2/4", "--out", folder + "/shard2", "--skip-existing")
    ok(b"3 there already" in done.stdout, "a second run leaves out what is there", done.stdout)
    done = good("--list", "-", "--out", folder + "/stdin", stdin=("%s/s00.wav\n" % folder).encode())
    ok(os.listdir(folder + "/stdin") == ["s00.npy"], "a list from standard input")


def fails(code, words, *args):
    done = pinna(*args)
    text = done.stderr.decode()
    ok(done.returncode == code and all(w in text for w in words), "exit %d, says %s" % (code, ", ".join(words)),
       "exit %d: %s" % (done.returncode, text))
    return done


def test_faults(folder, rng):
    wav = folder + "/ok.wav"
    wavio.write(wav, [noise(rng, 5000)], 16000)
    with open(folder + "/text.wav", "w") as f:
        f.write("no sound\n")
    wavio.write(folder + "/short.wav", [noise(rng, 100)[:3]], 16000)
    out = folder + "/faults"
    done = fails(1, ["text.wav", "short.wav", "gone.wav"], folder + "/text.wav", folder + "/short.wav", wav,
                 folder + "/gone.wav", "--out", out)
    ok(os.listdir(out) == ["ok.npy"] and b"1 of 4" in done.stdout and b"3 FAILED" in done.stdout,
       "bad files do not stop the good one", done.stdout)
    os.mkdir(folder + "/other")
    wavio.write(folder + "/other/ok.wav", [noise(rng, 5000)], 16000)
    fails(1, ["other/ok.wav", "called 'ok'"], wav, folder + "/other/ok.wav", "--out", out)
    fails(2, ["there is no kind", "'mell'"], wav, "--kind", "mell")
    fails(2, ["no style", "'matlab'"], wav, "--style", "matlab")
    fails(2, ["librosa has no fbank"], wav, "--kind", "fbank", "--style", "librosa")
    fails(2, ["pinna has no mel"], wav, "--style", "pinna")
    fails(2, ["--shard", "0/3"], wav, "--shard", "0/3")
    fails(2, ["'gif'"], wav, "--format", "gif")
    fails(2, ["one file", "2 recordings"], wav, folder + "/short.wav", "--out", folder + "/x.npy")
    fails(2, ["no input"])
    fails(1, ["gone.txt"], "--list", folder + "/gone.txt")
    fails(1, ["/proc"], wav, "--out", "/proc/no/such")
    fails(1, ["no channel 3"], wav, "--channel", "3", "--out", out)
    with open(folder + "/cut.ark", "wb") as f:
        f.write(b"key \0BFM " + struct.pack("<bibi", 4, 1000, 4, 1000) + bytes(64))
    fails(1, ["cut.ark", "damaged or cut off"], folder + "/cut.ark", "--out", out)
    ok(not [n for n in os.listdir(out) if "part" in n], "no half-written files are left")


def test_stdout(folder, rng):
    wav = folder + "/o.wav"
    wavio.write(wav, [noise(rng, 5000)], 16000)
    good(wav, "--kind", "fbank", "--out", folder + "/o.npy")
    expected = np.load(folder + "/o.npy")
    done = good(wav, "--kind", "fbank", "--out", "-", "--format", "ark")
    ok(np.array_equal(read_ark(done.stdout)["o"][1], expected), "an archive on standard output")
    done = good(wav, "--kind", "fbank", "--out", "-", "--format", "csv")
    table = np.genfromtxt(done.stdout.decode().splitlines(), delimiter=",", skip_header=1)
    near(table[:, 1:], expected, 1e-7, "a table on standard output")


def test_png(folder, rng):
    wav = folder + "/p.wav"
    wavio.write(wav, [noise(rng, 20000)], 16000)
    for kind in ["mel", "mfcc", "centroid"]:
        good(wav, "--kind", kind, "--out", folder + "/p.png", "--width", 700, "--height", 400)
        with open(folder + "/p.png", "rb") as f:
            data = f.read()
        size = struct.unpack(">II", data[16:24])
        ok(data[:8] == b"\x89PNG\r\n\x1a\n" and size == (700, 400) and len(data) > 5000,
           "%s: a picture of %d x %d, %d bytes" % (kind, *size, len(data)))


def main():
    print("# PINNA_SEED=%d" % SEED)
    rng = np.random.default_rng(SEED)
    with tempfile.TemporaryDirectory() as folder:
        for test in [test_torchaudio, test_curves, test_formula, test_ark, test_shards, test_faults, test_stdout, test_png]:
            place = "%s/%s" % (folder, test.__name__)
            os.mkdir(place)
            test(place, rng)
        test_rate(folder)
    finish()


main()
