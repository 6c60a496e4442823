# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words of the small recogniser: prompts' texts, pronunciations, bigrams, and sentences for synthetic voices."""

import collections
import ctypes
import math
import re
import zlib

DIGITS = "zero one two three four five six seven eight nine".split()
PHONES = ("aa ae ah ao aw ay b ch d dh eh er ey f g hh ih iy jh k l m n ng ow oy p r s sh t th uh uw v w y z zh").split()
TOKENS = ["<blank>"] + PHONES
DICTIONARY = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict"
ENGLISH = b"/usr/share/pocketsphinx/model/en-us/en-us.lm.bin"
STRINGS, GENERAL = 3000, 0.5  # digit strings beside the prompts, and the part of general English in what was not seen

#: What the dictionary lacks
MORE = """
waldo's  w ao l d ow z
unmute  ah n m y uw t
unmuted  ah n m y uw t ah d
umute  ah n m y uw t
digium  d ih jh iy ah m
pbx  p iy b iy eh k s
iax  ay ey eh k s
ivr  ay v iy aa r
www  d ah b ah l y uw d ah b ah l y uw d ah b ah l y uw
fourtieth  f ao r t iy ah th
touchtone  t ah ch t ow n
semicolon  s eh m iy k ow l ah n
caret  k eh r ah t
backtick  b ae k t ih k
exclaimation  eh k s k l ah m ey sh ah n
lowercase  l ow er k ey s
uppercase  ah p er k ey s
xray  eh k s r ey
forevermore  f er eh v er m ao r
represenatives  r eh p r ah z eh n t ah t ih v z
dahdi  d aa d iy
mgcp  eh m jh iy s iy p iy
unistim  y uw n ih s t ih m
indentified  ay d eh n t ah f ay d
witheld  w ih th hh eh l d
prepend  p r iy p eh n d
prepending  p r iy p eh n d ih ng
undelete  ah n d ih l iy t
undeleted  ah n d ih l iy t ah d
rerecord  r iy r ih k ao r d
a.m.  ey eh m
p.m.  p iy eh m
"""

ONES = DIGITS + "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
#: Said letter by letter or not at all by synthetic voices
UNSPOKEN = set("pbx iax ivr www mgcp dahdi unistim digium a.m. p.m. umute".split()) | set("bcdefghjklmnopqrstuvwxyz")


def number(text):
    """How prompts say a number: 1 to 99 and hundreds as one, longer ones digit by digit."""
    n = int(text)
    if len(text) > 3 or (len(text) == 3 and n % 100) or text[0] == "0":
        return [DIGITS[int(d)] for d in text]
    if len(text) == 3:
        return [DIGITS[n // 100], "hundred"]
    return [ONES[n]] if n < 20 else [TENS[n // 10]] + ([ONES[n % 10]] if n % 10 else [])


def words_of(text):
    """Spoken words of a prompt's or a book's text."""
    text = re.sub(r"\[[^\]]*\]|\([^)]*\)|<[^>]*>", " ", text.lower())
    text = text.replace("1234", "1 2 3 4").replace("h.323", "h 3 2 3").replace("3d", "3 d").replace(" * ", " star ")
    text = text.replace("# to", "pound to").replace("# or just #", "pound or just pound").replace("’", "'")
    words = []
    for word in re.findall(r"a\.m\.|p\.m\.|[a-z]+(?:'[a-z]+)*|[0-9]+", text):
        words += number(word) if word[0].isdigit() else [word]
    return words


def dictionary():
    """Word -> pronunciations, without stress."""
    found = collections.defaultdict(list)
    with open(DICTIONARY, encoding="latin-1") as lines:
        rows = [line.split() for line in lines] + [line.split() for line in MORE.splitlines() if line]
    for row in rows:
        word = re.sub(r"\(\d+\)$", "", row[0].lower())
        phones = [re.sub(r"\d", "", p).lower() for p in row[1:]]
        if phones not in found[word]:
            found[word].append(phones)
    for word in ("a.m.", "p.m."):
        found[word] = found[word][-1:]
    return found


def held_out(words):
    """Is a prompt of these words in the part that no training sees? One of six, all takes of a text together."""
    return len(words) > 1 and zlib.crc32(" ".join(words).encode()) % 6 == 0


def english(words):
    """Probabilities of general English, of words and of pairs: {w: p}, {(v, w): p}; what it does not know is left out.

    From the trigram of pocketsphinx-en-us, among these words alone."""
    sphinx, used = ctypes.CDLL("libsphinxbase.so.3"), ctypes.c_int32()
    sphinx.logmath_init.restype = sphinx.ngram_model_read.restype = ctypes.c_void_p
    sphinx.logmath_init.argtypes = [ctypes.c_double, ctypes.c_int, ctypes.c_int]
    sphinx.ngram_model_read.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
    sphinx.ngram_bg_score.argtypes = [ctypes.c_void_p, ctypes.c_int32, ctypes.c_int32, ctypes.c_void_p]
    sphinx.ngram_wid.argtypes, sphinx.ngram_unknown_wid.argtypes = [ctypes.c_void_p, ctypes.c_char_p], [ctypes.c_void_p]
    sphinx.err_set_logfp(None)
    model = sphinx.ngram_model_read(None, ENGLISH, 0, sphinx.logmath_init(1.0001, 0, 0))
    unknown = sphinx.ngram_unknown_wid(model)
    ids = {w: sphinx.ngram_wid(model, w.encode()) for w in ["<s>", *words]}
    ids = {w: i for w, i in ids.items() if i != unknown}
    pairs = {v: {w: math.exp(1e-4 * sphinx.ngram_bg_score(model, ids[w], ids[v], ctypes.byref(used))) for w in ids if w != "<s>"}
             for v in ids}
    pairs = {(v, w): p / sum(row.values()) for v, row in pairs.items() for w, p in row.items()}
    single = {w: math.exp(1e-4 * sphinx.ngram_bg_score(model, ids[w], unknown, ctypes.byref(used))) for w in ids if w != "<s>"}
    return {w: p / sum(single.values()) for w, p in single.items()}, pairs


def bigrams(sentences, vocabulary, strings=STRINGS, general=GENERAL, most=12000):
    """ARPA text of a bigram over sentences and digit strings, with absolute discounts; what is left over goes to general
    English and to how many words a word was seen behind. Every word of the vocabulary may follow every other.
    most: pairs beside those of the sentences, the ones that matter most."""
    pairs, rows = collections.Counter(), [list(s) for s in sentences]
    for row in rows:
        pairs.update(zip(["<s>"] + row, row + ["</s>"]))
    for d in DIGITS:  # digit strings of 1 to 8, any after any, as expected counts
        pairs[("<s>", d)] += strings / 10
        pairs[(d, "</s>")] += strings / 10
        for e in DIGITS:
            pairs[(d, e)] += 3.5 * strings / 100
    words, discount = sorted(vocabulary) + ["</s>"], 0.7
    before, sums, counted = collections.Counter(), collections.Counter(), collections.Counter()
    for (v, w), n in pairs.items():
        before[w] += 1
        sums[v] += n
        counted[v] += max(n - discount, 0)
    floor = sum(before.values()) + 2.0 * len(words)
    alone, follow = english(words)
    single = {w: general * alone.get(w, 0) + (1 - general) * (before[w] + 2.0) / floor for w in words}
    total = sum(single.values())
    single = {w: p / total for w, p in single.items()}
    rest = {v: 1 - counted[v] / sums[v] if v in sums else 1.0 for v in ["<s>", *words[:-1]]}

    def p(v, w):
        lower = general * follow[v, w] + (1 - general) * single[w] if (v, w) in follow else single[w]
        return max(pairs[v, w] - discount, 0) / sums[v] + rest[v] * lower if v in sums else lower

    chosen = {v: {w: p(v, w) for x, w in pairs if x == v} for v in rest}
    gains = [(single.get(v, single["</s>"]) * rest[v] * follow[v, w] * math.log(follow[v, w] / single[w]), v, w)
             for v, w in follow if v in rest and follow[v, w] > 1.5 * single[w] and w not in chosen[v]]
    for _, v, w in sorted(gains, reverse=True)[:most]:
        chosen[v][w] = p(v, w)
    back = {v: (1 - sum(row.values())) / (1 - sum(single[w] for w in row)) for v, row in chosen.items()}
    out = ["\\data\\", f"ngram 1={len(words) + 1}", f"ngram 2={sum(map(len, chosen.values()))}", "", "\\1-grams:",
           f"-99\t<s>\t{math.log10(back['<s>']):.3f}"]
    out += [f"{math.log10(single[w]):.3f}\t{w}" + (f"\t{math.log10(back[w]):.3f}" if w in back else "") for w in words]
    out += ["", "\\2-grams:"] + [f"{math.log10(q):.3f}\t{v} {w}" for v, row in sorted(chosen.items()) for w, q in sorted(row.items())]
    return "\n".join(out + ["", "\\end\\", ""])


def sentence(rng, follow, vocabulary):
    """Something to say: digits, a walk along the bigrams of the training prompts, or any words."""
    kind = rng.random()
    if kind < 0.16:
        return [DIGITS[rng.integers(10)]]
    if kind < 0.40:
        return [DIGITS[d] for d in rng.integers(0, 10, rng.integers(2, 9))]
    if kind < 0.70:
        words, at = [], "<s>"
        while len(words) < 10:
            at = follow[at][rng.integers(len(follow[at]))]
            if at == "</s>":
                break
            words.append(at)
        return [w for w in words if w not in UNSPOKEN] or [DIGITS[rng.integers(10)]]
    return [vocabulary[i] for i in rng.integers(0, len(vocabulary), rng.integers(1, 7))]


def followers(sentences):
    """Word -> the words that came next, as often as they came."""
    follow = collections.defaultdict(list)
    for row in sentences:
        for v, w in zip(["<s>"] + row, row + ["</s>"]):
            follow[v].append(w)
    return follow
