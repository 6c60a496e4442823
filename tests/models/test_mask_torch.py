#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our mask equals the network of its training recipe, on random and on the built-in weights, streaming as whole."""

import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../nn"), os.path.join(HERE, "../../tools/train")]

from oracle import LIB, PTR, declare, done, near, ok, save_safetensors, seed_all, torch  # noqa: E402
from plan_oracle import ISAS, isa_name  # noqa: E402

import mask_net  # noqa: E402
from model_oracle import Model  # noqa: E402

declare("mask_frame", None, PTR, PTR, PTR)


def sound(n):
    """Bursts with a tail in noise, sometimes digital silence: what moves floors and means."""
    level = torch.rand(n // 3000 + 1).repeat_interleave(3000)[:n] ** 6
    x = torch.randn(n) * (0.002 + 0.3 * level)
    x[n // 2:n // 2 + 4000] = 0
    return x


def compare(text, reference, path, built_in, isas):
    x = sound(40000)
    padded = torch.cat([torch.zeros(256), x, torch.zeros(512)])
    spectra = mask_net.spectra(padded[None])[0]
    power = spectra.to(torch.complex128).abs()[None] ** 2
    reference = reference.double().eval()
    seen = mask_net.features(power, mask_net.triangles().double())
    logit = reference(*seen)[0][0]
    for isa in isas:
        ours = Model("mask", path, isa, built_in)
        if not ok(ours.status == 0, f"{text}: builds for {isa_name(isa)} {ours.message}"):
            continue
        gains = torch.empty(len(spectra), 257)
        for row, gain in zip(spectra.contiguous(), gains):
            LIB.pinna_mask_frame(ours.handle, row.data_ptr(), gain.data_ptr())
        error = (gains.exp() - torch.sigmoid(logit)).abs().max()
        ok(error <= 1e-4, f"{text}, {isa_name(isa)}: gains within {error:.2e} over {len(spectra)} frames")
        ok(bool((gains <= 0).all()), f"{text}: no gain above 1")
        ours.reset()
        streamed = ours.stream(x, 1000)
        ours.reset()
        ok(torch.equal(ours.stream(x, 77), streamed), f"{text}: the same bits however the stream is cut")
        whole = mask_net.enhance(reference.float(), x)
        reference.double()
        near(streamed[ours.latency():], whole[:len(x) - ours.latency()], 1e-4, f"{text}: a stream is the whole file")
        ours.free()


def test_built_in():
    from common import load_safetensors
    path = os.path.join(HERE, "../../models/weights/denoise_mask.safetensors")
    net = mask_net.MaskNet()
    tensors, metadata = load_safetensors(path)
    net.load_state_dict({name: torch.from_numpy(t.copy()).float() for name, t in tensors.items()})
    ok(metadata["architecture"] == "pinna-mask-1", "the file says what it is")
    compare("built in", net, "denoise_mask", True, ISAS)


def main():
    seed_all()
    net = mask_net.MaskNet()
    for weight in net.parameters():
        weight.mul_(1.5)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "mask.safetensors")
        save_safetensors(net.state_dict(), path)
        compare("random weights", net, path, False, ISAS)
        state = {**net.state_dict(), "gru2.weight_hh_l0": torch.zeros(480, 159)}
        save_safetensors(state, path)
        bad = Model("mask", path, 0)
        ok(bad.status != 0 and "gru2.weight_hh_l0" in bad.message, f"refused: {bad.message}")
        test_built_in()
    missing = Model("mask", "no such name", 0, True)
    ok(missing.status != 0 and "no such name" in missing.message, f"refused: {missing.message}")
    done()


main()
