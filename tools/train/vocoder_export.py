# SPDX-FileCopyrightText: 2026 The Pinna authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""WORK/vocoder.pt of tools/train/vocoder.py -> models/weights/vocoder_small.safetensors, in half precision:

    /usr/bin/python3 tools/train/vocoder_export.py --work build/train --out models/weights/vocoder_small.safetensors
"""

import argparse
import os

import numpy as np
import torch

from common import save_safetensors
from vocoder_net import DIM, HOP, IN_KERNEL, N_FFT, N_MELS, RATE


def exported(mean):
    """Averaged weights as models/vocoder_small_setup.c names and lays them out"""
    state = dict(mean)
    # The first layer as a convolution: [out x in x taps]
    state["inner.weight"] = state["inner.weight"].reshape(DIM, IN_KERNEL, N_MELS).transpose(1, 2).contiguous()
    return {name: value.numpy().astype(np.float16) for name, value in state.items()}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--work", required=True)
    p.add_argument("--out", required=True)
    args = p.parse_args()
    kept = torch.load(os.path.join(args.work, "vocoder.pt"))
    save_safetensors(args.out, exported(kept["mean"]),
                     {"made by": "tools/train/vocoder.py", "steps": kept["step"], "sample_rate": RATE,
                      "n_fft": N_FFT, "hop_length": HOP, "n_mels": N_MELS})
    print(f"{args.out}: {os.path.getsize(args.out)} bytes, step {kept['step']}")


if __name__ == "__main__":
    main()
