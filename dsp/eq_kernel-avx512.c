// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/eq_kernel.h"

#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>

#define VEC_BYTES 64
#define FMA(a, b, c) ((Vec)_mm512_fmadd_pd((__m512d)(a), (__m512d)(b), (__m512d)(c)))
#include "dsp/eq_knot.h"

// The equaliser's loops with eight sections in one vector

#define INLINE static inline __attribute__((always_inline))

typedef struct {
  __m512d s1, s2, y;
} Wave;

typedef struct {
  __m512d c[EQ_N_COEFS];
} Coefs;

/// One step of eight sections; those outside `active` keep their state
INLINE void
step(Wave* const w, const Coefs* const k, const double* const in, const bool masked,
     const __mmask8 active) {
  const __m512d next = _mm512_castpd128_pd512(_mm_load_sd(in));
  const __m512d x = _mm512_castsi512_pd(
      _mm512_alignr_epi64(_mm512_castpd_si512(next), _mm512_castpd_si512(w->y), 1));
  const __m512d e = _mm512_sub_pd(x, w->s2);
  const __m512d s = _mm512_fmadd_pd(k->c[EQ_P], w->s1, w->s2);
  const __m512d mix = _mm512_fmadd_pd(k->c[EQ_C2], w->s2, _mm512_mul_pd(k->c[EQ_C1], w->s1));
  const __m512d s1 = _mm512_fmadd_pd(k->c[EQ_P], e, _mm512_mul_pd(k->c[EQ_M], w->s1));
  const __m512d s2 = _mm512_fmadd_pd(k->c[EQ_R], e, s);
  w->y = _mm512_fmadd_pd(k->c[EQ_D], x, mix);
  w->s1 = masked ? _mm512_mask_mov_pd(w->s1, active, s1) : s1;
  w->s2 = masked ? _mm512_mask_mov_pd(w->s2, active, s2) : s2;
}

/// Array elements whose section has a sample at step j: 0 <= j - p < n, p = 7 - element
INLINE __mmask8
active_at(const uint32_t j, const uint32_t n) {
  const uint32_t low = j < 7U ? 7U - j : 0U;
  const uint32_t high = n + 7U - j < 8U ? n + 7U - j : 8U;
  return (__mmask8)((0xFFU << low) & ((1U << high) - 1U));
}

INLINE void
emit(double* const x, const uint32_t j, const Wave* const w) {
  _mm_store_sd(x + j - 7U, _mm512_castpd512_pd128(w->y));
}

INLINE void
hold_n(const double coefs[EQ_N_COEFS][EQ_WIDTH], PinnaEqState* const* const states,
       double* const* const x, const uint32_t n_ch, const uint32_t n) {
  Coefs k;
  Wave  w[2];
  for (uint32_t i = 0U; i < EQ_N_COEFS; ++i) {
    k.c[i] = _mm512_load_pd(coefs[i]);
  }
  for (uint32_t ch = 0U; ch < n_ch; ++ch) {
    w[ch] =
        (Wave){_mm512_load_pd(states[ch]->s1), _mm512_load_pd(states[ch]->s2), _mm512_setzero_pd()};
  }

  uint32_t j = 0U;
  for (; j < 7U; ++j) {
    for (uint32_t ch = 0U; ch < n_ch; ++ch) {
      step(&w[ch], &k, x[ch] + j, true, active_at(j, n));
    }
  }
  for (; j < n; ++j) {
    for (uint32_t ch = 0U; ch < n_ch; ++ch) {
      step(&w[ch], &k, x[ch] + j, false, 0U);
      emit(x[ch], j, &w[ch]);
    }
  }
  for (; j < n + 7U; ++j) {
    for (uint32_t ch = 0U; ch < n_ch; ++ch) {
      step(&w[ch], &k, x[ch] + j, true, active_at(j, n));
      emit(x[ch], j, &w[ch]);
    }
  }
  for (uint32_t ch = 0U; ch < n_ch; ++ch) {
    _mm512_store_pd(states[ch]->s1, w[ch].s1);
    _mm512_store_pd(states[ch]->s2, w[ch].s2);
  }
}

static void
hold(const double coefs[EQ_N_COEFS][EQ_WIDTH], PinnaEqState* const* const states,
     double* const* const x, const uint32_t n_ch, const uint32_t n) {
  if (n_ch == 1U) {
    hold_n(coefs, states, x, 1U, n);
  } else {
    hold_n(coefs, states, x, 2U, n);
  }
}

/// Moving coefficients: value and differences
typedef struct {
  Coefs   k;
  __m512d d[EQ_N_COEFS];
  __m512d e[EQ_N_COEFS];
  __m512d f[EQ_N_COEFS];
} Path;

INLINE void
enter_piece(Path* const path, const PinnaEqPiece* const piece) {
  for (uint32_t i = 0U; i < EQ_N_COEFS; ++i) {
    path->k.c[i] = _mm512_load_pd(piece->c[i]);
    path->d[i] = _mm512_load_pd(piece->d[i]);
    path->e[i] = _mm512_load_pd(piece->e[i]);
    path->f[i] = _mm512_load_pd(piece->f[i]);
  }
}

/// Half of the sums go to the multipliers, which are idle here; the results are the same
INLINE void
move_on(Path* const path) {
  const __m512d one = _mm512_set1_pd(1.0);
  for (uint32_t i = 0U; i < EQ_N_COEFS; ++i) {
    path->k.c[i] = _mm512_add_pd(path->k.c[i], path->d[i]);
    path->d[i] = _mm512_add_pd(path->d[i], path->e[i]);
    path->e[i] = _mm512_fmadd_pd(path->f[i], one, path->e[i]);
  }
}

/// Steps j to `end`, all within one piece
INLINE void
glide_steps(Path* const path, Wave* const w, double* const* const x, const uint32_t n_ch,
            uint32_t j, const uint32_t end, const uint32_t n, const bool masked) {
  for (; j < end; ++j) {
    for (uint32_t ch = 0U; ch < n_ch; ++ch) {
      step(&w[ch], &path->k, x[ch] + j, masked, masked ? active_at(j, n) : 0U);
      if (!masked || j >= 7U) {
        emit(x[ch], j, &w[ch]);
      }
    }
    move_on(path);
  }
}

INLINE void
glide_n(const PinnaEqPiece* piece, const uint32_t piece_len, uint32_t offset,
        PinnaEqState* const* const states, double* const* const x, const uint32_t n_ch,
        const uint32_t n) {
  Path path;
  Wave w[2];
  for (uint32_t ch = 0U; ch < n_ch; ++ch) {
    w[ch] =
        (Wave){_mm512_load_pd(states[ch]->s1), _mm512_load_pd(states[ch]->s2), _mm512_setzero_pd()};
  }
  for (; offset >= piece_len; offset -= piece_len) {
    ++piece;
  }

  enter_piece(&path, piece);
  for (uint32_t i = 0U; i < offset; ++i) {
    move_on(&path);
  }
  uint32_t piece_end = piece_len - offset;
  for (uint32_t j = 0U; j < n + 7U;) {
    if (j == piece_end) {
      enter_piece(&path, ++piece);
      piece_end += piece_len;
    }
    const bool     full = j >= 7U && j < n;
    const uint32_t stretch = j < 7U ? 7U : j < n ? n : n + 7U;
    const uint32_t end = piece_end < stretch ? piece_end : stretch;
    if (full) {
      glide_steps(&path, w, x, n_ch, j, end, n, false);
    } else {
      glide_steps(&path, w, x, n_ch, j, end, n, true);
    }
    j = end;
  }
  for (uint32_t ch = 0U; ch < n_ch; ++ch) {
    _mm512_store_pd(states[ch]->s1, w[ch].s1);
    _mm512_store_pd(states[ch]->s2, w[ch].s2);
  }
}

static void
glide(const PinnaEqPiece* const pieces, const uint32_t piece_len, const uint32_t offset,
      PinnaEqState* const* const states, double* const* const x, const uint32_t n_ch,
      const uint32_t n) {
  if (n_ch == 1U) {
    glide_n(pieces, piece_len, offset, states, x, 1U, n);
  } else {
    glide_n(pieces, piece_len, offset, states, x, 2U, n);
  }
}

const PinnaEqKernels pinna_eq_kernels_avx512 = {PINNA_ISA_AVX512, hold, glide, advance, segment};
