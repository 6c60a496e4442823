// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_TRACT_H
#define PINNA_DSP_TRACT_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stdint.h>

// The resonances of a vocal tract, followed from what the partials of a voice tell about them

/// One object follows one voice, in one thread at a time
typedef struct PinnaTractImpl PinnaTract;

#define PINNA_TRACT_FORMANTS 5U
#define PINNA_TRACT_PARTIALS 96U   ///< More are not looked at
#define PINNA_TRACT_HIGHEST 5200.0 ///< Nor are partials above [Hz]

typedef struct {
  float freq;  ///< Hz
  float width; ///< 3 dB bandwidth, Hz
} PinnaFormant;

// Partials are samples of a curve: far apart in a high voice, so that a formant between two of them
// shows in neither, and straight lines between them miss it by up to 7 dB. The curve of a voice is
// known but for a few numbers, though: five resonances (Fant, "Acoustic Theory of Speech
// Production", 1960) over an even slope. The most probable ones, given the levels and what voices
// have in common, are found by damped Gauss-Newton steps (Levenberg & Marquardt). As there are
// false summits, each call sends out one more try from another vowel, and the likelier one stays.
// Only levels count: a voice's phases tell as much about the room and the microphone.

/// With a measuring arena only counts bytes. Not realtime.
/// @return NO_MEM
PINNA_API PinnaStatus pinna_tract_init(PinnaTract** tract, PinnaArena* arena);

/// Forget the voice. Realtime.
PINNA_API void pinna_tract_reset(PinnaTract* tract) PINNA_RT;

/// Go on from the last state to what explains these partials. Realtime.
/// @param freqs  Rising, Hz, above 0 [n]
/// @param levels Natural logarithms of their magnitudes, any offset [n]
PINNA_API void pinna_tract_follow(PinnaTract* tract, const float* freqs, const float* levels,
                                  uint32_t n) PINNA_RT;

/// The resonances, about rising. Realtime.
/// @return [PINNA_TRACT_FORMANTS]
PINNA_API const PinnaFormant* pinna_tract_formants(const PinnaTract* tract) PINNA_RT;

/// Power of frequency by which amplitudes fall beside the resonances, usually about 1. Realtime.
PINNA_API float pinna_tract_slope(const PinnaTract* tract) PINNA_RT;

/// How far the last partials are off, natural logarithm, root of the mean square by weight: a voice
/// has less than 0.4, and before there were partials it is infinite. Realtime.
PINNA_API float pinna_tract_misfit(const PinnaTract* tract) PINNA_RT;

/// Natural logarithm of the magnitude of resonances and slope, offset unknown. Realtime.
/// @param freqs  Hz [n]
/// @param levels To fill [n], not `freqs`
PINNA_API void pinna_tract_levels(const PinnaTract* tract, const float* freqs, float* levels,
                                  uint32_t n) PINNA_RT;

#endif // PINNA_DSP_TRACT_H
