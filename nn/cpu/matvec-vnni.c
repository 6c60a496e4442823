// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/matvec_kernel.h"

#include <immintrin.h>
#include <string.h>

// The int8 product with AVX-512 VNNI: high and low digits apart, four products at once

#define N_SUMS 4U

static void
matvec_int8(const int8_t* const w, const PinnaMatvecDigits* const x, const uint32_t n_quads,
            const int32_t* const shift, int32_t* const sums) {
  __m512i high[N_SUMS];
  __m512i low[N_SUMS];
  for (uint32_t i = 0U; i < N_SUMS; ++i) {
    high[i] = low[i] = _mm512_setzero_si512();
  }
  for (uint32_t q = 0U; q < n_quads; ++q) {
    const int8_t* const p = w + (size_t)q * PINNA_MATVEC_ROWS * 4U;
    int32_t             four[2];
    memcpy(four, x->high + 4U * q, sizeof(four[0]));
    memcpy(four + 1, x->low + 4U * q, sizeof(four[1]));
    const __m512i h = _mm512_set1_epi32(four[0]);
    const __m512i l = _mm512_set1_epi32(four[1]);
#pragma GCC unroll 4
    for (uint32_t i = 0U; i < N_SUMS; ++i) {
      const __m512i rows = _mm512_loadu_si512(p + 64U * i);
      high[i] = _mm512_dpbusd_epi32(high[i], h, rows);
      low[i] = _mm512_dpbusd_epi32(low[i], l, rows);
    }
  }
  for (uint32_t i = 0U; i < N_SUMS; ++i) {
    const __m512i sum = _mm512_add_epi32(_mm512_slli_epi32(high[i], 8), low[i]);
    _mm512_storeu_si512(sums + 16U * i, _mm512_sub_epi32(sum, _mm512_loadu_si512(shift + 16U * i)));
  }
}

const PinnaMatvecKernel pinna_matvec_kernel_vnni = {NULL, NULL, NULL, matvec_int8};
