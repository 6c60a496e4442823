// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/resample_fold.h"
#include "dsp/resample_span.h"

#include <immintrin.h>

// Polyphase sums with AVX2 and FMA: two vectors of lanes at a time, one side of the window after
// the other

/// One side's chains; `step` walks the window forwards or backwards
static inline void
sum_side(const float* table, const uint32_t lanes, const uint32_t n_steps, const float* x,
         const ptrdiff_t step, __m256* const low, __m256* const high) {
  __m256 a[PINNA_RESAMPLE_CHAINS];
  __m256 b[PINNA_RESAMPLE_CHAINS];
#pragma GCC unroll 4
  for (uint32_t c = 0; c < PINNA_RESAMPLE_CHAINS; ++c) {
    a[c] = _mm256_setzero_ps();
    b[c] = _mm256_setzero_ps();
  }
  for (uint32_t i = 0; i < n_steps; ++i) {
#pragma GCC unroll 4
    for (uint32_t c = 0; c < PINNA_RESAMPLE_CHAINS; ++c) {
      const __m256 sample = _mm256_broadcast_ss(x + (ptrdiff_t)c * step);
      a[c] = _mm256_fmadd_ps(_mm256_load_ps(table + (size_t)lanes * c), sample, a[c]);
      b[c] = _mm256_fmadd_ps(_mm256_load_ps(table + (size_t)lanes * c + 8), sample, b[c]);
    }
    x += step * (ptrdiff_t)PINNA_RESAMPLE_CHAINS;
    table += (size_t)PINNA_RESAMPLE_CHAINS * lanes;
  }
  *low = _mm256_add_ps(_mm256_add_ps(a[0], a[1]), _mm256_add_ps(a[2], a[3]));
  *high = _mm256_add_ps(_mm256_add_ps(b[0], b[1]), _mm256_add_ps(b[2], b[3]));
}

static inline void
mirror(const float* const left, const float* const right, const uint32_t n_rows,
       Folded* const folded) {
  const __m256i backwards = _mm256_set_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  for (ptrdiff_t i = 0; i < (ptrdiff_t)n_rows; i += 8) {
    const __m256 l = _mm256_loadu_ps(left + i);
    const __m256 r = _mm256_permutevar8x32_ps(_mm256_loadu_ps(right - i - 7), backwards);
    _mm256_store_ps(folded->u + i, _mm256_add_ps(l, r));
    _mm256_store_ps(folded->v + i, _mm256_sub_ps(l, r));
  }
}

static inline void
fold_dot(const float* const table, const uint32_t n_rows, const Folded* const f,
         float* const sums) {
  const uint32_t n_steps = n_rows / PINNA_RESAMPLE_CHAINS;
  __m256         both[4];
  sum_side(table, PINNA_RESAMPLE_LANES, n_steps, f->u, 1, &both[0], &both[1]);
  sum_side(table + FOLD_HALF, PINNA_RESAMPLE_LANES, n_steps, f->v, 1, &both[2], &both[3]);
  for (uint32_t i = 0; i < 4; ++i) {
    _mm256_store_ps(sums + 8 * i, both[i]);
  }
}

static inline void
fold_dot_pair(const float* const table, const uint32_t n_rows, const Folded* const f,
              float* const sums) {
  fold_dot(table, n_rows, f, sums);
  fold_dot(table, n_rows, f + 1, sums + PINNA_RESAMPLE_LANES);
}

static inline void
dot(const float* const table, const uint32_t n_steps, const uint32_t lanes, const float* const x,
    float* const sums) {
  const size_t n_window = (size_t)n_steps * 2 * PINNA_RESAMPLE_CHAINS;
  const size_t n_side = n_window / 2 * lanes;
  const __m256 zero = _mm256_setzero_ps(); // no -0, whatever zeros a window was padded with
  for (uint32_t lane = 0; lane < lanes; lane += 16) {
    __m256 front[2];
    __m256 back[2];
    sum_side(table + lane, lanes, n_steps, x, 1, &front[0], &front[1]);
    sum_side(table + n_side + lane, lanes, n_steps, x + n_window - 1, -1, &back[0], &back[1]);
    for (uint32_t i = 0; i < 2; ++i) {
      const __m256 sum = _mm256_add_ps(front[i], back[i]);
      _mm256_store_ps(sums + lane + 8 * i, _mm256_add_ps(sum, zero));
    }
  }
}

static inline void
dot_pair(const float* const table, const uint32_t n_steps, const uint32_t lanes,
         const float* const x, const float* const y, float* const sums) {
  dot(table, n_steps, lanes, x, sums);
  dot(table, n_steps, lanes, y, sums + PINNA_RESAMPLE_LANES);
}

void
pinna_resample_kernel_avx2(const PinnaResampleSpan* const span) {
  run_groups(span);
}

void
pinna_resample_fold_avx2(const PinnaResampleFold* const fold, const float* const* const in,
                         float* const* const out) {
  run_fold(fold, in, out);
}
