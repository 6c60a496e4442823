# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Train the embedded recogniser models/weights/asr_small.safetensors: phones of digits and prompts, 16 kHz, CTC.

A base is trained without any speaker of FSDD; from it come the final weights (all five) and, with a shorter schedule,
five times one that lacks one speaker: these measure digits of unseen speakers. Stopped and started again it goes on.
Run: /usr/bin/python3 tools/train/asr_small.py. Debian packages: purposes `voice` and `train` of tools/packages."""

import math
import pathlib
import time

import numpy as np
import torch
from torch import nn

import asr_small_data as data
import asr_small_words as words
import common

WIDTH, NARROW, DILATIONS, TAPS = 208, 160, (1, 1, 2, 2, 4, 4), 5
LM_WEIGHT, WORD_SCORE = 1.0, 0.5  # of the decoder
BLANK = 2.5  # taken from the blank's logit: CTC would rather say nothing than be wrong, and loses words by it


class Block(nn.Module):
    """Looks back over TAPS frames, dilated, and adds what it finds."""

    def __init__(self, dilation):
        super().__init__()
        self.past = (TAPS - 1) * dilation
        self.look = nn.Conv1d(WIDTH, NARROW, TAPS, dilation=dilation, bias=False)
        self.norm1 = nn.BatchNorm1d(NARROW)
        self.mix = nn.Conv1d(NARROW, WIDTH, 1, bias=False)
        self.norm2 = nn.BatchNorm1d(WIDTH)
        self.drop = nn.Dropout1d(0.1)

    def forward(self, x):
        y = torch.relu(self.norm1(self.look(nn.functional.pad(x, (self.past, 0)))))
        return torch.relu(x + self.drop(self.norm2(self.mix(y))))


class AsrSmall(nn.Module):
    """Features [b x n x N_MELS] -> logits [b x n / 4 x tokens]; looks at no later frame."""

    def __init__(self):
        super().__init__()
        self.stem1 = nn.Conv2d(1, 12, 3, stride=2, bias=False)
        self.bn1 = nn.BatchNorm2d(12)
        self.stem2 = nn.Conv2d(12, 24, 3, stride=2, bias=False)
        self.bn2 = nn.BatchNorm2d(24)
        self.enter = nn.Conv1d(24 * data.N_MELS // 4, WIDTH, 1, bias=False)
        self.bn3 = nn.BatchNorm1d(WIDTH)
        self.blocks = nn.ModuleList(Block(d) for d in DILATIONS)
        self.leave = nn.Conv1d(WIDTH, len(words.TOKENS), 1)

    def forward(self, x):
        x = nn.functional.pad(x[:, None], (1, 0, 1, 0))
        x = torch.relu(self.bn1(self.stem1(x)))
        x = torch.relu(self.bn2(self.stem2(nn.functional.pad(x, (1, 0, 1, 0)))))
        x = x.permute(0, 3, 1, 2).flatten(1, 2)  # channels innermost: [b x f c x t]
        x = torch.relu(self.bn3(self.enter(x)))
        for block in self.blocks:
            x = block(x)
        return self.leave(x).transpose(1, 2)


def folded(conv, norm):
    """Weight and bias of a convolution with the BatchNorm behind it."""
    gain = (norm.weight / torch.sqrt(norm.running_var + norm.eps)).detach()
    weight = conv.weight.detach() * gain.reshape(-1, *[1] * (conv.weight.dim() - 1))
    return weight.numpy(), (norm.bias.detach() - norm.running_mean * gain).numpy()


def pairs_of(model):
    """The convolutions with a norm behind them, by name."""
    pairs = {"stem1": (model.stem1, model.bn1), "stem2": (model.stem2, model.bn2), "enter": (model.enter, model.bn3)}
    for i, block in enumerate(model.blocks):
        pairs[f"blocks.{i}.look"], pairs[f"blocks.{i}.mix"] = (block.look, block.norm1), (block.mix, block.norm2)
    return pairs


def lexicon(material):
    """All pronunciations of the vocabulary, as flashlight writes them."""
    return "".join(f"{w}\t{' '.join(phones)}\n" for w in material.vocabulary for phones in material.dictionary[w])


def export(model, path, material, facts):
    """Write what models/asr_model.c reads: convolutions with their norms folded in, and the decoder's texts."""
    tensors = {}
    for name, (conv, norm) in pairs_of(model).items():
        tensors[f"{name}.weight"], tensors[f"{name}.bias"] = folded(conv, norm)
    tensors["leave.weight"], tensors["leave.bias"] = model.leave.weight.detach().numpy(), model.leave.bias.detach().numpy().copy()
    tensors["leave.bias"][0] -= BLANK
    tensors["decoder"] = np.array([LM_WEIGHT, WORD_SCORE], np.float32)
    common.save_safetensors(path, tensors, {"tokens": "".join(f"{t}\n" for t in words.TOKENS), "lexicon": lexicon(material),
                                            "bigram": words.bigrams(material.sentences, material.vocabulary),
                                            "blank": BLANK, **facts})


class Average:
    """Exponential mean of a model's parameters; running statistics are taken as they are."""

    def __init__(self, model):
        self.mean = {k: v.detach().clone() for k, v in model.state_dict().items()}

    def update(self, model, step):
        keep, floats = min(0.998, (1 + step) / (10 + step)), []
        for k, v in model.state_dict().items():
            if v.dtype.is_floating_point:
                floats.append((self.mean[k], v))
            else:
                self.mean[k].copy_(v)
        torch._foreach_mul_([m for m, _ in floats], keep)
        torch._foreach_add_([m for m, _ in floats], [v for _, v in floats], alpha=1 - keep)


def rate(step, steps, peak):
    """Warm up over 5 %, then half a cosine."""
    warm = max(1, steps // 20)
    return peak * (step / warm if step < warm else 0.5 * (1 + math.cos(math.pi * (step - warm) / (steps - warm))) + 0.005)


def train(material, speakers, options, name, steps, peak, start=None, shares=data.Batches.WITH_DIGITS, masked=0.55):
    """Train so many steps, from a model's state if given; its exponential mean.

    masked: which part of the steps has dropout and masks."""
    path = pathlib.Path(options.work) / f"{name}.pt"
    torch.manual_seed(options.seed)
    model = AsrSmall()
    if start:
        model.load_state_dict(start)
    optimizer = torch.optim.AdamW(model.parameters(), lr=peak, weight_decay=0.01, betas=(0.9, 0.98), foreach=True)
    average, first = Average(model), 0
    if path.exists():
        kept = torch.load(path)
        model.load_state_dict(kept["model"])
        optimizer.load_state_dict(kept["optimizer"])
        average.mean, first = kept["mean"], kept["step"]
        print(f"{name}: going on from step {first} of {steps}", flush=True)
    plain = masked * steps
    batches = data.Batches(material, speakers, options.seed, shares, 1 if start else 900, plain)
    ctc = nn.CTCLoss(reduction="sum", zero_infinity=True)
    model.train()
    begun = saved = told = time.monotonic()
    loss_sum, errors, n = 0.0, 0.0, 0
    for step in range(first, steps):
        torch.manual_seed(options.seed * 100003 + step)
        for group in optimizer.param_groups:
            group["lr"] = rate(step, steps, peak)
        for block in model.blocks:
            block.drop.p = 0.1 if step < plain else 0.0
        x, labels, counts = batches.batch(step)
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(x)
        logits = torch.log_softmax(logits.float(), 2)
        lengths = torch.full((len(x),), logits.shape[1], dtype=torch.long)
        loss = ctc(logits.transpose(0, 1), labels, lengths, counts) / max(1, len(labels))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        average.update(model, step)
        loss_sum, n = loss_sum + float(loss), n + 1
        now = time.monotonic()
        if now - told > 20 or step + 1 == steps:
            left = (now - begun) / (step + 1 - first) * (steps - step - 1) / 60
            print(f"{name}: step {step + 1} of {steps}  loss {loss_sum / n:.4f}  {left:.1f} min left", flush=True)
            told, loss_sum, n = now, 0.0, 0
        if now - saved > 120 or step + 1 == steps:
            partial = path.with_suffix(".partial")
            torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "mean": average.mean, "step": step + 1}, partial)
            partial.replace(path)
            saved = now
    model.load_state_dict(average.mean)
    return model.eval()


def leave_one_out(material, options, state, speakers):
    """For each speaker of FSDD weights that never heard him. They share a trunk: one half of the speakers is heard first,
    then all of it but one of the others."""
    halves = speakers[:2], speakers[2:]
    for i, half in enumerate(halves):
        trunk = train(material, half, options, f"half_{i}", options.steps[2], 1.2e-3, state, masked=0.3).state_dict()
        for left_out in halves[1 - i]:
            model = train(material, [s for s in speakers if s != left_out], options, f"without_{left_out}", options.steps[3], 8e-4,
                          trunk, masked=0)
            export(model, f"{options.work}/without_{left_out}.safetensors", material, {})


def main():
    parser = common.arguments(__doc__.splitlines()[0], 80)
    parser.add_argument("--stage", default="all", choices=("base", "final", "speakers", "measure", "all"))
    parser.add_argument("--library", default="build/tests/models/libmodels_oracle.so", help="what measures: built by meson")
    parser.add_argument("--processes", type=int, default=2, help="for the synthetic voices")
    parser.add_argument("--steps", type=int, nargs=4, default=(11000, 13000, 1500, 1700),
                        help="of the base, the final weights, each half of the speakers, all of them but one")
    parser.set_defaults(work="build/train/asr_small", out="models/weights/asr_small.safetensors")
    options = parser.parse_args()
    common.begin(options)
    material = data.Material(options)
    speakers = sorted(material.fsdd)
    state = train(material, [], options, "base", options.steps[0], 2e-3, shares=data.Batches.WITHOUT, masked=1).state_dict()
    if options.stage in ("final", "all"):
        model = train(material, speakers, options, "final", options.steps[1], 1.5e-3, state, masked=0.6)
        export(model, options.out, material, {"seed": options.seed, "steps": "+".join(map(str, options.steps[:2]))})
    if options.stage in ("speakers", "all"):
        leave_one_out(material, options, state, speakers)
    if options.stage in ("measure", "all"):
        import asr_small_score as score
        score.report(options.library, options.work, [
            (f"without {s}", f"{options.work}/without_{s}.safetensors", [s]) for s in speakers] + [("final", options.out, [])])


if __name__ == "__main__":
    main()
