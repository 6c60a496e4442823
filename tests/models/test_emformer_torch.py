#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Emformer RNN-T equals torchaudio.models.emformer_rnnt_*: features, encoder, predictor, joiner, decisions.

Small configurations; with PINNA_LONG=1 emformer_rnnt_base too. --gate compares its speed with TorchAudio's.
"""

import ctypes
import json
import math
import os
import sys
import tempfile
import time

from asr_oracle import (Decoder, RnntBeamConfig, RnntGreedyConfig, RnntSearchConfig, Transducer)
from oracle import FLOAT, INT, LIB, PTR, TEXT, U32, Error, declare, done, near, ok, opened, seed_all, torch
from torchaudio.models import RNNTBeamSearch, emformer_rnnt_base, emformer_rnnt_model
from torchaudio.pipelines import EMFORMER_RNNT_BASE_LIBRISPEECH as BUNDLE
from torchaudio.pipelines import rnnt_pipeline


class Config(ctypes.Structure):
    _fields_ = [(n, U32) for n in ("n_heads", "stride", "segment", "right_context", "left_context", "max_batch")] \
        + [("torchaudio_frames", ctypes.c_bool), ("precision", INT), ("device", TEXT)]


class Acoustic(ctypes.Structure):
    _fields_ = [("self", PTR)] + [(n, U32) for n in ("rate", "chunk", "n_frames", "n_values", "delay")] \
        + [("run", ctypes.CFUNCTYPE(None, PTR, PTR, PTR)), ("reset", ctypes.CFUNCTYPE(None, PTR))]


declare("emformer_config", Config)
declare("emformer_new", INT, PTR, PTR, TEXT, PTR, PTR)
declare("emformer_free", None, PTR)
declare("emformer_acoustic", Acoustic, PTR)
declare("emformer_transducer", Transducer, PTR)
declare("emformer_features", U32, PTR, PTR, U32, PTR)
declare("emformer_encode", None, PTR, PTR, PTR)


class Emformer:
    def __init__(self, path, stats, config):
        _, weights, self.message = opened(path)
        self.handle, error, self.config = PTR(), Error(), config
        self.status = LIB.pinna_emformer_new(ctypes.byref(self.handle), weights, os.fsencode(stats),
                                             ctypes.byref(config), ctypes.byref(error))
        self.message += error.text.decode(errors="replace")
        LIB.pinna_weights_free(weights)
        if self.status == 0:
            self.acoustic = LIB.pinna_emformer_acoustic(self.handle)
            self.table = LIB.pinna_emformer_transducer(self.handle)

    def features(self, samples):
        samples = samples.contiguous()
        n = LIB.pinna_emformer_features(self.handle, samples.data_ptr(), len(samples), None)
        out = torch.empty(n, 80)
        LIB.pinna_emformer_features(self.handle, samples.data_ptr(), len(samples), out.data_ptr())
        return out

    def encode(self, features):
        out = torch.empty(self.acoustic.n_frames, self.acoustic.n_values)
        LIB.pinna_emformer_encode(self.handle, features.contiguous().data_ptr(), out.data_ptr())
        return out

    def hear(self, samples):
        out = torch.empty(self.acoustic.n_frames, self.acoustic.n_values)
        self.acoustic.run(self.handle, samples.contiguous().data_ptr(), out.data_ptr())
        return out

    def predict(self, tokens, states):
        n = len(tokens)
        following = torch.empty(n, self.table.n_state)
        out = torch.empty(n, self.table.n_prediction)

        def rows(x):
            return (PTR * n)(*[r.data_ptr() for r in x])

        self.table.predict(self.handle, n, (U32 * n)(*tokens), rows(states), rows(following), rows(out))
        return out, following

    def join(self, encoding, predictions):
        n = len(predictions)
        out = torch.empty(n, self.table.n_tokens)
        self.table.join(self.handle, n, encoding.contiguous().data_ptr(),
                        (PTR * n)(*[r.data_ptr() for r in predictions]), out.data_ptr())
        return out

    def free(self):
        LIB.pinna_emformer_free(self.handle)


def voice_like(n):
    """Sounds that rise and fall, noise beside. [n]"""
    t = torch.arange(n) / 16000.0
    pitch = 120.0 + 40.0 * torch.sin(2.0 * math.pi * 0.7 * t)
    phase = 2.0 * math.pi * torch.cumsum(pitch, 0) / 16000.0
    return (sum(torch.sin(k * phase) / k for k in range(1, 20)) * (0.15 + 0.15 * torch.sin(9.0 * t))
            + 0.03 * torch.randn(n)).float()


def write_stats(path):
    stats = {"mean": (6.0 + 4.0 * torch.rand(80)).tolist(), "invstddev": (0.1 + 0.3 * torch.rand(80)).tolist()}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(stats, file)


def pipeline(stats, padded):
    """TorchAudio's own feature pipeline over these statistics."""
    rnnt_pipeline.torchaudio.utils.download_asset = lambda _: stats
    return BUNDLE.get_feature_extractor() if padded else BUNDLE.get_streaming_feature_extractor()


def heard(model, stats, n_chunks=12):
    """What the encoder makes of a voice, features and all. [frames x channels]"""
    extract, state, out = pipeline(stats, False), None, []
    samples = voice_like(2560 * n_chunks + 640)
    for i in range(n_chunks):
        features, length = extract(samples[2560 * i:2560 * i + 3200])
        encoding, _, state = model.transcribe_streaming(features[None], length, state)
        out.append(encoding[0])
    return torch.cat(out)


def talk(model, stats, factor=3.0):
    """Random weights say nothing much: make the joiner decide, and two tokens come in three frames of a voice."""
    model.eval()
    model.joiner.linear.weight.data *= factor
    blank, encoding = model.joiner.linear.out_features - 1, heard(model, stats)
    low, high = -20.0, 20.0
    for _ in range(9):
        model.joiner.linear.bias.data[-1] = (low + high) / 2.0
        n = len(greedy_of(model, encoding, blank, None)[0])
        low, high = ((low + high) / 2.0, high) if n > 2 * len(encoding) // 3 else (low, (low + high) / 2.0)
    model.joiner.linear.bias.data[-1] = low
    return model


def sharpen(model, factor=3.0, share=0.5):
    """Random weights say nothing much: make the joiner decide, and blank as likely as it is in speech."""
    model.eval()
    model.joiner.linear.weight.data *= factor
    symbols = model.joiner.linear.out_features
    encoding = torch.cat([model.transcribe_streaming(0.5 * torch.randn(1, 20, 80), torch.tensor([20]), None)[0][0]
                          for _ in range(6)])
    tokens = torch.cat([torch.full((4, 1), symbols - 1), torch.randint(0, symbols, (4, 2))], 1)
    predictions = model.predict(tokens, torch.full((4,), 3), None)[0].reshape(1, 12, -1)
    logits = model.join(encoding[None], torch.ones(1), predictions, torch.ones(1))[0].reshape(-1, symbols)
    model.joiner.linear.bias.data[-1] += (logits[:, :-1].max(1)[0] - logits[:, -1]).quantile(share)
    return model


def small(n_symbols):
    return emformer_rnnt_model(
        input_dim=80, encoding_dim=48, num_symbols=n_symbols, segment_length=16, right_context_length=4,
        time_reduction_input_dim=16, time_reduction_stride=4, transformer_num_heads=4, transformer_ffn_dim=96,
        transformer_num_layers=3, transformer_dropout=0.1, transformer_activation="gelu",
        transformer_left_context_length=30, transformer_max_memory_size=0,
        transformer_weight_init_scale_strategy="depthwise", transformer_tanh_on_mem=True, symbol_embedding_dim=32,
        num_lstm_layers=2, lstm_layer_norm=True, lstm_layer_norm_epsilon=1e-3, lstm_dropout=0.3)


def check_features(net, stats, text):
    # In double precision: torch's own single precision is off where bands are nearly silent
    samples = voice_like(24000)
    for padded, part in ((False, samples[:3200]), (True, samples)):
        extract = pipeline(stats, padded).double()
        expected = extract(part.double())[0]
        found = net.features(part)
        expected = expected[:len(found)]
        error = (found.double() - expected).abs().max().item()
        ok(error <= 1e-4, f"{text}: features of {len(part)} samples within {error:.1e} of TorchAudio's, at most 1e-4")


def check_encoder(net, model, text, n_chunks=24, limit=1e-4):
    frames = 0.5 * torch.randn(16 * n_chunks + 4, 80)
    state, worst = None, 0.0
    for i in range(n_chunks):
        chunk = frames[16 * i:16 * i + 20]
        expected, _, state = model.transcribe_streaming(chunk[None], torch.tensor([20]), state)
        worst = max(worst, (net.encode(chunk) - expected[0]).abs().max().item())
    ok(worst <= limit, f"{text}: encoder over {n_chunks} streamed chunks within {worst:.1e}, at most {limit:.0e}")


def check_predictor(net, model, text, n_layers, n_hidden):
    n, state, states = net.table.max_batch, None, torch.zeros(net.table.max_batch, net.table.n_state)
    worst = [0.0, 0.0, 0.0]
    for _ in range(12):
        tokens = torch.randint(0, net.table.n_tokens, (n,))
        expected, _, state = model.predict(tokens[:, None], torch.ones(n), state)
        found, states = net.predict(tokens.tolist(), states)
        worst[0] = max(worst[0], (found - expected[:, 0]).abs().max().item())
        flat = torch.stack([torch.stack(s, 1) for s in state], 1).reshape(n, -1)
        worst[1] = max(worst[1], (states - flat).abs().max().item())
        encoding = torch.randn(net.table.n_encoding)
        one = torch.ones(n)
        joined = model.join(encoding.expand(n, 1, -1), one, expected, one)[0][:, 0, 0]
        worst[2] = max(worst[2], (net.join(encoding, expected[:, 0].contiguous()) - joined).abs().max().item())
    ok(max(worst) <= 1e-4, f"{text}: predictor within {worst[0]:.1e}, its states {worst[1]:.1e}, joiner {worst[2]:.1e}, "
       f"at most 1e-4 ({n_layers} layers of {n_hidden}, {n} hypotheses at once)")


def greedy_of(model, encoding, blank, state):
    """One token after another until blank, ten per frame at most; torch's parts. state: (prediction, predictor state)"""
    tokens = []
    if state is None:
        out, _, inner = model.predict(torch.tensor([[blank]]), torch.tensor([1]), None)
        state = out, inner
    for frame in encoding:
        for _ in range(10):
            k = int(model.join(frame[None, None], torch.tensor([1]), state[0], torch.tensor([1]))[0].argmax())
            if k == blank:
                break
            tokens.append(k)
            out, _, inner = model.predict(torch.tensor([[k]]), torch.tensor([1]), state[1])
            state = out, inner
    return tokens, state


def expected_tokens(model, stats, samples, n_chunks, blank, beam):
    """TorchAudio's: tokens of greedy search, and of its beam."""
    search, extract = RNNTBeamSearch(model, blank), pipeline(stats, False).to(samples.dtype)
    state, inner, hypothesis, expected = None, None, None, [[], []]
    for i in range(n_chunks):
        features, length = extract(samples[2560 * i:2560 * i + 3200])
        encoding, _, state = model.transcribe_streaming(features[None], length, state)
        tokens, inner = greedy_of(model, encoding[0], blank, inner)
        expected[0] += tokens
        hypothesis = search._search(encoding, hypothesis, beam)[0]
        expected[1] += hypothesis[0][1:]
    return expected


def decided(model, stats, samples, n_chunks, blank, beam):
    """The same, unless it hangs on the last bits: then torch itself says other tokens in double precision."""
    expected = expected_tokens(model, stats, samples, n_chunks, blank, beam)
    model.double()
    exact = expected_tokens(model, stats, samples.double(), n_chunks, blank, beam)
    model.float()
    return expected if exact == expected else None


def check_decisions(net, model, stats, text, n_utterances, n_chunks):
    """Sound to tokens, each side by its own means throughout."""
    blank, beam = net.table.n_tokens - 1, net.table.max_batch
    greedy = Decoder("rnnt_greedy", RnntGreedyConfig(net.table, 4096, 10, 0.0))
    parity = Decoder("rnnt_search", RnntSearchConfig(net.table, 4096, beam, 100, 1.0))
    wrong, n_tokens, n_ties = 0, [0, 0], 0
    while (n_utterances > 0 or min(n_tokens) < 50) and n_ties < 6 and n_utterances > -6:
        samples = torch.cat([torch.zeros(640), voice_like(2560 * n_chunks)])
        expected = decided(model, stats, samples, n_chunks, blank, beam)
        if not expected:
            n_ties += 1
            continue
        n_utterances -= 1
        greedy.reset()
        parity.reset()
        net.acoustic.reset(net.handle)
        for part in samples[640:].split(2560):
            frames = net.hear(part)
            greedy.run(frames)
            parity.run(frames)
        for i, decoder in enumerate((greedy, parity)):
            found = [t[0] for t in decoder.result()[1]]
            wrong += found != expected[i]
            n_tokens[i] += len(expected[i])
    ok(wrong == 0 and min(n_tokens) >= 50 and n_utterances <= 0, f"{text}: utterances from sound to tokens as TorchAudio's, greedy ({n_tokens[0]} "
       f"tokens) and parity beam {beam} ({n_tokens[1]} tokens), at least 50 of each, {wrong} wrong, {n_ties} put aside as ties of torch's own")
    greedy.free()
    parity.free()


def check_stream_features(net, stats):
    """Without TorchAudio's ends: the frames of the whole stream, wherever it is cut."""
    samples = voice_like(2560 * 6)
    net.acoustic.reset(net.handle)
    heard = torch.cat([net.hear(c) for c in samples.split(2560)])
    late = torch.cat([torch.zeros(680 + 200), samples])
    extract = pipeline(stats, False).double()
    extract.pipeline[0].spectrogram.center = False
    frames = extract(late.double())[0].float()
    net.acoustic.reset(net.handle)
    expected = torch.cat([net.encode(frames[16 * i:16 * i + 20]) for i in range(6)])
    near(heard, expected, 1e-4, "features of a stream know nothing of its chunks")


def check_refusals(path, stats, folder, model):
    good = LIB.pinna_emformer_config
    state = model.state_dict()
    for name, change, why in [("joiner.linear.weight", None, "joiner.linear.weight"),
                              ("predictor.lstm_layers.0.g_norm.weight", torch.ones(3), "g_norm"),
                              ("transcriber.input_linear.weight", None, "input_linear")]:
        bad = os.path.join(folder, "bad.pt")
        torch.save({k: change if k == name else v for k, v in state.items() if k != name or change is not None}, bad)
        config = good()
        config.n_heads = 4
        net = Emformer(bad, stats, config)
        ok(net.status != 0 and why in net.message, f"refused: {net.message[:110]}")
    config = good()
    config.n_heads = 4
    for text in ('{"mean": [1, 2], "invstddev": [1]}', '{"mean": []', "", '{"mean": [' + "1e999," * 79 + "1]}", "[]"):
        wrong = os.path.join(folder, "wrong.json")
        with open(wrong, "w", encoding="utf-8") as file:
            file.write(text)
        net = Emformer(path, wrong, config)
        ok(net.status != 0 and "wrong.json" in net.message, f"refused: {net.message[-110:]}")
    net = Emformer(path, os.path.join(folder, "absent.json"), config)
    ok(net.status != 0 and "absent.json" in net.message, f"refused: {net.message[-60:]}")


def config_of(n_heads, batch, torchaudio_frames, precision=0):
    config = LIB.pinna_emformer_config()
    config.n_heads, config.max_batch, config.torchaudio_frames = n_heads, batch, torchaudio_frames
    config.precision = precision
    return config


def compare(model, n_heads, n_layers, n_hidden, text, n_utterances, n_chunks):
    with tempfile.TemporaryDirectory() as folder:
        path, stats = os.path.join(folder, "model.pt"), os.path.join(folder, "stats.json")
        write_stats(stats)
        talk(model, stats)
        torch.save(model.state_dict(), path)
        net = Emformer(path, stats, config_of(n_heads, 4, True))
        if not ok(net.status == 0, f"{text}: opens {net.message}"):
            return
        check_features(net, stats, text)
        check_encoder(net, model, text)
        check_predictor(net, model, text, n_layers, n_hidden)
        check_decisions(net, model, stats, text, n_utterances, n_chunks)
        net.free()
        if n_hidden < 512:
            net = Emformer(path, stats, config_of(n_heads, 2, False, 1))
            check_encoder(net, model, f"{text}, weights as halves", 12, 1e-2)
            net.free()
            net = Emformer(path, stats, config_of(n_heads, 2, False))
            check_stream_features(net, stats)
            net.free()
            check_refusals(path, stats, folder, model)


def gate():
    """One 160 ms chunk, one thread: the encoder beside TorchAudio's, and what a beam of 4 adds. Best of rounds.

    The joiner is made as sure as a trained one is, of blank in six of seven frames.
    """
    model = sharpen(emformer_rnnt_base(num_symbols=4097), 15.0, 0.85)
    with tempfile.TemporaryDirectory() as folder:
        path, stats = os.path.join(folder, "model.pt"), os.path.join(folder, "stats.json")
        torch.save(model.state_dict(), path)
        write_stats(stats)
        net = Emformer(path, stats, config_of(8, 4, True))
        half = Emformer(path, stats, config_of(8, 4, True, 1))
    state, times = None, []
    greedy = Decoder("rnnt_greedy", RnntGreedyConfig(net.table, 4096, 1, 0.0))
    beam = Decoder("rnnt_beam", RnntBeamConfig(net.table, 4096, 4, 0.0, 0.95, 10.0, None))
    for _ in range(40):
        frames = 0.5 * torch.randn(20, 80)
        start = time.perf_counter()
        _, _, state = model.transcribe_streaming(frames[None], torch.tensor([20]), state)
        middle = time.perf_counter()
        encoding = net.encode(frames)
        end = time.perf_counter()
        beam.run(encoding)
        last = time.perf_counter()
        greedy.run(encoding)
        late = time.perf_counter()
        difference = (half.encode(frames) - encoding).abs().max().item()
        times.append((middle - start, end - middle, last - end, time.perf_counter() - late, late - last))
    best = torch.tensor(times).min(0)[0].tolist()
    typical = torch.tensor(times).median(0)[0].tolist()
    ratio = best[1] / best[0]
    ok(ratio <= 0.3, f"Emformer chunk {1e3 * best[1]:.1f} ms, TorchAudio {1e3 * best[0]:.1f} ms: {ratio:.3f}, at most 0.3")
    print(f"# weights as halves: {1e3 * best[3]:.1f} ms, {best[3] / best[0]:.3f}; {difference:.1e} off")
    share = (typical[1] + typical[2]) / (typical[1] + typical[4]) - 1.0
    ok(share <= 0.3, f"beam 4 adds {100.0 * share:.0f} % to encoder and greedy search, at most 30: {1e3 * typical[1]:.1f} ms, "
       f"{1e3 * typical[4]:.1f} ms greedy ({greedy.result()[0].n_tokens} tokens in {40 * 0.16:.1f} s), {1e3 * typical[2]:.1f} "
       f"ms beam ({beam.result()[0].n_tokens})")
    greedy.free()
    beam.free()
    net.free()
    half.free()


def main():
    seed_all()
    if "--gate" in sys.argv:
        gate()
    else:
        for n_symbols in (30, 65):
            compare(small(n_symbols), 4, 2, 32, f"small, {n_symbols} tokens", 3, 20)
        if os.environ.get("PINNA_LONG"):
            compare(emformer_rnnt_base(num_symbols=4097), 8, 3, 512, "emformer_rnnt_base", 3, 24)
    done()


if __name__ == "__main__":
    main()
