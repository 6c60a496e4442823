// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/mel_edit.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/dct.h"
#include "dsp/filterbank.h"
#include "dsp/mel_edit_impl.h"
#include "dsp/noise_imcra.h"

#include <math.h>

// Tables and memory

#define BANDS_PER_TERM 6U ///< The envelope sees what is wider than this

PinnaStatus
pinna_mel_edit_init(PinnaMelEdit** const self, PinnaArena* const arena,
                    const PinnaMelEditConfig* const config) {
  const uint32_t n = config->n_mels;
  *self = NULL;
  if (n < 16U || n > 256U || !(config->f_min >= 0.0) || !(config->f_max > config->f_min) ||
      !(config->hop_s > 0.0)) {
    return PINNA_STATUS_BAD_ARG;
  }
  const double low = pinna_scale_from_hz(config->f_min, PINNA_SCALE_SLANEY);
  const double step = (pinna_scale_from_hz(config->f_max, PINNA_SCALE_SLANEY) - low) / (n + 1U);
  const PinnaNoiseSppConfig spp = {n, config->hop_s};
  const PinnaOmlsaConfig    omlsa = {n, config->hop_s, (config->f_max - config->f_min) / n};
  PinnaMelEdit              parts = {.config = *config, .n_keep = n / BANDS_PER_TERM};
  PinnaMelEdit* const       edit = PINNA_TAKE(arena, 1U, PinnaMelEdit);
  PinnaStatus               status = pinna_noise_spp_init(&parts.spp, arena, &spp);
  if (!status) {
    status = pinna_omlsa_init(&parts.omlsa, arena, &omlsa);
  }
  if (status) {
    return status;
  }
  parts.dct = PINNA_TAKE(arena, (size_t)n * parts.n_keep, float);
  parts.hz = PINNA_TAKE(arena, n, float);
  parts.power = pinna_noise_row_take(arena, n);
  parts.noise = pinna_noise_row_take(arena, n);
  parts.envelope = PINNA_TAKE(arena, n, float);
  parts.fine = PINNA_TAKE(arena, n, float);
  parts.comb = PINNA_TAKE(arena, n, float);
  parts.past = PINNA_TAKE(arena, n, float);
  parts.work = PINNA_TAKE(arena, n, float);
  parts.terms = PINNA_TAKE(arena, parts.n_keep, float);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  for (uint32_t m = 0U; m < n; ++m) {
    parts.hz[m] = (float)pinna_scale_to_hz(low + step * (m + 1U), PINNA_SCALE_SLANEY);
  }
  const PinnaStatus filled = pinna_dct_fill(parts.dct, parts.n_keep, n, PINNA_DCT_ORTHO);
  if (filled) {
    return filled;
  }
  *edit = parts;
  *self = edit;
  return PINNA_STATUS_OK;
}
