// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/mvdr_kernel.h"

#include "dsp/mvdr_text.h"

// Loops over time, two complex numbers at once

const PinnaMvdrKernel pinna_mvdr_kernel_avx2 = PINNA_MVDR_KERNEL;
