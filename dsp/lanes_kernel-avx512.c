// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/lanes_kernel.h"

#include "dsp/lanes_text.h"

// Frames in lanes, sixteen at once

const PinnaLanesKernel pinna_lanes_kernel_avx512 = PINNA_LANES_KERNEL;
