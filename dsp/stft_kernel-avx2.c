// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/stft_kernel.h"

// Loops in AVX2

const PinnaStftKernel pinna_stft_kernel_avx2 = PINNA_STFT_KERNEL;
