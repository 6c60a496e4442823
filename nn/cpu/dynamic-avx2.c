// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/dynamic.h"

#include <immintrin.h>
#include <stdint.h>

// The int8 product with AVX2: widened to 16 bits, so that no pair of products saturates

typedef int16_t DynamicDigit;
#define DYNAMIC_ZERO 0
#define DYNAMIC_GROUP 2U
#define DYNAMIC_COLUMNS 6U
#define DYNAMIC_PANELS 1U

#include "nn/cpu/dynamic_text.h"

VEC_INLINE void
dynamic_tile(const DynamicTile* const t, VecInt* const sums, const uint32_t P, const uint32_t N) {
  const DynamicBatch* const b = t->batch;
  const int8_t*             w = b->g->bytes + (size_t)t->row * b->n_groups * DYNAMIC_GROUP;
  __m256i                   sum[DYNAMIC_VECS * DYNAMIC_COLUMNS];
  (void)P; // Always 1
#pragma GCC unroll 16
  for (uint32_t i = 0U; i < DYNAMIC_VECS * N; ++i) {
    sum[i] = _mm256_setzero_si256();
  }
  const uint32_t in_block = DYNAMIC_DIGITS / DYNAMIC_GROUP;
  for (uint32_t first = 0U; first < b->n_groups; first += in_block) {
    const uint32_t left = b->n_groups - first;
    const size_t   block = (size_t)(first / in_block) * b->g->n_batch + t->column;
    const int16_t* x = b->digits + block * DYNAMIC_DIGITS;
    for (uint32_t k = left < in_block ? left : in_block; k; --k, w += 32, x += 2) {
      const __m128i* const at = (const __m128i*)(const void*)w;
      const __m256i        upper = _mm256_cvtepi8_epi16(_mm_loadu_si128(at));
      const __m256i        lower = _mm256_cvtepi8_epi16(_mm_loadu_si128(at + 1));
#pragma GCC unroll 16
      for (uint32_t n = 0U; n < N; ++n) {
        int32_t two;
        memcpy(&two, x + n * DYNAMIC_DIGITS, sizeof(two));
        const __m256i column = _mm256_set1_epi32(two);
        sum[n] = _mm256_add_epi32(sum[n], _mm256_madd_epi16(upper, column));
        sum[N + n] = _mm256_add_epi32(sum[N + n], _mm256_madd_epi16(lower, column));
      }
    }
  }
#pragma GCC unroll 16
  for (uint32_t i = 0U; i < DYNAMIC_VECS * N; ++i) {
    sums[i] = (VecInt)sum[i];
  }
}

const PinnaDynamicKernel pinna_dynamic_kernel_avx2 = {dynamic_gemm, DYNAMIC_GROUP,
                                                      sizeof(DynamicDigit)};
