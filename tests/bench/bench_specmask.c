// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/specmask.h"
#include "dsp/stft.h"
#include "tests/bench/bench.h"
#include "tests/tap.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// The masker against the bare transform it is built on, by what is switched on

#define BLOCK 128U
#define N_BLOCKS 800U
#define N_ROUNDS 9U

static float in[BLOCK];
static float out[BLOCK];

static PinnaStatus
build_mask(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_specmask_init((PinnaSpecmask**)object, arena, (const PinnaSpecmaskConfig*)config);
}

static PinnaStatus
build_stft(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_stft_init((PinnaStft**)object, arena, (const PinnaStftConfig*)config);
}

/// @return ns a frame; of the masker, or of the transform if there is none
static double
time_run(PinnaSpecmask* const mask, PinnaStft* const stft) {
  const float* const ins[] = {in};
  float* const       outs[] = {out};
  const double       start = bench_ns();
  for (uint32_t i = 0U; i < N_BLOCKS; ++i) {
    if (mask) {
      pinna_specmask_run(mask, ins, outs, BLOCK);
    } else {
      pinna_stft_run(stft, ins, outs, BLOCK, NULL, NULL);
    }
  }
  return (bench_ns() - start) / (N_BLOCKS * BLOCK);
}

static void
compare(const char* const name, const PinnaSpecmaskParams* const params) {
  const PinnaSpecmaskConfig mask_config = {48000.0, 1U};
  const PinnaStftConfig stft_config = {.n_in = 1U, .n_out = 1U, .n_fft = 1024U, .hop_length = 256U};
  void*                 memory[2] = {NULL, NULL};
  void*                 object[2] = {NULL, NULL};
  double                best[2] = {1e30, 1e30};
  if (pinna_arena_build(&memory[0], &object[0], build_mask, &mask_config) ||
      pinna_arena_build(&memory[1], &object[1], build_stft, &stft_config)) {
    exit(1);
  }
  pinna_specmask_set((PinnaSpecmask*)object[0], params);
  for (uint32_t round = 0U; round < N_ROUNDS; ++round) {
    best[0] = bench_min(best[0], time_run((PinnaSpecmask*)object[0], NULL));
    best[1] = bench_min(best[1], time_run(NULL, (PinnaStft*)object[1]));
  }
  printf("specmask %-28s %6.1f ns/frame, %.3f %% of a core at 48 kHz; the transform alone %5.1f\n",
         name, best[0], 100.0 * best[0] * 48000e-9, best[1]);
  pinna_arena_free(memory[0]);
  pinna_arena_free(memory[1]);
}

int
main(void) {
  unsigned seed = 1U;
  for (uint32_t i = 0U; i < BLOCK; ++i) {
    in[i] = 0.25f * tap_noise(&seed);
  }
  PinnaSpecmaskParams p = {
      .masks = {.bpm = 120.0f, .time_width = 0.2f, .p = 1.0f}, .depth = 1.0f, .mix = 1.0f};
  compare("at rest", &p);
  p.masks.time = (PinnaMaskEvents){PINNA_MASK_RANDOM, 2.0f, 1.0f};
  p.masks.freq = p.masks.time;
  p.masks.n_bands = 4U;
  p.masks.freq_width = 27.0f;
  compare("masks of silence", &p);
  p.fill = PINNA_SPECMASK_NOISE;
  compare("masks of noise", &p);
  p.gate =
      (PinnaSpecmaskGate){.enabled = true, .range_db = 40.0f, .attack = 0.01f, .release = 0.1f};
  compare("masks of noise, gate", &p);
  return 0;
}
