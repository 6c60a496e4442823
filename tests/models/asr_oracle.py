# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decoders and their readers for Python: structures, opening, running."""

import ctypes
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../nn"))

from oracle import FLOAT, INT, LIB, PTR, SIZE, TEXT, U32, Error, declare, torch  # noqa: E402

NO_WORD = 0xFFFFFFFF
FLOATS = ctypes.POINTER(FLOAT)
BUILD = ctypes.CFUNCTYPE(INT, PTR, PTR, PTR)
PREDICT = ctypes.CFUNCTYPE(None, PTR, U32, ctypes.POINTER(U32), ctypes.POINTER(PTR), ctypes.POINTER(PTR),
                           ctypes.POINTER(PTR))
JOIN = ctypes.CFUNCTYPE(None, PTR, U32, PTR, ctypes.POINTER(PTR), PTR)


class Token(ctypes.Structure):
    _fields_ = [("token", U32), ("word", U32), ("frame", U32), ("log_prob", FLOAT)]


class Result(ctypes.Structure):
    _fields_ = [("n_tokens", U32), ("n_stable", U32), ("n_frames", U32), ("last_frame", U32), ("score", FLOAT),
                ("full", ctypes.c_bool)]


class DecoderTable(ctypes.Structure):
    _fields_ = [("self", PTR), ("run", ctypes.CFUNCTYPE(None, PTR, PTR, U32)),
                ("finish", ctypes.CFUNCTYPE(None, PTR)), ("reset", ctypes.CFUNCTYPE(None, PTR)),
                ("result", ctypes.CFUNCTYPE(Result, PTR, PTR, U32))]


class CtcGreedyConfig(ctypes.Structure):
    _fields_ = [("n_tokens", U32), ("blank", U32), ("max_tokens", U32)]


class CtcBeamConfig(ctypes.Structure):
    _fields_ = [("n_tokens", U32), ("blank", U32), ("max_tokens", U32), ("beam", U32), ("n_best", U32),
                ("threshold", FLOAT), ("lexicon", PTR), ("ngram", PTR), ("ngram_ids", ctypes.POINTER(U32)),
                ("lm_weight", FLOAT), ("word_score", FLOAT), ("hotwords", PTR), ("recombine", ctypes.c_bool)]


class Transducer(ctypes.Structure):
    _fields_ = [("self", PTR), ("n_tokens", U32), ("blank", U32), ("n_encoding", U32), ("n_prediction", U32),
                ("n_state", U32), ("max_batch", U32), ("predict", PREDICT), ("join", JOIN)]


class RnntGreedyConfig(ctypes.Structure):
    _fields_ = [("model", Transducer), ("max_tokens", U32), ("max_per_frame", U32), ("blank_penalty", FLOAT)]


class RnntBeamConfig(ctypes.Structure):
    _fields_ = [("model", Transducer), ("max_tokens", U32), ("beam", U32), ("blank_penalty", FLOAT),
                ("blank_skip", FLOAT), ("threshold", FLOAT), ("hotwords", PTR)]


class RnntSearchConfig(ctypes.Structure):
    _fields_ = [("model", Transducer), ("max_tokens", U32), ("beam", U32), ("step_tokens", U32),
                ("temperature", FLOAT)]


class Phrase(ctypes.Structure):
    _fields_ = [("tokens", ctypes.POINTER(U32)), ("n_tokens", U32), ("bonus", FLOAT)]


class TokenInfo(ctypes.Structure):
    _fields_ = [("piece", TEXT), ("text", TEXT), ("score", FLOAT), ("type", INT), ("begins_word", ctypes.c_bool)]


class LexiconNode(ctypes.Structure):
    _fields_ = [("token", U32), ("first", U32), ("n_children", U32), ("first_word", U32), ("n_words", U32)]


declare("arena_build", INT, PTR, PTR, BUILD, PTR)
declare("arena_free", None, PTR)
for kind in ("ctc_greedy", "ctc_beam", "rnnt_greedy", "rnnt_beam", "rnnt_search"):
    declare(kind + "_init", INT, PTR, PTR, PTR)
    declare(kind + "_decoder", DecoderTable, PTR)
declare("rnnt_search_hypothesis", U32, PTR, U32, PTR, U32, PTR)
declare("hotwords_new", INT, PTR, PTR, U32)
declare("hotwords_free", None, PTR)
declare("hotwords_step", FLOAT, PTR, U32, U32, PTR)
declare("hotwords_end", FLOAT, PTR, U32)
declare("hotwords_most", FLOAT, PTR)
declare("tokens_parse", INT, PTR, PTR, SIZE, TEXT, PTR)
declare("tokens_free", None, PTR)
declare("tokens_count", U32, PTR)
declare("tokens_at", ctypes.POINTER(TokenInfo), PTR, U32)
declare("tokens_find", ctypes.c_bool, PTR, TEXT, PTR)
declare("tokens_blank", ctypes.c_bool, PTR, PTR)
declare("tokens_spell", U32, PTR, TEXT, PTR, U32)
declare("lexicon_parse", INT, PTR, PTR, SIZE, TEXT, PTR, PTR)
declare("lexicon_free", None, PTR)
declare("lexicon_count", U32, PTR)
declare("lexicon_word", TEXT, PTR, U32)
declare("lexicon_find", ctypes.c_bool, PTR, TEXT, PTR)
declare("lexicon_nodes", ctypes.POINTER(LexiconNode), PTR, PTR)
declare("lexicon_words", ctypes.POINTER(U32), PTR)
declare("ngram_parse", INT, PTR, PTR, SIZE, TEXT, PTR)
declare("ngram_free", None, PTR)
declare("ngram_order", U32, PTR)
declare("ngram_count", U32, PTR)
declare("ngram_find", U32, PTR, TEXT)
declare("ngram_begin", U32, PTR)
declare("ngram_score", FLOAT, PTR, U32, U32, PTR)
declare("ngram_end", FLOAT, PTR, U32)


def parsed(kind, data, *more):
    """(status, handle, message) of pinna_<kind>_parse()."""
    handle, error = PTR(), Error()
    data = data.encode() if isinstance(data, str) else data
    status = getattr(LIB, f"pinna_{kind}_parse")(ctypes.byref(handle), data, len(data), b"here", *more,
                                                 ctypes.byref(error))
    return status, handle, error.text.decode(errors="replace")


def hotwords(phrases):
    """Automaton of [(tokens, bonus)], and what must stay alive with it."""
    arrays = [(U32 * len(t))(*t) for t, _ in phrases]
    table = (Phrase * max(1, len(phrases)))(*[Phrase(a, len(a), b) for a, (_, b) in zip(arrays, phrases)])
    handle = PTR()
    status = LIB.pinna_hotwords_new(ctypes.byref(handle), table, len(phrases))
    return handle if status == 0 else None


class Decoder:
    """Any decoder, by name and configuration."""

    def __init__(self, kind, config):
        init = getattr(LIB, f"pinna_{kind}_init")

        @BUILD
        def call(out, arena, settings):
            return init(PTR(out), PTR(arena), PTR(settings))

        self.memory, self.handle, self.config = PTR(), PTR(), config
        self.status = LIB.pinna_arena_build(ctypes.byref(self.memory), ctypes.byref(self.handle), call,
                                            ctypes.byref(config))
        if self.status == 0:
            self.table = getattr(LIB, f"pinna_{kind}_decoder")(self.handle)

    def run(self, frames):
        frames = frames.contiguous().float()
        self.table.run(self.handle, frames.data_ptr(), frames.shape[0])

    def finish(self):
        self.table.finish(self.handle)

    def reset(self):
        self.table.reset(self.handle)

    def result(self):
        """(Result, [(token, word, frame, log_prob)])"""
        tokens = (Token * 4096)()
        found = self.table.result(self.handle, tokens, 4096)
        return found, [(t.token, t.word, t.frame, t.log_prob) for t in tokens[:found.n_tokens]]

    def free(self):
        LIB.pinna_arena_free(self.memory)


def view(address, n):
    """[n] floats at an address, shared."""
    return torch.frombuffer((FLOAT * n).from_address(address), dtype=torch.float32)


class TorchTransducer:
    """A torch predictor and joiner behind PinnaTransducer. States are lists of equal tensors [1, D]."""

    def __init__(self, rnnt, n_symbols, n_encoding, n_layers, n_hidden, max_batch):
        self.calls = [0, 0]

        def predict(_, n, tokens, states, following, predictions):
            self.calls[0] += 1
            batch = torch.stack([view(states[i], 2 * n_layers * n_hidden) for i in range(n)])
            parts = batch.view(n, n_layers, 2, n_hidden)
            state = [[parts[:, k, 0].contiguous(), parts[:, k, 1].contiguous()] for k in range(n_layers)]
            out, _, after = rnnt.predict(torch.tensor([[tokens[i]] for i in range(n)]), torch.ones(n), state)
            for i in range(n):
                view(following[i], 2 * n_layers * n_hidden).view(n_layers, 2, n_hidden).copy_(
                    torch.stack([torch.stack([h[i], c[i]]) for h, c in after]))
                view(predictions[i], n_encoding).copy_(out[i, 0])

        def join(_, n, encoding, predictions, logits):
            self.calls[1] += n
            frame = view(encoding, n_encoding).view(1, 1, -1).expand(n, 1, -1)
            out = torch.stack([view(predictions[i], n_encoding) for i in range(n)]).unsqueeze(1)
            one = torch.ones(n)
            view(logits, n * n_symbols).view(n, n_symbols).copy_(rnnt.join(frame, one, out, one)[0][:, 0, 0])

        self.keep = PREDICT(predict), JOIN(join)
        self.table = Transducer(None, n_symbols, n_symbols - 1, n_encoding, n_encoding, 2 * n_layers * n_hidden,
                                max_batch, *self.keep)
