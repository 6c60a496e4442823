// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/babble.h"

#include "base/arena.h"
#include "dsp/babble_impl.h"
#include "dsp/noise_imcra.h"

#include <math.h>
#include <stddef.h>

// Checking and memory

static const double known_hz = 16800.0;
static const double tuned_hz = 5250.0;

/// One over the autocorrelation of a sine window, as far as it is not too small
static void
weigh_periods(const PinnaBabble* const babble) {
  const double n = pinna_fft_size(babble->fft);
  for (uint32_t i = babble->shortest; i < babble->longest; ++i) {
    const double at = i / n;
    const double echo = (1.0 - at) * cos(M_PI * at) + sin(M_PI * at) / M_PI;
    babble->window[i - babble->shortest] = (float)(1.0 / fmax(echo, 0.25));
  }
}

PinnaStatus
pinna_babble_init(PinnaBabble** const babble, PinnaArena* const arena,
                  const PinnaBabbleConfig* const config) {
  *babble = NULL;
  if (config->n_bins < 4U || config->n_bins > 32769U || !(config->hop_s > 0.0) ||
      !(config->hop_s < 1.0) || !(config->bin_hz > 0.0)) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaBabble        parts = {.kernel = pinna_denoise_kernel()};
  PinnaBabble* const self = PINNA_TAKE(arena, 1U, PinnaBabble);
  float** const      rows[] = {
           &parts.rows.smooth, &parts.rows.brief,     &parts.rows.middle,
           &parts.rows.late,   &parts.rows.mean,      &parts.rows.mean_log,
           &parts.rows.wide,   &parts.rows.wide_mean, &parts.rows.narrow,
  };
  for (size_t i = 0U; i < sizeof(rows) / sizeof(rows[0]); ++i) {
    *rows[i] = pinna_noise_row_take(arena, config->n_bins);
  }
  for (uint32_t i = 0U; i <= PINNA_BABBLE_OWN; ++i) {
    parts.clue[i] = pinna_noise_row_take(arena, config->n_bins);
  }
  const uint32_t    n_fft = 2U * (config->n_bins - 1U);
  const PinnaStatus status = pinna_fft_plan(&parts.fft, PINNA_FFT_REAL, n_fft);
  if (status) {
    return status;
  }
  const double rate = n_fft * config->bin_hz;
  parts.shortest = (uint32_t)fmin(fmax(rate / 436.0, 1.0), n_fft - 2.0);
  parts.longest = (uint32_t)fmin(fmax(rate / 80.0, parts.shortest + 1.0), n_fft - 1.0);
  parts.root = PINNA_TAKE(arena, config->n_bins, float complex);
  parts.echo = PINNA_TAKE(arena, n_fft, float);
  parts.window = PINNA_TAKE(arena, parts.longest - parts.shortest, float);
  parts.sum = PINNA_TAKE(arena, config->n_bins + 1U, double);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  const double low = fmin(100.0 / config->bin_hz, config->n_bins - 2.0);
  const double high = fmin(4000.0 / config->bin_hz + 1.0, config->n_bins);
  parts.n_bins = config->n_bins;
  parts.n = pinna_denoise_padded(config->n_bins);
  parts.most = (uint32_t)fmin(known_hz / config->bin_hz, config->n_bins);
  parts.tuned = (uint32_t)fmin(tuned_hz / config->bin_hz + 0.5, parts.most);
  parts.low = low > 1.0 ? (uint32_t)low : 1U;
  parts.high = (uint32_t)high;
  parts.rows.keep_brief = (float)exp(-config->hop_s / 0.020);
  parts.rows.keep_middle = (float)exp(-config->hop_s / 0.060);
  parts.rows.keep_late = (float)exp(-config->hop_s / 0.250);
  parts.keep_short = exp(-config->hop_s / 0.030);
  parts.keep_long = exp(-config->hop_s / 0.200);
  parts.slow = 1.0 - exp(-config->hop_s / 3.0);
  for (uint32_t k = 0U; k < parts.n; ++k) {
    parts.clue[PINNA_BABBLE_OWN][k] = (float)log1p(fmin(k * config->bin_hz, tuned_hz) / 468.75);
  }
  weigh_periods(&parts);
  *self = parts;
  pinna_babble_reset(self);
  *babble = self;
  return PINNA_STATUS_OK;
}
