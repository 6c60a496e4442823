// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/eq_kernel.h"

#define VEC_BYTES 16
#define FMA(a, b, c) ((a) * (b) + (c))
#include "dsp/eq_knot.h"

#include <stdint.h>

// Reference of the equaliser's loops: one section after the other

static void
hold(const double coefs[EQ_N_COEFS][EQ_WIDTH], PinnaEqState* const* const states,
     double* const* const x, const uint32_t n_ch, const uint32_t n) {
  for (uint32_t ch = 0U; ch < n_ch; ++ch) {
    for (uint32_t lane = EQ_WIDTH; lane-- > 0U;) {
      const double m = coefs[EQ_M][lane];
      const double p = coefs[EQ_P][lane];
      const double r = coefs[EQ_R][lane];
      const double c1 = coefs[EQ_C1][lane];
      const double c2 = coefs[EQ_C2][lane];
      const double d = coefs[EQ_D][lane];
      double       s1 = states[ch]->s1[lane];
      double       s2 = states[ch]->s2[lane];
      for (uint32_t i = 0U; i < n; ++i) {
        const double in = x[ch][i];
        const double e = in - s2;
        const double s = p * s1 + s2;
        x[ch][i] = d * in + (c2 * s2 + c1 * s1);
        s1 = p * e + m * s1;
        s2 = r * e + s;
      }
      states[ch]->s1[lane] = s1;
      states[ch]->s2[lane] = s2;
    }
  }
}

/// One section: its pieces start at step `offset` of the first
static void
glide_lane(const PinnaEqPiece* piece, const uint32_t piece_len, const uint32_t offset,
           const uint32_t lane, PinnaEqState* const state, double* const x, const uint32_t n) {
  double   c[EQ_N_COEFS], d[EQ_N_COEFS], e[EQ_N_COEFS], f[EQ_N_COEFS];
  double   s1 = state->s1[lane];
  double   s2 = state->s2[lane];
  uint32_t left = 0U;
  uint32_t skip = offset;
  for (uint32_t i = 0U; i < n;) {
    if (!left) {
      for (uint32_t k = 0U; k < EQ_N_COEFS; ++k) {
        c[k] = piece->c[k][lane];
        d[k] = piece->d[k][lane];
        e[k] = piece->e[k][lane];
        f[k] = piece->f[k][lane];
      }
      ++piece;
      left = piece_len;
    }
    if (skip) {
      --skip;
    } else {
      const double in = x[i];
      const double err = in - s2;
      const double s = c[EQ_P] * s1 + s2;
      x[i++] = c[EQ_D] * in + (c[EQ_C2] * s2 + c[EQ_C1] * s1);
      s1 = c[EQ_P] * err + c[EQ_M] * s1;
      s2 = c[EQ_R] * err + s;
    }
    for (uint32_t k = 0U; k < EQ_N_COEFS; ++k) {
      c[k] += d[k];
      d[k] += e[k];
      e[k] += f[k];
    }
    --left;
  }
  state->s1[lane] = s1;
  state->s2[lane] = s2;
}

static void
glide(const PinnaEqPiece* const pieces, const uint32_t piece_len, const uint32_t offset,
      PinnaEqState* const* const states, double* const* const x, const uint32_t n_ch,
      const uint32_t n) {
  for (uint32_t ch = 0U; ch < n_ch; ++ch) {
    for (uint32_t p = 0U; p < EQ_WIDTH; ++p) {
      glide_lane(pieces, piece_len, offset + p, EQ_WIDTH - 1U - p, states[ch], x[ch], n);
    }
  }
}

const PinnaEqKernels pinna_eq_kernels_c = {PINNA_ISA_C, hold, glide, advance, segment};
