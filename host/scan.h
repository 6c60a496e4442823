// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_SCAN_H
#define PINNA_HOST_SCAN_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

// One pass over a signal: its peak, and whether all of it is finite

/// Bit pattern of the largest |x| over [n]; patterns order like magnitudes, Inf and NaN above all.
/// Realtime.
uint32_t pinna_scan(const float* x, uint32_t n) PINNA_RT;

/// False if the pattern is that of Inf or NaN
static inline bool
pinna_scan_finite(const uint32_t pattern) {
  return pattern < 0x7F800000U;
}

/// The magnitude behind a pattern
static inline float
pinna_scan_peak(const uint32_t pattern) {
  const union {
    uint32_t bits;
    float    value;
  } number = {pattern};
  return number.value;
}

/// Index of the first sample that is Inf or NaN, or n. Realtime.
uint32_t pinna_scan_first_bad(const float* x, uint32_t n) PINNA_RT;

#endif // PINNA_HOST_SCAN_H
