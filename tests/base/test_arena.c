// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "tests/tap.h"

#include <stdint.h>
#include <stdlib.h>

// The arena measures what it needs, refuses what does not fit, and aligns every slice

typedef struct {
  int*    numbers;
  double* table;
} Thing;

static PinnaStatus
build_thing(void** const object, PinnaArena* const arena, const void* const config) {
  const size_t  n = *(const size_t*)config;
  Thing* const  thing = PINNA_TAKE(arena, 1U, Thing);
  int* const    numbers = PINNA_TAKE(arena, n, int);
  double* const table = PINNA_TAKE(arena, 3U, double);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  thing->numbers = numbers;
  thing->table = table;
  *object = thing;
  return PINNA_STATUS_OK;
}

static void
test_every_size(void) {
  const size_t n = 37U;
  PinnaArena   measure = pinna_arena_measuring();
  void*        object = NULL;
  tap_int(build_thing(&object, &measure, &n), PINNA_STATUS_OK, "measuring succeeds");
  tap_ok(!object, "measuring builds nothing");

  void* const block = aligned_alloc(PINNA_ARENA_ALIGN, measure.used);
  size_t      refused = 0U;
  for (size_t size = 0U; size < measure.used; ++size) {
    PinnaArena arena = pinna_arena_over(block, size);
    refused += build_thing(&object, &arena, &n) == PINNA_STATUS_NO_MEM;
  }
  tap_int((long long)refused, (long long)measure.used, "every smaller block is refused");

  PinnaArena arena = pinna_arena_over(block, measure.used);
  tap_int(build_thing(&object, &arena, &n), PINNA_STATUS_OK, "the measured size is enough");
  tap_int((long long)arena.used, (long long)measure.used, "and is used up");
  const Thing* const thing = (const Thing*)object;
  tap_int((long long)((uintptr_t)thing->numbers % PINNA_ARENA_ALIGN), 0, "slices are aligned");
  tap_ok(thing->table[2] == 0.0 && thing->numbers[36] == 0, "and zeroed");
  free(block);
}

static void
test_overflow(void) {
  PinnaArena measure = pinna_arena_measuring();
  tap_ok(!pinna_arena_take(&measure, SIZE_MAX / 2U, 3U), "a product that overflows is refused");
  tap_int(pinna_arena_result(&measure), PINNA_STATUS_NO_MEM, "and remembered");

  const size_t huge = SIZE_MAX / 8U;
  void*        memory = NULL;
  void*        object = NULL;
  tap_int(pinna_arena_build(&memory, &object, build_thing, &huge), PINNA_STATUS_NO_MEM,
          "a build that cannot be allocated fails");
  tap_ok(!memory && !object, "and leaves nothing behind");
}

int
main(void) {
  test_every_size();
  test_overflow();

  const size_t n = 5U;
  void*        memory = NULL;
  void*        object = NULL;
  tap_int(pinna_arena_build(&memory, &object, build_thing, &n), PINNA_STATUS_OK, "build");
  tap_ok(memory && object, "gives the block and the object");
  pinna_arena_free(memory);
  return tap_done();
}
