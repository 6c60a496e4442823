// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#define PINNA_BEAM_WIDTH 4

#include "dsp/beam_kernel.h"
#include "dsp/beam_loops.h"

// The beamformer's loops in AVX2

const PinnaBeamKernel pinna_beam_kernel_avx2 = PINNA_BEAM_KERNEL;
