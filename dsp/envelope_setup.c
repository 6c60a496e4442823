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
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  *self = (PinnaEnvelope){config->sample_rate, config->n_bins, curve};
  *envelope = self;
  return PINNA_STATUS_OK;
}
