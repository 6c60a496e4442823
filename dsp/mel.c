// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/mel.h"

#include "base/status.h"
#include "dsp/filterbank_impl.h"
#include "dsp/mel_impl.h"
#include "dsp/spectrogram_impl.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Energies of a group of frames, filtered while they are in the cache

uint32_t
pinna_mel_n_mels(const PinnaMel* const self) {
  return self->bank->n_filters;
}

size_t
pinna_mel_n_frames(const PinnaMel* const self, const size_t n_samples) {
  return pinna_spectrogram_n_frames(self->spectrogram, n_samples);
}

static void
raise_to(float* const x, const size_t n, const float exponent) {
  for (size_t i = 0U; i < n; ++i) {
    x[i] = powf(x[i], exponent);
  }
}

float*
pinna_mel_columns(PinnaMel* const self, const float* const in, const size_t n_samples,
                  const size_t first, const uint32_t n_frames) {
  const PinnaLanesKernel* const kernel = self->spectrogram->lanes->kernel;
  float* const energy = pinna_spectrogram_columns(self->spectrogram, in, n_samples, first, n_frames,
                                                  self->power == 1.0f);
  if (self->power != 1.0f && self->power != 2.0f) {
    raise_to(energy, (size_t)self->bank->n_freqs * kernel->lanes, 0.5f * self->power);
  }
  kernel->bands(self->bank->bands, self->bank->n_filters, self->bank->weights, energy,
                self->columns);
  return self->columns;
}

PinnaStatus
pinna_mel_run(PinnaMel* const self, const float* const in, const size_t n_samples,
              float* const out) {
  const PinnaLanesKernel* const kernel = self->spectrogram->lanes->kernel;
  const uint32_t                n_mels = self->bank->n_filters;
  const size_t                  n_frames = pinna_mel_n_frames(self, n_samples);
  for (size_t f = 0U; f < n_frames; f += kernel->lanes) {
    const uint32_t n = n_frames - f < kernel->lanes ? (uint32_t)(n_frames - f) : kernel->lanes;
    float*         rows[PINNA_LANES_MAX];
    for (uint32_t l = 0U; l < n; ++l) {
      rows[l] = out + (f + l) * n_mels;
    }
    kernel->store(pinna_mel_columns(self, in, n_samples, f, n), n_mels, NULL, n, rows);
  }
  return n_frames ? PINNA_STATUS_OK : PINNA_STATUS_BAD_ARG;
}

void
pinna_mel_frame(PinnaMel* const self, const float complex* const bins, float* const out) {
  const uint32_t n = self->bank->n_freqs;
  for (uint32_t k = 0U; k < n; ++k) {
    const float re = crealf(bins[k]) * self->scale;
    const float im = cimagf(bins[k]) * self->scale;
    self->energy[k] = re * re + im * im;
  }
  if (self->power != 2.0f) {
    raise_to(self->energy, n, 0.5f * self->power);
  }
  pinna_filterbank_apply(self->bank, self->energy, out);
}
