// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_ENVELOPE_IMPL_H
#define PINNA_DSP_ENVELOPE_IMPL_H

#include "dsp/envelope.h"

#include <stdint.h>

// What an envelope finder holds

struct PinnaEnvelopeImpl {
  double   sample_rate;
  uint32_t n_bins;
  float*   curve; ///< Natural logarithm of the magnitude [n_bins]
};

#endif // PINNA_DSP_ENVELOPE_IMPL_H
