// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_METER_STATS_H
#define PINNA_DSP_METER_STATS_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stdint.h>

// Level statistics of samples: of the last moments for a meter, and since reset (SoX's stats)

typedef struct PinnaMeterStatsImpl PinnaMeterStats;

typedef struct {
  double   sample_rate; ///< Hz
  uint32_t n_ch;        ///< Channels that are taken together, 1 to 64
  double   window;      ///< Seconds of a moment, 0.01 to 10; 0 = 0.3
} PinnaMeterStatsConfig;

typedef struct {
  double dc;      ///< Mean of the channel where its magnitude is greatest
  double rms;     ///< Over all channels, 1 = full scale
  double peak;    ///< Greatest magnitude
  double crest;   ///< peak / rms, 1 or more; 1 for silence
  double minimum; ///< Least sample
  double maximum; ///< Greatest sample
} PinnaMeterStatsReading;

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_meter_stats_init(PinnaMeterStats** stats, PinnaArena* arena,
                                             const PinnaMeterStatsConfig* config);

/// Take samples in. Realtime, any n; how a stream is cut changes no bit.
/// @param in Samples [n_ch][n], finite
PINNA_API void pinna_meter_stats_run(PinnaMeterStats* stats, const float* const* in,
                                     uint32_t n) PINNA_RT;

/// The last window, in steps of a thirtieth of it. Realtime.
PINNA_API void pinna_meter_stats_moment(const PinnaMeterStats*  stats,
                                        PinnaMeterStatsReading* reading) PINNA_RT;

/// Everything since reset. Realtime.
PINNA_API void pinna_meter_stats_total(const PinnaMeterStats*  stats,
                                       PinnaMeterStatsReading* reading) PINNA_RT;

/// Realtime.
PINNA_API void pinna_meter_stats_reset(PinnaMeterStats* stats) PINNA_RT;

#endif // PINNA_DSP_METER_STATS_H
