// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/loudness.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/k_weighting.h"
#include "dsp/loudness_impl.h"
#include "dsp/true_peak.h"

#include <math.h>

// Filters, weights and memory

static double
standard_weight(const uint32_t channel, const uint32_t n_ch) {
  const double surround = 1.41;
  if (n_ch == 4U || n_ch == 5U) {
    return channel >= n_ch - 2U ? surround : 1.0;
  }
  return n_ch < 6U || channel < 3U || channel > 5U ? 1.0 : channel == 3U ? 0.0 : surround;
}

PinnaStatus
pinna_loudness_init(PinnaLoudness** const self, PinnaArena* const arena,
                    const PinnaLoudnessConfig* const config) {
  *self = NULL;
  if (!(config->sample_rate >= 4000.0 && config->sample_rate <= 768000.0) || !config->n_ch ||
      config->n_ch > PINNA_LOUDNESS_MAX_CHANNELS) {
    return PINNA_STATUS_BAD_ARG;
  }

  PinnaLoudness* const   loudness = PINNA_TAKE(arena, 1U, PinnaLoudness);
  LoudnessChannel* const channels = PINNA_TAKE(arena, config->n_ch, LoudnessChannel);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  loudness->channels = channels;
  loudness->n_ch = config->n_ch;
  loudness->step_length = (uint32_t)(0.1 * config->sample_rate + 0.5);
  pinna_k_weighting(config->sample_rate, loudness->filters);
  for (uint32_t c = 0U; c < config->n_ch; ++c) {
    channels[c].weight = config->weights ? config->weights[c] : standard_weight(c, config->n_ch);
    pinna_true_peak_init(&channels[c].peak, config->sample_rate);
  }
  *self = loudness;
  return PINNA_STATUS_OK;
}
