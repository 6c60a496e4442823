// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/resample_span.h"

// Polyphase dot products in plain C, in a form that compilers turn into vectors

static inline float
dot1(const float* const row, const uint32_t n_taps, const float* const x) {
  float sums[PINNA_RESAMPLE_LANES] = {0};
  for (uint32_t i = 0; i < n_taps; i += PINNA_RESAMPLE_LANES) {
    for (uint32_t j = 0; j < PINNA_RESAMPLE_LANES; ++j) {
      sums[j] += row[i + j] * x[i + j];
    }
  }
  for (uint32_t n = PINNA_RESAMPLE_LANES / 2; n; n /= 2) {
    for (uint32_t j = 0; j < n; ++j) {
      sums[j] += sums[j + n];
    }
  }
  return sums[0];
}

static inline void
dot4(const float* const row, const uint32_t n_taps, const float* const* const x,
     float* const sums) {
  for (uint32_t j = 0; j < 4; ++j) {
    sums[j] = dot1(row, n_taps, x[j]);
  }
}

void
pinna_resample_kernel_c(const PinnaResampleSpan* const span) {
  run_span(span);
}
