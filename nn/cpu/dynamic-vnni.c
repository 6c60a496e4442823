// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/dynamic.h"

#include <immintrin.h>
#include <stdint.h>

// The int8 product with AVX-512 VNNI: 64 products an instruction

typedef uint8_t DynamicDigit;
#define DYNAMIC_ZERO 1
#define DYNAMIC_GROUP 4U
#define DYNAMIC_COLUMNS 12U
#define DYNAMIC_PANELS 2U

#include "nn/cpu/dynamic_text.h"

VEC_INLINE void
dynamic_tile(const DynamicTile* const t, VecInt* const sums, const uint32_t P, const uint32_t N) {
  const DynamicBatch* const b = t->batch;
  const size_t              n_panel = (size_t)b->n_groups * DYNAMIC_GROUP * PINNA_PANEL;
  const int8_t*             w = b->g->bytes + t->row / PINNA_PANEL * n_panel;
  const uint8_t*            x = b->digits + t->column * DYNAMIC_DIGITS;
  const size_t              to_next = (b->g->n_batch - 1U) * DYNAMIC_DIGITS;
  VecInt                    sum[DYNAMIC_PANELS * DYNAMIC_COLUMNS];
#pragma GCC unroll 2
  for (uint32_t i = 0U; i < P; ++i) {
#pragma GCC unroll 16
    for (uint32_t n = 0U; n < N; ++n) {
      sum[i * N + n] = (VecInt){0};
    }
  }
  for (uint32_t k = 1U; k <= b->n_groups; ++k, w += 64) {
    __m512i rows[DYNAMIC_PANELS];
#pragma GCC unroll 2
    for (uint32_t i = 0U; i < P; ++i) {
      rows[i] = _mm512_loadu_si512(w + i * n_panel);
    }
#pragma GCC unroll 16
    for (uint32_t n = 0U; n < N; ++n) {
      int32_t four;
      memcpy(&four, x + n * DYNAMIC_DIGITS, sizeof(four));
      const __m512i column = _mm512_set1_epi32(four);
#pragma GCC unroll 2
      for (uint32_t i = 0U; i < P; ++i) {
        sum[i * N + n] = (VecInt)_mm512_dpbusd_epi32((__m512i)sum[i * N + n], column, rows[i]);
      }
    }
    x += 4U + (k % (DYNAMIC_DIGITS / DYNAMIC_GROUP) ? 0U : to_next);
  }
#pragma GCC unroll 2
  for (uint32_t i = 0U; i < P; ++i) {
#pragma GCC unroll 16
    for (uint32_t n = 0U; n < N; ++n) {
      sums[i * N + n] = sum[i * N + n];
    }
  }
}

const PinnaDynamicKernel pinna_dynamic_kernel_vnni = {dynamic_gemm, DYNAMIC_GROUP,
                                                      sizeof(DynamicDigit)};
