// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/descriptors.h"

#include "dsp/descriptors_impl.h"

#include <complex.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

// Sums over the bins of one frame

static const float least_power = 1e-10f; // librosa's amin

/// Fill `now`; the sum of the magnitudes
static double
take_magnitudes(PinnaDescriptors* const self, const float complex* const bins) {
  double sum = 0.0;
  for (uint32_t k = 0U; k < self->n_bins; ++k) {
    const float re = crealf(bins[k]);
    const float im = cimagf(bins[k]);
    self->now[k] = sqrtf(re * re + im * im);
    sum += (double)self->now[k];
  }
  return sum;
}

static float
find_rolloff(const PinnaDescriptors* const self, const double sum) {
  double   below = 0.0;
  uint32_t k = 0U;
  while (k + 1U < self->n_bins && (below += (double)self->now[k]) < (double)self->rolloff * sum) {
    ++k;
  }
  return (float)k * self->bin_hz;
}

/// One logarithm for every sixteen bins: a product of a few floats fits a double
static float
find_flatness(const PinnaDescriptors* const self) {
  double log_sum = 0.0;
  double power_sum = 0.0;
  for (uint32_t k = 0U; k < self->n_bins;) {
    double product = 1.0;
    for (uint32_t end = k + 16U; k < end && k < self->n_bins; ++k) {
      const double raw = (double)self->now[k] * (double)self->now[k];
      const double low = raw > (double)least_power ? raw : (double)least_power;
      const double power = low < 1e15 ? low : 1e15;
      product *= power;
      power_sum += power;
    }
    log_sum += log(product);
  }
  return (float)(exp(log_sum / self->n_bins) * self->n_bins / power_sum);
}

void
pinna_descriptors_frame(PinnaDescriptors* const self, const float complex* const bins,
                        PinnaDescriptorsFrame* const frame) {
  const double sum = take_magnitudes(self, bins);
  *frame = (PinnaDescriptorsFrame){.centroid = 0.0f};
  if (sum > 1e-9) {
    double first = 0.0;
    double second = 0.0;
    double added = 0.0;
    for (uint32_t k = 0U; k < self->n_bins; ++k) {
      const double weight = (double)self->now[k] * k;
      first += weight;
      second += weight * k;
      const float more = self->now[k] - self->last[k];
      added += more > 0.0f ? (double)more : 0.0; // Inlined, not fmaxf()
    }
    const double centre = first / sum;
    frame->centroid = (float)centre * self->bin_hz;
    frame->spread = (float)sqrt(fmax(second / sum - centre * centre, 0.0)) * self->bin_hz;
    frame->rolloff = find_rolloff(self, sum);
    frame->flux = (float)(added / sum);
    frame->flatness = find_flatness(self);
  }
  float* const last = self->last;
  self->last = self->now;
  self->now = last;
}

void
pinna_descriptors_reset(PinnaDescriptors* const self) {
  memset(self->last, 0, self->n_bins * sizeof(float));
}
