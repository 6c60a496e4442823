// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_LFO_TABLE_H
#define PINNA_DSP_LFO_TABLE_H

#include "base/attributes.h"

#include <math.h>
#include <stdint.h>

// One turn of a slow oscillator as SoX and TorchAudio tabulate it

/// Value i of n of a table from `min` to `max`: a sine (0 at i = 0, without phase) or a triangle.
/// Realtime.
/// @param phase Radians that the table starts at
static inline double
pinna_lfo_table(const uint32_t i, const uint32_t n, const double phase, const int is_sine,
                const double min, const double max) {
  const uint64_t offset = (uint64_t)(phase / M_PI / 2.0 * n + 0.5);
  const uint64_t point = (i + offset) % n;
  const double   ramp = (double)point * 2.0 / n;
  const uint64_t quarter = 4U * point / n;
  const double   d = is_sine         ? (sin((double)point / n * 2.0 * M_PI) + 1.0) / 2.0
                     : quarter == 0U ? ramp + 0.5
                     : quarter < 3U  ? 1.5 - ramp
                                     : ramp - 1.5;
  return d * (max - min) + min;
}

#endif // PINNA_DSP_LFO_TABLE_H
