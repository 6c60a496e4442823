// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/kernels.h"

#include "nn/cpu/kernels_text.h"

// The kernels with four values in a vector

const PinnaCpuKernels pinna_cpu_kernels_c = PINNA_CPU_KERNELS;
