// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/vad_torchaudio.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/fft.h"
#include "dsp/vad_torchaudio_impl.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Defaults, lengths and memory

PinnaVadTorchaudioConfig
pinna_vad_torchaudio_config(const uint32_t sample_rate) {
  return (PinnaVadTorchaudioConfig){
      .sample_rate = sample_rate,
      .trigger_level = 7.0,
      .trigger_time = 0.25,
      .search_time = 1.0,
      .allowed_gap = 0.25,
      .boot_time = 0.35,
      .noise_up_time = 0.1,
      .noise_down_time = 0.01,
      .noise_reduction_amount = 1.35,
      .measure_freq = 20.0,
      .measure_smooth_time = 0.4,
      .hp_filter_freq = 50.0,
      .lp_filter_freq = 6000.0,
      .hp_lifter_freq = 150.0,
      .lp_lifter_freq = 2000.0,
  };
}

static bool
is_sane(const PinnaVadTorchaudioConfig* const c) {
  const double seconds[] = {c->trigger_time,    c->search_time,      c->allowed_gap,
                            c->boot_time,       c->pre_trigger_time, c->noise_up_time,
                            c->noise_down_time, c->measure_duration, c->measure_smooth_time};
  for (size_t i = 0U; i < sizeof(seconds) / sizeof(*seconds); ++i) {
    if (!(seconds[i] >= 0.0 && seconds[i] <= 60.0)) {
      return false;
    }
  }
  return c->sample_rate && c->sample_rate <= 1000000U && c->measure_freq >= 0.1 &&
         c->measure_freq <= 1000.0 && c->search_time > 0.0 && c->trigger_time > 0.0 &&
         c->noise_up_time > 0.0 && c->noise_down_time > 0.0 && c->measure_smooth_time > 0.0 &&
         c->hp_filter_freq >= 0.0 && c->lp_filter_freq > 0.0 && c->hp_lifter_freq > 0.0 &&
         c->lp_lifter_freq > 0.0 && c->lp_filter_freq < 1e6 && c->hp_filter_freq < 1e6;
}

static double
per_measure(const PinnaVadTorchaudioConfig* const c, const double seconds) {
  return exp(-1.0 / (seconds * c->measure_freq));
}

/// The lengths of TorchAudio's code, with its roundings
static bool
plan_lengths(PinnaVadTorchaudio* const p) {
  const PinnaVadTorchaudioConfig* const c = &p->config;
  const double                          rate = c->sample_rate;
  const double duration = c->measure_duration > 0.0 ? c->measure_duration : 2.0 / c->measure_freq;

  p->measure_length = (uint32_t)(rate * duration + 0.5);
  p->measure_period = (uint32_t)(rate / c->measure_freq + 0.5);
  p->dft_length = 16U;
  while (p->dft_length < p->measure_length) {
    p->dft_length *= 2U;
  }
  p->n_measures = (uint32_t)ceil(c->search_time * c->measure_freq);
  p->n_gap = (uint32_t)(c->allowed_gap * c->measure_freq + 0.5);
  p->history = (uint32_t)(c->pre_trigger_time * rate + 0.5) + p->n_measures * p->measure_period +
               p->measure_length;

  const double bins = p->dft_length / rate;
  p->spectrum_start = (uint32_t)(c->hp_filter_freq * bins + 0.5);
  p->spectrum_start = p->spectrum_start ? p->spectrum_start : 1U;
  p->spectrum_end = (uint32_t)fmin(c->lp_filter_freq * bins + 0.5, p->dft_length / 2U);
  p->cepstrum_start = (uint32_t)ceil(rate * 0.5 / c->lp_lifter_freq);
  p->cepstrum_end = (uint32_t)fmin(floor(rate * 0.5 / c->hp_lifter_freq), p->dft_length / 4U);
  p->boot_count_max = (int)(c->boot_time * c->measure_freq - 0.5);
  p->noise_up = per_measure(c, c->noise_up_time);
  p->noise_down = per_measure(c, c->noise_down_time);
  p->smooth = per_measure(c, c->measure_smooth_time);
  p->trigger_mean = per_measure(c, c->trigger_time);
  return p->measure_length && p->measure_period && p->spectrum_end > p->spectrum_start &&
         p->cepstrum_end > p->cepstrum_start;
}

static void
fill_window(float* const window, const uint32_t n) {
  for (uint32_t i = 0U; i < n; ++i) {
    window[i] = (float)(2.0 / sqrt(n) * (0.5 - 0.5 * cos(2.0 * M_PI * i / n)));
  }
}

PinnaStatus
pinna_vad_torchaudio_init(PinnaVadTorchaudio** const self, PinnaArena* const arena,
                          const PinnaVadTorchaudioConfig* const config, const uint32_t n_ch) {
  *self = NULL;
  PinnaVadTorchaudio plan = {.config = *config, .n_ch = n_ch};
  if (!n_ch || n_ch > 64U || !is_sane(config) || !plan_lengths(&plan)) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaStatus status = pinna_fft_plan(&plan.fft, PINNA_FFT_REAL, plan.dft_length);
  status = status ? status : pinna_fft_plan(&plan.fft_half, PINNA_FFT_REAL, plan.dft_length / 2U);
  if (status) {
    return status;
  }

  const uint32_t            n_bins = plan.dft_length / 2U;
  PinnaVadTorchaudio* const vad = PINNA_TAKE(arena, 1U, PinnaVadTorchaudio);
  plan.channels = PINNA_TAKE(arena, n_ch, VadTorchaudioChannel);
  plan.window = PINNA_TAKE(arena, plan.measure_length, float);
  plan.cepstrum_window = PINNA_TAKE(arena, plan.spectrum_end - plan.spectrum_start, float);
  plan.frame = PINNA_TAKE(arena, plan.dft_length, float);
  plan.bins = PINNA_TAKE(arena, n_bins + 1U, float complex);
  for (uint32_t c = 0U; c < n_ch; ++c) {
    const VadTorchaudioChannel channel = {PINNA_TAKE(arena, n_bins, float),
                                          PINNA_TAKE(arena, n_bins, float),
                                          PINNA_TAKE(arena, plan.n_measures, float), 0.0f};
    if (plan.channels) {
      plan.channels[c] = channel;
    }
  }
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  fill_window(plan.window, plan.measure_length);
  fill_window(plan.cepstrum_window, plan.spectrum_end - plan.spectrum_start);
  *vad = plan;
  *self = vad;
  return PINNA_STATUS_OK;
}
