// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/spectrogram.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/fft.h"
#include "dsp/lanes.h"
#include "dsp/spectrogram_impl.h"
#include "dsp/window.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// Defaults, checking, memory and scale

PinnaSpectrogramConfig
pinna_spectrogram_config(const uint32_t n_fft) {
  PinnaSpectrogramConfig config = {0};
  config.n_fft = n_fft;
  config.win_length = n_fft;
  config.hop_length = n_fft / 2U;
  config.center = true;
  config.onesided = true;
  return config;
}

static bool
is_valid(const PinnaSpectrogramConfig* const c) {
  return c->win_length && c->win_length <= c->n_fft && c->hop_length &&
         (unsigned)c->normalized <= PINNA_NORMALIZED_FRAME_LENGTH &&
         (unsigned)c->pad_mode <= PINNA_PAD_CIRCULAR;
}

static float
bin_scale(const PinnaSpectrogram* const self) {
  double energy = 0.0;
  for (uint32_t i = 0U; i < self->config.win_length; ++i) {
    energy += (double)self->window[i] * self->window[i];
  }
  return self->config.normalized == PINNA_NORMALIZED_WINDOW ? (float)(1.0 / sqrt(energy))
         : self->config.normalized == PINNA_NORMALIZED_FRAME_LENGTH
             ? (float)(1.0 / sqrt(self->config.n_fft))
             : 1.0f;
}

static void
fill_inverse(PinnaSpectrogram* const self, float* const periodic) {
  const uint32_t n = self->config.win_length;
  const uint32_t hop = self->config.hop_length;
  const float    scale = 1.0f / (self->scale * (float)self->config.n_fft);
  for (uint32_t i = 0U; i < n; ++i) {
    const float w = scale * self->window[i];
    self->back[i] = self->lanes->plan.n && (self->start + i) % 2U ? -w : w;
  }
  for (uint32_t i = 0U; i < self->config.n_fft + 2U; ++i) {
    self->ones[i] = 1.0f;
  }
  for (uint32_t i = 0U; self->periodic && i < hop; ++i) {
    double sum = 0.0;
    for (uint32_t k = i; k < n; k += hop) {
      sum += (double)self->window[k] * self->window[k];
    }
    periodic[i] = sum < PINNA_SPECTROGRAM_LEAST ? 0.0f : (float)(1.0 / sum);
  }
}

static PinnaStatus
fill(PinnaSpectrogram* const self, const PinnaSpectrogramConfig* const config) {
  PinnaStatus status = PINNA_STATUS_OK;
  if (config->custom) {
    memcpy(self->window, config->custom, config->win_length * sizeof(float));
  } else {
    status = pinna_window_fill(self->window, config->win_length, config->window);
  }
  self->config.custom = NULL;
  self->start = (config->n_fft - config->win_length) / 2U;
  self->scale = bin_scale(self);
  fill_inverse(self, self->periodic);
  return status;
}

PinnaStatus
pinna_spectrogram_init(PinnaSpectrogram** const self, PinnaArena* const arena,
                       const PinnaSpectrogramConfig* const config) {
  *self = NULL;
  const PinnaFft* fft = NULL;
  PinnaStatus     status = pinna_fft_plan(&fft, PINNA_FFT_REAL, config->n_fft);
  if (status || !is_valid(config)) {
    return status ? status : PINNA_STATUS_BAD_ARG;
  }

  PinnaLanes*             lanes = NULL;
  const bool              overlaps = config->hop_length <= config->win_length;
  const uint32_t          n = config->n_fft;
  PinnaSpectrogram* const s = PINNA_TAKE(arena, 1U, PinnaSpectrogram);
  float* const            window = PINNA_TAKE(arena, config->win_length, float);
  float* const            back = PINNA_TAKE(arena, config->win_length, float);
  float* const            ones = PINNA_TAKE(arena, n + 2U, float);
  float* const            periodic = PINNA_TAKE(arena, overlaps ? config->hop_length : 0U, float);
  float* const rows = PINNA_TAKE(arena, pinna_lanes_kernel()->lanes * ((size_t)n + 2U), float);
  float* const frame = PINNA_TAKE(arena, n, float);
  float complex* const bins = PINNA_TAKE(arena, n / 2U + 1U, float complex);
  status = pinna_lanes_init(&lanes, arena, n);
  if (status || pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  *s = (PinnaSpectrogram){.config = *config,
                          .fft = fft,
                          .lanes = lanes,
                          .window = window,
                          .back = back,
                          .ones = ones,
                          .periodic = overlaps ? periodic : NULL,
                          .rows = rows,
                          .frame = frame,
                          .bins = bins};
  status = fill(s, config);
  *self = status ? NULL : s;
  return status;
}
