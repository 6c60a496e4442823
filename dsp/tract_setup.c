// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/tract.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/tract_impl.h"

// Memory

PinnaStatus
pinna_tract_init(PinnaTract** const tract, PinnaArena* const arena) {
  *tract = NULL;
  PinnaTract* const self = PINNA_TAKE(arena, 1U, PinnaTract);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  pinna_tract_reset(self);
  *tract = self;
  return PINNA_STATUS_OK;
}
