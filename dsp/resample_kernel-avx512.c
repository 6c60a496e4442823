// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/resample_fold.h"
#include "dsp/resample_span.h"

#include <immintrin.h>

// Polyphase sums with AVX-512: two vectors of lanes, one or two windows, a side after the other

#define ROW (PINNA_RESAMPLE_CHAINS * PINNA_RESAMPLE_LANES)

typedef struct {
  __m512 a[PINNA_RESAMPLE_CHAINS]; ///< Lanes 0 to 15
  __m512 b[PINNA_RESAMPLE_CHAINS]; ///< Lanes 16 to 31
} Chains;

static inline void
            clear(Chains* const sums) {
#pragma GCC unroll 4
  for (uint32_t c = 0; c < PINNA_RESAMPLE_CHAINS; ++c) {
    sums->a[c] = _mm512_setzero_ps();
    sums->b[c] = _mm512_setzero_ps();
  }
}

static inline __m512
fold(const __m512* const s) {
  return _mm512_add_ps(_mm512_add_ps(s[0], s[1]), _mm512_add_ps(s[2], s[3]));
}

/// Rows of one window for lanes 0 to 15 (x) and 16 to 31 (y); `step` walks it forwards or backwards
static inline void
sum_rows(const float* table, const uint32_t n_steps, const float* x, const float* y,
         const ptrdiff_t step, __m512* const sums) {
  Chains s;
  clear(&s);
  for (uint32_t i = 0; i < n_steps; ++i) {
#pragma GCC unroll 4
    for (ptrdiff_t c = 0; c < (ptrdiff_t)PINNA_RESAMPLE_CHAINS; ++c) {
      const __m512 xs = _mm512_set1_ps(x[c * step]);
      const __m512 ys = _mm512_set1_ps(y[c * step]);
      s.a[c] = _mm512_fmadd_ps(_mm512_load_ps(table + 32 * c), xs, s.a[c]);
      s.b[c] = _mm512_fmadd_ps(_mm512_load_ps(table + 32 * c + 16), ys, s.b[c]);
    }
    x += step * (ptrdiff_t)PINNA_RESAMPLE_CHAINS;
    y += step * (ptrdiff_t)PINNA_RESAMPLE_CHAINS;
    table += ROW;
  }
  sums[0] = fold(s.a);
  sums[1] = fold(s.b);
}

/// One side of two windows
static inline void
sum_side_pair(const float* table, const uint32_t n_steps, const float* x, const float* y,
              const ptrdiff_t step, __m512* const sums) {
  Chains s;
  Chains t;
  clear(&s);
  clear(&t);
  for (uint32_t i = 0; i < n_steps; ++i) {
#pragma GCC unroll 4
    for (ptrdiff_t c = 0; c < (ptrdiff_t)PINNA_RESAMPLE_CHAINS; ++c) {
      __m512       a = _mm512_load_ps(table + 32 * c);
      __m512       b = _mm512_load_ps(table + 32 * c + 16);
      const __m512 xs = _mm512_set1_ps(x[c * step]);
      const __m512 ys = _mm512_set1_ps(y[c * step]);
      __asm__("" : "+v"(a), "+v"(b));
      s.a[c] = _mm512_fmadd_ps(a, xs, s.a[c]);
      s.b[c] = _mm512_fmadd_ps(b, xs, s.b[c]);
      t.a[c] = _mm512_fmadd_ps(a, ys, t.a[c]);
      t.b[c] = _mm512_fmadd_ps(b, ys, t.b[c]);
    }
    x += step * (ptrdiff_t)PINNA_RESAMPLE_CHAINS;
    y += step * (ptrdiff_t)PINNA_RESAMPLE_CHAINS;
    table += ROW;
  }
  sums[0] = fold(s.a);
  sums[1] = fold(s.b);
  sums[2] = fold(t.a);
  sums[3] = fold(t.b);
}

static inline void
mirror(const float* const left, const float* const right, const uint32_t n_rows,
       Folded* const folded) {
  const __m512i backwards = _mm512_set_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  for (ptrdiff_t i = 0; i < (ptrdiff_t)n_rows; i += 16) {
    const __m512 l = _mm512_loadu_ps(left + i);
    const __m512 r = _mm512_permutexvar_ps(backwards, _mm512_loadu_ps(right - i - 15));
    _mm512_store_ps(folded->u + i, _mm512_add_ps(l, r));
    _mm512_store_ps(folded->v + i, _mm512_sub_ps(l, r));
  }
}

static inline void
fold_dot(const float* const table, const uint32_t n_rows, const Folded* const f,
         float* const sums) {
  __m512 both[2];
  sum_rows(table, n_rows / PINNA_RESAMPLE_CHAINS, f->u, f->v, 1, both);
  _mm512_store_ps(sums, both[0]);
  _mm512_store_ps(sums + 16, both[1]);
}

static inline void
fold_dot_pair(const float* table, const uint32_t n_rows, const Folded* const f, float* const sums) {
  Chains s;
  Chains t;
  clear(&s);
  clear(&t);
  for (uint32_t i = 0; i < n_rows; i += PINNA_RESAMPLE_CHAINS) {
#pragma GCC unroll 4
    for (uint32_t c = 0; c < PINNA_RESAMPLE_CHAINS; ++c) {
      __m512 a = _mm512_load_ps(table + 32 * c);
      __m512 b = _mm512_load_ps(table + 32 * c + 16);
      __asm__("" : "+v"(a), "+v"(b));
      s.a[c] = _mm512_fmadd_ps(a, _mm512_set1_ps(f[0].u[i + c]), s.a[c]);
      s.b[c] = _mm512_fmadd_ps(b, _mm512_set1_ps(f[0].v[i + c]), s.b[c]);
      t.a[c] = _mm512_fmadd_ps(a, _mm512_set1_ps(f[1].u[i + c]), t.a[c]);
      t.b[c] = _mm512_fmadd_ps(b, _mm512_set1_ps(f[1].v[i + c]), t.b[c]);
    }
    table += ROW;
  }
  _mm512_store_ps(sums, fold(s.a));
  _mm512_store_ps(sums + 16, fold(s.b));
  _mm512_store_ps(sums + 32, fold(t.a));
  _mm512_store_ps(sums + 48, fold(t.b));
}

/// Adding +0 leaves no -0, whatever zeros a window was padded with
static inline void
store_sums(const __m512* const front, const __m512* const back, const uint32_t n,
           float* const sums) {
  for (uint32_t i = 0; i < n; ++i) {
    const __m512 sum = _mm512_add_ps(front[i], back[i]);
    _mm512_store_ps(sums + 16 * i, _mm512_add_ps(sum, _mm512_setzero_ps()));
  }
}

/// One side of two windows, sixteen lanes
static inline void
sum_narrow(const float* table, const uint32_t n_steps, const float* x, const float* y,
           const ptrdiff_t step, __m512* const sums) {
  Chains s;
  clear(&s);
  for (uint32_t i = 0; i < n_steps; ++i) {
#pragma GCC unroll 4
    for (ptrdiff_t c = 0; c < (ptrdiff_t)PINNA_RESAMPLE_CHAINS; ++c) {
      __m512 a = _mm512_load_ps(table + 16 * c);
      __asm__("" : "+v"(a));
      s.a[c] = _mm512_fmadd_ps(a, _mm512_set1_ps(x[c * step]), s.a[c]);
      s.b[c] = _mm512_fmadd_ps(a, _mm512_set1_ps(y[c * step]), s.b[c]);
    }
    x += step * (ptrdiff_t)PINNA_RESAMPLE_CHAINS;
    y += step * (ptrdiff_t)PINNA_RESAMPLE_CHAINS;
    table += ROW / 2;
  }
  sums[0] = fold(s.a);
  sums[1] = fold(s.b);
}

static inline void
dot_narrow(const float* const table, const uint32_t n_steps, const float* const x,
           const float* const y, float* const sums) {
  const size_t last = (size_t)n_steps * 2 * PINNA_RESAMPLE_CHAINS - 1;
  __m512       front[2];
  __m512       back[2];
  sum_narrow(table, n_steps, x, y, 1, front);
  sum_narrow(table + (size_t)n_steps * (ROW / 2), n_steps, x + last, y + last, -1, back);
  store_sums(front, back, 1, sums);
  store_sums(front + 1, back + 1, 1, sums + PINNA_RESAMPLE_LANES);
}

static inline void
dot(const float* const table, const uint32_t n_steps, const uint32_t lanes, const float* const x,
    float* const sums) {
  if (lanes == 16) {
    _Alignas(64) float pair[2 * PINNA_RESAMPLE_LANES];
    dot_narrow(table, n_steps, x, x, pair);
    memcpy(sums, pair, 16 * sizeof(float));
    return;
  }
  const size_t last = (size_t)n_steps * 2 * PINNA_RESAMPLE_CHAINS - 1;
  __m512       front[2];
  __m512       back[2];
  sum_rows(table, n_steps, x, x, 1, front);
  sum_rows(table + (size_t)n_steps * ROW, n_steps, x + last, x + last, -1, back);
  store_sums(front, back, 2, sums);
}

static inline void
dot_pair(const float* const table, const uint32_t n_steps, const uint32_t lanes,
         const float* const x, const float* const y, float* const sums) {
  if (lanes == 16) {
    dot_narrow(table, n_steps, x, y, sums);
    return;
  }
  const size_t last = (size_t)n_steps * 2 * PINNA_RESAMPLE_CHAINS - 1;
  __m512       front[4];
  __m512       back[4];
  sum_side_pair(table, n_steps, x, y, 1, front);
  sum_side_pair(table + (size_t)n_steps * ROW, n_steps, x + last, y + last, -1, back);
  store_sums(front, back, 4, sums);
}

void
pinna_resample_kernel_avx512(const PinnaResampleSpan* const span) {
  run_groups(span);
}

void
pinna_resample_fold_avx512(const PinnaResampleFold* const fold, const float* const* const in,
                           float* const* const out) {
  run_fold(fold, in, out);
}
