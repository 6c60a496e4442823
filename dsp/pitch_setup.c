// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/pitch.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/peakshift.h"
#include "dsp/pitch_impl.h"
#include "dsp/smooth.h"
#include "dsp/yin.h"

#include <stdint.h>

// Engines and memory

/// Latency [s] and memory of the peak shifter in each mode
static const double plans[PINNA_PITCH_N_MODES][2] = {
    {0.064, 4.0 / 3.0}, {0.043, 2.0}, {0.030, 2.0}};

static PinnaStatus
init_engine(PinnaPeakshift** const engine, PinnaArena* const arena,
            const PinnaPitchConfig* const config, const uint32_t mode) {
  const PinnaPeakshiftConfig plan = {config->sample_rate, config->n_channels, plans[mode][0],
                                     plans[mode][1], 0.0};
  return pinna_peakshift_init(engine, arena, &plan);
}

/// The engines say how late they are only once they exist: memory for the latest they may be
static uint32_t
latency_bound(const PinnaPitchConfig* const config) {
  return (uint32_t)(plans[PINNA_PITCH_POLY][0] * config->sample_rate + 1e-6);
}

PinnaStatus
pinna_pitch_init(PinnaPitch** const pitch, PinnaArena* const arena,
                 const PinnaPitchConfig* const config) {
  *pitch = NULL;
  if (!config->n_channels || config->n_channels > PITCH_MAX_CHANNELS) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaPitch        parts = {.sample_rate = config->sample_rate, .n_channels = config->n_channels};
  PinnaPitch* const self = PINNA_TAKE(arena, 1U, PinnaPitch);
  for (uint32_t m = 0U; m < PINNA_PITCH_N_MODES; ++m) {
    const PinnaStatus made = init_engine(&parts.engine[m], arena, config, m);
    if (made) {
      return made;
    }
  }
  const PinnaYinConfig track = {.sample_rate = config->sample_rate,
                                .n_channels = config->n_channels};
  const PinnaStatus    status = pinna_yin_init(&parts.yin, arena, &track);
  if (status) {
    return status;
  }
  for (uint32_t c = 0U; c < config->n_channels; ++c) {
    parts.delay[c] = PINNA_TAKE(arena, latency_bound(config), float);
    parts.dry[c] = PINNA_TAKE(arena, PITCH_CHUNK, float);
  }
  parts.gain = PINNA_TAKE(arena, PITCH_CHUNK, float);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  parts.mix_step = pinna_smooth_plan(PINNA_SMOOTH_TAU, config->sample_rate, 1U);
  parts.max_latency = pinna_peakshift_latency(parts.engine[PINNA_PITCH_POLY]);
  *self = parts;
  pinna_pitch_set(self, &(PinnaPitchTarget){.mix = 1.0, .transients = 0.5, .glide = 0.004});
  pinna_pitch_start(self, PINNA_PITCH_POLY);
  *pitch = self;
  return PINNA_STATUS_OK;
}
