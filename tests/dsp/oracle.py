# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every comparison with TorchAudio shares: the library, its structures, signals, and tap.py."""

import ctypes
import os
import random
import sys
import warnings
import wave

try:
    import torch
    import torchaudio  # noqa: F401
except ImportError as error:
    print(f"1..0 # SKIP no oracle: {error}")
    sys.exit(0)

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish as done, ok, skip  # noqa: E402,F401

warnings.simplefilter("ignore")
torch.set_num_threads(1)
torch.set_grad_enabled(False)

LIB = ctypes.CDLL(sys.argv[1])
BUILD = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
PTR, SIZE, U32, U64 = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_uint32, ctypes.c_uint64
INT, BOOL, FLOAT, DOUBLE = ctypes.c_int, ctypes.c_bool, ctypes.c_float, ctypes.c_double


def struct(name, **fields):
    """A C structure of these fields in this order."""
    return type(name, (ctypes.Structure,), {"_fields_": list(fields.items())})


Window = struct("Window", kind=INT, symmetric=BOOL, beta=FLOAT)
SpectrogramConfig = struct("SpectrogramConfig", n_fft=U32, win_length=U32, hop_length=U32, pad=U32,
                           window=Window, custom=PTR, normalized=INT, pad_mode=INT, center=BOOL,
                           onesided=BOOL)
WINDOWS = ["hann", "sqrt_hann", "hamming", "blackman", "kaiser", "bartlett", "povey", "rectangular"]


def declare(name, restype, *argtypes):
    """Give pinna_<name>() its types. @return The function"""
    function = getattr(LIB, "pinna_" + name)
    function.restype, function.argtypes = restype, argtypes
    return function


declare("arena_free", None, PTR)


def build(init, config):
    """(status, memory, object) of an init function. Free memory with LIB.pinna_arena_free()."""
    @BUILD
    def call(out, arena, conf):
        return init(PTR(out), PTR(arena), PTR(conf))

    memory, self = PTR(), PTR()
    status = LIB.pinna_arena_build(ctypes.byref(memory), ctypes.byref(self), call,
                                   ctypes.byref(config))
    return status, memory, self


def near(actual, expected, tolerance, text):
    """Within a tolerance relative to the greatest expected value; NaN where NaN is expected."""
    if actual.shape != expected.shape:
        ok(False, f"{text}: shape {tuple(actual.shape)}, expected {tuple(expected.shape)}")
        return
    if not expected.is_complex() and bool((actual.isnan() != expected.isnan()).any()):
        ok(False, f"{text}: NaN in other places")
        return
    actual, expected = actual.to(expected.dtype), expected
    if not expected.is_complex():
        actual, expected = actual.nan_to_num(), expected.nan_to_num()
    error = (actual - expected).abs().max() / expected.abs().max().clamp(min=1e-30)
    ok(bool(error <= tolerance), f"{text}: {error:.2e} of the greatest, at most {tolerance:.0e}")


def torch_window(kind, n, periodic=True, beta=12.0):
    double = {"periodic": periodic, "dtype": torch.float64}
    hann = torch.hann_window(n, **double)
    return {"hann": hann, "sqrt_hann": hann ** 0.5, "povey": hann ** 0.85,
            "hamming": torch.hamming_window(n, **double),
            "blackman": torch.blackman_window(n, **double),
            "bartlett": torch.bartlett_window(n, **double),
            "kaiser": torch.kaiser_window(n, beta=beta, **double),
            "rectangular": torch.ones(n, dtype=torch.float64)}[kind]


def recordings():
    """Paths of a few voices: Debian's packages, ../shared/data."""
    root = os.environ.get("PINNA_SHARED", os.path.join(os.path.dirname(__file__), "../../../shared"))
    found = []
    for folder in ("/usr/share/asterisk/sounds", os.path.join(root, "data")):
        for path, _, names in sorted(os.walk(folder)):
            found += [os.path.join(path, n) for n in sorted(names) if n.endswith(".wav")]
    return found


def voice(n_samples):
    """(rate, [n_samples] float32 in ±1) of one recording chosen at random, or None."""
    paths = recordings()
    for path in random.sample(paths, min(len(paths), 20)):
        with wave.open(path) as file:
            if file.getsampwidth() == 2 and file.getnchannels() == 1 and file.getnframes() > 400:
                data = bytearray(file.readframes(n_samples))
                x = torch.frombuffer(data, dtype=torch.int16).float() / 32768.0
                print(f"# voice {os.path.basename(path)}, {len(x)} samples")
                return file.getframerate(), x.repeat(n_samples // len(x) + 1)[:n_samples].contiguous()
    return None


def signals(n_samples, rate=16000):
    """(name, samples) to test on: noise, a chirp with silence, a voice if there is one."""
    t = torch.arange(n_samples) / rate
    chirp = 0.5 * torch.sin(2.0 * torch.pi * (100.0 + 2000.0 * t) * t) * (t % 0.4 > 0.1)
    found = voice(n_samples)
    if not found:
        skip("a voice", "none is on this machine")
    return [("noise", torch.rand(n_samples) * 2.0 - 1.0), ("chirp", chirp + 1e-2 * torch.randn(n_samples))] \
        + ([("voice", found[1])] if found else [])


def seed_all():
    """A fresh seed, printed; PINNA_SEED repeats one."""
    seed = int(os.environ.get("PINNA_SEED", random.randrange(2 ** 31)))
    print(f"# seed {seed}")
    torch.manual_seed(seed)
    random.seed(seed)
