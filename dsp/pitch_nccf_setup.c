// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/pitch_nccf.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/pitch_nccf_impl.h"

#include <math.h>

// Defaults and lengths

PinnaPitchNccfConfig
pinna_pitch_nccf_config(const uint32_t sample_rate) {
  return (PinnaPitchNccfConfig){sample_rate, 0.01, 30U, 85U, 3400U};
}

PinnaStatus
pinna_pitch_nccf_init(PinnaPitchNccf** const self, PinnaArena* const arena,
                      const PinnaPitchNccfConfig* const config) {
  *self = NULL;
  const double rate = config->sample_rate;
  const double size = ceil(rate * config->frame_time);
  if (!config->freq_low || !config->freq_high || config->win_length < 3U || !(size >= 1.0) ||
      size > 1e6 || rate > 1e7) {
    return PINNA_STATUS_BAD_ARG;
  }

  const PinnaPitchNccf plan = {
      .sample_rate = config->sample_rate,
      .frame_size = (uint32_t)size,
      .n_lags = (uint32_t)ceil(rate / config->freq_low),
      .lag_min = (uint32_t)ceil(rate / config->freq_high),
      .win_length = config->win_length,
  };
  if (plan.n_lags / 2U <= plan.lag_min) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaPitchNccf* const nccf = PINNA_TAKE(arena, 1U, PinnaPitchNccf);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  *nccf = plan;
  *self = nccf;
  return PINNA_STATUS_OK;
}
