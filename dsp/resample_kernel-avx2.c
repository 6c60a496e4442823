// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/resample_span.h"

#include <immintrin.h>

// Polyphase dot products with AVX2 and FMA: four accumulators of eight lanes per output

static inline __m128
fold(const __m256 a, const __m256 b, const __m256 c, const __m256 d) {
  const __m256 sum = _mm256_add_ps(_mm256_add_ps(a, b), _mm256_add_ps(c, d));
  return _mm_add_ps(_mm256_castps256_ps128(sum), _mm256_extractf128_ps(sum, 1));
}

/// Four lanes of one output's sum
static inline __m128
dot_lanes(const float* const row, const uint32_t n_taps, const float* const x) {
  __m256   a = _mm256_setzero_ps();
  __m256   b = _mm256_setzero_ps();
  __m256   c = _mm256_setzero_ps();
  __m256   d = _mm256_setzero_ps();
  uint32_t i = 0;
  for (; i + 32 <= n_taps; i += 32) {
    a = _mm256_fmadd_ps(_mm256_load_ps(row + i), _mm256_loadu_ps(x + i), a);
    b = _mm256_fmadd_ps(_mm256_load_ps(row + i + 8), _mm256_loadu_ps(x + i + 8), b);
    c = _mm256_fmadd_ps(_mm256_load_ps(row + i + 16), _mm256_loadu_ps(x + i + 16), c);
    d = _mm256_fmadd_ps(_mm256_load_ps(row + i + 24), _mm256_loadu_ps(x + i + 24), d);
  }
  if (i < n_taps) {
    a = _mm256_fmadd_ps(_mm256_load_ps(row + i), _mm256_loadu_ps(x + i), a);
    b = _mm256_fmadd_ps(_mm256_load_ps(row + i + 8), _mm256_loadu_ps(x + i + 8), b);
  }
  return fold(a, b, c, d);
}

static inline float
dot1(const float* const row, const uint32_t n_taps, const float* const x) {
  const __m128 sum = dot_lanes(row, n_taps, x);
  const __m128 pairs = _mm_add_ps(sum, _mm_movehdup_ps(sum));
  return _mm_cvtss_f32(_mm_add_ss(pairs, _mm_movehl_ps(pairs, pairs)));
}

/// Two outputs with each row vector loaded once
static inline void
dot2(const float* const row, const uint32_t n_taps, const float* const x, const float* const y,
     __m128* const sums) {
  __m256 acc[2][4] = {
      {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps()},
      {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps()}};
  uint32_t i = 0;
  for (; i + 32 <= n_taps; i += 32) {
#pragma GCC unroll 4
    for (uint32_t j = 0; j < 4; ++j) {
      const __m256 r = _mm256_load_ps(row + i + 8 * j);
      acc[0][j] = _mm256_fmadd_ps(r, _mm256_loadu_ps(x + i + 8 * j), acc[0][j]);
      acc[1][j] = _mm256_fmadd_ps(r, _mm256_loadu_ps(y + i + 8 * j), acc[1][j]);
    }
  }
  if (i < n_taps) {
#pragma GCC unroll 2
    for (uint32_t j = 0; j < 2; ++j) {
      const __m256 r = _mm256_load_ps(row + i + 8 * j);
      acc[0][j] = _mm256_fmadd_ps(r, _mm256_loadu_ps(x + i + 8 * j), acc[0][j]);
      acc[1][j] = _mm256_fmadd_ps(r, _mm256_loadu_ps(y + i + 8 * j), acc[1][j]);
    }
  }
  sums[0] = fold(acc[0][0], acc[0][1], acc[0][2], acc[0][3]);
  sums[1] = fold(acc[1][0], acc[1][1], acc[1][2], acc[1][3]);
}

static inline void
dot4(const float* const row, const uint32_t n_taps, const float* const* const x,
     float* const sums) {
  __m128 s[4];
  dot2(row, n_taps, x[0], x[1], s);
  dot2(row, n_taps, x[2], x[3], s + 2);
  _MM_TRANSPOSE4_PS(s[0], s[1], s[2], s[3]);
  _mm_storeu_ps(sums, _mm_add_ps(_mm_add_ps(s[0], s[1]), _mm_add_ps(s[2], s[3])));
}

void
pinna_resample_kernel_avx2(const PinnaResampleSpan* const span) {
  run_span(span);
}
