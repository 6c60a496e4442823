// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_RING_H
#define PINNA_BASE_RING_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

// Lock-free ring of typed messages between exactly one writing and one reading thread

typedef struct PinnaRingImpl PinnaRing;

/// Head of every message
typedef struct {
  uint32_t type; ///< Chosen by the two ends
  uint32_t size; ///< Bytes of payload that follow
} PinnaMessage;

/// Allocate a ring of at least `size` bytes (16 to 2^30, rounded up to a power of two), heads
/// included. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_ring_init(PinnaRing** ring, PinnaArena* arena, uint32_t size);

/// Write one message whole or not at all. Realtime, writing thread only.
/// @param payload `size` bytes, may be NULL if `size` is 0
/// @return false if there is no room
PINNA_API bool pinna_ring_push(PinnaRing* ring, uint32_t type, const void* payload,
                               uint32_t size) PINNA_RT;

/// Look at the head of the next message without taking it. Realtime, reading thread only.
/// @return false if the ring is empty
PINNA_API bool pinna_ring_peek(const PinnaRing* ring, PinnaMessage* head) PINNA_RT;

/// Take the next message. Realtime, reading thread only.
/// @param payload Receives up to `capacity` bytes; the rest of a longer payload is dropped
/// @return false if the ring is empty
PINNA_API bool pinna_ring_pop(PinnaRing* ring, PinnaMessage* head, void* payload,
                              uint32_t capacity) PINNA_RT;

/// Bytes that may be written now (heads included). Realtime, writing thread only.
PINNA_API uint32_t pinna_ring_space(const PinnaRing* ring) PINNA_RT;

/// Forget all messages. No thread may be using the ring.
PINNA_API void pinna_ring_reset(PinnaRing* ring);

#endif // PINNA_BASE_RING_H
