// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_RING_IMPL_H
#define PINNA_BASE_RING_IMPL_H

#include "base/ring.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>

// What the two sides of a ring share: free-running byte counters, each on its own cache line

struct PinnaRingImpl {
  alignas(PINNA_ARENA_ALIGN) atomic_uint_least32_t written; ///< Stored by the writer only
  alignas(PINNA_ARENA_ALIGN) atomic_uint_least32_t read;    ///< Stored by the reader only
  alignas(PINNA_ARENA_ALIGN) uint32_t size;                 ///< Power of two, constant
  char* bytes;
};

#endif // PINNA_BASE_RING_IMPL_H
