// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/envelope.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/envelope_impl.h"

#include <stdint.h>

// Checking and memory

PinnaStatus
pinna_envelope_init(PinnaEnvelope** const envelope, PinnaArena* const arena,
                    const PinnaEnvelopeConfig* const config) {
  *envelope = NULL;
  if (!(config->sample_rate >= 8000.0) || config->sample_rate > 192000.0 || config->n_bins < 33U ||
      config->n_bins > 65537U) {
    return PINNA_STATUS_BAD_ARG;
  }

  PinnaEnvelope* const self = PINNA_TAKE(arena, 1U, PinnaEnvelope);
  float* const         curve = PINNA_TAKE(arena, config->n_bins, float);
  float* const         centres = PINNA_TAKE(arena, config->n_bins, float);
  float* const         model = PINNA_TAKE(arena, config->n_bins, float);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  *self = (PinnaEnvelope){.sample_rate = config->sample_rate,
                          .n_bins = config->n_bins,
                          .curve = curve,
                          .centres = centres,
                          .model = model};
  for (uint32_t k = 0U; k < config->n_bins; ++k) {
    centres[k] = (float)(0.5 * config->sample_rate * k / (config->n_bins - 1U));
  }
  *envelope = self;
  return PINNA_STATUS_OK;
}
