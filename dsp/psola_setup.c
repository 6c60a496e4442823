// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/psola.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/psola_impl.h"
#include "dsp/smooth.h"
#include "dsp/tract.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

// Memory and the interpolator

#define STEP_SECONDS (16.0 / 48000.0)

/// A sinc under a Hann-squared-like taper that ends with the last zero
static void
fill_kernel(float* const kernel) {
  const double pi = 3.14159265358979323846;
  for (uint32_t i = 0U; i < PSOLA_ZEROS * PSOLA_PER_ZERO; ++i) {
    const double x = (double)i / PSOLA_PER_ZERO;
    const double taper = cos(0.5 * pi * x / PSOLA_ZEROS);
    kernel[i] = (float)((i ? sin(pi * x) / (pi * x) : 1.0) * taper * taper);
  }
}

static bool
is_valid(const PinnaPsolaConfig* const c) {
  return c->sample_rate >= 8000.0 && c->sample_rate <= 192000.0 && c->n_channels &&
         c->n_channels <= PSOLA_MAX_CHANNELS && c->latency >= 0.01 * c->sample_rate &&
         c->latency <= 0.1 * c->sample_rate;
}

PinnaStatus
pinna_psola_init(PinnaPsola** const psola, PinnaArena* const arena,
                 const PinnaPsolaConfig* const config) {
  *psola = NULL;
  if (!is_valid(config)) {
    return PINNA_STATUS_BAD_ARG;
  }

  PinnaPsola parts = {.yin = config->yin,
                      .sample_rate = config->sample_rate,
                      .n_channels = config->n_channels,
                      .latency = config->latency,
                      .step = (uint32_t)rint(STEP_SECONDS * config->sample_rate)};
  uint32_t   ring = 256U;
  while (ring < 3U * config->latency) {
    ring *= 2U;
  }
  parts.step = parts.step ? parts.step : 1U;
  parts.mask = ring - 1U;
  PinnaPsola* const self = PINNA_TAKE(arena, 1U, PinnaPsola);
  parts.kernel = PINNA_TAKE(arena, PSOLA_ZEROS * PSOLA_PER_ZERO + 2U, float);
  parts.taps = PINNA_TAKE(arena, (PSOLA_PHASES + 1U) * PSOLA_MAX_TAPS, float);
  parts.part = PINNA_TAKE(arena, ring, float);
  parts.grain = PINNA_TAKE(arena, ring, float);
  parts.mono = PINNA_TAKE(arena, ring, float);
  parts.bare = PINNA_TAKE(arena, ring, float);
  for (uint32_t c = 0U; c < config->n_channels; ++c) {
    parts.input[c] = PINNA_TAKE(arena, ring, float);
    parts.sum[c] = PINNA_TAKE(arena, ring, float);
  }
  const PinnaStatus status = pinna_tract_init(&parts.tract, arena);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }
  fill_kernel(parts.kernel);
  parts.share_step = pinna_smooth_plan(PINNA_SMOOTH_TAU, config->sample_rate, 1U);
  *self = parts;
  pinna_psola_set(self, &(PinnaPsolaTarget){1.0, 1.0, PINNA_SMOOTH_TAU});
  pinna_psola_reset(self);
  *psola = self;
  return PINNA_STATUS_OK;
}
