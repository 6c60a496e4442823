# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans described and run from Python: one object with a method for each operator."""

import ctypes
import itertools

from oracle import FLOAT, INT, LIB, PTR, SIZE, TEXT, U32, U64, Error, declare, torch

NONE, RELU, LEAKY, SIGMOID, TANH, SILU, GELU = range(7)
BUILD = ctypes.CFUNCTYPE(INT, PTR, PTR, PTR)


class Shape(ctypes.Structure):
    _fields_ = [("t", U32), ("f", U32), ("c", U32)]


class Conv(ctypes.Structure):
    _fields_ = [("n_out", U32), ("kernel", U32 * 2), ("stride", U32 * 2), ("dilation", U32 * 2), ("groups", U32),
                ("act", INT), ("slope", FLOAT)]


class Rnn(ctypes.Structure):
    _fields_ = [("n_hidden", U32), ("reverse", ctypes.c_bool), ("state", TEXT)]


class Attention(ctypes.Structure):
    _fields_ = [("n_heads", U32), ("scale", FLOAT), ("n_past", U32), ("n_new", U32), ("state", TEXT)]


class Pad(ctypes.Structure):
    _fields_ = [("t", U32 * 2), ("f", U32 * 2), ("reflect", ctypes.c_bool)]


class Facts(ctypes.Structure):
    _fields_ = [(n, SIZE) for n in ("n_weights", "n_state", "n_io", "n_scratch", "n_scratch_apart", "n_ops")] \
        + [("macs", ctypes.c_double)]


class RunnerConfig(ctypes.Structure):
    _fields_ = [("plan", PTR), ("isa", INT)]


declare("plan_new", PTR)
declare("plan_free", None, PTR)
declare("plan_input", U32, PTR, TEXT, Shape)
declare("plan_output", None, PTR, TEXT, U32)
declare("plan_constant", U32, PTR, TEXT, PTR, SIZE)
declare("plan_shape", Shape, PTR, U32)
declare("plan_conv", U32, PTR, U32, PTR, U32, U32)
declare("plan_conv_transpose", U32, PTR, U32, PTR, U32, U32, U32)
declare("plan_gru", U32, PTR, U32, PTR, U32, U32, U32, U32)
declare("plan_lstm", U32, PTR, U32, PTR, U32, U32, U32, U32)
declare("plan_norm", U32, PTR, U32, INT, U32, FLOAT, U32, U32)
declare("plan_norm_cumulative", U32, PTR, U32, FLOAT, U32, U32, TEXT)
declare("plan_batch_norm", U32, PTR, U32, FLOAT, U32, U32, U32, U32)
declare("plan_prelu", U32, PTR, U32, U32)
declare("plan_rearrange", U32, PTR, U32, SIZE, PTR)
declare("plan_act", U32, PTR, U32, INT, FLOAT)
declare("plan_gather", U32, PTR, U32, U32, Shape, PTR)
declare("plan_history", U32, PTR, U32, U32, TEXT)
declare("plan_history_within", U32, PTR, U32, U32, TEXT, U32, U32, U32)
declare("plan_pad", U32, PTR, U32, PTR)
declare("plan_channels", U32, PTR, U32, U32, U32)
declare("plan_reshape", U32, PTR, U32, Shape)
declare("plan_lstm_norm", U32, PTR, U32, PTR, U32, U32, FLOAT, U32, U32, U32, U32)
declare("plan_attention", U32, PTR, U32, U32, U32, U32, PTR)
declare("plan_embedding", U32, PTR, U32, U32, U32, U32)
declare("plan_join", U32, PTR, U32, U32)
declare("plan_rows", U32, PTR, U32, U32, U32)
for name in ("softmax", "mean_square", "magnitude", "glu"):
    declare("plan_" + name, U32, PTR, U32)
declare("plan_add", U32, PTR, U32, U32)
declare("plan_mul", U32, PTR, U32, U32)
declare("plan_keep_weights", None, PTR, INT)
declare("plan_take_whole", None, PTR)
declare("plan_finish", INT, PTR, PTR)
declare("plan_facts", Facts, PTR)
declare("runner_tensor", ctypes.POINTER(FLOAT), PTR, TEXT)
declare("runner_run", None, PTR)
declare("runner_reset", None, PTR)
declare("runner_state_count", SIZE, PTR)
declare("runner_save", None, PTR, PTR)
declare("runner_restore", None, PTR, PTR)
declare("arena_free", None, PTR)
declare("arena_build", INT, PTR, PTR, BUILD, PTR)
declare("runner_init", INT, PTR, PTR, PTR)
declare("cpu_isa", INT)
declare("isa_name", TEXT, INT)
ISAS = range(LIB.pinna_cpu_isa() + 1)


def isa_name(isa):
    return LIB.pinna_isa_name(isa).decode()


class Runner:
    """A plan on one instruction set."""

    def __init__(self, plan, isa):
        @BUILD
        def call(out, arena, config):
            return LIB.pinna_runner_init(PTR(out), PTR(arena), PTR(config))

        self.shapes = plan.shapes
        self.memory, self.handle = PTR(), PTR()
        config = RunnerConfig(plan.handle, isa)
        status = LIB.pinna_arena_build(ctypes.byref(self.memory), ctypes.byref(self.handle), call,
                                       ctypes.byref(config))
        assert status == 0, status

    def tensor(self, name):
        """A view of an input's or output's memory, [t, f, c]."""
        shape = self.shapes[name]
        at = LIB.pinna_runner_tensor(self.handle, name.encode())
        flat = (FLOAT * (shape.t * shape.f * shape.c)).from_address(ctypes.addressof(at.contents))
        return torch.frombuffer(flat, dtype=torch.float32).reshape(shape.t, shape.f, shape.c)

    def run(self, **inputs):
        """All outputs' tensors, copied."""
        for name, value in inputs.items():
            self.tensor(name).copy_(value)
        LIB.pinna_runner_run(self.handle)
        return {name: self.tensor(name).clone() for name in self.shapes if name not in inputs}

    def free(self):
        LIB.pinna_arena_free(self.memory)


class Plan:
    """Operators by name: plan.conv(x, ...) is pinna_plan_conv()."""

    def __init__(self):
        self.handle = PTR(LIB.pinna_plan_new())
        self.shapes = {}
        self.numbers = itertools.count()

    def __getattr__(self, name):
        def call(*args):
            args = [ctypes.byref(a) if isinstance(a, (Conv, Rnn, Attention, Pad)) else a for a in args]
            return getattr(LIB, "pinna_plan_" + name)(self.handle, *args)
        return call

    def input(self, name, x):
        self.shapes[name] = Shape(*x.shape)
        return LIB.pinna_plan_input(self.handle, name.encode(), self.shapes[name])

    def output(self, name, ref):
        self.shapes[name] = LIB.pinna_plan_shape(self.handle, ref)
        LIB.pinna_plan_output(self.handle, name.encode(), ref)

    def weight(self, value):
        value = None if value is None else value.detach().float().contiguous()
        return 0 if value is None else LIB.pinna_plan_constant(self.handle, b"w%d" % next(self.numbers),
                                                               value.data_ptr(), value.numel())

    def finish(self):
        error = Error()
        return LIB.pinna_plan_finish(self.handle, ctypes.byref(error)), error.text.decode()

    def linear(self, x, layer):
        """torch.nn.Linear"""
        config = Conv(layer.out_features, (U32 * 2)(1, 1), (U32 * 2)(1, 1), (U32 * 2)(1, 1), 1, NONE, 0.0)
        return self.conv(x, config, self.weight(layer.weight), self.weight(layer.bias))

    def layer_norm(self, x, layer):
        """torch.nn.LayerNorm over channels"""
        return self.norm(x, 0, 1, layer.eps, self.weight(layer.weight), self.weight(layer.bias))

    def free(self):
        LIB.pinna_plan_free(self.handle)


def run_all(x, describe, **more):
    """Output of a plan of one operator on x by every instruction set: name -> [t, f, c]."""
    return {name: y[0] for name, y in run_chunks([{"x": x, **more}], describe).items()}


def run_chunks(chunks, describe):
    """Outputs of a plan, which keeps its state, on one chunk of inputs after the other."""
    plan = Plan()
    refs = [plan.input(name, value) for name, value in chunks[0].items()]
    plan.output("y", describe(plan, *refs))
    status, message = plan.finish()
    assert status == 0, message
    runners = {isa_name(isa): Runner(plan, isa) for isa in ISAS}
    plan.free()
    found = {}
    for name, runner in runners.items():
        LIB.pinna_runner_reset(runner.handle)
        found[name] = [runner.run(**chunk)["y"] for chunk in chunks]
        runner.free()
    return found
