// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/dynamic.h"

// Which loops, and how much of a product fits the caches

#define NEAR_WEIGHTS (512U * 1024U) ///< Bytes that stay in the second level for each few columns
#define FEW_COLUMNS 12U
#define BATCH_BYTES (256U * 1024U)

const PinnaDynamicKernel*
pinna_dynamic_kernel(const PinnaIsa isa) {
#if defined(__x86_64__)
  if (isa >= PINNA_ISA_AVX512 && __builtin_cpu_supports("avx512vnni")) {
    return &pinna_dynamic_kernel_vnni;
  }
  return isa >= PINNA_ISA_AVX2 ? &pinna_dynamic_kernel_avx2 : &pinna_dynamic_kernel_c;
#else
  (void)isa;
  return &pinna_dynamic_kernel_c;
#endif
}

/// Bytes of a column's digits
static size_t
column_bytes(const PinnaDynamicKernel* const kernel, const PinnaGemm* const g) {
  const size_t n = (size_t)g->n_taps * g->k_tap * kernel->digit;
  return (n + PINNA_DYNAMIC_BLOCK - 1U) / PINNA_DYNAMIC_BLOCK * PINNA_DYNAMIC_BLOCK;
}

uint32_t
pinna_dynamic_batch(const PinnaDynamicKernel* const kernel, const PinnaGemm* const g) {
  const size_t n_weights = (size_t)g->n_taps * g->k_tap * g->n_rows;
  const size_t most = n_weights <= NEAR_WEIGHTS ? 0U : BATCH_BYTES / column_bytes(kernel, g);
  const size_t n = most < FEW_COLUMNS ? FEW_COLUMNS : most;
  return n < g->n_columns ? (uint32_t)n : g->n_columns;
}

size_t
pinna_dynamic_room(const PinnaDynamicKernel* const kernel, const PinnaGemm* const g) {
  return pinna_dynamic_batch(kernel, g) *
         (column_bytes(kernel, g) / sizeof(float) + 2U); // A scale and a zero for each
}
