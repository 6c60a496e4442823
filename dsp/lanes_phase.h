// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_LANES_PHASE_H
#define PINNA_DSP_LANES_PHASE_H

#include "dsp/lanes_vector.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// The text of loops over phases: unit phasors, so that no angle is ever computed

static void
lanes_griffin(float* const bins, float* const last, const float* const magnitude,
              const float momentum, const uint32_t n_bins) {
  for (uint32_t k = 0U; k < n_bins; ++k) {
    const Cvec x = cload((const Vec*)bins, k);
    const Cvec a = caxpy(x, cload((const Vec*)last, k), -momentum);
    const Vec  size = VEC_SQRT(VEC_FMA(a.re, a.re, a.im * a.im)) + 1e-16F;
    const Vec  scale = ((const Vec*)magnitude)[k] / size;
    cstore((Vec*)last, k, x);
    cstore((Vec*)bins, k, (Cvec){a.re * scale, a.im * scale});
  }
}

#define VEC_EVEN(j, b) (2 * (j) + (b))
#define VEC_ZIP(j, b) (((j) + (b)) / 2 + ((j) % 2) * (int)VEC_LANES)

/// Interleaved to separate parts
static inline Cvec
unzip(const float* const p) {
  const Vec a = vec_load(p);
  const Vec b = vec_load(p + VEC_LANES);
  return (Cvec){__builtin_shufflevector(a, b, VEC_MASK(VEC_EVEN, 0)),
                __builtin_shufflevector(a, b, VEC_MASK(VEC_EVEN, 1))};
}

static inline void
zip(float* const p, const Cvec c) {
  vec_store(p, __builtin_shufflevector(c.re, c.im, VEC_MASK(VEC_ZIP, 0)));
  vec_store(p + VEC_LANES, __builtin_shufflevector(c.re, c.im, VEC_MASK(VEC_ZIP, (int)VEC_LANES)));
}

/// c / |c|, and 1 where c is 0, as torch.angle() has it
static inline Cvec
unit(const Cvec c, Vec* const size) {
  *size = VEC_SQRT(VEC_FMA(c.re, c.re, c.im * c.im));
  const VecInt some = *size > 0.0F;
  const Vec    inverse = 1.0F / vec_pick(some, *size, VEC_ALL(1.0F));
  return (Cvec){vec_pick(some, c.re * inverse, VEC_ALL(1.0F)), c.im * inverse};
}

static inline Cvec
cmul_vec(const Cvec a, const Cvec b) {
  return (Cvec){VEC_FMA(a.re, b.re, -(a.im * b.im)), VEC_FMA(a.re, b.im, a.im * b.re)};
}

/// One Newton step back to length 1; what is far from it was no number, and starts anew
static inline Cvec
settle(const Cvec p) {
  const Vec    square = VEC_FMA(p.re, p.re, p.im * p.im);
  const VecInt sound = (square > 0.5F) & (square < 2.0F);
  const Vec    scale = 1.5F - 0.5F * square;
  return (Cvec){vec_pick(sound, p.re * scale, VEC_ALL(1.0F)),
                vec_pick(sound, p.im * scale, VEC_ALL(0.0F))};
}

static inline void
stretch_some(const float* const before, const float* const after, const float alpha,
             const bool is_first, Vec* const phasor, float* const out) {
  Vec        size0;
  Vec        size1;
  const Cvec u0 = unit(unzip(before), &size0);
  const Cvec u1 = unit(unzip(after), &size1);
  const Cvec p = is_first ? u0 : cload(phasor, 0U);
  const Vec  size = alpha * size1 + (1.0F - alpha) * size0;
  zip(out, (Cvec){p.re * size, p.im * size});
  cstore(phasor, 0U, settle(cmul_vec(cmul_vec(p, u1), cconj(u0))));
}

static void
lanes_stretch(const float* const before, const float* const after, const float alpha,
              const bool is_first, float* const phasors, const uint32_t n_bins, float* const out) {
  Vec*     phasor = (Vec*)phasors;
  uint32_t k = 0U;
  for (; k + VEC_LANES <= n_bins; k += VEC_LANES, phasor += 2) {
    stretch_some(before + 2U * k, after + 2U * k, alpha, is_first, phasor, out + 2U * k);
  }
  if (k < n_bins) {
    const size_t n = 2U * (n_bins - k) * sizeof(float);
    float        a[2U * VEC_LANES] = {0};
    float        b[2U * VEC_LANES] = {0};
    memcpy(a, before + 2U * k, n);
    memcpy(b, after + 2U * k, n);
    stretch_some(a, b, alpha, is_first, phasor, a);
    memcpy(out + 2U * k, a, n);
  }
}

#endif // PINNA_DSP_LANES_PHASE_H
