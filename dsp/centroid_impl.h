// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_CENTROID_IMPL_H
#define PINNA_DSP_CENTROID_IMPL_H

#include "dsp/centroid.h"
#include "dsp/spectrogram.h"

#include <stdbool.h>
#include <stdint.h>

// What a centroid holds

struct PinnaCentroidImpl {
  PinnaSpectrogram* spectrogram;
  uint32_t          n_bins;
  float             hz; ///< Per bin
  bool              torchaudio;
};

#endif // PINNA_DSP_CENTROID_IMPL_H
