// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/eq_kernel.h"

#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>

#define VEC_BYTES 32
#define FMA(a, b, c) ((Vec)_mm256_fmadd_pd((__m256d)(a), (__m256d)(b), (__m256d)(c)))
#include "dsp/eq_knot.h"

// The equaliser's loops with four sections in one vector

#define INLINE static inline __attribute__((always_inline))

typedef struct {
  __m256d s1, s2, y;
} Wave;

typedef struct {
  __m256d c[EQ_N_COEFS];
} Coefs;

/// Four sections fed with x; those outside `active` keep their state
INLINE void
step(Wave* const w, const Coefs* const k, const __m256d x, const bool masked,
     const __m256d active) {
  const __m256d e = _mm256_sub_pd(x, w->s2);
  const __m256d s = _mm256_fmadd_pd(k->c[EQ_P], w->s1, w->s2);
  const __m256d mix = _mm256_fmadd_pd(k->c[EQ_C2], w->s2, _mm256_mul_pd(k->c[EQ_C1], w->s1));
  const __m256d s1 = _mm256_fmadd_pd(k->c[EQ_P], e, _mm256_mul_pd(k->c[EQ_M], w->s1));
  const __m256d s2 = _mm256_fmadd_pd(k->c[EQ_R], e, s);
  w->y = _mm256_fmadd_pd(k->c[EQ_D], x, mix);
  w->s1 = masked ? _mm256_blendv_pd(w->s1, s1, active) : s1;
  w->s2 = masked ? _mm256_blendv_pd(w->s2, s2, active) : s2;
}

/// Elements whose section, `first` + 3 - element, has a sample at step j
INLINE __m256d
active_at(const uint32_t j, const uint32_t first, const uint32_t n) {
  const __m256i section =
      _mm256_add_epi64(_mm256_setr_epi64x(3, 2, 1, 0), _mm256_set1_epi64x((int64_t)first));
  const __m256i sample = _mm256_sub_epi64(_mm256_set1_epi64x((int64_t)j), section);
  const __m256i begun = _mm256_cmpgt_epi64(sample, _mm256_set1_epi64x(-1));
  return _mm256_castsi256_pd(
      _mm256_and_si256(begun, _mm256_cmpgt_epi64(_mm256_set1_epi64x((int64_t)n), sample)));
}

INLINE void
load_coefs(Coefs* const k, const double table[EQ_N_COEFS][EQ_WIDTH], const uint32_t element) {
  for (uint32_t i = 0U; i < EQ_N_COEFS; ++i) {
    k->c[i] = _mm256_load_pd(table[i] + element);
  }
}

INLINE Wave
load_wave(const PinnaEqState* const state, const uint32_t element) {
  return (Wave){_mm256_load_pd(state->s1 + element), _mm256_load_pd(state->s2 + element),
                _mm256_setzero_pd()};
}

INLINE void
store_wave(PinnaEqState* const state, const uint32_t element, const Wave* const w) {
  _mm256_store_pd(state->s1 + element, w->s1);
  _mm256_store_pd(state->s2 + element, w->s2);
}

/// Eight sections as two vectors: `w[1]` first, its last section feeds `w[0]`
INLINE void
step_both(Wave w[2], const Coefs k[2], const double* const in, const bool masked, const uint32_t j,
          const uint32_t n) {
  const __m256d zero = _mm256_setzero_pd();
  const __m256d high = _mm256_permute4x64_pd(w[1].y, 0x39);
  const __m256d low = _mm256_permute4x64_pd(w[0].y, 0x39);
  const __m256d x = _mm256_broadcast_sd(in);
  step(&w[1], &k[1], _mm256_blend_pd(high, x, 8), masked, masked ? active_at(j, 0U, n) : zero);
  step(&w[0], &k[0], _mm256_blend_pd(low, high, 8), masked, masked ? active_at(j, 4U, n) : zero);
}

INLINE void
hold_n(const double coefs[EQ_N_COEFS][EQ_WIDTH], PinnaEqState* const* const states,
       double* const* const x, const uint32_t n_ch, const uint32_t n) {
  Coefs k[2];
  Wave  w[2][2];
  load_coefs(&k[0], coefs, 0U);
  load_coefs(&k[1], coefs, 4U);
  for (uint32_t ch = 0U; ch < n_ch; ++ch) {
    w[ch][0] = load_wave(states[ch], 0U);
    w[ch][1] = load_wave(states[ch], 4U);
  }

  uint32_t j = 0U;
  for (; j < 7U; ++j) {
    for (uint32_t ch = 0U; ch < n_ch; ++ch) {
      step_both(w[ch], k, x[ch] + j, true, j, n);
    }
  }
  for (; j < n; ++j) {
    for (uint32_t ch = 0U; ch < n_ch; ++ch) {
      step_both(w[ch], k, x[ch] + j, false, j, n);
      _mm_store_sd(x[ch] + j - 7U, _mm256_castpd256_pd128(w[ch][0].y));
    }
  }
  for (; j < n + 7U; ++j) {
    for (uint32_t ch = 0U; ch < n_ch; ++ch) {
      step_both(w[ch], k, x[ch] + j, true, j, n);
      _mm_store_sd(x[ch] + j - 7U, _mm256_castpd256_pd128(w[ch][0].y));
    }
  }
  for (uint32_t ch = 0U; ch < n_ch; ++ch) {
    store_wave(states[ch], 0U, &w[ch][0]);
    store_wave(states[ch], 4U, &w[ch][1]);
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
  Coefs k, d, e, f;
} Path;

INLINE void
enter_piece(Path* const path, const PinnaEqPiece* const piece, const uint32_t element) {
  load_coefs(&path->k, piece->c, element);
  load_coefs(&path->d, piece->d, element);
  load_coefs(&path->e, piece->e, element);
  load_coefs(&path->f, piece->f, element);
}

INLINE void
move_on(Path* const path) {
  for (uint32_t i = 0U; i < EQ_N_COEFS; ++i) {
    path->k.c[i] = _mm256_add_pd(path->k.c[i], path->d.c[i]);
    path->d.c[i] = _mm256_add_pd(path->d.c[i], path->e.c[i]);
    path->e.c[i] = _mm256_add_pd(path->e.c[i], path->f.c[i]);
  }
}

INLINE void
glide_steps(Path* const path, Wave* const w, double* const* const x, const uint32_t n_ch,
            uint32_t j, const uint32_t end, const uint32_t n, const bool masked) {
  const __m256d zero = _mm256_setzero_pd();
  for (; j < end; ++j) {
    for (uint32_t ch = 0U; ch < n_ch; ++ch) {
      const __m256d turned = _mm256_permute4x64_pd(w[ch].y, 0x39);
      const __m256d in = _mm256_blend_pd(turned, _mm256_broadcast_sd(x[ch] + j), 8);
      step(&w[ch], &path->k, in, masked, masked ? active_at(j, 0U, n) : zero);
      if (!masked || j >= 3U) {
        _mm_store_sd(x[ch] + j - 3U, _mm256_castpd256_pd128(w[ch].y));
      }
    }
    move_on(path);
  }
}

/// Four of the eight sections: step j is `offset` + j steps into their pieces
INLINE void
glide_quad(const PinnaEqPiece* piece, const uint32_t piece_len, uint32_t offset,
           const uint32_t element, PinnaEqState* const* const states, double* const* const x,
           const uint32_t n_ch, const uint32_t n) {
  Path path;
  Wave w[2];
  for (uint32_t ch = 0U; ch < n_ch; ++ch) {
    w[ch] = load_wave(states[ch], element);
  }
  for (; offset >= piece_len; offset -= piece_len) {
    ++piece;
  }

  enter_piece(&path, piece, element);
  for (uint32_t i = 0U; i < offset; ++i) {
    move_on(&path);
  }
  uint32_t piece_end = piece_len - offset;
  for (uint32_t j = 0U; j < n + 3U;) {
    if (j == piece_end) {
      enter_piece(&path, ++piece, element);
      piece_end += piece_len;
    }
    const bool     full = j >= 3U && j < n;
    const uint32_t stretch = j < 3U ? 3U : j < n ? n : n + 3U;
    const uint32_t end = piece_end < stretch ? piece_end : stretch;
    if (full) {
      glide_steps(&path, w, x, n_ch, j, end, n, false);
    } else {
      glide_steps(&path, w, x, n_ch, j, end, n, true);
    }
    j = end;
  }
  for (uint32_t ch = 0U; ch < n_ch; ++ch) {
    store_wave(states[ch], element, &w[ch]);
  }
}

static void
glide(const PinnaEqPiece* const pieces, const uint32_t piece_len, const uint32_t offset,
      PinnaEqState* const* const states, double* const* const x, const uint32_t n_ch,
      const uint32_t n) {
  for (uint32_t first = 0U; first < EQ_WIDTH; first += 4U) {
    if (n_ch == 1U) {
      glide_quad(pieces, piece_len, offset + first, 4U - first, states, x, 1U, n);
    } else {
      glide_quad(pieces, piece_len, offset + first, 4U - first, states, x, 2U, n);
    }
  }
}

const PinnaEqKernels pinna_eq_kernels_avx2 = {PINNA_ISA_AVX2, hold, glide, advance, segment};
