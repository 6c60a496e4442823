// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/hum.h"

#include "base/arena.h"
#include "dsp/hum_impl.h"

#include <stddef.h>

// Checking and memory

PinnaStatus
pinna_hum_init(PinnaHum** const hum, PinnaArena* const arena, const double rate) {
  *hum = NULL;
  if (!(rate >= 4000.0) || !(rate <= 768000.0)) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaHum* const self = PINNA_TAKE(arena, 1U, PinnaHum);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  self->rate = rate;
  self->pull = (float)(2.0 / (0.3 * rate)); // Each notch learns with a time constant of 0.3 s
  self->step = pinna_smooth_plan(PINNA_SMOOTH_TAU, rate, 1U);
  pinna_hum_reset(self);
  *hum = self;
  return PINNA_STATUS_OK;
}
