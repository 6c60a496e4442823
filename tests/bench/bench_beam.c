// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/beam.h"
#include "tests/tap.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// What a beamformer costs: share of one core at 48 kHz, in blocks of 256, best of several rounds

enum { BLOCK = 256, N_BLOCKS = 188, N_ROUNDS = 12 };

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_beam_init((PinnaBeam**)object, arena, (const PinnaBeamConfig*)config);
}

/// Seconds of processor time of this thread
static double
now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double
measure(const uint32_t n_mics) {
  static float          in[PINNA_ARRAY_MAX][BLOCK];
  static float          out[2][BLOCK];
  const PinnaBeamConfig config = {n_mics, 48000.0};
  void*                 memory = NULL;
  void*                 object = NULL;
  const float*          x[PINNA_ARRAY_MAX];
  unsigned              seed = 1U;
  double                best = 1e30;
  if (pinna_arena_build(&memory, &object, build, &config)) {
    exit(1);
  }
  for (uint32_t round = 0U; round < N_ROUNDS; ++round) {
    double spent = 0.0;
    for (uint32_t b = 0U; b < N_BLOCKS; ++b) {
      for (uint32_t m = 0U; m < n_mics; ++m) {
        x[m] = in[m];
        for (uint32_t i = 0U; i < BLOCK; ++i) {
          in[m][i] = 0.1f * tap_noise(&seed);
        }
      }
      const double start = now();
      pinna_beam_run((PinnaBeam*)object, x, NULL, out[0], out[1], BLOCK);
      spent += now() - start;
    }
    best = spent < best ? spent : best;
  }
  pinna_arena_free(memory);
  return 100.0 * best * 48000.0 / (BLOCK * N_BLOCKS);
}

int
main(const int argc, char** const argv) {
  static const double limits[] = {1.5, 2.5, 6.0};
  const bool          gate = argc > 1 && !strcmp(argv[1], "--gate");
  for (uint32_t i = 0U; i < 3U; ++i) {
    const uint32_t n_mics = 2U << i;
    const double   percent = measure(n_mics);
    printf("# beam %u microphones: %.2f %% of a core\n", n_mics, percent);
    if (gate) {
      tap_at_most(percent, limits[i], "%u microphones: at most %.1f %% of a core", n_mics,
                  limits[i]);
    }
  }
  return gate ? tap_done() : 0;
}
