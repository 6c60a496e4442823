// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/meter_stats.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/meter_stats_impl.h"

#include <math.h>

// Lengths and memory

PinnaStatus
pinna_meter_stats_init(PinnaMeterStats** const self, PinnaArena* const arena,
                       const PinnaMeterStatsConfig* const config) {
  *self = NULL;
  const double window = config->window != 0.0 ? config->window : 0.3;
  if (!(config->sample_rate >= 1000.0 && config->sample_rate <= 1e6) || !config->n_ch ||
      config->n_ch > 64U || !(window >= 0.01 && window <= 10.0)) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaMeterStats* const   stats = PINNA_TAKE(arena, 1U, PinnaMeterStats);
  MeterStatsChannel* const channels = PINNA_TAKE(arena, config->n_ch, MeterStatsChannel);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  const double slot = config->sample_rate * window / METER_STATS_SLOTS;
  *stats = (PinnaMeterStats){
      .channels = channels, .n_ch = config->n_ch, .slot_length = (uint32_t)fmax(1.0, rint(slot))};
  *self = stats;
  return PINNA_STATUS_OK;
}
