// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_RANDOM_H
#define PINNA_DSP_RANDOM_H

#include "base/attributes.h"

#include <math.h>
#include <stdint.h>

// Reproducible noise without state: value i of stream s of a seed is a hash of the three
// (Steele, Lea & Flood 2014, SplitMix64), so that it does not depend on how work is cut

static inline uint64_t
pinna_random_hash(const uint64_t x) {
  uint64_t z = x + 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

/// Uniform in [0, 1)
static inline float
pinna_random_uniform(const uint64_t seed, const uint64_t stream, const uint64_t i) {
  const uint64_t z = pinna_random_hash(pinna_random_hash(pinna_random_hash(seed) + stream) + i);
  return (float)(z >> 40U) * 0x1p-24F;
}

/// Add normal noise of a deviation (Box & Muller 1958) to x [n]
static inline void
pinna_random_add_normal(float* const x, const uint32_t n, const float deviation,
                        const uint64_t seed, const uint64_t stream) {
  for (uint32_t i = 0U; i < n; ++i) {
    const float u = 1.0f - pinna_random_uniform(seed, stream, 2U * (uint64_t)i);
    const float v = pinna_random_uniform(seed, stream, 2U * (uint64_t)i + 1U);
    x[i] += deviation * sqrtf(-2.0f * logf(u)) * cosf(6.28318530717958647692F * v);
  }
}

#endif // PINNA_DSP_RANDOM_H
