// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_METER_STATS_IMPL_H
#define PINNA_DSP_METER_STATS_IMPL_H

#include "dsp/meter_stats.h"

#include <stdint.h>

// Sums of short slots, in a ring for each channel

#define METER_STATS_SLOTS 30U

typedef struct {
  double sum;
  double squares;
  double minimum;
  double maximum;
  double n; ///< Samples
} MeterStatsSlot;

typedef struct {
  MeterStatsSlot ring[METER_STATS_SLOTS];
  MeterStatsSlot filling;
  MeterStatsSlot total; ///< Of all complete slots
} MeterStatsChannel;

struct PinnaMeterStatsImpl {
  MeterStatsChannel* channels; ///< [n_ch]
  uint32_t           n_ch;
  uint32_t           slot_length; ///< Samples
  uint32_t           filled;
  uint32_t           at; ///< Slot that is replaced next
};

#endif // PINNA_DSP_METER_STATS_IMPL_H
