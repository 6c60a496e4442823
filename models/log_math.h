// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_LOG_MATH_H
#define PINNA_MODELS_LOG_MATH_H

#include <math.h>
#include <stdint.h>

// Sums of probabilities that are given as logarithms

/// log(exp(a) + exp(b)), also of -INFINITY
static inline float
pinna_log_add(const float a, const float b) {
  const float high = a > b ? a : b;
  const float low = a > b ? b : a;
  return low == -INFINITY ? high : high + log1pf(expf(low - high));
}

/// Turn logits [n] into log-probabilities, in place; ones that are no number count as -INFINITY
static inline void
pinna_log_softmax(float* const x, const uint32_t n) {
  float  high = -INFINITY;
  double sum = 0.0;
  for (uint32_t i = 0U; i < n; ++i) {
    x[i] = isnan(x[i]) ? -INFINITY : x[i];
    high = x[i] > high ? x[i] : high;
  }
  for (uint32_t i = 0U; i < n; ++i) {
    sum += (double)expf(x[i] - high);
  }
  const float shift = isfinite(high) ? high + (float)log(sum) : 0.0F;
  for (uint32_t i = 0U; i < n; ++i) {
    x[i] -= shift;
  }
}

#endif // PINNA_MODELS_LOG_MATH_H
