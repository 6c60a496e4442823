// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_YIN_H
#define PINNA_DSP_YIN_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stdint.h>

// The fundamental frequency of a stream, tracked by YIN's difference function

/// One object serves one stream, in one thread at a time
typedef struct PinnaYinImpl PinnaYin;

/// Zero means the default
typedef struct {
  double   sample_rate; ///< Hz, 8000 to 192000
  uint32_t n_channels;  ///< Channels that are added up, 1 (default) to 64
  double   f_min;       ///< Lowest fundamental [Hz], 20 to f_max / 2; default 65
  double   f_max;       ///< Highest fundamental [Hz], to sample_rate / 6; default 1000
  double   interval;    ///< Seconds between estimates, 0.001 to 0.1; default 0.005
  double   threshold;   ///< Aperiodicity that ends the search, 0.01 to 0.5; default 0.12
} PinnaYinConfig;

// After de Cheveigné & Kawahara, "YIN, a fundamental frequency estimator for speech and music"
// (JASA 111, 2002), steps 2 to 5: difference function (by FFT), cumulative mean, absolute
// threshold, parabola (here a cosine, exact for sines). The first dip deep enough wins; a dip near
// the last one is preferred to one that is hardly deeper, which keeps octaves. The window is two of
// the longest periods, the estimate is for its middle: one longest period ago.

typedef struct {
  double f0;         ///< Hz; the last good one while confidence is low, 0 if there was none
  double confidence; ///< 1 - aperiodicity, 0 (noise, silence) to 1 (exactly periodic)
  double period;     ///< Samples, as f0
} PinnaYinResult;

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG (a range above), NO_MEM
PINNA_API PinnaStatus pinna_yin_init(PinnaYin** yin, PinnaArena* arena,
                                     const PinnaYinConfig* config);

/// Take samples in. Realtime, any n_frames; how a stream is cut into calls changes no bit.
/// Samples that are no number, infinite or beyond ±1e9 are taken as 0.
/// @param in Samples [n_channels][n_frames]
PINNA_API void pinna_yin_run(PinnaYin* yin, const float* const* in, uint32_t n_frames) PINNA_RT;

/// The newest estimate. Realtime.
PINNA_API PinnaYinResult pinna_yin_result(const PinnaYin* yin) PINNA_RT;

/// Forget all audio. Realtime.
PINNA_API void pinna_yin_reset(PinnaYin* yin) PINNA_RT;

/// Age of what the newest estimate is for, in samples, at the moment it was made: half of the
/// longest and the present period. Realtime.
PINNA_API uint32_t pinna_yin_delay(const PinnaYin* yin) PINNA_RT;

#endif // PINNA_DSP_YIN_H
