// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/babble.h"
#include "dsp/noise_imcra.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

// The gain against babble: below one, deaf to the level, kinder to harmonics than to what is
// between

enum { BINS = 513, PITCH = 5, FRAMES = 400 };

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_babble_init((PinnaBabble**)object, arena, (const PinnaBabbleConfig*)config);
}

/// Noise with, in the second half of each second, harmonics of every fifth bin 12 dB above it
static void
make_frame(float* const power, const uint32_t frame, const float level, unsigned* const seed) {
  const int is_voiced = frame % 188U >= 94U;
  for (uint32_t k = 0U; k < BINS; ++k) {
    const float  chance = 0.5f + 0.499f * tap_noise(seed);
    const float  noise = -logf(chance) * level / (1.0f + 0.001f * (float)(k * k));
    const double from = fmod(k + 0.5 * PITCH, PITCH) - 0.5 * PITCH;
    const float  peak = is_voiced && k > 2U ? 16.0f * (float)exp(-from * from) : 0.0f;
    power[k] = noise * (1.0f + peak);
  }
}

/// Mean of ln of the gain at harmonics, and between them, over the last voiced frames
static void
run(const float level, double* const at, double* const between, float* const most) {
  const PinnaBabbleConfig config = {BINS, 256.0 / 48000.0, 46.875};
  void*                   memory = NULL;
  void*                   object = NULL;
  if (pinna_arena_build(&memory, &object, build, &config)) {
    tap_ok(0, "it builds");
    return;
  }
  PinnaBabble* const babble = (PinnaBabble*)object;
  float              power[BINS + 32];
  float              lull[BINS + 32];
  float              gain[BINS + 32];
  unsigned           seed = 7U;
  uint32_t           n = 0U;
  *at = *between = 0.0;
  *most = -INFINITY;
  for (uint32_t k = 0U; k < BINS + 32U; ++k) {
    power[k] = level;
    lull[k] = 0.5f * level / (1.0f + 0.001f * (float)(k * k));
  }
  for (uint32_t f = 0U; f < FRAMES; ++f) {
    make_frame(power, f, level, &seed);
    rt_trap_enter();
    pinna_babble_follow(babble, power);
    pinna_babble_gain(babble, power, lull, gain);
    rt_trap_leave();
    for (uint32_t k = 0U; k < BINS; ++k) {
      *most = fmaxf(*most, isfinite(gain[k]) ? gain[k] : INFINITY);
    }
    for (uint32_t h = 1U; f % 188U >= 100U && h < 12U; ++h, ++n) {
      *at += (double)gain[h * PITCH];
      *between += 0.5 * (double)(gain[h * PITCH + 2U] + gain[h * PITCH + 3U]);
    }
  }
  *at /= n;
  *between /= n;
  pinna_arena_free(memory);
}

int
main(void) {
  double       at[2];
  double       between[2];
  float        most[2];
  PinnaBabble* none = NULL;
  for (int i = 0; i < 2; ++i) {
    run(i ? 3e3f : 1e-3f, &at[i], &between[i], &most[i]);
    tap_at_most((double)most[i], 0.0, "no gain above one, all finite");
  }
  tap_near(at[0], at[1], 0.01, "65 dB louder: the same gain at harmonics");
  tap_near(between[0], between[1], 0.01, "and between them");
  tap_at_least((at[0] - between[0]) * 8.6858896, 3.0, "harmonics of a voice stay [dB]");

  const PinnaBabbleConfig bad[] = {{3U, 0.005, 46.9}, {513U, 0.0, 46.9}, {513U, 0.005, 0.0}};
  for (int i = 0; i < 3; ++i) {
    PinnaArena arena = {0};
    tap_ok(pinna_babble_init(&none, &arena, &bad[i]) == PINNA_STATUS_BAD_ARG && !none,
           "bad configuration %d is refused", i);
  }
  return tap_done();
}
