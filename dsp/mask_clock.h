// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_MASK_CLOCK_H
#define PINNA_DSP_MASK_CLOCK_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

// When SpecAugment-style masks come in a stream and which frequencies they cover: all of it follows
// from the seed and the position, so that the same audio is masked the same way every time

#define PINNA_MASK_MAX_BANDS 4U

/// Mel bins (HTK) that a stream's spectrum is said to have, for widths in mel bins
#define PINNA_MASK_N_MELS 128U

typedef enum {
  PINNA_MASK_NEVER = 0, ///< Time: no masks. Frequency: the same bands for ever
  PINNA_MASK_RANDOM,    ///< Poisson process of `rate`
  PINNA_MASK_TEMPO,     ///< Every `beats` beats of `bpm`
  PINNA_MASK_N_TIMINGS
} PinnaMaskTiming;

/// Events of one axis
typedef struct {
  PinnaMaskTiming timing;
  float           rate;  ///< RANDOM: events per second, 0 or more
  float           beats; ///< TEMPO: beats from event to event, above 0
} PinnaMaskEvents;

typedef struct {
  uint64_t        seed;
  float           bpm;        ///< Beats per minute, above 0
  PinnaMaskEvents time;       ///< When a time mask begins
  float           time_width; ///< Longest time mask, seconds
  float           time_vary;  ///< 0: all that long; 1: uniform from 0 to that (SpecAugment)
  float           chance;     ///< TEMPO: share of the beats that get a mask, 0 to 1
  float           p;          ///< Time masks cover at most this share of the stream, 0 to 1
  PinnaMaskEvents freq;       ///< When the bands are drawn anew
  uint32_t        n_bands;    ///< Frequency masks at once, 0 to PINNA_MASK_MAX_BANDS
  bool            in_hz;      ///< freq_width is in Hz, otherwise in mel bins
  float           freq_width; ///< Widest frequency mask
  float           freq_vary;  ///< As time_vary
} PinnaMaskPlan;

/// Treat as opaque; zero-initialised: at the start of a stream
typedef struct {
  uint64_t frame;     ///< Frames so far
  uint64_t drawn;     ///< Frame at which the bands were drawn
  double   time_beat; ///< Position in beats of the time masks' grid, in grid steps
  double   freq_beat;
  double   begin; ///< Last time mask, seconds
  double   end;
  double   credit; ///< Seconds that may be masked
} PinnaMaskClock;

/// One step of `frame` seconds. `trigger` begins a full mask now and draws the bands anew.
/// @return How much of this frame a time mask covers: 0 to 1, with raised-cosine edges
PINNA_API float pinna_mask_clock_advance(PinnaMaskClock* clock, const PinnaMaskPlan* plan,
                                         double frame, bool trigger) PINNA_RT;

/// Band b of those in force. Realtime.
/// @param nyquist_hz Upper end of the spectrum
/// @param low_hz     Lower edge, 0 or more
/// @param high_hz    Upper edge, up to nyquist_hz
PINNA_API void pinna_mask_clock_band(const PinnaMaskClock* clock, const PinnaMaskPlan* plan,
                                     uint32_t b, double nyquist_hz, double* low_hz,
                                     double* high_hz) PINNA_RT;

#endif // PINNA_DSP_MASK_CLOCK_H
