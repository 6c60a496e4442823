// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/centroid.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/centroid_impl.h"
#include "dsp/spectrogram_impl.h"

#include <complex.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>

// Two sums over the bins of each frame

size_t
pinna_centroid_n_frames(const PinnaCentroid* const self, const size_t n_samples) {
  return pinna_spectrogram_n_frames(self->spectrogram, n_samples);
}

static float
divide(const PinnaCentroid* const self, const float first, const float sum) {
  return sum > 0.0f || self->torchaudio ? self->hz * first / sum : 0.0f;
}

PinnaStatus
pinna_centroid_run(PinnaCentroid* const self, const float* const in, const size_t n_samples,
                   float* const out) {
  const PinnaLanesKernel* const     kernel = self->spectrogram->lanes->kernel;
  const size_t                      n_frames = pinna_centroid_n_frames(self, n_samples);
  _Alignas(PINNA_ARENA_ALIGN) float sums[2U * PINNA_LANES_MAX];
  for (size_t f = 0U; f < n_frames; f += kernel->lanes) {
    const uint32_t n = n_frames - f < kernel->lanes ? (uint32_t)(n_frames - f) : kernel->lanes;
    kernel->moments(pinna_spectrogram_columns(self->spectrogram, in, n_samples, f, n, true),
                    self->n_bins, sums);
    for (uint32_t l = 0U; l < n; ++l) {
      out[f + l] = divide(self, sums[l], sums[kernel->lanes + l]);
    }
  }
  return n_frames ? PINNA_STATUS_OK : PINNA_STATUS_BAD_ARG;
}

float
pinna_centroid_frame(const PinnaCentroid* const self, const float complex* const bins) {
  float first = 0.0f;
  float sum = 0.0f;
  for (uint32_t k = 0U; k < self->n_bins; ++k) {
    const float re = crealf(bins[k]);
    const float im = cimagf(bins[k]);
    const float x = sqrtf(re * re + im * im);
    first += (float)k * x;
    sum += x;
  }
  return divide(self, first, sum);
}
