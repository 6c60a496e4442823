// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/noise_spp.h"

#include "base/arena.h"
#include "dsp/noise_imcra.h"
#include "dsp/noise_spp_impl.h"

#include <stddef.h>

// Checking and memory

PinnaStatus
pinna_noise_spp_init(PinnaNoiseSpp** const spp, PinnaArena* const arena,
                     const PinnaNoiseSppConfig* const config) {
  *spp = NULL;
  if (config->n_bins < 4U || config->n_bins > 32769U || !(config->hop_s > 0.0) ||
      !(config->hop_s < 1.0)) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaNoiseSpp* const self = PINNA_TAKE(arena, 1U, PinnaNoiseSpp);
  float* const         presence = pinna_noise_row_take(arena, config->n_bins);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  *self = (PinnaNoiseSpp){
      .kernel = pinna_denoise_kernel(),
      .presence = presence,
      .hop_s = config->hop_s,
      .n_bins = config->n_bins,
      .n = pinna_denoise_padded(config->n_bins),
  };
  pinna_noise_spp_set_tau(self, 0.072);
  pinna_noise_spp_reset(self);
  *spp = self;
  return PINNA_STATUS_OK;
}
