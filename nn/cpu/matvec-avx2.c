// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/matvec_kernel.h"

#include "nn/cpu/matvec_text.h"

// The matrix-vector product with AVX2: int8 is widened, pairs of products are added at once

#define N_SUMS 8U
#define HALF_BLOCK 32U

static void
matvec_int8(const int8_t* const w, const PinnaMatvecDigits* const x, const uint32_t n_quads,
            const int32_t* const shift, int32_t* const sums) {
  (void)shift;
  for (uint32_t first = 0U; first < PINNA_MATVEC_ROWS; first += HALF_BLOCK) {
    __m256i sum[N_SUMS];
    for (uint32_t i = 0U; i < N_SUMS; ++i) {
      sum[i] = _mm256_setzero_si256();
    }
    for (uint32_t q = 0U; q < n_quads; ++q) {
      const int8_t* const p = w + ((size_t)q * PINNA_MATVEC_ROWS + first) * 4U;
      int64_t             four;
      memcpy(&four, x->whole + 4U * q, sizeof(four));
      const __m256i values = _mm256_set1_epi64x(four);
#pragma GCC unroll 8
      for (uint32_t i = 0U; i < N_SUMS; ++i) {
        const __m256i rows =
            _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i*)(const void*)(p + 16U * i)));
        sum[i] = _mm256_add_epi32(sum[i], _mm256_madd_epi16(rows, values));
      }
    }
    for (uint32_t i = 0U; i < N_SUMS; ++i) {
      int32_t pairs[8];
      _mm256_storeu_si256((__m256i*)(void*)pairs, sum[i]);
      for (uint32_t row = 0U; row < 4U; ++row) {
        sums[first + 4U * i + row] = pairs[2U * row] + pairs[2U * row + 1U];
      }
    }
  }
}

const PinnaMatvecKernel pinna_matvec_kernel_avx2 = {matvec_f32, matvec_f16, matvec_digits,
                                                    matvec_int8};
