# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A model of ours that enhances streams, opened from Python by the prefix of its functions."""

import ctypes
import random

from oracle import INT, LIB, PTR, U32, Error, declare, opened, torch
from plan_oracle import BUILD, RunnerConfig

declare("embedded_open", INT, PTR, ctypes.c_char_p, PTR)


class Stream:
    """Of a handle that pinna_PREFIX_run() and its kin take."""

    def __init__(self, prefix):
        self.prefix, self.memory, self.handle = prefix, PTR(), PTR()
        for name, restype, *argtypes in (("run", None, PTR, PTR, PTR, U32), ("latency", U32, PTR), ("reset", None, PTR)):
            declare(f"{prefix}_{name}", restype, *argtypes)

    def call(self, name, *args):
        return getattr(LIB, f"pinna_{self.prefix}_{name}")(*args)

    def latency(self):
        return self.call("latency", self.handle)

    def reset(self):
        self.call("reset", self.handle)

    def stream(self, x, longest):
        """In blocks of random lengths."""
        x, at, out = x.contiguous(), 0, torch.empty_like(x)
        while at < len(x):
            n = min(random.randrange(0, longest), len(x) - at)
            self.call("run", self.handle, x.data_ptr() + 4 * at, out.data_ptr() + 4 * at, n)
            at += n
        return out

    def free(self):
        LIB.pinna_arena_free(self.memory)


class Model(Stream):
    """path: a file, or the name of weights that are built in. `status` and `message` say how that went."""

    def __init__(self, prefix, path, isa, built_in=False):
        super().__init__(prefix)
        declare(f"{prefix}_describe", None, PTR, PTR)
        declare(f"{prefix}_init", INT, PTR, PTR, PTR)
        if built_in:
            weights, error = PTR(), Error()
            LIB.pinna_embedded_open(ctypes.byref(weights), path.encode(), ctypes.byref(error))
            self.message = error.text.decode()
        else:
            _, weights, self.message = opened(path)
        self.status = 1
        plan, error = PTR(LIB.pinna_plan_new()), Error()
        if weights:
            self.call("describe", plan, weights)
            self.status = LIB.pinna_plan_finish(plan, ctypes.byref(error))
            self.message += error.text.decode()

        @BUILD
        def build(out, arena, config):
            return self.call("init", PTR(out), PTR(arena), PTR(config))

        config = RunnerConfig(plan, isa)
        if self.status == 0:
            self.status = LIB.pinna_arena_build(ctypes.byref(self.memory), ctypes.byref(self.handle), build,
                                                ctypes.byref(config))
        LIB.pinna_plan_free(plan)
        LIB.pinna_weights_free(weights)
