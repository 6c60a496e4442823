// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/fuzz/fuzz.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

// Plain fuzz driver: a few seconds of mutated seeds where libFuzzer is not linked

enum { MAX_SIZE = 1 << 16 };

static uint32_t
roll(uint64_t* const state) {
  *state ^= *state << 13U;
  *state ^= *state >> 7U;
  *state ^= *state << 17U;
  return (uint32_t)(*state >> 16U);
}

static size_t
mutate(uint8_t* const data, const size_t size, uint64_t* const state) {
  static const char spice[] = "{}[]:,-#&*!|>'\"%@` \n\t\r0123456789\x80\xFF";
  const size_t      at = size ? roll(state) % size : 0;
  const size_t      span = size ? roll(state) % (size - at + 1U) % 24U : 0;
  switch (roll(state) % 6U) {
  case 0: // Flip a bit
    if (size) {
      data[at] ^= (uint8_t)(1U << (roll(state) % 8U));
    }
    return size;
  case 1: // Cut a piece out
    memmove(data + at, data + at + span, size - at - span);
    return size - span;
  case 2: // Double a piece
    if (size + span <= MAX_SIZE) {
      memmove(data + at + span, data + at, size - at);
      return size + span;
    }
    return size;
  case 3: // Truncate
    return roll(state) % 8U ? size : at;
  default: // Insert something that means something
    if (size < MAX_SIZE) {
      memmove(data + at + 1U, data + at, size - at);
      data[at] = (uint8_t)spice[roll(state) % (sizeof(spice) - 1U)];
      return size + 1U;
    }
    return size;
  }
}

/// Arguments: seconds, and the number of the one seed to start from. PINNA_LONG makes it twenty
/// times as long, PINNA_FUZZ_SECONDS as long as it says.
int
main(const int argc, char** const argv) {
  const char* const wish = getenv("PINNA_FUZZ_SECONDS");
  const double      usual = argc > 1 ? strtod(argv[1], NULL) : 2.0;
  const double   seconds = wish ? strtod(wish, NULL) : usual * (getenv("PINNA_LONG") ? 20.0 : 1.0);
  const size_t   only = argc > 2 ? strtoul(argv[2], NULL, 10) : SIZE_MAX;
  const clock_t  end = clock() + (clock_t)(seconds * (double)CLOCKS_PER_SEC);
  uint64_t       state = 0x9E3779B97F4A7C15U ^ (uint64_t)time(NULL);
  uint8_t* const data = malloc(MAX_SIZE);
  size_t         n_seeds = 0;
  long           n = 0;

  tap_diag("seed of this run: %llu", (unsigned long long)state);
  while (pinna_fuzz_seeds[n_seeds].size) {
    LLVMFuzzerTestOneInput((const uint8_t*)pinna_fuzz_seeds[n_seeds].data,
                           pinna_fuzz_seeds[n_seeds].size);
    ++n_seeds;
  }
  for (; data && clock() < end; ++n) {
    const PinnaFuzzSeed* const seed =
        &pinna_fuzz_seeds[only < n_seeds ? only : roll(&state) % n_seeds];
    size_t size = seed->size;
    memcpy(data, seed->data, size);
    for (uint32_t m = 1U + roll(&state) % 6U; m; --m) {
      size = mutate(data, size, &state);
    }
    LLVMFuzzerTestOneInput(data, size);
  }
  free(data);
  tap_ok(n > 0, "%ld mutated inputs", n);
  return tap_done();
}
