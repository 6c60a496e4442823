// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/resample_span.h"

#include <immintrin.h>

// Polyphase dot products with AVX-512: two accumulators of sixteen lanes per output

static inline __m128
fold(const __m512 a, const __m512 b) {
  const __m512 sum = _mm512_add_ps(a, b);
  const __m256 half = _mm256_add_ps(_mm512_castps512_ps256(sum), _mm512_extractf32x8_ps(sum, 1));
  return _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
}

static inline float
dot1(const float* const row, const uint32_t n_taps, const float* const x) {
  __m512   a = _mm512_setzero_ps();
  __m512   b = _mm512_setzero_ps();
  uint32_t i = 0;
  for (; i + 32 <= n_taps; i += 32) {
    a = _mm512_fmadd_ps(_mm512_load_ps(row + i), _mm512_loadu_ps(x + i), a);
    b = _mm512_fmadd_ps(_mm512_load_ps(row + i + 16), _mm512_loadu_ps(x + i + 16), b);
  }
  if (i < n_taps) {
    a = _mm512_fmadd_ps(_mm512_load_ps(row + i), _mm512_loadu_ps(x + i), a);
  }
  const __m128 sum = fold(a, b);
  const __m128 pairs = _mm_add_ps(sum, _mm_movehdup_ps(sum));
  return _mm_cvtss_f32(_mm_add_ss(pairs, _mm_movehl_ps(pairs, pairs)));
}

static inline void
dot4(const float* const row, const uint32_t n_taps, const float* const* const x,
     float* const sums) {
  __m512 a[4];
  __m512 b[4];
#pragma GCC unroll 4
  for (uint32_t j = 0; j < 4; ++j) {
    a[j] = _mm512_setzero_ps();
    b[j] = _mm512_setzero_ps();
  }
  uint32_t i = 0;
  for (; i + 32 <= n_taps; i += 32) {
    const __m512 r0 = _mm512_load_ps(row + i);
    const __m512 r1 = _mm512_load_ps(row + i + 16);
#pragma GCC unroll 4
    for (uint32_t j = 0; j < 4; ++j) {
      a[j] = _mm512_fmadd_ps(r0, _mm512_loadu_ps(x[j] + i), a[j]);
      b[j] = _mm512_fmadd_ps(r1, _mm512_loadu_ps(x[j] + i + 16), b[j]);
    }
  }
  if (i < n_taps) {
    const __m512 r0 = _mm512_load_ps(row + i);
#pragma GCC unroll 4
    for (uint32_t j = 0; j < 4; ++j) {
      a[j] = _mm512_fmadd_ps(r0, _mm512_loadu_ps(x[j] + i), a[j]);
    }
  }
  __m128 s[4] = {fold(a[0], b[0]), fold(a[1], b[1]), fold(a[2], b[2]), fold(a[3], b[3])};
  _MM_TRANSPOSE4_PS(s[0], s[1], s[2], s[3]);
  _mm_storeu_ps(sums, _mm_add_ps(_mm_add_ps(s[0], s[1]), _mm_add_ps(s[2], s[3])));
}

void
pinna_resample_kernel_avx512(const PinnaResampleSpan* const span) {
  run_span(span);
}
