#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decoders against exhaustive enumeration, against TorchAudio's own search, and in their properties."""

import ctypes
import itertools
import math
import random

from asr_oracle import (LIB, NO_WORD, U32, CtcBeamConfig, CtcGreedyConfig, Decoder, RnntBeamConfig,
                        RnntGreedyConfig, RnntSearchConfig, TorchTransducer, hotwords, parsed)
from oracle import FLOAT, done, near, ok, seed_all, torch
from torchaudio.models import RNNTBeamSearch, emformer_rnnt_model

BIG = 4096


def random_frames(n_frames, n_tokens, sharpness=2.0):
    return torch.log_softmax(torch.randn(n_frames, n_tokens) * sharpness, 1)


def collapse(path, blank):
    return tuple(k for k, _ in itertools.groupby(path) if k != blank)


def ctc_table(frames, blank):
    """Every sequence of tokens -> log-probability, by enumeration of all alignments."""
    table = {}
    rows = frames.double().tolist()
    for path in itertools.product(range(frames.shape[1]), repeat=frames.shape[0]):
        p = math.exp(sum(row[k] for row, k in zip(rows, path)))
        key = collapse(path, blank)
        table[key] = table.get(key, 0.0) + p
    return {k: math.log(p) for k, p in table.items()}


def occurrences(tokens, phrases):
    return sum(b for t, b in phrases for i in range(len(tokens)) if tuple(tokens[i:i + len(t)]) == tuple(t))


def random_phrases(n_tokens, blank):
    some = [i for i in range(n_tokens) if i != blank]
    return [([random.choice(some) for _ in range(random.randint(1, 3))], random.uniform(0.1, 3.0)) for _ in range(3)]


def test_hotwords():
    for _ in range(30):
        phrases = random_phrases(4, 9)
        automaton, worst = hotwords(phrases), 0.0
        for _ in range(20):
            tokens, state, total = [random.randrange(4) for _ in range(random.randint(0, 12))], U32(0), 0.0
            for token in tokens:
                step = LIB.pinna_hotwords_step(automaton, state.value, token, ctypes.byref(state))
                worst = max(worst, step - LIB.pinna_hotwords_most(automaton))
                total += step
            total += LIB.pinna_hotwords_end(automaton, state.value)
            worst = max(worst, abs(total - occurrences(tokens, phrases)))
        if worst > 1e-4:
            break
        LIB.pinna_hotwords_free(automaton)
    ok(worst <= 1e-4, f"600 sequences are worth their phrases, whatever the way: {worst:.1e}")
    single = hotwords([([1, 2, 3, 4], 4.0)])
    state, steps = U32(0), []
    for token in (1, 2, 1, 2, 3):
        steps.append(LIB.pinna_hotwords_step(single, state.value, token, ctypes.byref(state)))
    expected = torch.tensor([1.0, 1.0, -1.0, 1.0, 1.0])
    near(torch.tensor(steps), expected, 1e-6, "a share is held on the way, and lost over failure arcs")
    LIB.pinna_hotwords_free(single)


def test_ctc_greedy():
    for _ in range(20):
        n_tokens, blank = random.randint(2, 9), 0
        blank = random.randrange(n_tokens)
        frames = random_frames(random.randint(1, 50), n_tokens)
        decoder = Decoder("ctc_greedy", CtcGreedyConfig(n_tokens, blank, 64))
        decoder.run(frames)
        found, tokens = decoder.result()
        path = frames.argmax(1).tolist()
        good = tuple(t[0] for t in tokens) == collapse(path, blank)
        at, frame = [], 0
        for k, group in itertools.groupby(path):
            n = len(list(group))
            if k != blank:
                at.append(frame + int(frames[frame:frame + n, k].argmax()))
            frame += n
        good = good and [t[2] for t in tokens] == at and abs(found.score - frames.max(1)[0].sum()) < 1e-3
        decoder.free()
        if not good:
            break
    ok(good, "CTC greedy: the best path of 20 outputs, with its times")


def test_ctc_exhaustive():
    for with_hotwords in (False, True):
        worst, wrong = 0.0, 0
        for _ in range(12):
            n_tokens = random.randint(2, 4)
            blank, n_frames = random.randrange(n_tokens), random.randint(1, 6)
            frames, phrases = random_frames(n_frames, n_tokens), random_phrases(n_tokens, blank) if with_hotwords else []
            automaton = hotwords(phrases)
            table = {k: p + occurrences(k, phrases) for k, p in ctc_table(frames, blank).items()}
            best = max(table, key=table.get)
            decoder = Decoder("ctc_beam", CtcBeamConfig(n_tokens, blank, 16, BIG, 0, 0.0, None, None, None, 0.0, 0.0,
                                                        automaton if phrases else None))
            decoder.run(frames)
            decoder.finish()
            found, tokens = decoder.result()
            wrong += tuple(t[0] for t in tokens) != best
            worst = max(worst, abs(found.score - table[best]))
            decoder.free()
            LIB.pinna_hotwords_free(automaton)
        ok(wrong == 0 and worst < 1e-4, f"CTC beam{', hotwords' * with_hotwords}: the most probable of all sequences "
           f"({wrong} wrong), score within {worst:.1e}")


ARPA = """\\data\\
ngram 1=6
ngram 2=5

\\1-grams:
-1.2 <s> -0.3
-0.9 </s>
-0.8 one -0.4
-1.1 two -0.2
-1.5 too -0.1
-2.5 <unk>

\\2-grams:
-0.2 <s> one
-0.7 one two
-0.3 two </s>
-1.9 one one
-0.4 too one

\\end\\
"""
LEXICON = [("one", "ab"), ("two", "ac"), ("too", "ac"), ("three", "a"), ("one", "bca")]


def sentences(tokens, spellings, most):
    """All rows of words whose spellings make up these tokens."""
    if not tokens:
        return [()]
    return [(w, *rest) for w, s in spellings if tokens[:len(s)] == s and most
            for rest in sentences(tokens[len(s):], spellings, most - 1)]


def language_score(ngram, ids, words):
    state, total = U32(LIB.pinna_ngram_begin(ngram)), 0.0
    for word in words:
        total += LIB.pinna_ngram_score(ngram, state.value, ids[word], ctypes.byref(state))
    return total + LIB.pinna_ngram_end(ngram, state.value)


def lexicon_and_model():
    _, tokens, _ = parsed("tokens", "-\na\nb\nc\n")
    _, lexicon, _ = parsed("lexicon", "".join(f"{w} {' '.join(s)}\n" for w, s in LEXICON), tokens)
    _, ngram, _ = parsed("ngram", ARPA)
    names = [LIB.pinna_lexicon_word(lexicon, i) for i in range(LIB.pinna_lexicon_count(lexicon))]
    ids = (U32 * len(names))(*[LIB.pinna_ngram_find(ngram, n) for n in names])
    return tokens, lexicon, ngram, ids


def recombined(lexicon, ngram, ids, spellings):
    """Recombining loses alignments, so that a score is at most the truth, but hardly ever the best row of words."""
    over, same, n = 0.0, 0, 40
    for _ in range(n):
        frames = random_frames(random.randint(3, 7), 4, 2.5)
        table = {(k, words): p + language_score(ngram, ids, words)
                 for k, p in ctc_table(frames, 0).items() for words in sentences(k, spellings, 8)}
        decoder = Decoder("ctc_beam", CtcBeamConfig(4, 0, 16, 64, 0, 0.0, lexicon, ngram, ids, 1.0, 0.0, None, True))
        decoder.run(frames)
        decoder.finish()
        found, items = decoder.result()
        key = tuple(t[0] for t in items), tuple(t[1] for t in items if t[1] != NO_WORD)
        over = max(over, found.score - table[key])
        same += table[key] >= max(table.values()) - 0.7
        decoder.free()
    ok(over < 1e-4 and same >= 0.8 * n, f"recombined: at most {over:.1e} above the truth, {same} of {n} are the best row or half "
       "as probable")


def test_ctc_lexicon():
    tokens, lexicon, ngram, ids = lexicon_and_model()
    number = {LIB.pinna_lexicon_word(lexicon, i).decode(): i for i in range(LIB.pinna_lexicon_count(lexicon))}
    spellings = [(number[w], tuple(" abc".index(c) for c in s)) for w, s in LEXICON]
    wrong, worst = 0, 0.0
    for _ in range(20):
        frames = random_frames(random.randint(1, 7), 4, 1.5)
        weight, bonus = random.uniform(0.0, 2.0), random.uniform(-1.0, 1.0)
        table = {(k, words): p + weight * language_score(ngram, ids, words) + bonus * len(words)
                 for k, p in ctc_table(frames, 0).items() for words in sentences(k, spellings, 8)}
        key = max(table, key=table.get)
        decoder = Decoder("ctc_beam", CtcBeamConfig(4, 0, 16, BIG, 0, 0.0, lexicon, ngram, ids, weight, bonus, None))
        decoder.run(frames)
        decoder.finish()
        found, items = decoder.result()
        words = tuple(t[1] for t in items if t[1] != NO_WORD)
        wrong += (tuple(t[0] for t in items), words) != key
        worst = max(worst, abs(found.score - table[key]))
        decoder.free()
    ok(wrong == 0 and worst < 1e-4, f"CTC beam, lexicon and n-gram: the best of all rows of words ({wrong} wrong), "
       f"score within {worst:.1e}")
    recombined(lexicon, ngram, ids, spellings)
    for h, f in ((lexicon, LIB.pinna_lexicon_free), (ngram, LIB.pinna_ngram_free), (tokens, LIB.pinna_tokens_free)):
        f(h)


def check_stream(make, frames, text):
    """Cut anywhere, the result is the same; what is stable stays; a reset forgets."""
    whole = make()
    whole.run(frames)
    expected = whole.result()
    whole.reset()
    good, broken, at, stable = True, 0, 0, []
    while at < len(frames):
        n = random.randint(1, 7)
        whole.run(frames[at:at + n])
        at += n
        found, tokens = whole.result()
        names = [t[:2] for t in tokens]
        broken += names[:len(stable)] != stable
        stable = names[:found.n_stable]
    found, tokens = whole.result()
    same = bytes(found)[:20] == bytes(expected[0])[:20] and tokens == expected[1]
    times = [t[2] for t in tokens]
    ok(same and broken == 0 and times == sorted(times), f"{text}: cut anywhere, bit for bit; what was stable stays "
       f"({found.n_tokens} tokens, {found.n_stable} stable)")
    whole.free()
    return expected


def test_ctc_streams():
    tokens, lexicon, ngram, ids = lexicon_and_model()
    for _ in range(3):
        n_tokens = random.randint(5, 40)
        frames = random_frames(120, n_tokens, 4.0)
        scores = []
        for beam in (1, 4, 64):
            config = CtcBeamConfig(n_tokens, 1, 128, beam, random.choice((0, 6)), random.choice((0.0, 20.0)), None,
                                   None, None, 0.0, 0.0, None)
            scores.append(check_stream(lambda c=config: Decoder("ctc_beam", c), frames, f"CTC beam {beam}")[0].score)
        best_path = float(frames.max(1)[0].sum())
        ok(scores[2] >= best_path - 1e-3, f"CTC beam 64 finds {scores[2]:.3f}, the best path alone has {best_path:.3f}")
        frames = random_frames(80, 4, 2.0)
        config = CtcBeamConfig(4, 0, 128, 32, 0, 0.0, lexicon, ngram, ids, 1.0, 0.5, None)
        check_stream(lambda: Decoder("ctc_beam", config), frames, "CTC beam with lexicon")
        few = CtcBeamConfig(4, 0, 128, 16, 0, 12.0, lexicon, ngram, ids, 1.0, 0.5, None, True)
        check_stream(lambda c=few: Decoder("ctc_beam", c), frames, "CTC beam with lexicon, recombined")
    config = CtcBeamConfig(4, 0, 5, 8, 0, 0.0, None, None, None, 0.0, 0.0, None)
    decoder = Decoder("ctc_beam", config)
    decoder.run(random_frames(200, 4, 4.0))
    ok(decoder.result()[0].full and decoder.result()[0].n_tokens == 5, "the longest result is marked full")
    decoder.reset()
    frames = random_frames(20, 4)
    frames[7] = float("nan")
    frames[9, 2] = float("inf")
    decoder.run(frames)
    ok(math.isfinite(decoder.result()[0].score), "frames that are no number do no harm")
    decoder.free()
    for h, f in ((lexicon, LIB.pinna_lexicon_free), (ngram, LIB.pinna_ngram_free), (tokens, LIB.pinna_tokens_free)):
        f(h)


def small_rnnt(n_symbols=7, n_layers=2):
    """TorchAudio's own predictor and joiner with random weights, made less sure of everything."""
    model = emformer_rnnt_model(
        input_dim=8, encoding_dim=16, num_symbols=n_symbols, segment_length=4, right_context_length=0,
        time_reduction_input_dim=8, time_reduction_stride=1, transformer_num_heads=2, transformer_ffn_dim=16,
        transformer_num_layers=1, transformer_dropout=0.0, transformer_activation="gelu",
        transformer_left_context_length=4, transformer_max_memory_size=0,
        transformer_weight_init_scale_strategy="depthwise", transformer_tanh_on_mem=True, symbol_embedding_dim=8,
        num_lstm_layers=n_layers, lstm_layer_norm=True, lstm_layer_norm_epsilon=1e-3, lstm_dropout=0.0).eval()
    model.joiner.linear.weight.data *= random.uniform(2.0, 5.0)
    model.joiner.linear.bias.data[-1] += random.uniform(0.0, 3.0)
    return model, TorchTransducer(model, n_symbols, 16, n_layers, 8, 16)


def rnnt_rows(model, encoding):
    """(sequence, state) -> log-probabilities at each frame, remembered."""
    known = {}

    def rows(tokens):
        if tokens not in known:
            state = None if not tokens else rows(tokens[:-1])[1]
            last = tokens[-1] if tokens else model.joiner.linear.out_features - 1
            out, _, state = model.predict(torch.tensor([[last]]), torch.tensor([1]), state)
            joined = model.join(encoding[None], torch.tensor([len(encoding)]), out, torch.tensor([1]))[0][0, :, 0]
            known[tokens] = torch.log_softmax(joined.double(), 1).tolist(), state
        return known[tokens]

    return lambda tokens: rows(tokens)[0]


def rnnt_table(model, encoding, blank):
    """Every sequence with at most one token per frame -> log-probability, summed over alignments."""
    rows = rnnt_rows(model, encoding)
    table = {(): 0.0}
    for t in range(len(encoding)):
        following = {}
        for tokens, p in table.items():
            for k, q in enumerate(rows(tokens)[t]):
                key = tokens if k == blank else (*tokens, k)
                old = following.get(key, -math.inf)
                high = max(old, p + q)
                following[key] = high + math.log(math.exp(old - high) + math.exp(p + q - high))
        table = following
    return table


def test_rnnt_exhaustive():
    wrong, worst = 0, 0.0
    for i in range(6):
        model, transducer = small_rnnt(4)
        transducer.table.max_batch = BIG
        encoding = torch.randn(4, 16)
        phrases = random_phrases(3, 3) if i % 2 else []
        automaton = hotwords(phrases)
        table = {k: p + occurrences(k, phrases) for k, p in rnnt_table(model, encoding, 3).items()}
        best = max(table, key=table.get)
        decoder = Decoder("rnnt_beam", RnntBeamConfig(transducer.table, 16, 200, 0.0, 0.0, 0.0,
                                                      automaton if phrases else None))
        decoder.run(encoding)
        decoder.finish()
        found, tokens = decoder.result()
        wrong += tuple(t[0] for t in tokens) != best
        worst = max(worst, abs(found.score - table[best]))
        decoder.free()
        LIB.pinna_hotwords_free(automaton)
    ok(wrong == 0 and worst < 1e-4, f"RNN-T beam, hotwords in half of them: the best of all sequences ({wrong} wrong), "
       f"score within {worst:.1e}")


def greedy_of(model, encoding, blank, most):
    rows, tokens, score = rnnt_rows(model, encoding), (), 0.0
    for t in range(len(encoding)):
        for _ in range(most):
            row = rows(tokens)[t]
            k = max(range(len(row)), key=row.__getitem__)
            score += row[k]
            if k == blank:
                break
            tokens += (k,)
    return tokens, score


def test_rnnt_streams():
    for _ in range(3):
        model, transducer = small_rnnt()
        encoding = torch.randn(30, 16)
        for most in (1, 3):
            greedy = RnntGreedyConfig(transducer.table, 128, most, 0.0)
            found, tokens = check_stream(lambda g=greedy: Decoder("rnnt_greedy", g), encoding, "RNN-T greedy")
            expected, score = greedy_of(model, encoding, 6, most)
            ok(tuple(t[0] for t in tokens) == expected and abs(found.score - score) < 1e-3,
               f"RNN-T greedy, {most} per frame: torch's tokens, score within {abs(found.score - score):.1e}")
        single = greedy_of(model, encoding, 6, 1)[1]
        beam = RnntBeamConfig(transducer.table, 128, 8, 0.0, 0.0, 0.0, None)
        found, _ = check_stream(lambda: Decoder("rnnt_beam", beam), encoding, "RNN-T beam")
        ok(found.score >= single - 1e-3, f"RNN-T beam finds {found.score:.3f}, greedy {single:.3f}")
        before = transducer.calls[1]
        sure = RnntBeamConfig(transducer.table, 128, 8, 0.0, 0.9, 10.0, None)
        check_stream(lambda: Decoder("rnnt_beam", sure), encoding, "RNN-T beam that skips blanks and drops the hopeless")
        print(f"# {transducer.calls[1] - before} rows joined in two runs, at most {2 * 8 * 30}")


def hypothesis(decoder, rank):
    tokens, score = (U32 * 512)(), FLOAT()
    n = LIB.pinna_rnnt_search_hypothesis(decoder.handle, rank, tokens, 512, ctypes.byref(score))
    return list(tokens[:n]), score.value


def test_parity():
    worst, wrong, n_tokens, n_hypotheses = 0.0, 0, 0, 0
    for i in range(8):
        model, transducer = small_rnnt(random.randint(6, 30), random.randint(1, 3))
        beam, step, temperature = random.choice((1, 2, 4)), random.choice((2, 100)), random.choice((1.0, 1.7))
        blank = transducer.table.blank
        search = RNNTBeamSearch(model, blank, temperature, None, step)
        decoder = Decoder("rnnt_search", RnntSearchConfig(transducer.table, 2048, beam, step, temperature))
        previous, concatenated = None, []
        for _ in range(random.randint(2, 5)):
            encoding = torch.randn(random.randint(1, 6), 16)
            expected = search._search(encoding[None], previous, beam)
            decoder.run(encoding)
            for rank, (tokens, _, _, score) in enumerate(expected):
                found = hypothesis(decoder, rank)
                n_hypotheses += 1
                n_tokens += len(tokens) - 1
                wrong += found[0] != tokens[1:]
                worst = max(worst, abs(found[1] - score))
            previous = expected[0]
            concatenated += previous[0][1:]
        wrong += [t[0] for t in decoder.result()[1]] != concatenated
        decoder.free()
    ok(wrong == 0 and worst < 1e-4, f"TorchAudio's RNNTBeamSearch: {n_hypotheses} hypotheses of {n_tokens} tokens "
       f"are its own ({wrong} are not), scores within {worst:.1e}")


def main():
    seed_all()
    test_hotwords()
    test_ctc_greedy()
    test_ctc_exhaustive()
    test_ctc_lexicon()
    test_ctc_streams()
    test_rnnt_exhaustive()
    test_rnnt_streams()
    test_parity()
    done()


main()
