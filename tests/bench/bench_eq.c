// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/eq_impl.h"
#include "tests/bench/bench.h"
#include "tests/tap.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Eight bells in ns per frame, settled and with every gain and frequency on the move

#define RATE 48000.0
#define N_FRAMES 24000U
#define BLOCK 128U
#define N_STEPS (N_FRAMES / BLOCK)
#define N_ROUNDS 15U

static float       samples[2][N_FRAMES];
static PinnaEqBand paths[N_STEPS][8];

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_eq_init((PinnaEq**)object, arena, (const PinnaEqConfig*)config);
}

static void
fill(void) {
  unsigned seed = 3U;
  for (uint32_t i = 0U; i < 2U * N_FRAMES; ++i) {
    samples[i / N_FRAMES][i % N_FRAMES] = 0.1F * tap_noise(&seed);
  }
  for (uint32_t k = 0U; k < N_STEPS; ++k) {
    const double swing = sin(2.0 * 3.14159265358979 * k / N_STEPS);
    for (uint32_t b = 0U; b < 8U; ++b) {
      paths[k][b] = PINNA_EQ_BAND_DEFAULT;
      paths[k][b].enabled = true;
      paths[k][b].freq_hz = 100.0 * pow(2.0, b + 0.3 * swing);
      paths[k][b].gain_db = 3.0 + b % 3U + swing;
    }
  }
}

static double
pass(PinnaEq* const eq, const bool moving) {
  static float out[2][BLOCK];
  const double start = bench_ns();
  for (uint32_t k = 0U; k < N_STEPS; ++k) {
    const float* const x[2] = {samples[0] + k * BLOCK, samples[1] + k * BLOCK};
    float* const       y[2] = {out[0], out[1]};
    for (uint32_t b = 0U; b < 8U; ++b) {
      pinna_eq_set_band(eq, b, &paths[moving ? k : 0U][b]);
    }
    pinna_eq_run(eq, x, y, BLOCK);
  }
  return (bench_ns() - start) / (N_STEPS * BLOCK);
}

/// Returns the cost of moving over the cost of standing still
static double
measure(const PinnaIsa isa, const uint32_t n_ch) {
  const PinnaEqConfig config = {RATE, n_ch, 8U};
  void*               memory[2] = {NULL, NULL};
  PinnaEq*            eq[2] = {NULL, NULL};
  double              best[2] = {1e30, 1e30};
  for (uint32_t i = 0U; i < 2U; ++i) {
    if (pinna_arena_build(&memory[i], (void**)&eq[i], build, &config)) {
      exit(1);
    }
    eq[i]->kernels = pinna_eq_kernels(isa);
    for (uint32_t b = 0U; b < 8U; ++b) {
      pinna_eq_set_band(eq[i], b, &paths[0][b]);
    }
    pinna_eq_snap(eq[i]);
  }
  for (uint32_t round = 0U; round < N_ROUNDS; ++round) {
    best[0] = bench_min(best[0], pass(eq[0], false));
    best[1] = bench_min(best[1], pass(eq[1], true));
  }
  printf("# eq 8 bells %s %s: settled %.2f ns/frame, moving %.2f, ratio %.2f\n",
         n_ch == 1U ? "mono" : "stereo", pinna_isa_name(isa), best[0], best[1], best[1] / best[0]);
  pinna_arena_free(memory[0]);
  pinna_arena_free(memory[1]);
  return best[1] / best[0];
}

int
main(const int argc, char** const argv) {
  const bool gate = argc > 1 && !strcmp(argv[1], "--gate");
  fill();
  for (int isa = (int)pinna_cpu_isa(); isa >= (gate ? (int)pinna_cpu_isa() : 0); --isa) {
    // Vectors of four have too few registers for moving coefficients
    const double limit = isa == PINNA_ISA_AVX512 ? 3.0 : 6.0;
    for (uint32_t n_ch = 1U; n_ch <= 2U; ++n_ch) {
      const double ratio = measure((PinnaIsa)isa, n_ch);
      if (gate) {
        tap_at_most(ratio, limit, "%u channels: moving costs at most %.1f times as much", n_ch,
                    limit);
      }
    }
  }
  return gate ? tap_done() : 0;
}
