// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_KALDI_TEXT_H
#define PINNA_DSP_KALDI_TEXT_H

#include "dsp/kaldi_kernel.h"

#include <math.h>
#include <stddef.h>

// The transform's text, which every instruction set compiles for itself

/// Four frames' values; compilers split it where vectors are shorter
typedef double Vec __attribute__((vector_size(32), aligned(32)));

/// (re, im) *= (w[0], w[1]), stored
#define STORE_TURNED(to, re, im, w)                                                                \
  do {                                                                                             \
    (to)[0] = (re) * (w)[0] - (im) * (w)[1];                                                       \
    (to)[1] = (re) * (w)[1] + (im) * (w)[0];                                                       \
  } while (0)

/// One butterfly: x values `from` apart, y values `to` apart, in vectors
static inline void
butterfly_2(const Vec* const x, const size_t from, Vec* const y, const size_t to,
            const double* const w) {
  const Vec* const b = x + from;
  const Vec        re = x[0] - b[0];
  const Vec        im = x[1] - b[1];
  y[0] = x[0] + b[0];
  y[1] = x[1] + b[1];
  STORE_TURNED(y + to, re, im, w);
}

static inline void
butterfly_4(const Vec* const x, const size_t from, Vec* const y, const size_t to,
            const double* const w) {
  const Vec* const b = x + from;
  const Vec* const c = b + from;
  const Vec* const d = c + from;
  const Vec        sum_re = x[0] + c[0];
  const Vec        sum_im = x[1] + c[1];
  const Vec        dif_re = x[0] - c[0];
  const Vec        dif_im = x[1] - c[1];
  const Vec        odd_re = b[0] + d[0];
  const Vec        odd_im = b[1] + d[1];
  const Vec        turn_re = b[1] - d[1]; // -j (b - d)
  const Vec        turn_im = d[0] - b[0];
  const Vec        one_re = dif_re + turn_re;
  const Vec        one_im = dif_im + turn_im;
  const Vec        two_re = sum_re - odd_re;
  const Vec        two_im = sum_im - odd_im;
  const Vec        three_re = dif_re - turn_re;
  const Vec        three_im = dif_im - turn_im;
  y[0] = sum_re + odd_re;
  y[1] = sum_im + odd_im;
  STORE_TURNED(y + to, one_re, one_im, w);
  STORE_TURNED(y + 2 * to, two_re, two_im, w + 2);
  STORE_TURNED(y + 3 * to, three_re, three_im, w + 4);
}

static inline void
butterfly_any(const Vec* const x, const size_t from, Vec* const y, const size_t to,
              const double* const w, const uint32_t radix, const double* const roots) {
  for (uint32_t k = 0U; k < radix; ++k) {
    Vec re = x[0];
    Vec im = x[1];
    for (uint32_t j = 1U; j < radix; ++j) {
      const Vec* const    v = x + j * from;
      const double* const root = roots + 2U * ((uint64_t)j * k % radix);
      re += v[0] * root[0] - v[1] * root[1];
      im += v[0] * root[1] + v[1] * root[0];
    }
    if (k) {
      STORE_TURNED(y + k * to, re, im, w + 2U * (k - 1U));
    } else {
      y[0] = re;
      y[1] = im;
    }
  }
}

/// `left` values of each of `stride` transforms are one pass nearer to their result
static inline void
run_pass(const Vec* const x, Vec* const y, const uint32_t left, const uint32_t stride,
         const uint32_t radix, const double* w, const double* const roots) {
  const uint32_t m = left / radix;
  const size_t   from = 2U * (size_t)stride * m;
  const size_t   to = 2U * (size_t)stride;
  for (uint32_t p = 0U; p < m; ++p, w += 2U * (radix - 1U)) {
    const Vec* const in = x + 2U * (size_t)stride * p;
    Vec* const       out = y + 2U * (size_t)stride * radix * p;
    for (size_t q = 0U; q < 2U * (size_t)stride; q += 2U) {
      if (radix == 4U) {
        butterfly_4(in + q, from, out + q, to, w);
      } else if (radix == 2U) {
        butterfly_2(in + q, from, out + q, to, w);
      } else {
        butterfly_any(in + q, from, out + q, to, w, radix, roots);
      }
    }
  }
}

static inline const Vec*
transform(const PinnaKaldiPlan* const plan, Vec* z, Vec* y) {
  const double* twiddle = plan->twiddle;
  const double* roots = plan->roots;
  uint32_t      left = plan->n;
  uint32_t      stride = 1U;
  for (uint32_t i = 0U; i < plan->n_passes; ++i) {
    const uint32_t radix = plan->radix[i];
    run_pass(z, y, left, stride, radix, twiddle, roots);
    twiddle += 2U * (size_t)(left / radix) * (radix - 1U);
    roots += 2U * (size_t)radix;
    left /= radix;
    stride *= radix;
    Vec* const swap = z;
    z = y;
    y = swap;
  }
  return z;
}

/// 2 X[k] = Z[k] + conj Z[n - k] - j exp(-pi j k / n) (Z[k] - conj Z[n - k])
static inline void
energies(const PinnaKaldiPlan* const plan, double* const z, double* const y, const bool root,
         double* const out) {
  const Vec* const bins = transform(plan, (Vec*)z, (Vec*)y);
  for (uint32_t k = 0U; k <= plan->n; ++k) {
    const Vec* const    a = bins + 2U * (size_t)(k % plan->n);
    const Vec* const    b = bins + 2U * (size_t)((plan->n - k) % plan->n);
    const double* const w = plan->pairs + 2U * (size_t)k;
    const Vec           even_re = a[0] + b[0];
    const Vec           even_im = a[1] - b[1];
    const Vec           odd_re = a[1] + b[1]; // -j (a - conj b)
    const Vec           odd_im = b[0] - a[0];
    const Vec           re = even_re + odd_re * w[0] - odd_im * w[1];
    const Vec           im = even_im + odd_re * w[1] + odd_im * w[0];
    ((Vec*)out)[k] = 0.25 * (re * re + im * im);
  }
  for (size_t i = 0U; root && i < (plan->n + 1U) * (size_t)PINNA_KALDI_LANES; ++i) {
    out[i] = sqrt(out[i]);
  }
}

#endif // PINNA_DSP_KALDI_TEXT_H
