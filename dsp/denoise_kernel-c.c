// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/denoise_kernel.h"

#include "dsp/denoise_loops.h"

// Loops in the build's baseline

const PinnaDenoiseKernel pinna_denoise_kernel_c = PINNA_DENOISE_KERNEL;
