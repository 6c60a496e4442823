// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_BEAM_LINEAR_H
#define PINNA_DSP_BEAM_LINEAR_H

#include "dsp/beam_kernel.h"

#include <stddef.h>
#include <stdint.h>

// Small complex vectors and Hermitian matrices, one problem per lane of a vector of doubles

#ifndef PINNA_BEAM_WIDTH
#define PINNA_BEAM_WIDTH 2 // Doubles of a vector: an instruction set says its own
#endif

#define BEAM_MAX 8U
#define BEAM_INLINE static inline __attribute__((always_inline))

typedef double BeamV __attribute__((vector_size(PINNA_BEAM_WIDTH * 8), may_alias));

/// Element `i` of a lane group: arrays are [elements][PINNA_BEAM_LANES]
#define AT(array, i) (*(BeamV*)((array) + (size_t)(i)*PINNA_BEAM_LANES))

/// Where one vector's worth of bins begins in each array
typedef struct {
  size_t vector; ///< Offset into vectors
  size_t matrix;
  size_t scalar;
  size_t pair;
} BeamAt;

BEAM_INLINE BeamAt
beam_at(const uint32_t m, const uint32_t block, const uint32_t lane) {
  const size_t b = (size_t)block * PINNA_BEAM_LANES;
  return (BeamAt){b * 2U * m + lane, b * m * m + lane, b + lane, 2U * b + lane};
}

/// out = a x, `a` Hermitian
BEAM_INLINE void
beam_multiply(BeamV* const out, const double* const a, const BeamV* const x, const uint32_t m) {
  for (uint32_t i = 0U; i < m; ++i) {
    const BeamV d = AT(a, i * m + i);
    BeamV       re = d * x[2U * i];
    BeamV       im = d * x[2U * i + 1U];
    for (uint32_t j = 0U; j < i; ++j) {
      const BeamV ar = AT(a, j * m + i);
      const BeamV ai = AT(a, i * m + j);
      re += ar * x[2U * j] + ai * x[2U * j + 1U];
      im += ar * x[2U * j + 1U] - ai * x[2U * j];
    }
    for (uint32_t j = i + 1U; j < m; ++j) {
      const BeamV ar = AT(a, i * m + j);
      const BeamV ai = AT(a, j * m + i);
      re += ar * x[2U * j] - ai * x[2U * j + 1U];
      im += ar * x[2U * j + 1U] + ai * x[2U * j];
    }
    out[2U * i] = re;
    out[2U * i + 1U] = im;
  }
}

/// tr(a b), both Hermitian
BEAM_INLINE BeamV
beam_trace(const double* const a, const double* const b, const uint32_t m) {
  BeamV diagonal = AT(a, 0U) * AT(b, 0U);
  BeamV rest = {0.0};
  for (uint32_t i = 1U; i < m; ++i) {
    diagonal += AT(a, i * m + i) * AT(b, i * m + i);
    for (uint32_t j = 0U; j < i; ++j) {
      rest += AT(a, i * m + j) * AT(b, i * m + j) + AT(a, j * m + i) * AT(b, j * m + i);
    }
  }
  return diagonal + rest + rest;
}

/// Re(x^H y)
BEAM_INLINE BeamV
beam_dot_re(const BeamV* const x, const BeamV* const y, const uint32_t m) {
  BeamV sum = x[0] * y[0] + x[1] * y[1];
  for (uint32_t i = 1U; i < m; ++i) {
    sum += x[2U * i] * y[2U * i] + x[2U * i + 1U] * y[2U * i + 1U];
  }
  return sum;
}

/// Im(x^H y)
BEAM_INLINE BeamV
beam_dot_im(const BeamV* const x, const BeamV* const y, const uint32_t m) {
  BeamV sum = x[0] * y[1] - x[1] * y[0];
  for (uint32_t i = 1U; i < m; ++i) {
    sum += x[2U * i] * y[2U * i + 1U] - x[2U * i + 1U] * y[2U * i];
  }
  return sum;
}

BEAM_INLINE void
beam_load(BeamV* const x, const double* const from, const uint32_t m) {
  for (uint32_t i = 0U; i < 2U * m; ++i) {
    x[i] = AT(from, i);
  }
}

/// a = keep a + add x x^H
BEAM_INLINE void
beam_rank_one(double* const a, const BeamV keep, const BeamV add, const BeamV* const x,
              const uint32_t m) {
  for (uint32_t i = 0U; i < m; ++i) {
    const BeamV xr = add * x[2U * i];
    const BeamV xi = add * x[2U * i + 1U];
    AT(a, i * m + i) = keep * AT(a, i * m + i) + (xr * x[2U * i] + xi * x[2U * i + 1U]);
    for (uint32_t j = i + 1U; j < m; ++j) {
      AT(a, i * m + j) = keep * AT(a, i * m + j) + (xr * x[2U * j] + xi * x[2U * j + 1U]);
      AT(a, j * m + i) = keep * AT(a, j * m + i) + (xi * x[2U * j] - xr * x[2U * j + 1U]);
    }
  }
}

/// Column `ref` of a Hermitian matrix
BEAM_INLINE void
beam_column(BeamV* const x, const double* const a, const uint32_t ref, const uint32_t m) {
  for (uint32_t i = 0U; i < m; ++i) {
    const BeamV re = AT(a, (i < ref ? i * m + ref : ref * m + i));
    const BeamV im = AT(a, (i < ref ? ref * m + i : i * m + ref));
    x[2U * i] = re;
    x[2U * i + 1U] = (i < ref ? 1.0 : i == ref ? 0.0 : -1.0) * im;
  }
}

/// Gauss-Jordan on a Hermitian positive definite matrix: no pivots needed
BEAM_INLINE void
beam_invert(BeamV* const re, BeamV* const im, const uint32_t m) {
  for (uint32_t k = 0U; k < m; ++k) {
    const BeamV pivot = 1.0 / re[k * BEAM_MAX + k];
    for (uint32_t i = 0U; i < m; ++i) {
      if (i == k) {
        continue;
      }
      const BeamV fr = re[i * BEAM_MAX + k] * pivot;
      const BeamV fi = im[i * BEAM_MAX + k] * pivot;
      for (uint32_t j = 0U; j < m; ++j) {
        const BeamV br = re[k * BEAM_MAX + j];
        const BeamV bi = im[k * BEAM_MAX + j];
        re[i * BEAM_MAX + j] -= fr * br - fi * bi;
        im[i * BEAM_MAX + j] -= fr * bi + fi * br;
      }
      re[i * BEAM_MAX + k] = -fr;
      im[i * BEAM_MAX + k] = -fi;
    }
    for (uint32_t j = 0U; j < m; ++j) {
      re[k * BEAM_MAX + j] *= pivot;
      im[k * BEAM_MAX + j] *= pivot;
    }
    re[k * BEAM_MAX + k] = pivot;
    im[k * BEAM_MAX + k] = (BeamV){0.0};
  }
}

#endif // PINNA_DSP_BEAM_LINEAR_H
