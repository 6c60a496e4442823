// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/ring.h"

#include "base/ring_impl.h"

#include <string.h>

// Message ring, realtime side: a message is published by one release store after it is whole

static uint32_t
smaller(const uint32_t a, const uint32_t b) {
  return a < b ? a : b;
}

static void
put(PinnaRing* const ring, const uint32_t at, const void* const source, const uint32_t size) {
  const uint32_t offset = at & (ring->size - 1U);
  const uint32_t first = smaller(size, ring->size - offset);
  if (size) {
    memcpy(ring->bytes + offset, source, first);
    memcpy(ring->bytes, (const char*)source + first, size - first);
  }
}

static void
get(const PinnaRing* const ring, const uint32_t at, void* const target, const uint32_t size) {
  const uint32_t offset = at & (ring->size - 1U);
  const uint32_t first = smaller(size, ring->size - offset);
  if (size) {
    memcpy(target, ring->bytes + offset, first);
    memcpy((char*)target + first, ring->bytes, size - first);
  }
}

uint32_t
pinna_ring_space(const PinnaRing* const ring) PINNA_RT {
  const uint32_t written = atomic_load_explicit(&ring->written, memory_order_relaxed);
  const uint32_t read = atomic_load_explicit(&ring->read, memory_order_acquire);
  return ring->size - (written - read);
}

bool
pinna_ring_push(PinnaRing* const ring, const uint32_t type, const void* const payload,
                const uint32_t size) PINNA_RT {
  const PinnaMessage head = {type, size};
  if ((uint64_t)sizeof(head) + size > pinna_ring_space(ring)) {
    return false;
  }

  const uint32_t written = atomic_load_explicit(&ring->written, memory_order_relaxed);
  put(ring, written, &head, (uint32_t)sizeof(head));
  put(ring, written + (uint32_t)sizeof(head), payload, size);
  atomic_store_explicit(&ring->written, written + (uint32_t)sizeof(head) + size,
                        memory_order_release);
  return true;
}

bool
pinna_ring_peek(const PinnaRing* const ring, PinnaMessage* const head) PINNA_RT {
  const uint32_t read = atomic_load_explicit(&ring->read, memory_order_relaxed);
  if (atomic_load_explicit(&ring->written, memory_order_acquire) == read) {
    return false;
  }

  get(ring, read, head, (uint32_t)sizeof(*head));
  return true;
}

bool
pinna_ring_pop(PinnaRing* const ring, PinnaMessage* const head, void* const payload,
               const uint32_t capacity) PINNA_RT {
  if (!pinna_ring_peek(ring, head)) {
    return false;
  }

  const uint32_t body =
      atomic_load_explicit(&ring->read, memory_order_relaxed) + (uint32_t)sizeof(*head);
  get(ring, body, payload, smaller(head->size, capacity));
  atomic_store_explicit(&ring->read, body + head->size, memory_order_release);
  return true;
}
