// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/cepstrum.h"

#include "base/status.h"
#include "dsp/cepstrum_impl.h"
#include "dsp/filterbank_impl.h"
#include "dsp/mel_impl.h"
#include "dsp/spectrogram_impl.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

// Whole signals: with top_db all bands are kept until their greatest value is known

static uint32_t
group_size(const PinnaLanesKernel* const kernel, const size_t left) {
  return left < kernel->lanes ? (uint32_t)left : kernel->lanes;
}

static void
run_group(PinnaCepstrum* const self, const float* const bands, const uint32_t n_frames,
          float* const out) {
  const PinnaLanesKernel* const kernel = self->mel->spectrogram->lanes->kernel;
  float*                        rows[PINNA_LANES_MAX];
  for (uint32_t l = 0U; l < n_frames; ++l) {
    rows[l] = out + l * (size_t)self->n_coeffs;
  }
  kernel->matrix(self->dct, self->mel->bank->n_filters, self->n_coeffs, bands, self->columns);
  kernel->store(self->columns, self->n_coeffs, NULL, n_frames, rows);
}

static float*
log_bands(PinnaCepstrum* const self, const float* const in, const size_t n_samples,
          const size_t first, const uint32_t n_frames) {
  const PinnaLanesKernel* const kernel = self->mel->spectrogram->lanes->kernel;
  float* const bands = pinna_mel_columns(self->mel, in, n_samples, first, n_frames);
  kernel->log(bands, self->mel->bank->n_filters * kernel->lanes, self->least, self->offset,
              self->unit);
  return bands;
}

static float
greatest(const float* const columns, const uint32_t n, const uint32_t n_lanes,
         const uint32_t n_frames) {
  float most[PINNA_LANES_MAX];
  for (uint32_t l = 0U; l < PINNA_LANES_MAX; ++l) {
    most[l] = -INFINITY;
  }
  for (uint32_t m = 0U; m < n; ++m) {
    for (uint32_t l = 0U; l < n_lanes; ++l) {
      const float x = columns[m * n_lanes + l];
      most[l] = x > most[l] ? x : most[l];
    }
  }
  float result = most[0];
  for (uint32_t l = 1U; l < n_frames; ++l) {
    result = fmaxf(result, most[l]);
  }
  return result;
}

static PinnaStatus
run_clamped(PinnaCepstrum* const self, const float* const in, const size_t n_samples,
            float* const out) {
  const PinnaLanesKernel* const kernel = self->mel->spectrogram->lanes->kernel;
  const size_t                  n_frames = pinna_cepstrum_n_frames(self, n_samples);
  const uint32_t                n_bands = self->mel->bank->n_filters;
  const size_t                  n_group = (size_t)n_bands * kernel->lanes;
  const size_t                  n_groups = (n_frames + kernel->lanes - 1U) / kernel->lanes;
  float* const kept = aligned_alloc(PINNA_ARENA_ALIGN, n_groups * n_group * sizeof(float));
  if (!kept) {
    return PINNA_STATUS_NO_MEM;
  }

  float most = -INFINITY;
  for (size_t g = 0U; g < n_groups; ++g) {
    const size_t       first = g * kernel->lanes;
    const uint32_t     n = group_size(kernel, n_frames - first);
    const float* const bands = log_bands(self, in, n_samples, first, n);
    float* const       to = kept + g * n_group;
    for (size_t i = 0U; i < n_group; ++i) {
      to[i] = bands[i];
    }
    most = fmaxf(most, greatest(bands, n_bands, kernel->lanes, n));
  }
  const float least = most - self->top_db;
  for (size_t g = 0U; g < n_groups; ++g) {
    float* const bands = kept + g * n_group;
    for (size_t i = 0U; i < n_group; ++i) {
      bands[i] = bands[i] > least ? bands[i] : least;
    }
    run_group(self, bands, group_size(kernel, n_frames - g * kernel->lanes),
              out + g * kernel->lanes * self->n_coeffs);
  }
  free(kept);
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_cepstrum_run(PinnaCepstrum* const self, const float* const in, const size_t n_samples,
                   float* const out) {
  const PinnaLanesKernel* const kernel = self->mel->spectrogram->lanes->kernel;
  const size_t                  n_frames = pinna_cepstrum_n_frames(self, n_samples);
  if (n_frames && self->top_db >= 0.0f) {
    return run_clamped(self, in, n_samples, out);
  }
  for (size_t f = 0U; f < n_frames; f += kernel->lanes) {
    const uint32_t n = group_size(kernel, n_frames - f);
    run_group(self, log_bands(self, in, n_samples, f, n), n, out + f * self->n_coeffs);
  }
  return n_frames ? PINNA_STATUS_OK : PINNA_STATUS_BAD_ARG;
}
