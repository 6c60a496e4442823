// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/dynamic.h"

#include <stdint.h>

// The int8 product in plain C

typedef int16_t DynamicDigit;
#define DYNAMIC_ZERO 0
#define DYNAMIC_GROUP 2U
#define DYNAMIC_COLUMNS 3U
#define DYNAMIC_PANELS 1U

#include "nn/cpu/dynamic_text.h"

VEC_INLINE void
dynamic_tile(const DynamicTile* const t, VecInt* const sums, const uint32_t P, const uint32_t N) {
  const DynamicBatch* const b = t->batch;
  const size_t              n_row = (size_t)b->n_groups * DYNAMIC_GROUP;
  int32_t                   own[DYNAMIC_COLUMNS * PINNA_PANEL];
  for (uint32_t n = 0U; n < N; ++n) {
    const int8_t* w = b->g->bytes + t->row * n_row;
    int32_t*      sum = own + n * PINNA_PANEL;
    memset(sum, 0, P * PINNA_PANEL * sizeof(int32_t));
    for (uint32_t group = 0U; group < b->n_groups; ++group, w += DYNAMIC_GROUP * PINNA_PANEL) {
      const uint32_t       at = group * DYNAMIC_GROUP;
      const size_t         block = at / DYNAMIC_DIGITS * b->g->n_batch + t->column + n;
      const int16_t* const x = b->digits + block * DYNAMIC_DIGITS + at % DYNAMIC_DIGITS;
      for (uint32_t row = 0U; row < PINNA_PANEL; ++row) {
        sum[row] += w[2U * row] * x[0] + w[2U * row + 1U] * x[1];
      }
    }
    for (uint32_t i = 0U; i < DYNAMIC_VECS; ++i) {
      memcpy(&sums[i * N + n], sum + i * VEC_LANES, sizeof(VecInt));
    }
  }
}

const PinnaDynamicKernel pinna_dynamic_kernel_c = {dynamic_gemm, DYNAMIC_GROUP,
                                                   sizeof(DynamicDigit)};
