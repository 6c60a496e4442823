#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that torch itself writes are read as torch reads them; hostile ones are refused by name."""

import collections
import ctypes
import os
import pickle
import random
import tempfile
import zipfile

from oracle import DTYPES, LIB, PTR, SHARED, TEXT, Error, done, near, ok, opened, save_safetensors, seed_all, skip, \
    tensors, torch

FOLDER = tempfile.TemporaryDirectory()
PATH = os.path.join(FOLDER.name, "weights")


def compare(state, text, path=PATH):
    """What we read from a file is what this state dict holds, to the bit."""
    status, handle, message = opened(path)
    if not ok(status == 0, f"{text}: opens {message}"):
        return
    found, types = tensors(handle)
    LIB.pinna_weights_free(handle)
    ok(set(found) == set(state), f"{text}: {len(state)} names")
    ok(all(types.get(n) == t.dtype for n, t in state.items()), f"{text}: types")
    ok(all(n in found and found[n].shape == t.shape and torch.equal(found[n], t.float()) for n, t in state.items()),
       f"{text}: values")


def every_type():
    state = collections.OrderedDict()
    for i, dtype in enumerate(DTYPES):
        shape = [random.randrange(1, 6) for _ in range(i % 5)]
        state[f"layer.{i}.weight"] = (torch.randn(shape) * 50.0).to(dtype)
    base = torch.randn(7, 11, 3)
    state.update({"view.transposed": base.permute(2, 0, 1), "view.slice": base[2:6, 1::3], "view.tied": base,
                  "empty": torch.empty(0, 4), "tiny": torch.tensor([6e-8, 1e-5, -65504.0, 0.0]).half(),
                  "name.é": torch.ones(1)})
    return state


def test_formats():
    state = every_type()
    for text, kwargs in [("zip", {}), ("legacy", {"_use_new_zipfile_serialization": False}),
                         ("zip, protocol 4", {"pickle_protocol": 4})]:
        torch.save(state, PATH, **kwargs)
        compare(state, text)
        model = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.BatchNorm1d(5), torch.nn.GRU(5, 4))
        wrapped = {"epoch": 7, "rate": 0.1, "done": True, "names": ["a", ("b", None)], "model": model.state_dict(),
                   "optimizer": torch.optim.Adam(model.parameters()).state_dict()}
        torch.save(wrapped, PATH, **kwargs)
        compare(model.state_dict(), f"{text} of a training checkpoint")
        torch.save({"a": {"b": torch.nn.Parameter(torch.ones(2))}, "big": 1 << 90, "negative": -3}, PATH, **kwargs)
        compare({"a.b": torch.ones(2)}, f"{text} of nested dictionaries and a parameter")
    save_safetensors(state, PATH, {"format": "pt", "text": "a\"\\\n\u00e9\U0001F600"})
    compare(state, "safetensors")
    _, handle, _ = opened(PATH)
    ok(LIB.pinna_weights_metadata(handle, b"text").decode() == "a\"\\\n\u00e9\U0001F600", "safetensors: metadata")
    LIB.pinna_weights_free(handle)


def test_norm():
    torch.manual_seed(random.randrange(1000))
    for dim in (0, 1, 2):
        conv = torch.nn.utils.weight_norm(torch.nn.Conv1d(6, 8, 5), dim=dim)
        conv.weight_g *= torch.rand_like(conv.weight_g) + 0.5
        expected = conv(torch.zeros(1, 6, 5)) is not None and conv.weight.clone()
        state = {"a.0." + n: t for n, t in conv.state_dict().items()}
        newer = {n.replace("weight_g", "parametrizations.weight.original0")
                 .replace("weight_v", "parametrizations.weight.original1"): t for n, t in state.items()}
        for text, layout in [("hook", state), ("parametrization", newer)]:
            torch.save(layout, PATH)
            _, handle, _ = opened(PATH)
            ok(LIB.pinna_weights_fold_norm(handle, None) == 0, f"weight norm by {text} folds")
            found, _ = tensors(handle)
            LIB.pinna_weights_free(handle)
            ok(set(found) == {"a.0.weight", "a.0.bias"}, f"weight norm by {text}: names")
            near(found["a.0.weight"], expected, 1e-6, f"weight norm by {text} over all but dimension {dim}")
    torch.save({"x.weight_g": torch.ones(3, 1)}, PATH)
    _, handle, _ = opened(PATH)
    error = Error()
    ok(LIB.pinna_weights_fold_norm(handle, ctypes.byref(error)) and b"x.weight_g" in error.text,
       f"half a pair is refused: {error.text.decode()}")
    LIB.pinna_weights_free(handle)


class Rename(ctypes.Structure):
    _fields_ = [("from_", TEXT), ("to", TEXT)]


def test_rename():
    rules = (Rename * 4)(Rename(b"old.#.fc#.weight", b"new.#.dense.#.w"), Rename(b"drop.*", b""),
                         Rename(b"*.gamma", b"*.weight"), Rename(b"prefix.*", b"*"))
    names = {"old.12.fc3.weight": "new.12.dense.3.w", "drop.me": None, "ln.gamma": "ln.weight", "prefix.a.b": "a.b",
             "old.x.fc3.weight": "old.x.fc3.weight", "same": "same"}
    torch.save({n: torch.full((1,), float(i)) for i, n in enumerate(names)}, PATH)
    _, handle, _ = opened(PATH)
    ok(LIB.pinna_weights_rename(handle, rules, len(rules), None) == 0, "renames")
    found, _ = tensors(handle)
    LIB.pinna_weights_free(handle)
    expected = {new: float(i) for i, new in enumerate(names.values()) if new}
    ok({n: t.item() for n, t in found.items()} == expected, "each rule takes its tensor along")


class Evil:
    def __init__(self, call, *args):
        self.call, self.args = call, args

    def __reduce__(self):
        return self.call, self.args


def refused(text, *words):
    status, handle, message = opened(PATH)
    ok(status != 0 and not handle.value and all(w in message for w in words), f"{text} is refused: {message}")


def repack(compression=zipfile.ZIP_STORED, replace=None, drop=None):
    """The archive at PATH again with some members changed."""
    with zipfile.ZipFile(PATH) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    prefix = next(iter(members)).split("/")[0]
    members.update({f"{prefix}/{n}": data for n, data in (replace or {}).items()})
    with zipfile.ZipFile(PATH, "w", compression) as archive:
        for name, data in members.items():
            if name != f"{prefix}/{drop}":
                archive.writestr(name, data)


def test_hostile():
    for text, evil in [("a call of os.system", Evil(os.system, "true")), ("eval", Evil(eval, "1")),
                       ("getattr", Evil(getattr, "a", "b"))]:
        for kwargs in ({}, {"_use_new_zipfile_serialization": False}, {"pickle_protocol": 4}):
            torch.save({"w": torch.ones(2), "x": evil}, PATH, **kwargs)
            refused(text, "GLOBAL", {"eval": "eval", "getattr": "getattr"}.get(text, "system"))
    torch.save(torch.nn.Linear(2, 2), PATH)
    refused("a whole module", "Linear")
    torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), PATH)
    refused("a TorchScript archive", "__torch__")

    state = {"w": torch.randn(300), "v": torch.zeros(100000)}
    torch.save(state, PATH)
    repack()
    compare(state, "an archive that somebody packed again")
    repack(compression=zipfile.ZIP_DEFLATED)
    refused("a compressed archive (bomb)", "compressed")
    for change, word in [({"drop": "data/0"}, "'w'"), ({"replace": {"data/0": b"1234"}}, "'w'"),
                         ({"replace": {"byteorder": b"big"}}, "big-endian"), ({"drop": "data.pkl"}, "data.pkl")]:
        torch.save(state, PATH)
        repack(**change)
        refused(f"an archive with {change}", word)
    for pkl, word in [(b"\x80\x02cos\nsystem\n", "os.system"), (b"\x80\x02(lp0\n.", "0x70"), (b"\x80\x02}", "cut off"),
                      (b"\x80\x02\x81.", "NEWOBJ"), (b"\x80\x02]q\x01h\x01a.", "dictionary"),
                      (b"\x80\x02}q\x00X\x01\x00\x00\x00ah\x00s.", "deep"), (b"\x80\x02}r\xff\xff\xff\x7f.", "memo"),
                      (b"\x80\x02X\xff\xff\xff\xffa.", "cut off")]:
        torch.save(state, PATH)
        repack(replace={"data.pkl": pkl})
        refused(f"the pickle {pkl}", word)


def test_descriptions():
    """Tensors that claim what their storage does not hold."""
    state = {"good": torch.arange(24.0).reshape(4, 6)}

    class Twisted:
        def __init__(self, *args):
            self.args = args

        def __reduce__(self):
            storage = state["good"].storage()
            return torch._utils._rebuild_tensor_v2, (storage, *self.args, False, collections.OrderedDict())

    for text, args in [("an offset behind the end", (25, (1,), (1,))), ("too many rows", (0, (5, 6), (6, 1))),
                       ("a stride too long", (0, (4, 6), (7, 1))), ("values repeated", (0, (1000, 24), (0, 1))),
                       ("a negative offset", (-1, (2,), (1,))), ("sizes that overflow", (0, (2 ** 40, 2 ** 40), (1, 1))),
                       ("more sizes than strides", (0, (4, 6), (1,))), ("nine dimensions", (0, (1,) * 9, (1,) * 9))]:
        for kwargs in ({}, {"_use_new_zipfile_serialization": False}):
            torch.save({"bad.one": Twisted(*args)}, PATH, **kwargs)
            refused(text, "'bad.one'")


def test_truncated():
    for text, kwargs in [("zip", {}), ("legacy", {"_use_new_zipfile_serialization": False})]:
        torch.save(every_type(), PATH, **kwargs)
        with open(PATH, "rb") as file:
            data = file.read()
        n_refused = 0
        cuts = sorted({random.randrange(len(data)) for _ in range(200)} | {0, 1, len(data) - 1})
        for cut in cuts:
            with open(PATH, "wb") as file:
                file.write(data[:cut])
            status, handle, message = opened(PATH)
            n_refused += status != 0 and bool(message)
            LIB.pinna_weights_free(handle)
        ok(n_refused == len(cuts), f"{text}: refused wherever it is cut ({n_refused} of {len(cuts)})")
    ok(opened(PATH + ".none")[0] == 6, "a file that is not there")
    os.mkdir(PATH + ".folder")
    ok(opened(PATH + ".folder")[0] != 0, "a folder")


def test_published():
    for name in ("gtcrn_dns3.pt", "gtcrn_vctk.pt"):
        path = os.path.join(SHARED, "models", name)
        if os.path.isfile(path):
            compare(torch.load(path, map_location="cpu")["model"], name, path)
        else:
            skip(name, "not on this machine")
    for name, count in (("silero_vad_16k.safetensors", 15), ("dtln_norm_500h.safetensors", 22)):
        path = os.path.join(SHARED, "models", name)
        if os.path.isfile(path):
            status, handle, message = opened(path)
            ok(status == 0 and LIB.pinna_weights_count(handle) == count, f"{name}: {count} tensors {message}")
            LIB.pinna_weights_free(handle)
        else:
            skip(name, "not on this machine")


def main():
    seed_all()
    for test in (test_formats, test_norm, test_rename, test_hostile, test_descriptions, test_truncated, test_published):
        test()
    FOLDER.cleanup()
    done()


main()
