// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_CPU_H
#define PINNA_BASE_CPU_H

#include "base/attributes.h"

// Instruction sets of the processor we run on; kernels are chosen by it once, at set-up

/// Ordered: each level includes the ones before it
typedef enum {
  PINNA_ISA_C = 0,  ///< Baseline of the build (x86-64: SSE2), plain C
  PINNA_ISA_AVX2,   ///< AVX2 + FMA + F16C
  PINNA_ISA_AVX512, ///< AVX-512 F + BW + DQ + VL
  PINNA_N_ISAS
} PinnaIsa;

/// Best level of this processor, lowered by the environment variable PINNA_ISA=c|avx2|avx512.
/// Read once; any thread, not realtime.
PINNA_API PinnaIsa pinna_cpu_isa(void);

/// "c", "avx2" or "avx512"
PINNA_API const char* pinna_isa_name(PinnaIsa isa);

#endif // PINNA_BASE_CPU_H
