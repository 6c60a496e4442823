// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/noise_lull.h"

#include "base/arena.h"
#include "dsp/noise_imcra.h"
#include "dsp/noise_lull_impl.h"

#include <math.h>
#include <stddef.h>

// Checking and memory

PinnaStatus
pinna_noise_lull_init(PinnaNoiseLull** const lull, PinnaArena* const arena,
                      const PinnaNoiseLullConfig* const config) {
  *lull = NULL;
  if (config->n_bins < 4U || config->n_bins > 32769U || !(config->hop_s > 0.0) ||
      !(config->hop_s < 1.0) || !(config->bin_hz > 0.0)) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaNoiseLull* const self = PINNA_TAKE(arena, 1U, PinnaNoiseLull);
  float* const          mean = pinna_noise_row_take(arena, config->n_bins);
  float* const          log_mean = pinna_noise_row_take(arena, config->n_bins);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  const double low = fmin(100.0 / config->bin_hz, config->n_bins - 2.0);
  const double high = fmin(4000.0 / config->bin_hz + 1.0, config->n_bins);
  *self = (PinnaNoiseLull){
      .mean = mean,
      .log_mean = log_mean,
      .step = 3.75 * config->hop_s,
      .hop_s = config->hop_s,
      .share = (float)(1.0 - exp(-config->hop_s / 0.264)),
      .slow = 1.0 - exp(-config->hop_s / 3.0),
      .n_bins = config->n_bins,
      .low = low > 1.0 ? (uint32_t)low : 1U,
      .high = (uint32_t)high,
  };
  pinna_noise_lull_reset(self);
  *lull = self;
  return PINNA_STATUS_OK;
}
