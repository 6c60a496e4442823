// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/matvec_kernel.h"

#include "nn/cpu/matvec_text.h"

// The matrix-vector product with AVX-512 without VNNI: as with AVX2, twice as wide

#define N_SUMS 8U

static void
matvec_int8(const int8_t* const w, const PinnaMatvecDigits* const x, const uint32_t n_quads,
            const int32_t* const shift, int32_t* const sums) {
  (void)shift;
  __m512i sum[N_SUMS];
  for (uint32_t i = 0U; i < N_SUMS; ++i) {
    sum[i] = _mm512_setzero_si512();
  }
  for (uint32_t q = 0U; q < n_quads; ++q) {
    const int8_t* const p = w + (size_t)q * PINNA_MATVEC_ROWS * 4U;
    int64_t             four;
    memcpy(&four, x->whole + 4U * q, sizeof(four));
    const __m512i values = _mm512_set1_epi64(four);
#pragma GCC unroll 8
    for (uint32_t i = 0U; i < N_SUMS; ++i) {
      const __m512i rows =
          _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i*)(const void*)(p + 32U * i)));
      sum[i] = _mm512_add_epi32(sum[i], _mm512_madd_epi16(rows, values));
    }
  }
  for (uint32_t i = 0U; i < N_SUMS; ++i) {
    int32_t pairs[16];
    _mm512_storeu_si512(pairs, sum[i]);
    for (uint32_t row = 0U; row < 8U; ++row) {
      sums[8U * i + row] = pairs[2U * row] + pairs[2U * row + 1U];
    }
  }
}

const PinnaMatvecKernel pinna_matvec_kernel_avx512 = {matvec_f32, matvec_f16, matvec_digits,
                                                      matvec_int8};
