// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/mvdr_kernel.h"

#include "dsp/mvdr_text.h"

// Loops over time, in the build's baseline

const PinnaMvdrKernel pinna_mvdr_kernel_c = PINNA_MVDR_KERNEL;
