// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/pitch.h"
#include "tests/bench/bench.h"
#include "tests/tap.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>

// Each mode of the pitch shifter in percent of a core, and its worst block

#define BLOCK 128U
#define N_BLOCKS 1500U
#define N_ROUNDS 5U

static float in[BLOCK * N_BLOCKS];
static float out[BLOCK];

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_pitch_init((PinnaPitch**)object, arena, (const PinnaPitchConfig*)config);
}

static void
compare(const PinnaPitchMode mode, const bool preserve) {
  static const char* const names[] = {"poly", "low latency", "voice"};
  const PinnaPitchConfig   config = {48000.0, 1U};
  const PinnaPitchTarget   target = {4.0, 0.0, preserve, 1.0, 0.5, 0.005, 0.0};
  double                   best = INFINITY;
  double                   worst_block = INFINITY;
  void*                    memory = NULL;
  void*                    object = NULL;
  if (pinna_arena_build(&memory, &object, build, &config)) {
    return;
  }
  pinna_pitch_set((PinnaPitch*)object, &target);
  pinna_pitch_start((PinnaPitch*)object, mode);
  for (uint32_t round = 0U; round < N_ROUNDS; ++round) {
    double sum = 0.0;
    double most = 0.0;
    for (uint32_t b = 0U; b < N_BLOCKS; ++b) {
      const float* const from = in + (size_t)b * BLOCK;
      float* const       to = out;
      const double       begin = bench_ns();
      pinna_pitch_run((PinnaPitch*)object, &from, &to, BLOCK);
      const double ns = bench_ns() - begin;
      sum += ns;
      most = ns > most ? ns : most;
    }
    best = bench_min(best, sum);
    worst_block = bench_min(worst_block, most);
  }
  printf("pitch %-11s formants %s: %5.2f %% of a core, worst block %5.1f %% of its time\n",
         names[mode], preserve ? "kept " : "moved", best * 4.8e-3 / (BLOCK * N_BLOCKS),
         worst_block * 4.8e-3 / BLOCK);
  pinna_arena_free(memory);
}

int
main(void) {
  unsigned seed = 1U;
  for (uint32_t i = 0U; i < BLOCK * N_BLOCKS; ++i) {
    in[i] = 0.02f * tap_noise(&seed);
    for (uint32_t h = 1U; h <= 20U; ++h) {
      in[i] += 0.1f / (float)h * (float)sin(2.0 * M_PI * 131.0 * h * i / 48000.0 + h * h);
    }
  }
  for (uint32_t mode = 0U; mode < PINNA_PITCH_N_MODES; ++mode) {
    compare((PinnaPitchMode)mode, false);
    compare((PinnaPitchMode)mode, true);
  }
  return 0;
}
