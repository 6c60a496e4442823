// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/resample_span.h"

#include <immintrin.h>

// Polyphase sums with AVX-512: one vector of lanes, both sides of the window at once

#define N_ACC (2 * PINNA_RESAMPLE_CHAINS)

static inline void
fold(const __m512* const a, float* const sums) {
  const __m512 front = _mm512_add_ps(_mm512_add_ps(a[0], a[1]), _mm512_add_ps(a[2], a[3]));
  const __m512 back = _mm512_add_ps(_mm512_add_ps(a[4], a[5]), _mm512_add_ps(a[6], a[7]));
  // Adding +0 leaves no -0, whatever zeros a window was padded with
  _mm512_store_ps(sums, _mm512_add_ps(_mm512_add_ps(front, back), _mm512_setzero_ps()));
}

static inline void
dot(const float* front, const uint32_t n_steps, const float* x, float* const sums) {
  const size_t n_side = (size_t)n_steps * PINNA_RESAMPLE_CHAINS;
  const float* back = front + n_side * PINNA_RESAMPLE_LANES;
  const float* end = x + 2 * n_side - 1;
  __m512       a[N_ACC];
#pragma GCC unroll 8
  for (uint32_t c = 0; c < N_ACC; ++c) {
    a[c] = _mm512_setzero_ps();
  }
  for (uint32_t i = 0; i < n_steps; ++i) {
#pragma GCC unroll 4
    for (int c = 0; c < (int)PINNA_RESAMPLE_CHAINS; ++c) {
      a[c] = _mm512_fmadd_ps(_mm512_load_ps(front + 16 * c), _mm512_set1_ps(x[c]), a[c]);
      a[c + 4] = _mm512_fmadd_ps(_mm512_load_ps(back + 16 * c), _mm512_set1_ps(end[-c]), a[c + 4]);
    }
    x += PINNA_RESAMPLE_CHAINS;
    end -= PINNA_RESAMPLE_CHAINS;
    front += PINNA_RESAMPLE_CHAINS * PINNA_RESAMPLE_LANES;
    back += PINNA_RESAMPLE_CHAINS * PINNA_RESAMPLE_LANES;
  }
  fold(a, sums);
}

static inline void
dot_pair(const float* front, const uint32_t n_steps, const float* x, const float* y,
         float* const sums) {
  const size_t n_side = (size_t)n_steps * PINNA_RESAMPLE_CHAINS;
  const float* back = front + n_side * PINNA_RESAMPLE_LANES;
  const float* x_end = x + 2 * n_side - 1;
  const float* y_end = y + 2 * n_side - 1;
  __m512       a[N_ACC];
  __m512       b[N_ACC];
#pragma GCC unroll 8
  for (uint32_t c = 0; c < N_ACC; ++c) {
    a[c] = _mm512_setzero_ps();
    b[c] = _mm512_setzero_ps();
  }
  for (uint32_t i = 0; i < n_steps; ++i) {
#pragma GCC unroll 4
    for (int c = 0; c < (int)PINNA_RESAMPLE_CHAINS; ++c) {
      const __m512 f = _mm512_load_ps(front + 16 * c);
      const __m512 g = _mm512_load_ps(back + 16 * c);
      a[c] = _mm512_fmadd_ps(f, _mm512_set1_ps(x[c]), a[c]);
      a[c + 4] = _mm512_fmadd_ps(g, _mm512_set1_ps(x_end[-c]), a[c + 4]);
      b[c] = _mm512_fmadd_ps(f, _mm512_set1_ps(y[c]), b[c]);
      b[c + 4] = _mm512_fmadd_ps(g, _mm512_set1_ps(y_end[-c]), b[c + 4]);
    }
    x += PINNA_RESAMPLE_CHAINS;
    y += PINNA_RESAMPLE_CHAINS;
    x_end -= PINNA_RESAMPLE_CHAINS;
    y_end -= PINNA_RESAMPLE_CHAINS;
    front += PINNA_RESAMPLE_CHAINS * PINNA_RESAMPLE_LANES;
    back += PINNA_RESAMPLE_CHAINS * PINNA_RESAMPLE_LANES;
  }
  fold(a, sums);
  fold(b, sums + PINNA_RESAMPLE_LANES);
}

void
pinna_resample_kernel_avx512(const PinnaResampleSpan* const span) {
  run_groups(span);
}
