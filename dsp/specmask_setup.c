// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/specmask.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/specmask_impl.h"
#include "dsp/stft.h"
#include "dsp/window.h"

#include <math.h>
#include <stdint.h>

// Plans frames of 21 ms and takes the memory. Hann windows on both sides: what a mask leaves of a
// tone's leakage is below -110 dB; with their square roots it would be -70

static const double frame_length = 1024.0 / 48000.0;
static const double mean_tau = 2.0;
static const double band_tau = 0.015;

static uint32_t
choose_n_fft(const double rate) {
  return 1U << (uint32_t)lround(log2(rate * frame_length));
}

/// Columns of the picture: no bin in two of them, none empty
static void
plan_view(PinnaSpecmask* const self, const uint32_t n_fft) {
  for (uint32_t i = 0U; i <= PINNA_SPECMASK_N_VIEW; ++i) {
    const double hz = 20.0 * pow(1000.0, (double)i / PINNA_SPECMASK_N_VIEW);
    const double bin = floor(hz * n_fft / self->rate + 0.5);
    self->view_from[i] = (uint32_t)fmin(bin, (double)self->n_bins);
  }
}

PinnaStatus
pinna_specmask_init(PinnaSpecmask** const out, PinnaArena* const arena,
                    const PinnaSpecmaskConfig* const config) {
  if (!(config->sample_rate >= 8000.0 && config->sample_rate <= 384000.0) || !config->n_ch ||
      config->n_ch > PINNA_STFT_MAX_CHANNELS) {
    return PINNA_STATUS_BAD_ARG;
  }
  const uint32_t        n_fft = choose_n_fft(config->sample_rate);
  const uint32_t        n_bins = n_fft / 2U + 1U;
  PinnaSpecmask* const  self = PINNA_TAKE(arena, 1U, PinnaSpecmask);
  float* const          bins = PINNA_TAKE(arena, (size_t)n_bins * 7U, float);
  float* const          mean = PINNA_TAKE(arena, (size_t)n_bins * config->n_ch, float);
  uint32_t* const       view_from = PINNA_TAKE(arena, PINNA_SPECMASK_N_VIEW + 1U, uint32_t);
  _Atomic float* const  view = PINNA_TAKE(arena, PINNA_SPECMASK_N_VIEW * 2U, _Atomic float);
  PinnaStft*            stft = NULL;
  const PinnaStftConfig stft_config = {.n_in = config->n_ch,
                                       .n_out = config->n_ch,
                                       .n_fft = n_fft,
                                       .hop_length = n_fft / 4U,
                                       .window = {.kind = PINNA_WINDOW_HANN}};
  const PinnaStatus     status = pinna_stft_init(&stft, arena, &stft_config);
  if (status || pinna_arena_state(arena) != PINNA_STATUS_OK) {
    return status ? status : pinna_arena_result(arena);
  }

  const double hop_seconds = n_fft / 4U / config->sample_rate;
  double       sum = 0.0;
  for (uint32_t i = 0U; i < n_fft; ++i) {
    sum += (double)pinna_stft_window(stft)[i];
  }
  *self = (PinnaSpecmask){
      .stft = stft,
      .rate = config->sample_rate,
      .n_ch = config->n_ch,
      .n_bins = n_bins,
      .hop = n_fft / 4U,
      .frame_seconds = hop_seconds,
      .noise_scale = sqrtf((float)n_fft / (float)(n_fft / 4U)),
      .level_scale = (float)(4.0 / (sum * sum)),
      .band_step = (float)(1.0 - exp(-hop_seconds / band_tau)),
      .band = bins,
      .covered = bins + n_bins,
      .threshold = bins + 2U * n_bins,
      .gain = bins + 3U * n_bins,
      .open = bins + 4U * n_bins,
      .gated = bins + 5U * n_bins,
      .place = bins + 6U * n_bins,
      .mean = mean,
      .mean_step = (float)(1.0 - exp(-hop_seconds / mean_tau)),
      .view_from = view_from,
      .view_level = view,
      .view_kept = view + PINNA_SPECMASK_N_VIEW,
  };
  for (uint32_t k = 0U; k < n_bins; ++k) {
    self->place[k] = pinna_specmask_place(k * config->sample_rate / n_fft);
  }
  plan_view(self, n_fft);
  const PinnaSpecmaskParams silent = {.mix = 1.0f};
  pinna_specmask_set(self, &silent);
  pinna_specmask_reset(self);
  *out = self;
  return PINNA_STATUS_OK;
}
