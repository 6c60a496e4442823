// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_TRACT_IMPL_H
#define PINNA_DSP_TRACT_IMPL_H

#include "dsp/tract.h"

#include <stdint.h>

// What a follower of resonances holds

/// Logarithms of frequencies, then of widths, slope, offset
#define TRACT_VALUES (2U * PINNA_TRACT_FORMANTS + 2U)
#define TRACT_SLOPE (2U * PINNA_TRACT_FORMANTS)
#define TRACT_OFFSET (TRACT_SLOPE + 1U)

/// A guess and how the cost bends around it
typedef struct {
  double x[TRACT_VALUES];
  double normal[TRACT_VALUES][TRACT_VALUES]; ///< Gauss-Newton matrix
  double pull[TRACT_VALUES];                 ///< Minus half the gradient
  double cost;
  double misfit; ///< Weighted sum of squared deviations
} TractGuess;

struct PinnaTractImpl {
  TractGuess   best;
  TractGuess   other;
  TractGuess   next;
  uint32_t     n_calls;
  uint32_t     n; ///< Of partials, up to whole vectors
  double       total_weight;
  float        misfit;
  PinnaFormant formants[PINNA_TRACT_FORMANTS];
  float        freqs[PINNA_TRACT_PARTIALS];
  float        levels[PINNA_TRACT_PARTIALS];
  float        octaves[PINNA_TRACT_PARTIALS]; ///< ln(f / 500 Hz)
  float        weights[PINNA_TRACT_PARTIALS];
  float        rows[TRACT_VALUES + 1U][PINNA_TRACT_PARTIALS]; ///< Weighted derivatives, deviations
};

#endif // PINNA_DSP_TRACT_IMPL_H
