// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_BABBLE_H
#define PINNA_DSP_BABBLE_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stdint.h>

// Gain for one voice among many: where the noise is made of voices, its spectrum says little
//
// What is left are clues of level: how a bin, its surroundings and the whole stand now, a moment
// ago and in the long run, and against the lulls; and of pitch: whether a bin is at a harmonic of
// the voice that stands out, or between them. How they add up to a gain was found from recorded
// talkers, the same formula for all bins (data-driven suppression: Erkelens, Jensen and Heusdens,
// Speech Communication 49, 2007), such that the SI-SDR of the worst scenes is best
// (tools/train/babble_gain.py). All clues are ratios, so the level of the sound does not matter.

/// One channel; one thread at a time
typedef struct PinnaBabbleImpl PinnaBabble;

typedef struct {
  uint32_t n_bins; ///< n_fft / 2 + 1, at least 4
  double   hop_s;  ///< Seconds between frames
  double   bin_hz; ///< Distance of bins: near 46.9, what the clues were learnt at
} PinnaBabbleConfig;

/// Plan and allocate. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_babble_init(PinnaBabble** babble, PinnaArena* arena,
                                        const PinnaBabbleConfig* config);

/// Follow one frame. Rows come from pinna_noise_row_take(). Realtime.
/// @param power |X|^2 [n_bins]
PINNA_API void pinna_babble_follow(PinnaBabble* babble, const float* power) PINNA_RT;

/// Gain of the frame that was followed last. Realtime.
/// @param power    As followed [n_bins]
/// @param lull     Mean power of the lulls [n_bins]
/// @param log_gain Receives ln of the gain, below 0 [n_bins]
PINNA_API void pinna_babble_gain(PinnaBabble* babble, const float* power, const float* lull,
                                 float* log_gain) PINNA_RT;

/// Forget everything. Realtime.
PINNA_API void pinna_babble_reset(PinnaBabble* babble) PINNA_RT;

#endif // PINNA_DSP_BABBLE_H
