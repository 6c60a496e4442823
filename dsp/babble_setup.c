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
  parts.sum = PINNA_TAKE(arena, config->n_bins + 1U, double);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  const double low = fmin(100.0 / config->bin_hz, config->n_bins - 2.0);
  const double high = fmin(4000.0 / config->bin_hz + 1.0, config->n_bins);
  parts.n_bins = config->n_bins;
  parts.n = pinna_denoise_padded(config->n_bins);
  parts.most = (uint32_t)fmin(known_hz / config->bin_hz, config->n_bins);
  parts.low = low > 1.0 ? (uint32_t)low : 1U;
  parts.high = (uint32_t)high;
  parts.rows.keep_brief = (float)exp(-config->hop_s / 0.020);
  parts.rows.keep_middle = (float)exp(-config->hop_s / 0.060);
  parts.rows.keep_late = (float)exp(-config->hop_s / 0.250);
  parts.keep_short = exp(-config->hop_s / 0.030);
  parts.keep_long = exp(-config->hop_s / 0.200);
  parts.slow = 1.0 - exp(-config->hop_s / 3.0);
  for (uint32_t k = 0U; k < parts.n; ++k) {
    parts.clue[PINNA_BABBLE_OWN][k] = (float)log1p(k * config->bin_hz / 468.75);
  }
  *self = parts;
  pinna_babble_reset(self);
  *babble = self;
  return PINNA_STATUS_OK;
}
