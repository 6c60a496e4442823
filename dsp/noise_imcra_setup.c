// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/noise_imcra.h"

#include "base/arena.h"
#include "dsp/noise_imcra_impl.h"

#include <math.h>
#include <stddef.h>

// Checking and memory

float*
pinna_noise_row_take(PinnaArena* const arena, const uint32_t n_bins) {
  float* const row =
      PINNA_TAKE(arena, pinna_denoise_padded(n_bins) + 2U * PINNA_DENOISE_LANES, float);
  return row ? row + PINNA_DENOISE_LANES : NULL;
}

PinnaStatus
pinna_noise_imcra_init(PinnaNoiseImcra** const imcra, PinnaArena* const arena,
                       const PinnaNoiseImcraConfig* const config) {
  *imcra = NULL;
  if (config->n_bins < 4U || config->n_bins > 32769U || !(config->hop_s > 0.0) ||
      !(config->hop_s < 1.0) || !(config->bin_hz > 0.0)) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaNoiseImcra        parts = {.kernel = pinna_denoise_kernel()};
  PinnaNoiseImcra* const self = PINNA_TAKE(arena, 1U, PinnaNoiseImcra);
  float** const          rows[] = {
               &parts.rows.s,     &parts.rows.s_min,  &parts.rows.s_now,  &parts.rows.t,
               &parts.rows.t_min, &parts.rows.t_now,  &parts.rows.absent, &parts.rows.absent_p,
               &parts.rows.mean,  &parts.rows.centre, &parts.rows.side,   &parts.rows.floor,
  };
  for (size_t i = 0U; i < sizeof(rows) / sizeof(rows[0]); ++i) {
    *rows[i] = pinna_noise_row_take(arena, config->n_bins);
  }
  for (uint32_t p = 0U; p < PINNA_IMCRA_PARTS; ++p) {
    parts.s_part[p] = pinna_noise_row_take(arena, config->n_bins);
    parts.t_part[p] = pinna_noise_row_take(arena, config->n_bins);
  }
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  parts.n_bins = config->n_bins;
  parts.n = pinna_denoise_padded(config->n_bins);
  parts.hop_s = config->hop_s;
  parts.low = (uint32_t)fmin(400.0 / config->bin_hz, config->n_bins - 1.0);
  parts.high = (uint32_t)fmin(4000.0 / config->bin_hz, config->n_bins);
  parts.rows.keep_s = (float)exp(-config->hop_s / 0.080);
  parts.rows.keep_prior = (float)pow(0.92, config->hop_s / 0.008);
  for (uint32_t k = 0U; k < parts.n; ++k) {
    parts.rows.centre[k] = k < PINNA_IMCRA_LONE ? 1.0f : 0.5f;
    parts.rows.side[k] = k < PINNA_IMCRA_LONE ? 0.0f : 0.25f;
  }
  *self = parts;
  pinna_noise_imcra_set_window(self, 1.0);
  pinna_noise_imcra_reset(self);
  *imcra = self;
  return PINNA_STATUS_OK;
}
