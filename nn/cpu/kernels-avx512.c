// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/kernels.h"

#include "nn/cpu/kernels_text.h"

// The kernels with sixteen values in a vector

const PinnaCpuKernels pinna_cpu_kernels_avx512 = PINNA_CPU_KERNELS;
