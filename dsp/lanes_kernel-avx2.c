// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/lanes_kernel.h"

#include "dsp/lanes_text.h"

// Frames in lanes, eight at once

const PinnaLanesKernel pinna_lanes_kernel_avx2 = PINNA_LANES_KERNEL;
