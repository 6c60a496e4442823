// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/denoise_kernel.h"

#include "base/cpu.h"

// Choice of the loops

const PinnaDenoiseKernel*
pinna_denoise_kernel(void) {
#if defined(__x86_64__)
  if (pinna_cpu_isa() >= PINNA_ISA_AVX2) {
    return &pinna_denoise_kernel_avx2;
  }
#endif
  return &pinna_denoise_kernel_c;
}
