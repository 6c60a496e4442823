# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recogniser as tests and tools see it: models/asr_model.h, one call for a whole recording."""

import ctypes
import os

import numpy as np

U16, U32, U64, INT, FLOAT, PTR = (ctypes.c_uint16, ctypes.c_uint32, ctypes.c_uint64, ctypes.c_int, ctypes.c_float,
                                  ctypes.c_void_p)
RATE = 16000
PARTIAL, FINAL, GAP = 0, 1, 2


class Word(ctypes.Structure):
    _fields_ = [("start", U64), ("end", U64), ("log_prob", FLOAT), ("text", U16), ("n_text", U16)]


class Caption(ctypes.Structure):
    _fields_ = [("kind", INT), ("rate", U32), ("segment", U64), ("start", U64), ("end", U64), ("log_prob", FLOAT),
                ("n_stable", U32), ("n_text", U32), ("n_words", U32), ("words", Word * 256), ("text", ctypes.c_char * 2048)]


TAKE = ctypes.CFUNCTYPE(None, PTR, ctypes.POINTER(Caption))


class Sink(ctypes.Structure):
    _fields_ = [("handle", PTR), ("take", TAKE)]


class Hotphrase(ctypes.Structure):
    _fields_ = [("text", ctypes.c_char_p), ("bonus", FLOAT)]


class Config(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("hotphrases", ctypes.POINTER(Hotphrase)), ("n_hotphrases", U32), ("beam", U32),
                ("hotwords", ctypes.c_char_p), ("search", ctypes.c_int)]


class Error(ctypes.Structure):
    _fields_ = [("text", ctypes.c_char * 1024)]


class Recogniser:
    """name: weights built in, a path, or None. After hear(), `captions` is a list of dicts with `at`, the sample after
    which each was told."""

    def __init__(self, library, name=None, hot=(), beam=0):
        self.lib = library
        for call, result, *arguments in (("open", INT, PTR, PTR, PTR), ("close", None, PTR), ("asr", PTR, PTR)):
            function = getattr(self.lib, "pinna_asr_model_" + call)
            function.restype, function.argtypes = result, arguments
        for call, *arguments in (("push", PTR, PTR, U32, PTR), ("finish", PTR, PTR), ("reset", PTR), ("skip", PTR, U64, PTR)):
            function = getattr(self.lib, "pinna_asr_" + call)
            function.restype, function.argtypes = None, arguments
        phrases = (Hotphrase * max(1, len(hot)))(*[Hotphrase(text.encode(), bonus) for text, bonus in hot])
        config = Config(os.fsencode(name) if name else None, phrases, len(hot), beam)
        self.handle, error = PTR(), Error()
        self.status = self.lib.pinna_asr_model_open(ctypes.byref(self.handle), ctypes.byref(config), ctypes.byref(error))
        self.message = error.text.decode()
        self.asr = self.lib.pinna_asr_model_asr(self.handle) if self.status == 0 else None
        self.captions, self.n_pushed = [], 0
        self.take = TAKE(self.taken)
        self.sink = Sink(None, self.take)

    def taken(self, _, caption):
        c = caption.contents
        text = c.text.decode()
        words = [(text[w.text:w.text + w.n_text], w.start, w.end, w.log_prob) for w in c.words[:c.n_words]]
        self.captions.append({"kind": c.kind, "segment": c.segment, "start": c.start, "end": c.end, "n_stable": c.n_stable,
                              "text": text, "words": words, "at": self.n_pushed})

    def push(self, sound):
        sound = np.ascontiguousarray(sound, np.float32)
        self.n_pushed += len(sound)
        self.lib.pinna_asr_push(self.asr, sound.ctypes.data, len(sound), ctypes.byref(self.sink))

    def hear(self, sound, cuts=None, block=160):
        """Words of a whole recording, float32 in +-1. cuts: lengths of pushes in turn; else `block` each."""
        self.lib.pinna_asr_reset(self.asr)
        self.captions, self.n_pushed, at, i = [], 0, 0, 0
        while at < len(sound):
            n = cuts[i % len(cuts)] if cuts else block
            self.push(sound[at:at + n])
            at, i = at + n, i + 1
        self.lib.pinna_asr_finish(self.asr, ctypes.byref(self.sink))
        return self.words()

    def words(self):
        return [w for c in self.captions if c["kind"] == FINAL for w in c["text"].split()]

    def close(self):
        self.lib.pinna_asr_model_close(self.handle)
