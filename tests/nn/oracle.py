# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the comparisons of neural networks with torch share: the library, weights, seeds, and tap.py."""

import ctypes
import json
import os
import random
import struct
import sys
import warnings

try:
    import torch
except ImportError as error:
    print(f"1..0 # SKIP no oracle: {error}")
    sys.exit(0)

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish as done, ok, skip  # noqa: E402,F401

warnings.simplefilter("ignore")
torch.set_num_threads(1)
torch.set_grad_enabled(False)

LIB = ctypes.CDLL(sys.argv[1])
PTR, SIZE, U32, U64, INT, FLOAT = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_uint32, ctypes.c_uint64, ctypes.c_int,
                                   ctypes.c_float)
TEXT = ctypes.c_char_p
SHARED = os.environ.get("PINNA_SHARED", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared"))
DTYPES = [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16,
          torch.int8, torch.uint8, torch.bool]
NAMES = ["F32", "F64", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL"]


class Error(ctypes.Structure):
    _fields_ = [("text", ctypes.c_char * 1024)]


class Tensor(ctypes.Structure):
    _fields_ = [("dtype", INT), ("n_dims", U32), ("shape", U64 * 8), ("stride", U64 * 8), ("data", PTR)]


def declare(name, restype, *argtypes):
    """Give pinna_<name>() its types. @return The function"""
    function = getattr(LIB, "pinna_" + name)
    function.restype, function.argtypes = restype, argtypes
    return function


declare("weights_open", INT, PTR, TEXT, PTR)
declare("weights_parse", INT, PTR, TEXT, SIZE, TEXT, PTR)
declare("weights_free", None, PTR)
declare("weights_count", SIZE, PTR)
declare("weights_name", TEXT, PTR, SIZE)
declare("weights_at", ctypes.POINTER(Tensor), PTR, SIZE)
declare("weights_metadata", TEXT, PTR, TEXT)
declare("weights_fold_norm", INT, PTR, PTR)
declare("weights_rename", INT, PTR, PTR, SIZE, PTR)
declare("tensor_read", None, PTR, PTR)


def near(actual, expected, tolerance, text):
    """Within a tolerance relative to the greatest expected value."""
    if actual.shape != expected.shape:
        return ok(False, f"{text}: shape {tuple(actual.shape)}, expected {tuple(expected.shape)}")
    expected = expected.double()
    error = (actual.double() - expected).abs().max() / expected.abs().max().clamp(min=1e-30)
    return ok(bool(error <= tolerance), f"{text}: {error:.2e} of the greatest, at most {tolerance:.0e}")


def seed_all():
    """A fresh seed, printed; PINNA_SEED repeats one."""
    seed = int(os.environ.get("PINNA_SEED", random.randrange(2 ** 31)))
    print(f"# seed {seed}")
    torch.manual_seed(seed)
    random.seed(seed)


def opened(path):
    """(status, handle, message) of a weights file."""
    handle, error = PTR(), Error()
    status = LIB.pinna_weights_open(ctypes.byref(handle), os.fsencode(path), ctypes.byref(error))
    return status, handle, error.text.decode(errors="replace")


def tensors(handle):
    """Name -> float tensor of all that an open file holds, and name -> type."""
    found, types = {}, {}
    for i in range(LIB.pinna_weights_count(handle)):
        t = LIB.pinna_weights_at(handle, i).contents
        value = torch.empty([t.shape[d] for d in range(t.n_dims)])
        LIB.pinna_tensor_read(ctypes.byref(t), value.data_ptr())
        name = LIB.pinna_weights_name(handle, i).decode()
        found[name], types[name] = value, DTYPES[t.dtype]
    return found, types


def save_safetensors(state, path, metadata=None, order=None):
    """Written from the format's specification."""
    header, offset, names = {"__metadata__": metadata} if metadata else {}, 0, order or list(state)
    raws = []
    for name in names:
        t = state[name].contiguous()
        raw = (t.view(torch.int16) if t.dtype == torch.bfloat16 else t).numpy().tobytes()
        header[name] = {"dtype": NAMES[DTYPES.index(t.dtype)], "shape": list(t.shape),
                        "data_offsets": [offset, offset + len(raw)]}
        offset += len(raw)
        raws.append(raw)
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(raws))
