// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_ENVELOPE_IMPL_H
#define PINNA_DSP_ENVELOPE_IMPL_H

#include "dsp/envelope.h"

#include <stdint.h>

// What an envelope finder holds

/// As many partials as half of 192 kHz has room for
#define ENVELOPE_POINTS 1600U

struct PinnaEnvelopeImpl {
  double   sample_rate;
  uint32_t n_bins;
  float*   curve;   ///< Natural logarithm of the magnitude [n_bins]
  float*   centres; ///< Frequencies of bins, Hz [n_bins]
  float*   model;   ///< What a voice would have [n_bins]
  uint32_t n_points;
  float    bins[ENVELOPE_POINTS];
  float    freqs[ENVELOPE_POINTS]; ///< The same in Hz
  float    levels[ENVELOPE_POINTS];
};

#endif // PINNA_DSP_ENVELOPE_IMPL_H
