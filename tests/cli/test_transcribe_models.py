#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""pinna transcribe, and asr.lv2 in a render, with Emformer RNN-T and wav2vec 2.0: tokens as torch's own, clear refusals.

Seeded random weights, written as their publishers write them. Arguments: library, pinna, folder of plugins.
"""

import ctypes
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../models"), os.path.join(HERE, "../nn")]

import wavio  # noqa: E402
from oracle import FLOAT, LIB, PTR, U32, declare, done, ok, save_safetensors, seed_all, skip, torch  # noqa: E402

try:
    import test_emformer_torch as emformer
    import test_wav2vec2_torch as wav2vec2
except ImportError as error:
    print(f"1..0 # SKIP no oracle: {error}")
    sys.exit(0)
from test_asr_readers import sentencepiece  # noqa: E402

PINNA, BUNDLES = sys.argv[2], sys.argv[3]
ENGLISH = "".join(wav2vec2.torchaudio.pipelines.WAV2VEC2_ASR_BASE_960H.get_labels())


def pinna(*args, **env):
    return subprocess.run([PINNA, *map(str, args)], capture_output=True, text=True, timeout=300,
                          env={**os.environ, "PINNA_DEVICE": "cpu", **env})


def transcribe(*args):
    return pinna("transcribe", "-q", *args)


def finals(text):
    lines = [json.loads(line) for line in text.splitlines()]
    return [line for line in lines if line["kind"] == "final"]


def sound(path, samples, rate=16000, n_ch=1):
    wavio.write(path, [samples.tolist()] * n_ch, rate)


class Rule(ctypes.Structure):
    _fields_ = [("must_contain_speech", ctypes.c_bool), ("min_silence", FLOAT), ("min_length", FLOAT)]


class Rules(ctypes.Structure):
    _fields_ = [("rules", Rule * 8), ("n_rules", U32)]


class Facts(ctypes.Structure):
    _fields_ = [("length", FLOAT), ("silence", FLOAT), ("speech", ctypes.c_bool)]


declare("endpoint_config", Rules)
declare("endpoint_check", U32, PTR, PTR)


def is_over(hop, n_frames, last):
    """Whether a segment of so many frames, with its last token there (None: no token), ends."""
    rules = LIB.pinna_endpoint_config()
    facts = Facts(n_frames * hop, (n_frames - 1 - last if last is not None else n_frames) * hop, last is not None)
    return LIB.pinna_endpoint_check(ctypes.byref(rules), ctypes.byref(facts)) > 0


# Emformer


def make_emformer(stats, n_symbols):
    """One that says something of voices, not too much, and nothing of silence."""
    model = emformer.emformer_rnnt_model(
        input_dim=80, encoding_dim=48, num_symbols=n_symbols, segment_length=16, right_context_length=4,
        time_reduction_input_dim=16, time_reduction_stride=4, transformer_num_heads=8, transformer_ffn_dim=96,
        transformer_num_layers=2, transformer_dropout=0.1, transformer_activation="gelu",
        transformer_left_context_length=30, transformer_max_memory_size=0,
        transformer_weight_init_scale_strategy="depthwise", transformer_tanh_on_mem=True, symbol_embedding_dim=32,
        num_lstm_layers=2, lstm_layer_norm=True, lstm_layer_norm_epsilon=1e-3, lstm_dropout=0.3)
    emformer.talk(model, stats)
    if greedy_streams(model, stats, torch.zeros(1600), False):
        return None
    return model if 30 <= len(greedy_streams(model, stats, emformer.voice_like(48000), False)) <= 300 else None


def write_emformer(folder, n_symbols=33):
    """The bundle's three files. @return (model, statistics)"""
    os.makedirs(folder)
    stats, model, n = os.path.join(folder, "global_stats_rnnt_test.json"), None, 0
    while not model and n < 60:
        emformer.write_stats(stats)
        model, n = make_emformer(stats, n_symbols), n + 1
    print(f"# {n} random Emformers tried")
    torch.save(model.state_dict(), os.path.join(folder, "emformer_rnnt_base_test.pt"))
    write_pieces(os.path.join(folder, "spm_bpe_test.model"), n_symbols - 1)
    return model, stats


def write_pieces(path, n):
    """Every piece says its number, two of three begin a word."""
    pieces = [("<unk>", 0.0, 2), ("<s>", 0.0, 3), ("</s>", 0.0, 3)]
    pieces += [("\u2581w%02d" % i if i % 3 else "x%02d" % i, -float(i), 1) for i in range(3, n)]
    with open(path, "wb") as file:
        file.write(sentencepiece(pieces))


def numbers(captions):
    return [int(k) for c in captions for k in re.findall(r"[wx](\d\d)", c["text"])]


def n_chunks_of(n, delay, step=2560):
    """As pinna_asr_finish() pads the stream: at least, at most (while tokens wait for an endpoint)."""
    whole = n // step
    target = n + 2 * delay + 4000
    return max(whole + 1, -(-target // step)), max(whole + 1, -(-(target + 48000) // step))


def greedy_streams(model, stats, samples, double):
    """Tokens of greedy search over the features of the whole stream, endpoints at half a second without any."""
    least, n = n_chunks_of(len(samples), 680)
    late = torch.cat([torch.zeros(880), samples, torch.zeros(2560 * n + 3600 - len(samples))])
    extract = emformer.pipeline(stats, False).double()
    extract.pipeline[0].spectrogram.center = False
    frames = extract(late.double())[0]
    frames = frames if double else frames.float()
    blank = model.joiner.linear.out_features - 1
    state, inner, tokens, at, last = None, None, [], 0, None
    for i in range(n):
        if i >= least and last is None:
            break
        encoding, _, state = model.transcribe_streaming(frames[None, 16 * i:16 * i + 20], torch.tensor([20]), state)
        for frame in encoding[0]:
            new, inner = emformer.greedy_of(model, frame[None], blank, inner)
            tokens += new
            last = at if new else last
            at += 1
        if is_over(0.04, at, last):
            inner, at, last = None, 0, None
    return tokens


def talk_until_sure(make, n=4):
    """What torch says of fresh voices in single and double precision alike. @return (samples, tokens, are these all)

    Where rounding decides for each voice, what both precisions say before it did."""
    best = None
    for _ in range(n):
        samples = emformer.voice_like(random.randrange(60000, 90000))
        once, twice = make(samples, False), make(samples, True)
        if once == twice and 30 <= len(once) <= 700:
            return samples, once, True
        alike = next((i for i, (a, b) in enumerate(zip(once, twice)) if a != b), min(len(once), len(twice)))
        if not best or alike > len(best[1]):
            best = samples, once[:alike], False
    return best


def in_double(model, double, call):
    model.double() if double else model.float()
    found = call()
    model.float()
    return found


def test_emformer(folder):
    home = os.path.join(folder, "emformer")
    model, stats = write_emformer(home)
    src = os.path.join(folder, "voice.wav")
    samples, tokens, are_all = talk_until_sure(lambda x, double: in_double(
        model, double, lambda: greedy_streams(model, stats, x, double)))
    wanted = [k for k in tokens if k > 2]
    sound(src, samples)
    told = transcribe(src, "-m", home, "--search", "greedy", "-f", "jsonl")
    got = numbers(finals(told.stdout))
    same = got == wanted if are_all else got[:len(wanted)] == wanted
    ok(told.returncode == 0 and same and len(wanted) >= 20,
       f"Emformer, greedy: {len(wanted)} tokens of a file as torch's {told.stderr[:200]}")
    by_file = transcribe(src, "-m", os.path.join(home, "emformer_rnnt_base_test.pt"), "--search", "greedy", "-f", "jsonl")
    ok(by_file.stdout == told.stdout, "the folder or the .pt file: the same")

    def torchaudio(x, double):
        n = n_chunks_of(len(x), 640)[1]
        late = torch.cat([torch.zeros(640), x, torch.zeros(2560 * n + 640 - len(x))])
        late = late.double() if double else late
        return in_double(model, double, lambda: emformer.expected_tokens(model, stats, late, n, 32, 10)[1])

    samples, tokens, _ = talk_until_sure(torchaudio)
    sound(src, samples)
    told = finals(transcribe(src, "-m", home, "--search", "torchaudio", "-f", "jsonl").stdout)
    got, wanted = numbers(told[:1]), [k for k in tokens if k > 2]
    got = got[:len(wanted)]
    ok(len(got) >= 10 and got == wanted[:len(got)],
       f"Emformer, TorchAudio's beam of 10: {len(got)} tokens before the first pause as its own")
    return home, src


def test_render(folder, home, src):
    """The plugin hears the same: blocks of any length, the model by a preset's state."""
    bundle = os.path.join(folder, "lv2", "test.preset.lv2")
    os.makedirs(bundle)
    prefixes = "\n".join("@prefix %s: <http://%s#> ." % pair for pair in (
        ("lv2", "lv2plug.in/ns/lv2core"), ("pset", "lv2plug.in/ns/ext/presets"), ("atom", "lv2plug.in/ns/ext/atom"),
        ("state", "lv2plug.in/ns/ext/state"), ("rdfs", "www.w3.org/2000/01/rdf-schema"))) + "\n"
    with open(os.path.join(bundle, "manifest.ttl"), "w", encoding="utf-8") as file:
        file.write(prefixes)
        for name in ("model", "words"):
            file.write("<urn:test:%s> a pset:Preset ; lv2:appliesTo <urn:pinna:asr:mono> ; "
                       "rdfs:label \"Test %s\" ; rdfs:seeAlso <%s.ttl> .\n" % (name, name, name))
    hot = os.path.join(folder, "words.txt")
    with open(hot, "w", encoding="utf-8") as file:
        file.write("w05 w07: 4\nw11: 3\n")
    for name, more in (("model", ""), ("words", " ; <urn:pinna:asr#hotwords> \"w05 w07: 4; w11: 3\"")):
        with open(os.path.join(bundle, name + ".ttl"), "w", encoding="utf-8") as file:
            file.write(prefixes + "<urn:test:%s> a pset:Preset ; lv2:appliesTo <urn:pinna:asr:mono> ; rdfs:label "
                       "\"Test %s\" ; state:state [ <urn:pinna:asr#model> \"%s\"^^atom:Path%s ] .\n"
                       % (name, name, home, more))
    path = BUNDLES + ":" + os.path.dirname(bundle)
    for _ in range(8):
        part = emformer.voice_like(40000)
        samples = torch.cat([part, torch.zeros(24000), part.flip(0), torch.zeros(40000)])
        sound(src, samples)
        file_told = finals(transcribe(src, "-m", home, "-f", "jsonl").stdout)
        length = len(samples) / 16000

        def whole(captions):
            """Without what random weights say of the silence at the end, which transcribe need not hear out."""
            return [(c["text"], c["start"], c["end"]) for c in captions if c["end"] < length - 1.0]

        if whole(file_told):
            break

    words_told = finals(transcribe(src, "-m", home, "-f", "jsonl", "--hotwords", hot).stdout)
    ok([c["text"] for c in words_told] != [c["text"] for c in file_told], "hot phrases change what is heard")
    for block, name, wanted in ((64, "model", file_told), (333, "words", words_told), (4096, "model", file_told)):
        session, out = os.path.join(folder, "render.yaml"), os.path.join(folder, "render.jsonl")
        with open(session, "w", encoding="utf-8") as file:
            file.write("audio: {backend: file, block: %d}\nnodes:\n"
                       "  - {id: words, plugin: 'urn:pinna:asr:mono', preset: 'urn:test:%s'}\nwires:\n"
                       "  - {from: 'input:1', to: words}\n  - {from: words, to: 'output:1'}\n"
                       "captions: [{from: words, to: jsonl, file: '%s'}]\n" % (block, name, out))
        made = pinna("render", src, os.path.join(folder, "render.wav"), "--config", session, LV2_PATH=path)
        told = []
        if os.path.exists(out):
            with open(out, encoding="utf-8") as file:
                told = finals(file.read())
            os.remove(out)
        same = whole(told) == whole(wanted) and [c["text"][:100] for c in told[:1]] == [
            c["text"][:100] for c in wanted[:len(told[:1])]]
        if not same:
            for a in whole(told), whole(wanted):
                print("#", [(x[1:], x[0][:30], x[0][-20:]) for x in a])
        text = f"asr.lv2 in a render with blocks of {block}, preset {name}: {len(whole(told))} captions as transcribe's"
        if made.returncode == 0 and same and not whole(told):
            skip(text, "these random weights never pause")
        else:
            ok(made.returncode == 0 and same, f"{text} {made.stderr[:200]}")


# wav2vec 2.0


def letters_of(model, x, labels, normalize, columns=None):
    """Greedy letters of windows of 80 + 40 + 20 frames. @return (text, least margin)"""
    n = len(x)
    step = 40 * 320
    least, n_chunks = n_chunks_of(n, 20 * 320 + 40, step)
    window = 140 * 320 + 80
    late = torch.cat([torch.zeros(window - step), x, torch.zeros(step * n_chunks - n)])
    out, before, margin = "", 0, 1e9
    at, last = 0, None
    for i in range(n_chunks):
        if i >= least and last is None:
            break
        part = late[step * i:step * i + window][None]
        part = torch.nn.functional.layer_norm(part, part.shape) if normalize else part
        logits = model(part)[0][0, 80:120]
        logits = logits if columns is None else logits[:, columns]
        for frame in logits:
            best = frame.topk(2)
            margin = min(margin, (best.values[0] - best.values[1]).item())
            k = int(best.indices[0])
            out += labels[k] if k and k != before else ""
            last = at if k else last
            before, at = k, at + 1
        if is_over(0.02, at, last):
            out, before, at, last = out + "|", 0, 0, None
    return " ".join(out.replace("|", " ").split()), margin


def vary(model, columns):
    """Random weights have a favourite: take it away, and make what they say of silence the blank."""
    model.aux.weight.data *= 20.0
    model.aux.bias.data -= model(emformer.voice_like(64000)[None])[0][0].mean(0)
    k = columns[int(model(torch.zeros(1, 140 * 320 + 80))[0][0, 100][columns].argmax())]
    for values in (model.aux.weight.data, model.aux.bias.data):
        values[[0, k]] = values[[k, 0]]


def check_letters(model, path, src, labels, text, normalize, columns=None):
    for _ in range(10):
        samples = emformer.voice_like(random.randrange(32000, 60000))
        wanted, margin = letters_of(model, samples, labels, normalize, columns)
        if margin > 2e-4 and len(wanted) >= 20:
            break
    else:
        skip(text, "random weights that hang on the last bits")
        return
    sound(src, samples)
    told = transcribe(src, "-m", path, "--search", "greedy")
    got = " ".join(told.stdout.split())
    if got != wanted:
        print("# got    ", got, "\n# wanted ", wanted)
    ok(told.returncode == 0 and got == wanted and len(wanted) >= 20,
       f"{text}: {len(wanted)} letters as torch's {told.stderr[:200]}")


def test_wav2vec2(folder):
    src = os.path.join(folder, "letters.wav")
    model = wav2vec2.small(False, width=128, heads=2, n_labels=32)
    wav2vec2.disturb(model)
    columns = [0] + list(range(4, 32))
    vary(model, columns)
    path = os.path.join(folder, "wav2vec2_asr_test.pth")
    torch.save(model.state_dict(), path)
    check_letters(model, path, src, ENGLISH, "TorchAudio's .pth with 32 outputs, of which its bundle leaves 3 out", False,
                  columns)
    home = os.path.join(folder, "hugging")
    os.makedirs(home)
    for is_large in (False, True):
        model = wav2vec2.small(is_large, width=128, heads=2, n_labels=32)
        wav2vec2.disturb(model)
        vary(model, list(range(32)))
        save_safetensors(wav2vec2.to_huggingface(model.state_dict()), os.path.join(home, "model.safetensors"))
        letters = list(ENGLISH[2:])
        random.shuffle(letters)
        names = ["<pad>", "<s>", "</s>", "<unk>", "|", *letters]
        with open(os.path.join(home, "vocab.json"), "w", encoding="utf-8") as file:
            json.dump({name: i for i, name in enumerate(names)}, file)
        normalize = not is_large
        with open(os.path.join(home, "preprocessor_config.json"), "w", encoding="utf-8") as file:
            json.dump({"do_normalize": normalize, "sampling_rate": 16000}, file)
        labels = ["", "", "", "", "|", *letters]
        check_letters(model, home, src, labels, "Hugging Face's safetensors with vocab.json, "
                      + ("large" if is_large else "base"), normalize)
    beam = transcribe(src, "-m", home)
    ok(beam.returncode == 0 and len(beam.stdout) > 10, "the beam says letters, too: " + beam.stdout.strip()[:60])
    words = os.path.join(folder, "hot.txt")
    with open(words, "w", encoding="utf-8") as file:
        file.write("# names\nzq: 90\n")
    hot = transcribe(src, "-m", home, "--hotwords", words)
    ok(hot.returncode == 0 and hot.stdout.count("ZQ") > beam.stdout.count("ZQ"),
       "a hot phrase is heard more often: %d for %d" % (hot.stdout.count("ZQ"), beam.stdout.count("ZQ")))
    with open(words, "w", encoding="utf-8") as file:
        file.write("caf\u00e9\n")
    refused("a hot phrase that cannot be spelled", [src, "-m", home, "--hotwords", words], "caf\u00e9", "cannot be spelled")
    with open(os.path.join(home, "vocab.json"), "w", encoding="utf-8") as file:
        json.dump({name: i for i, name in enumerate(names[:-2])}, file)
    refused("a vocabulary of another head", [src, "-m", home], "vocab.json has 30 labels", "32 outputs", "came with these")
    os.remove(os.path.join(home, "vocab.json"))
    state = {k: v for k, v in model.state_dict().items() if not k.startswith("aux.")}
    bare = os.path.join(folder, "pretrained.pt")
    torch.save(state, bare)
    refused("a network without a head", [src, "-m", bare], "pretrained.pt", "fine-tuned")
    torch.save({**state, "aux.weight": torch.randn(57, 128), "aux.bias": torch.randn(57)}, bare)
    refused("a head of nobody's labels", [src, "-m", bare], "pretrained.pt", "57 outputs", "vocab.json")


def refused(text, args, *words):
    told = transcribe(*args)
    missing = [w for w in words if w not in told.stderr]
    ok(told.returncode in (1, 2) and not told.stdout and not missing and len(told.stderr) < 1500,
       f"refused, {text}: {told.stderr.strip()[-160:] if not missing else 'lacks %s: %s' % (missing, told.stderr)}")


def test_bad(folder, home, src):
    bad = os.path.join(folder, "bad")
    pt, stats, spm = "emformer_rnnt_base_test.pt", "global_stats_rnnt_test.json", "spm_bpe_test.model"
    for gone, words in [(stats, ("no statistics", "global_stats_rnnt_librispeech.json")),
                        (spm, ("no vocabulary", "spm_bpe_4096_librispeech.model")), (pt, ("without weights",))]:
        shutil.copytree(home, bad)
        os.remove(os.path.join(bad, gone))
        refused(gone + " is missing", [src, "-m", bad], "bad", *words)
        shutil.rmtree(bad)
    shutil.copytree(home, bad)
    write_pieces(os.path.join(bad, spm), 20)
    refused("another vocabulary", [src, "-m", bad], spm + " has 20 tokens", "says 32", "came with these weights")
    write_pieces(os.path.join(bad, "spm_bpe_more.model"), 32)
    write_pieces(os.path.join(bad, spm), 32)
    ok(transcribe(src, "-m", bad).returncode == 0, "of two vocabularies the one whose name is the weights'")
    with open(os.path.join(bad, stats), "w", encoding="utf-8") as file:
        file.write('{"mean": [1, 2], "invstddev": [1, 2]}')
    refused("statistics of two bands", [src, "-m", bad], stats, "80 numbers")
    shutil.copy(os.path.join(home, stats), bad)
    shutil.copy(os.path.join(home, pt), os.path.join(bad, "another.pt"))
    refused("a folder with two networks", [src, "-m", bad], pt, "another.pt", "name the one file")
    empty = os.path.join(folder, "empty.wav")
    wavio.write(empty, [[]], 16000)
    refused("a recording of no samples", [empty, "-m", home], "empty.wav", "no sound")
    if shutil.which("ffmpeg"):
        mp3 = os.path.join(folder, "phone.mp3")
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", src, "-ar", "8000", "-ac", "2", "-b:a", "64k", mp3], check=True)
        told = transcribe(mp3, "-m", home)
        ok(told.returncode == 0 and len(told.stdout) > 5, f"8 kHz stereo MP3: {len(told.stdout)} bytes {told.stderr}")
    else:
        skip("8 kHz stereo MP3", "no ffmpeg to make one")


def main():
    seed_all()
    with tempfile.TemporaryDirectory() as folder:
        home, src = test_emformer(folder)
        test_render(folder, home, src)
        test_bad(folder, home, src)
        test_wav2vec2(folder)
    done()


if __name__ == "__main__":
    main()
