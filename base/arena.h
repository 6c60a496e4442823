// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_ARENA_H
#define PINNA_BASE_ARENA_H

#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

// One block of memory for a whole object tree: measured first, allocated once, freed at once

/// Every slice starts at a multiple of this many bytes (a cache line, an AVX-512 vector)
#define PINNA_ARENA_ALIGN 64U

/// Treat as opaque. Not thread-safe: one thread builds.
typedef struct {
  char*  base;     ///< Memory, or NULL in a measuring arena
  size_t size;     ///< Capacity in bytes
  size_t used;     ///< Bytes handed out, alignment included
  bool   overflow; ///< A slice did not fit
} PinnaArena;

/// An arena that only counts: pinna_arena_take() returns NULL and `used` grows
PINNA_API PinnaArena pinna_arena_measuring(void);

/// An arena over `size` bytes at `memory`, which must be aligned to PINNA_ARENA_ALIGN
PINNA_API PinnaArena pinna_arena_over(void* memory, size_t size);

/// A zeroed slice of `count * size` bytes, or NULL (measuring, or full, or the product overflows)
PINNA_API void* pinna_arena_take(PinnaArena* arena, size_t count, size_t size);

/// What an init function returns after its takes: see the pattern below.
/// @return OK: all slices are there, fill them; END: only measuring, return OK at once; NO_MEM
///
///     PinnaGain* const gain   = PINNA_TAKE(arena, 1, PinnaGain);
///     float* const     window = PINNA_TAKE(arena, n, float);
///     if (pinna_arena_state(arena) != PINNA_STATUS_OK)
///       return pinna_arena_result(arena);
///     gain->window = window;
PINNA_API PinnaStatus pinna_arena_state(const PinnaArena* arena);

/// The status an init function returns early: OK when measuring, NO_MEM when full
PINNA_API PinnaStatus pinna_arena_result(const PinnaArena* arena);

#define PINNA_TAKE(arena, count, type) ((type*)pinna_arena_take((arena), (count), sizeof(type)))

/// Builds one object into `arena` and stores it at `*object` (NULL when measuring)
typedef PinnaStatus (*PinnaBuildFunc)(void** object, PinnaArena* arena, const void* config);

/// Measure, allocate once, build. Not realtime.
/// @param memory Receives the block that holds everything; free it with pinna_arena_free()
/// @return What `build` returned, or NO_MEM; on failure nothing is left allocated
PINNA_API PinnaStatus pinna_arena_build(void** memory, void** object, PinnaBuildFunc build,
                                        const void* config);

/// Free a block made by pinna_arena_build(). NULL is allowed.
PINNA_API void pinna_arena_free(void* memory);

#endif // PINNA_BASE_ARENA_H
