// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_RAMP_H
#define PINNA_HOST_RAMP_H

#include <stdint.h>

// Smooth fade from 0 to 1: 6t^5 - 15t^4 + 10t^3, whose two directions add up to one

/// A table [length + 1] with up[0] = 0 and up[length] = 1; going down is up[length - i]
typedef struct {
  const float* up;
  uint32_t     length; ///< Frames of a whole fade, at least 1
} PinnaRamp;

/// Fill `up` [length + 1]
static inline void
pinna_ramp_fill(float* const up, const uint32_t length) {
  for (uint32_t i = 0U; i <= length; ++i) {
    const double t = (double)i / length;
    up[i] = (float)(t * t * t * (t * (t * 6.0 - 15.0) + 10.0));
  }
}

#endif // PINNA_HOST_RAMP_H
