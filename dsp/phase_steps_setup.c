// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/phase_steps.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/fft.h"
#include "dsp/filterbank.h"
#include "dsp/phase_steps_impl.h"
#include "dsp/window.h"

#include <complex.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// Windows, shares of bands, memory

PinnaPhaseStepsConfig
pinna_phase_steps_config(const uint32_t n_fft, const PinnaFilterbankConfig* const bank) {
  return (PinnaPhaseStepsConfig){
      .bank = *bank, .n_fft = n_fft, .n_ahead = 1U, .n_iter = 4U, .mix = 0.4F, .along_f = 10.0F};
}

/// Each bin's two bands and its shares of them. @return Whether two were enough
static bool
share_bins(PinnaPhaseSteps* const self, const float* const dense) {
  for (uint32_t k = 0U; k < self->n_bins; ++k) {
    const float* const row = dense + (size_t)k * self->n_bands;
    uint32_t           first = 0U;
    float              sum = 0.0F;
    for (uint32_t b = self->n_bands; b--;) {
      first = row[b] > 0.0F ? b : first;
      sum += row[b];
    }
    first = first + 1U < self->n_bands ? first : self->n_bands - 2U;
    if (row[first] + row[first + 1U] < 0.999F * sum) {
      return false;
    }
    self->band_of[k] = first;
    self->share[k] = row[first] / (sum + 1e-9F);
    self->share[self->n_bins + k] = row[first + 1U] / (sum + 1e-9F);
  }
  return true;
}

/// The analysis window over the sum of the squared windows of all frames up to the newest
static void
set_fades(PinnaPhaseSteps* const self, const float* const window) {
  const int64_t n = self->n_fft;
  const int64_t hop = self->hop;
  for (uint32_t i = 0U; i <= self->n_ahead; ++i) {
    for (int64_t s = 0; s < n; ++s) {
      double sum = 1e-6;
      for (int64_t q = -4; q <= (int64_t)self->n_ahead - (int64_t)i; ++q) {
        const int64_t at = s - q * hop;
        sum += at >= 0 && at < n ? (double)window[at] * (double)window[at] : 0.0;
      }
      self->fade[i][s] = (float)((double)window[s] / sum);
    }
  }
}

static void
take(PinnaPhaseSteps* const p, PinnaArena* const arena) {
  const size_t n = p->n_bins;
  for (uint32_t i = 0U; i <= p->n_ahead; ++i) {
    p->fade[i] = PINNA_TAKE(arena, p->n_fft, float);
    p->frames[i].size = PINNA_TAKE(arena, n, float);
    p->frames[i].bands = PINNA_TAKE(arena, p->n_bands, float);
    p->frames[i].sound = PINNA_TAKE(arena, p->n_fft, float);
  }
  p->window = PINNA_TAKE(arena, p->n_fft, float);
  p->band_of = PINNA_TAKE(arena, n, uint32_t);
  p->share = PINNA_TAKE(arena, 2U * n, float);
  p->sum = PINNA_TAKE(arena, p->n_fft + p->n_ahead * p->hop, float);
  p->phase = PINNA_TAKE(arena, 2U * n, float);
  p->size = PINNA_TAKE(arena, n, float);
  p->solve = PINNA_TAKE(arena, 8U * n, float);
  p->ratio = PINNA_TAKE(arena, p->n_bands, float);
  p->block = PINNA_TAKE(arena, p->n_fft, float);
  p->bins = PINNA_TAKE(arena, n, float complex);
}

PinnaStatus
pinna_phase_steps_init(PinnaPhaseSteps** const self, PinnaArena* const arena,
                       const PinnaPhaseStepsConfig* const config) {
  *self = NULL;
  if (config->n_fft < 16U || config->n_fft > 65536U || config->n_fft % 4U ||
      config->n_ahead > PHASE_STEPS_MAX_AHEAD || config->n_iter > 64U || !(config->mix >= 0.0F) ||
      !(config->mix <= 1.0F) || !(config->along_f >= 0.0F) || config->bank.n_filters < 2U) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaPhaseSteps        p = {.n_bins = config->n_fft / 2U + 1U,
                              .n_bands = config->bank.n_filters,
                              .n_fft = config->n_fft,
                              .hop = config->n_fft / 4U,
                              .n_ahead = config->n_ahead,
                              .n_iter = config->n_iter,
                              .mix = config->mix,
                              .along_f = config->along_f,
                              .gain = 1.0F / 1.5F};
  PinnaFilterbankConfig  bank = config->bank;
  PinnaPhaseSteps* const made = PINNA_TAKE(arena, 1U, PinnaPhaseSteps);
  bank.n_freqs = p.n_bins;
  take(&p, arena);
  float* const dense = PINNA_TAKE(arena, (size_t)p.n_bins * p.n_bands, float);
  PinnaStatus  status = pinna_filterbank_init(&p.bank, arena, &bank);
  status = status ? status : pinna_fft_plan(&p.fft, PINNA_FFT_REAL, p.n_fft);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }
  if (!pinna_fft_is_realtime(p.fft)) {
    return PINNA_STATUS_UNSUPPORTED;
  }
  pinna_filterbank_dense(p.bank, dense);
  if (!share_bins(&p, dense)) {
    return PINNA_STATUS_BAD_ARG;
  }
  const PinnaWindow hann = {.kind = PINNA_WINDOW_HANN};
  status = pinna_window_fill(p.window, p.n_fft, hann);
  set_fades(&p, p.window);
  for (uint32_t s = 0U; s < p.n_fft; ++s) {
    p.window[s] /= (float)p.n_fft;
  }
  *made = p;
  pinna_phase_steps_reset(made);
  *self = made;
  return status;
}
