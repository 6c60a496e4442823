// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "base/denormal.h"
#include "dsp/denoise.h"
#include "tests/bench/bench.h"
#include "tests/tap.h"

#include <math.h>
#include <stdlib.h>

// Share of one core that a mono denoiser takes at 48 kHz: at most 1.5 %

enum { BLOCK = 256, BLOCKS = 400, ROUNDS = 12 };

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_denoise_init((PinnaDenoise**)object, arena, (const PinnaDenoiseConfig*)config);
}

/// Best of several rounds [ns per sample]
static double
measure(const PinnaDenoiseConfig* const config, const PinnaDenoiseParams* const params) {
  void* memory = NULL;
  void* object = NULL;
  if (pinna_arena_build(&memory, &object, build, config)) {
    return INFINITY;
  }
  PinnaDenoise* const denoise = (PinnaDenoise*)object;
  pinna_denoise_set(denoise, params);
  pinna_denoise_snap(denoise);
  float        x[2][BLOCK];
  float* const channels[] = {x[0], x[1]};
  unsigned     seed = 3U;
  double       best = INFINITY;
  for (int round = 0; round < ROUNDS; ++round) {
    double sum = 0.0;
    for (int b = 0; b < BLOCKS; ++b) {
      for (int i = 0; i < BLOCK; ++i) {
        x[0][i] = 0.02f * tap_noise(&seed) * (b % 40 < 20 ? 10.0f : 1.0f);
        x[1][i] = x[0][i];
      }
      const double begin = bench_ns();
      pinna_denoise_run(denoise, (const float* const*)channels, channels, BLOCK);
      sum += bench_ns() - begin;
    }
    best = bench_min(best, sum / (BLOCK * BLOCKS));
  }
  pinna_arena_free(memory);
  return best;
}

static double
percent(const double ns) {
  return ns * 48000.0 * 1e-9 * 100.0;
}

int
main(void) {
  const PinnaFpMode        mode = pinna_denormal_enter();
  const PinnaDenoiseParams plain = pinna_denoise_defaults();
  PinnaDenoiseParams       all = plain;
  all.hum_hz = 50.0;
  all.rumble_hz = 80.0;
  all.dereverb = 1.0;
  all.preserve = 0.5;
  all.whitening = 0.5;
  all.gate = PINNA_GATE_SPECTRAL;
  const PinnaDenoiseConfig mono = {48000.0, 1U, false, NULL, NULL};
  const PinnaDenoiseConfig stereo = {48000.0, 2U, false, NULL, NULL};
  const PinnaDenoiseConfig low = {48000.0, 1U, true, NULL, NULL};
  const double             cost = measure(&mono, &plain);
  const double             low_cost = measure(&low, &plain);
  tap_diag("mono %.1f ns per sample = %.2f %% of one core", cost, percent(cost));
  tap_diag("mono, low latency %.1f ns = %.2f %%", low_cost, percent(low_cost));
  tap_diag("stereo %.2f %%", percent(measure(&stereo, &plain)));
  tap_diag("mono, everything on %.2f %%", percent(measure(&mono, &all)));
  pinna_denormal_leave(mode);
  tap_at_most(percent(cost), 1.5, "mono, %% of one core");
  tap_at_most(percent(low_cost), 1.5, "mono with low latency, %% of one core");
  return tap_done();
}
