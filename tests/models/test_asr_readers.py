#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Vocabularies, lexicons and n-grams: as written from the formats' descriptions, and scored naively."""

import ctypes
import itertools
import json
import math
import random
import struct

from asr_oracle import LIB, U32, parsed
from oracle import done, ok, seed_all

MARK = "\u2581"


def varint(value):
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def sentencepiece(pieces):
    """ModelProto with pieces (text, score, type), and fields that readers should pass over."""
    body = b""
    for text, score, kind in pieces:
        one = b"\x0a" + varint(len(text.encode())) + text.encode() + b"\x15" + struct.pack("<f", score)
        if kind != 1:
            one += b"\x18" + varint(kind)
        body += b"\x0a" + varint(len(one)) + one
    trainer = b"\x0a\x05input\x18\x02"
    return body + b"\x12" + varint(len(trainer)) + trainer + b"\x1a\x02\x0a\x00"


def info(tokens, i):
    found = LIB.pinna_tokens_at(tokens, i)
    return found.contents if found else None


def spelled(tokens, text):
    ids = (U32 * 256)()
    n = LIB.pinna_tokens_spell(tokens, text.encode(), ids, 256)
    return [info(tokens, i).piece.decode() for i in ids[:n]]


def best_spelling(pieces, word):
    """By trying all ways."""
    if not word:
        return 0.0, []
    ways = [(pieces[word[:n]] + rest[0] - 1e-6, [word[:n]] + rest[1])
            for n in range(1, len(word) + 1) if word[:n] in pieces
            for rest in [best_spelling(pieces, word[n:])] if rest]
    return max(ways) if ways else None


def test_tokens():
    letters = "abc"
    texts = [MARK + "a", MARK, *letters, "ab", "bca", MARK + "cab", "\u00e9t"]
    table = [("<unk>", 0.0, 2), ("<s>", 0.0, 3), ("</s>", 0.0, 3), ("<0x41>", 0.0, 6)]
    table += [(t, random.uniform(-9.0, -1.0), 1) for t in texts]
    status, tokens, message = parsed("tokens", sentencepiece(table))
    ok(status == 0, f"SentencePiece model reads {message}")
    ok(LIB.pinna_tokens_count(tokens) == len(table), "as many pieces as were written")
    same = all(info(tokens, i).piece.decode() == t and abs(info(tokens, i).score - s) < 1e-6 and
               info(tokens, i).type == k for i, (t, s, k) in enumerate(table))
    ok(same, "pieces, scores and types in order")
    ok(info(tokens, 4).text == b"a" and info(tokens, 4).begins_word and not info(tokens, 6).begins_word,
       "the mark of a word is no text")
    ok(info(tokens, 0).text == b"" and info(tokens, 3).text == b"A", "unknown and byte pieces")
    scores = {t: s for t, s, k in table if k == 1}
    for _ in range(20):
        words = ["".join(random.choice(letters) for _ in range(random.randint(1, 6))) for _ in range(2)]
        expected = sum((best_spelling(scores, MARK + w)[1] for w in words), [])
        ok(spelled(tokens, "  ".join(words)) == expected, f"'{words}' is spelled {expected}")
    ok(spelled(tokens, "axe") == [], "what cannot be spelled is not")
    LIB.pinna_tokens_free(tokens)
    whole = sentencepiece(table)
    starts = {0}
    while len(starts) <= len(table):  # Where a message may end
        at = max(starts)
        starts.add(at + 2 + whole[at + 1])
    cuts = [i for i in range(1, len(whole)) if i not in starts and i < max(starts)]
    ok(all(parsed("tokens", whole[:i])[0] != 0 for i in cuts), "a model cut anywhere within its pieces is refused")


def test_token_lists():
    vocabulary = {"<pad>": 0, "<s>": 1, "</s>": 2, "<unk>": 3, "|": 4, "E": 5, "T": 6, "\u00e9": 7, "'": 8}
    status, tokens, message = parsed("tokens", json.dumps(vocabulary))
    ok(status == 0 and LIB.pinna_tokens_count(tokens) == 9, f"vocab.json reads {message}")
    number = U32(99)
    ok(LIB.pinna_tokens_blank(tokens, ctypes.byref(number)) and number.value == 0, "its <pad> is the blank")
    ok(info(tokens, 4).begins_word and info(tokens, 4).text == b"" and info(tokens, 7).text == "\u00e9".encode(),
       "| parts words")
    ok(spelled(tokens, "tee te'") == ["T", "E", "E", "|", "T", "E", "'"], "small letters are spelled with capitals")
    LIB.pinna_tokens_free(tokens)
    for text, count, blank, name in [("<blk> 0\n\u2581A 1\nB 2\n", 3, 0, "icefall's tokens.txt"),
                                     ("-\n|\nE\nT\n", 4, 0, "torchaudio's labels"),
                                     ("B 1\r\n<blk> 0\r\n  2\r\n", 3, 0, "any order, a blank as token")]:
        status, tokens, message = parsed("tokens", text)
        found = LIB.pinna_tokens_blank(tokens, ctypes.byref(number)) if status == 0 else False
        ok(status == 0 and LIB.pinna_tokens_count(tokens) == count and found and number.value == blank,
           f"{name} {message}")
        LIB.pinna_tokens_free(tokens)
    for text, why in [('{"a": 0, "b": 0}', "comes twice"), ('{"a": 0, "b": 2}', "is missing"), ('{"a": 0', "expected"),
                      ("", "no tokens"), ('{"a": 4000000000}', "too great"), ("a 1\nb 1\n", "twice"),
                      ("\n\x05\n\x09a", "malformed"), ('{"a": -1}', "byte")]:
        status, _, message = parsed("tokens", text)
        ok(status != 0 and why in message, f"refused: {message}")


def test_lexicon():
    status, tokens, _ = parsed("tokens", "-\n|\na\nb\nc\n")
    names = ["-", "|", "a", "b", "c"]
    words = [f"w{i}" for i in range(60)]
    lines = [(random.choice(words), [random.choice("abc") for _ in range(random.randint(1, 5))] + ["|"])
             for _ in range(150)]
    text = "".join(f"{w}\t{' '.join(s)}\n" for w, s in lines) + "\n"
    status, lexicon, message = parsed("lexicon", text, tokens)
    ok(status == 0 and LIB.pinna_lexicon_count(lexicon) == len({w for w, _ in lines}), f"a lexicon reads {message}")
    count = U32()
    nodes, ends = LIB.pinna_lexicon_nodes(lexicon, ctypes.byref(count)), LIB.pinna_lexicon_words(lexicon)
    found, stack = set(), [(0, ())]
    while stack:
        at, path = stack.pop()
        node = nodes[at]
        found.update((LIB.pinna_lexicon_word(lexicon, ends[node.first_word + i]).decode(), path)
                     for i in range(node.n_words))
        children = list(range(node.first, node.first + node.n_children))
        if [nodes[c].token for c in children] != sorted({nodes[c].token for c in children}):
            found.add("children out of order")
        stack += [(c, (*path, names[nodes[c].token])) for c in children]
    ok(found == {(w, tuple(s)) for w, s in lines}, "its tree holds every spelling, and nothing else")
    prefixes = {tuple(s[:n]) for _, s in lines for n in range(len(s) + 1)}
    ok(count.value == len(prefixes), "a node for each prefix")
    LIB.pinna_lexicon_free(lexicon)
    for text, why in [("one a x\n", "'x' is no token"), ("one\n", "has 0 tokens"), ("\n\n", "no words"),
                      ("one " + "a " * 300, "300 tokens")]:
        status, _, message = parsed("lexicon", text, tokens)
        ok(status != 0 and why in message and ("no words" in why or "line 1" in message), f"refused: {message}")
    LIB.pinna_tokens_free(tokens)


def random_arpa(order, words):
    """A model in which every n-gram's beginning is an n-gram, as in real ones. {words: (prob, back-off)}"""
    model = {(w,): (random.uniform(-4.0, -0.5), random.uniform(-1.0, 0.2)) for w in words}
    last = list(model)
    for n in range(2, order + 1):
        more = [h + (w,) for h in last for w in words if random.random() < 0.3 and h[-1] != "</s>" and w != "<s>"]
        model.update({g: (random.uniform(-3.0, -0.1), random.uniform(-1.0, 0.2) if n < order else 0.0) for g in more})
        last = more
    return model


def arpa_text(model, order):
    text = "made by a test\n\\data\\\n"
    text += "".join(f"ngram {n}={sum(len(g) == n for g in model)}\n" for n in range(1, order + 1)) + "\n"
    for n in range(1, order + 1):
        lines = [f"{p:.6f}\t{' '.join(g)}" + (f"\t{b:.6f}" if n < order else "") for g, (p, b) in model.items()
                 if len(g) == n]
        random.shuffle(lines)
        text += f"\\{n}-grams:\n" + "\n".join(lines) + "\n\n"
    return text + "\\end\\\n"


def naive(model, history, word):
    """log10 of the probability, by the definition of back-off."""
    if history + (word,) in model:
        return round(model[history + (word,)][0], 6)
    if not history:
        return naive(model, (), "<unk>") if ("<unk>",) in model else -100.0
    return (round(model[history][1], 6) if history in model else 0.0) + naive(model, history[1:], word)


def test_ngram():
    for order, with_unk in itertools.product((1, 2, 3, 4), (True, False)):
        words = ["<s>", "</s>", "a", "b", "c", "d"] + (["<unk>"] if with_unk else [])
        model = random_arpa(order, words)
        status, ngram, message = parsed("ngram", arpa_text(model, order))
        ok(status == 0 and LIB.pinna_ngram_order(ngram) == order, f"order {order} reads {message}")
        worst = 0.0
        for _ in range(200):
            history, state, following = ("<s>",), LIB.pinna_ngram_begin(ngram), U32()
            for _ in range(8):
                word = random.choice(["a", "b", "c", "d", "strange"])
                score = LIB.pinna_ngram_score(ngram, state, LIB.pinna_ngram_find(ngram, word.encode()),
                                              ctypes.byref(following))
                known = word if (word,) in model else "<unk>"
                expected = naive(model, history[-(order - 1):] if order > 1 else (), known) * math.log(10.0)
                worst = max(worst, abs(score - expected))
                history, state = history + (known,), following.value
            expected = naive(model, history[-(order - 1):] if order > 1 else (), "</s>") * math.log(10.0)
            worst = max(worst, abs(LIB.pinna_ngram_end(ngram, state) - expected))
        ok(worst < 1e-4, f"order {order}: probabilities within {worst:.1e} of the definition, 1600 of them")
        LIB.pinna_ngram_free(ngram)
    good = arpa_text(random_arpa(2, ["<s>", "</s>", "a", "b"]), 2)
    for old, new, why in [("\\end\\", "", "ends before"), ("ngram 1=4", "ngram 1=5", "not as many"),
                          ("\\data\\", "data", "no ARPA"), ("\ta\t", "\ta x\t", "back-off"),
                          ("ngram 2", "ngram 3", "in order"), ("\\2-grams:", "\\3-grams:", "next section"),
                          ("ngram 1=4", "ngram 1=99999999999999", "expected ngram")]:
        status, _, message = parsed("ngram", good.replace(old, new))
        ok(status != 0 and why in message, f"refused: {message}")
    twice = "\\data\\\nngram 1=2\n\\1-grams:\n-1 a\n-2 a\n\\end\\\n"
    status, _, message = parsed("ngram", twice)
    ok(status != 0 and "comes twice" in message, f"refused: {message}")


def main():
    seed_all()
    test_tokens()
    test_token_lists()
    test_lexicon()
    test_ngram()
    done()


if __name__ == "__main__":
    main()
