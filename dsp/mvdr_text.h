// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_MVDR_TEXT_H
#define PINNA_DSP_MVDR_TEXT_H

#include "dsp/lanes_vector.h"
#include "dsp/mvdr_kernel.h"

#include <stddef.h>
#include <stdint.h>

// The text of beamforming's loops; each instruction set compiles it with vectors of its own width

#define MVDR_WIDTH (VEC_LANES / 2U) ///< Doubles of a vector

typedef double MvdrVec __attribute__((vector_size(4U * VEC_LANES)));
typedef double MvdrAnywhere __attribute__((vector_size(4U * VEC_LANES), aligned(8), may_alias));

static inline MvdrVec
mvdr_load(const double* const p) {
  return (MvdrVec) * (const MvdrAnywhere*)p;
}

/// Real and imaginary parts exchanged
static inline MvdrVec
mvdr_swap(const MvdrVec a) {
#if VEC_LANES == 16U
  return __builtin_shufflevector(a, a, 1, 0, 3, 2, 5, 4, 7, 6);
#elif VEC_LANES == 8U
  return __builtin_shufflevector(a, a, 1, 0, 3, 2);
#else
  return __builtin_shufflevector(a, a, 1, 0);
#endif
}

static inline MvdrVec
mvdr_twice(const double* const mask) {
  MvdrVec v = {0};
  for (uint32_t i = 0U; i < MVDR_WIDTH; ++i) {
    v[i] = mask[i / 2U];
  }
  return v;
}

/// One to three partners at once share the loads of `a`
static inline __attribute__((always_inline)) void
mvdr_some(const double* const a, const double* const* const b, const uint32_t n_b,
          const double* const mask, const size_t n_time, double* const sums) {
  MvdrVec re[3] = {{0}};
  MvdrVec im[3] = {{0}};
  size_t  t = 0U;
  for (; t + MVDR_WIDTH / 2U <= n_time; t += MVDR_WIDTH / 2U) {
    const MvdrVec x = mvdr_load(a + 2U * t) * mvdr_twice(mask + t);
    const MvdrVec y = mvdr_swap(x);
#pragma GCC unroll 3
    for (uint32_t e = 0U; e < n_b; ++e) {
      const MvdrVec z = mvdr_load(b[e] + 2U * t);
      re[e] += x * z;
      im[e] += y * z;
    }
  }
#pragma GCC unroll 3
  for (uint32_t e = 0U; e < n_b; ++e) {
    for (uint32_t i = 0U; i < MVDR_WIDTH; i += 2U) {
      sums[2U * e] += re[e][i] + re[e][i + 1U];
      sums[2U * e + 1U] += im[e][i] - im[e][i + 1U];
    }
    for (size_t i = t; i < n_time; ++i) {
      const double* const p = a + 2U * i;
      const double* const q = b[e] + 2U * i;
      sums[2U * e] += mask[i] * (p[0] * q[0] + p[1] * q[1]);
      sums[2U * e + 1U] += mask[i] * (p[1] * q[0] - p[0] * q[1]);
    }
  }
}

static void
mvdr_products(const double* const a, const double* const* const b, const uint32_t n_b,
              const double* const mask, const size_t n_time, double* const sums) {
  uint32_t e = 0U;
  for (; e + 3U <= n_b; e += 3U) {
    mvdr_some(a, b + e, 3U, mask, n_time, sums + 2U * e);
  }
  for (; e < n_b; ++e) {
    mvdr_some(a, b + e, 1U, mask, n_time, sums + 2U * e);
  }
}

static void
mvdr_combine(const double* const* const x, const double* const w, const uint32_t n_ch,
             const size_t n_time, double* const out) {
  size_t t = 0U;
  for (; t + MVDR_WIDTH / 2U <= n_time; t += MVDR_WIDTH / 2U) {
    MvdrVec sum = {0};
    MvdrVec cross = {0};
    for (uint32_t c = 0U; c < n_ch; ++c) {
      const MvdrVec v = mvdr_load(x[c] + 2U * t);
      sum += v * w[2U * c];
      cross += mvdr_swap(v) * w[2U * c + 1U];
    }
    MvdrVec sign = {0};
    for (uint32_t i = 0U; i < MVDR_WIDTH; ++i) {
      sign[i] = i % 2U ? -1.0 : 1.0;
    }
    *(MvdrAnywhere*)(out + 2U * t) = (MvdrAnywhere)(sum + sign * cross);
  }
  for (; t < n_time; ++t) {
    out[2U * t] = 0.0;
    out[2U * t + 1U] = 0.0;
    for (uint32_t c = 0U; c < n_ch; ++c) {
      const double re = x[c][2U * t];
      const double im = x[c][2U * t + 1U];
      out[2U * t] += w[2U * c] * re + w[2U * c + 1U] * im;
      out[2U * t + 1U] += w[2U * c] * im - w[2U * c + 1U] * re;
    }
  }
}

#define PINNA_MVDR_KERNEL                                                                          \
  { mvdr_products, mvdr_combine }

#endif // PINNA_DSP_MVDR_TEXT_H
