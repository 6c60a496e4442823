// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/omlsa.h"

#include "base/arena.h"
#include "dsp/noise_imcra.h"
#include "dsp/omlsa_impl.h"

#include <math.h>
#include <stddef.h>

// Checking and memory

PinnaStatus
pinna_omlsa_init(PinnaOmlsa** const omlsa, PinnaArena* const arena,
                 const PinnaOmlsaConfig* const config) {
  *omlsa = NULL;
  if (config->n_bins < 4U || config->n_bins > 32769U || !(config->hop_s > 0.0) ||
      !(config->hop_s < 1.0) || !(config->bin_hz > 0.0)) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaOmlsa        parts = {.kernel = pinna_denoise_kernel()};
  PinnaOmlsa* const self = PINNA_TAKE(arena, 1U, PinnaOmlsa);
  float** const     rows[] = {
          &parts.rows.gamma,  &parts.rows.xi,     &parts.rows.zeta,     &parts.rows.local,
          &parts.rows.global, &parts.rows.speech, &parts.rows.presence, &parts.rows.log_gain,
  };
  for (size_t i = 0U; i < sizeof(rows) / sizeof(rows[0]); ++i) {
    *rows[i] = pinna_noise_row_take(arena, config->n_bins);
  }
  parts.sum = PINNA_TAKE(arena, config->n_bins + 1U, double);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  const double reach = 703.125 / config->bin_hz;
  parts.n_bins = config->n_bins;
  parts.n = pinna_denoise_padded(config->n_bins);
  parts.hop_s = config->hop_s;
  parts.low = (uint32_t)fmin(94.0 / config->bin_hz, config->n_bins - 2.0);
  parts.high = (uint32_t)fmin(4000.0 / config->bin_hz, config->n_bins);
  parts.high = parts.high > parts.low ? parts.high : parts.low + 1U;
  parts.fall = (float)exp(-config->hop_s / 0.060);
  parts.reach = reach > 1.0 ? (uint32_t)(reach + 0.5) : 1U;
  parts.rows.keep_zeta = (float)pow(0.7, config->hop_s / (256.0 / 48000.0));
  parts.rows.least_xi = 3.1622777e-3f; // -25 dB
  parts.rows.most_q = 0.95f;
  for (uint32_t k = parts.n_bins; k < parts.n; ++k) { // Padding stays a number
    parts.rows.local[k] = 1.0f;
    parts.rows.global[k] = 1.0f;
  }
  *self = parts;
  pinna_omlsa_set_bias(self, 0.0);
  pinna_omlsa_set_memory(self, 0.008 / -log(0.88));
  pinna_omlsa_reset(self);
  *omlsa = self;
  return PINNA_STATUS_OK;
}
