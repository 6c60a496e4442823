// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/pitch.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/peakshift.h"
#include "dsp/pitch_impl.h"
#include "dsp/psola.h"
#include "dsp/smooth.h"
#include "dsp/yin.h"

#include <stdint.h>

// Engines and memory

#define GRID_SECONDS 0.005

/// Latency [s] and memory of the peak shifter in each mode
static const double plans[PINNA_PITCH_N_MODES][2] = {
    {0.064, 4.0 / 3.0}, {0.043, 2.0}, {0.030, 2.0}};

static PinnaPeakshiftConfig
plan_of(const PinnaPitchConfig* const config, const uint32_t mode) {
  return (PinnaPeakshiftConfig){config->sample_rate, config->n_channels, plans[mode][0],
                                plans[mode][1]};
}

/// What shifts and what tracks
static PinnaStatus
init_parts(PinnaPitch* const parts, PinnaArena* const arena, const PinnaPitchConfig* const config) {
  for (uint32_t m = 0U; m < PINNA_PITCH_N_MODES; ++m) {
    const PinnaPeakshiftConfig plan = plan_of(config, m);
    const PinnaStatus          status = pinna_peakshift_init(&parts->engine[m], arena, &plan);
    if (status) {
      return status;
    }
  }
  const PinnaYinConfig track = {.sample_rate = config->sample_rate,
                                .n_channels = config->n_channels};
  const PinnaStatus    status = pinna_yin_init(&parts->yin, arena, &track);
  if (status) {
    return status;
  }
  const PinnaPeakshiftConfig plan = plan_of(config, PINNA_PITCH_VOICE);
  const PinnaPsolaConfig     voice = {config->sample_rate, config->n_channels,
                                      pinna_peakshift_latency_of(&plan), parts->yin};
  return pinna_psola_init(&parts->psola, arena, &voice);
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
  const PinnaStatus status = init_parts(&parts, arena, config);
  if (status) {
    return status;
  }
  const PinnaPeakshiftConfig latest = plan_of(config, PINNA_PITCH_POLY);
  parts.grid = (uint32_t)(GRID_SECONDS * config->sample_rate);
  parts.max_latency = pinna_peakshift_latency_of(&latest);
  for (uint32_t c = 0U; c < config->n_channels; ++c) {
    parts.delay[c] = PINNA_TAKE(arena, parts.max_latency, float);
    parts.dry[c] = PINNA_TAKE(arena, parts.grid, float);
    parts.voice[c] = PINNA_TAKE(arena, parts.grid, float);
  }
  parts.gain = PINNA_TAKE(arena, parts.grid, float);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  parts.mix_step = pinna_smooth_plan(PINNA_SMOOTH_TAU, config->sample_rate, 1U);
  *self = parts;
  pinna_pitch_set(self, &(PinnaPitchTarget){.mix = 1.0, .transients = 0.5, .glide = 0.004});
  pinna_pitch_start(self, PINNA_PITCH_POLY);
  *pitch = self;
  return PINNA_STATUS_OK;
}
