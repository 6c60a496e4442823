// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/cpu.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

// Processor detection

static PinnaIsa
best_isa(void) {
#if defined(__x86_64__)
  unsigned a = 0U;
  unsigned b = 0U;
  unsigned c = 0U;
  unsigned d = 0U;
  __builtin_cpu_init();
  const int f16c = __get_cpuid(1U, &a, &b, &c, &d) && (c & bit_F16C); // clang 14 has no name for it
  const int avx2 = f16c && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const int avx512 = avx2 && __builtin_cpu_supports("avx512f") &&
                     __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                     __builtin_cpu_supports("avx512vl");
  return avx512 ? PINNA_ISA_AVX512 : avx2 ? PINNA_ISA_AVX2 : PINNA_ISA_C;
#else
  return PINNA_ISA_C;
#endif
}

const char*
pinna_isa_name(const PinnaIsa isa) {
  static const char* const names[] = {"c", "avx2", "avx512"};
  return (unsigned)isa < PINNA_N_ISAS ? names[isa] : "unknown";
}

PinnaIsa
pinna_cpu_isa(void) {
  const PinnaIsa    best = best_isa();
  const char* const wish = getenv("PINNA_ISA");
  for (PinnaIsa isa = PINNA_ISA_C; wish && isa < best; ++isa) {
    if (!strcmp(wish, pinna_isa_name(isa))) {
      return isa;
    }
  }
  return best;
}
