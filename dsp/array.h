// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_ARRAY_H
#define PINNA_DSP_ARRAY_H

#include "base/attributes.h"

#include <stdint.h>

// Microphone arrays: where the microphones are and how much later a far sound reaches each of them

/// Most microphones of an array
#define PINNA_ARRAY_MAX 8U

typedef enum {
  PINNA_ARRAY_LINE = 0, ///< Along x, microphone 1 at the negative end: 0 degrees is the other end
  PINNA_ARRAY_CIRCLE,   ///< Microphone 1 at 0 degrees, counter-clockwise seen from above
  PINNA_ARRAY_CUSTOM,   ///< Places of one's own
  PINNA_N_ARRAYS
} PinnaArrayKind;

/// Places in metres; x points to azimuth 0, y to 90 degrees, z up
typedef struct {
  uint32_t n_mics;
  double   at[PINNA_ARRAY_MAX][3];
} PinnaArray;

/// Equal distances [m] along a line, centred. Realtime.
PINNA_API void pinna_array_line(PinnaArray* array, uint32_t n_mics, double spacing) PINNA_RT;

/// Equal angles on a circle [m]. Realtime.
PINNA_API void pinna_array_circle(PinnaArray* array, uint32_t n_mics, double radius) PINNA_RT;

/// How much earlier a plane wave from (azimuth, elevation) [degrees] reaches each microphone than
/// the origin. Realtime.
/// @param lead  Seconds [n_mics]
/// @param speed Of sound, m/s
PINNA_API void pinna_array_leads(const PinnaArray* array, double azimuth, double elevation,
                                 double speed, double* lead) PINNA_RT;

#endif // PINNA_DSP_ARRAY_H
