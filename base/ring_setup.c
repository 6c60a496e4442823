// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/ring.h"

#include "base/ring_impl.h"

// Message ring, planning side

PinnaStatus
pinna_ring_init(PinnaRing** const ring, PinnaArena* const arena, const uint32_t size) {
  if (size < 16U || size > (1U << 30U)) {
    return PINNA_STATUS_BAD_ARG;
  }

  uint32_t capacity = 16U;
  while (capacity < size) {
    capacity *= 2U;
  }

  PinnaRing* const made = PINNA_TAKE(arena, 1U, PinnaRing);
  char* const      bytes = PINNA_TAKE(arena, capacity, char);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  made->size = capacity;
  made->bytes = bytes;
  pinna_ring_reset(made);
  *ring = made;
  return PINNA_STATUS_OK;
}

void
pinna_ring_reset(PinnaRing* const ring) {
  atomic_init(&ring->written, 0U);
  atomic_init(&ring->read, 0U);
}
