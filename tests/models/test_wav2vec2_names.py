#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hugging Face's and fairseq's names of wav2vec 2.0 and HuBERT become TorchAudio's, value for value."""

import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../nn"))

from oracle import INT, LIB, PTR, Error, ctypes, declare, done, ok, opened, save_safetensors, seed_all, tensors, torch  # noqa: E402

try:
    import torchaudio
    from torchaudio.models.wav2vec2.utils.import_fairseq import _map_key
except ImportError as error:
    print(f"1..0 # SKIP no oracle: {error}")
    sys.exit(0)

declare("wav2vec2_layout", INT, PTR)
declare("wav2vec2_rename", INT, PTR, PTR)

# TorchAudio's name, fairseq's: the other way round than the code, checked by TorchAudio's own table
FAIRSEQ = [(r"^feature_extractor\.conv_layers\.0\.layer_norm\.", "feature_extractor.conv_layers.0.2."),
           (r"^(feature_extractor\.conv_layers\.\d+)\.layer_norm\.", r"\1.2.1."),
           (r"^(feature_extractor\.conv_layers\.\d+)\.conv\.", r"\1.0."),
           (r"^encoder\.feature_projection\.projection\.", "post_extract_proj."),
           (r"^encoder\.feature_projection\.layer_norm\.", "layer_norm."),
           (r"^encoder\.transformer\.pos_conv_embed\.conv\.", "encoder.pos_conv.0."),
           (r"^(encoder)\.transformer\.(layers\.\d+)\.attention\.", r"\1.\2.self_attn."),
           (r"^(encoder)\.transformer\.(layers\.\d+)\.layer_norm\.", r"\1.\2.self_attn_layer_norm."),
           (r"^(encoder)\.transformer\.(layers\.\d+)\.feed_forward\.intermediate_dense\.", r"\1.\2.fc1."),
           (r"^(encoder)\.transformer\.(layers\.\d+)\.feed_forward\.output_dense\.", r"\1.\2.fc2."),
           (r"^encoder\.transformer\.", "encoder."), (r"^aux\.", "proj.")]


def to_fairseq(name, prefix):
    for pattern, other in FAIRSEQ:
        changed, n = re.subn(pattern, other, name)
        if n:
            name = changed
            break
    inside = "" if name.startswith("proj.") else "w2v_model."
    return {"": "", "model": inside, "file": "w2v_encoder." + inside}[prefix] + name


def to_huggingface(name, prefix):
    name = re.sub(r"^encoder\.(transformer\.)?", lambda m: "encoder." if m.group(1) else "", name)
    return re.sub("^aux", "lm_head", name) if name.startswith("aux") else prefix + name


def check(text, state, foreign, layout, path):
    save_safetensors(foreign, path)
    _, handle, _ = opened(path)
    ok(LIB.pinna_wav2vec2_layout(handle) == layout, f"{text}: known")
    message = Error()
    ok(LIB.pinna_wav2vec2_rename(handle, ctypes.byref(message)) == 0, f"{text}: renamed {message.text.decode()}")
    found, _ = tensors(handle)
    LIB.pinna_weights_free(handle)
    ok(set(found) == set(state), f"{text}: {len(state)} names {sorted(set(found) ^ set(state))[:3]}")
    ok(all(torch.equal(found.get(n), v) for n, v in state.items()), f"{text}: values")


def main():
    seed_all()
    common = [8, 0.0, 16, 8, 2, 2, 0.0, 32, 0.0, 0.0]  # Small, of the same layers and names
    convs = [(8, 10, 5), (8, 3, 2), (8, 2, 2)]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "w.safetensors")
        for mode, aux in (("group_norm", 29), ("layer_norm", None)):
            model = torchaudio.models.wav2vec2_model(mode, convs, mode == "layer_norm", *common, mode == "layer_norm",
                                                     0.0, aux)
            state = {n: torch.randn_like(v) for n, v in model.state_dict().items()}
            check(f"TorchAudio's {mode}", state, state, 0, path)
            for prefix in ("", "wav2vec2.", "hubert."):
                foreign = {to_huggingface(n, prefix): v for n, v in state.items()}
                foreign.update({prefix + "masked_spec_embed": torch.ones(8), "project_hid.bias": torch.ones(1),
                                "quantizer.codevectors": torch.ones(1, 2, 3)})
                check(f"Hugging Face's {mode} {prefix}", state, foreign, 1, path)
            for prefix in ("", "model", "file"):
                foreign = {to_fairseq(n, prefix): v for n, v in state.items()}
                if prefix != "file":
                    ok(all(_map_key(to_fairseq(n, prefix)) == n for n in state), f"fairseq's {mode}: TorchAudio agrees")
                outer = {"": "", "model": "w2v_model.", "file": "w2v_encoder.w2v_model."}[prefix]
                foreign.update({outer + "mask_emb": torch.ones(8), outer + "quantizer.vars": torch.ones(2),
                                outer + "final_proj.weight": torch.ones(2, 2)})
                check(f"fairseq's {mode} {prefix}", state, foreign, 2, path)
    done()


main()
