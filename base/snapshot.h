// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_SNAPSHOT_H
#define PINNA_BASE_SNAPSHOT_H

#include "base/attributes.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// A row of numbers that one thread writes and any other reads whole, without waiting (a sequence
// lock: Boehm, MSPC 2012)

/// Zero-initialise it, then set `values` and `size`
typedef struct {
  _Atomic float*   values; ///< [size]
  uint32_t         size;
  _Atomic uint32_t version; ///< Odd while being written; 0: never written
} PinnaSnapshot;

/// Publish `values` [size]. One writer; realtime.
static inline void
pinna_snapshot_write(PinnaSnapshot* const shot, const float* const values) {
  const uint32_t version = atomic_load_explicit(&shot->version, memory_order_relaxed);
  atomic_store_explicit(&shot->version, version + 1U, memory_order_relaxed);
  atomic_thread_fence(memory_order_release);
  for (uint32_t i = 0U; i < shot->size; ++i) {
    atomic_store_explicit(&shot->values[i], values[i], memory_order_relaxed);
  }
  atomic_store_explicit(&shot->version, version + 2U, memory_order_release);
}

/// Even, and another one after each pinna_snapshot_write(). Realtime, any thread.
static inline uint32_t
pinna_snapshot_version(const PinnaSnapshot* const shot) {
  return atomic_load_explicit(&shot->version, memory_order_acquire) & ~1U;
}

/// Copy what was published last to `values` [size]. Realtime, any thread.
/// @return Its version; 0 if there is none, or if it was being written: try again later
static inline uint32_t
pinna_snapshot_read(const PinnaSnapshot* const shot, float* const values) {
  const uint32_t before = atomic_load_explicit(&shot->version, memory_order_acquire);
  if (before & 1U) {
    return 0U;
  }
  for (uint32_t i = 0U; i < shot->size; ++i) {
    values[i] = atomic_load_explicit(&shot->values[i], memory_order_relaxed);
  }
  atomic_thread_fence(memory_order_acquire);
  const uint32_t after = atomic_load_explicit(&shot->version, memory_order_relaxed);
  return before == after ? before : 0U;
}

#endif // PINNA_BASE_SNAPSHOT_H
