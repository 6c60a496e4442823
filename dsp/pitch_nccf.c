// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/pitch_nccf.h"

#include "dsp/pitch_nccf_impl.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

// One frame

static const double epsilon = 1e-9;

static double
correlate(const float* const a, const float* const b, const uint32_t n) {
  double sums[4] = {0.0, 0.0, 0.0, 0.0}; // Four at a time, for vector units
  for (uint32_t i = 0U; i + 4U <= n; i += 4U) {
    for (uint32_t k = 0U; k < 4U; ++k) {
      sums[k] += (double)a[i + k] * (double)b[i + k];
    }
  }
  for (uint32_t i = n & ~3U; i < n; ++i) {
    sums[0] += (double)a[i] * (double)b[i];
  }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

uint32_t
pinna_pitch_nccf_span(const PinnaPitchNccf* const self) {
  return self->frame_size + self->n_lags;
}

size_t
pinna_pitch_nccf_n_frames(const PinnaPitchNccf* const self, const size_t n_samples) {
  const size_t n_frames = (n_samples + self->frame_size - 1U) / self->frame_size;
  const size_t cost = self->win_length - 1U - (self->win_length - 1U) / 2U;
  return n_frames > cost ? n_frames - cost : 0U;
}

uint32_t
pinna_pitch_nccf_frame(const PinnaPitchNccf* const self, const float* const in, float* const nccf) {
  const uint32_t n = self->frame_size;
  const double   own = pow(epsilon + sqrt(correlate(in, in, n)), 2.0);
  double         best = -INFINITY;
  double         half = -INFINITY;
  uint32_t       best_at = 0U;
  uint32_t       half_at = 0U;
  for (uint32_t k = self->lag_min; k < self->n_lags; ++k) {
    const float* const later = in + k + 1U;
    const double       energy = pow(epsilon + sqrt(correlate(later, later, n)), 2.0);
    const double       value = correlate(in, later, n) / own / energy;
    if (value > best) {
      best = value;
      best_at = k;
    }
    if (k < self->n_lags / 2U && value > half) {
      half = value;
      half_at = k;
    }
  }
  const bool early = half > 0.99 * best;
  if (nccf) {
    *nccf = (float)(early ? half : best);
  }
  return (early ? half_at : best_at) + 1U;
}
