// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_DESCRIPTORS_IMPL_H
#define PINNA_DSP_DESCRIPTORS_IMPL_H

#include "dsp/descriptors.h"

#include <stdint.h>

// Magnitudes of this frame and the last

struct PinnaDescriptorsImpl {
  float*   now;  ///< [n_bins]
  float*   last; ///< [n_bins]
  uint32_t n_bins;
  float    bin_hz;
  float    rolloff;
};

#endif // PINNA_DSP_DESCRIPTORS_IMPL_H
