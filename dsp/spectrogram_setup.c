// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/spectrogram.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/fft.h"
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

PinnaStatus
pinna_spectrogram_init(PinnaSpectrogram** const self, PinnaArena* const arena,
                       const PinnaSpectrogramConfig* const config) {
  *self = NULL;
  const PinnaFft* fft = NULL;
  PinnaStatus     status = pinna_fft_plan(&fft, PINNA_FFT_REAL, config->n_fft);
  if (status || !is_valid(config)) {
    return status ? status : PINNA_STATUS_BAD_ARG;
  }

  PinnaSpectrogram* const s = PINNA_TAKE(arena, 1U, PinnaSpectrogram);
  float* const            window = PINNA_TAKE(arena, config->win_length, float);
  float* const            frame = PINNA_TAKE(arena, config->n_fft, float);
  float complex* const    bins = PINNA_TAKE(arena, config->n_fft / 2U + 1U, float complex);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  if (config->custom) {
    memcpy(window, config->custom, config->win_length * sizeof(float));
  } else {
    status = pinna_window_fill(window, config->win_length, config->window);
  }
  *s = (PinnaSpectrogram){
      .config = *config, .fft = fft, .window = window, .frame = frame, .bins = bins};
  s->config.custom = NULL;
  s->start = (config->n_fft - config->win_length) / 2U;
  s->scale = bin_scale(s);
  *self = status ? NULL : s;
  return status;
}
