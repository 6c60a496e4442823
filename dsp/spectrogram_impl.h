// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_SPECTROGRAM_IMPL_H
#define PINNA_DSP_SPECTROGRAM_IMPL_H

#include "dsp/fft.h"
#include "dsp/spectrogram.h"

#include <complex.h>
#include <stdint.h>

// What a whole-signal transform holds

struct PinnaSpectrogramImpl {
  PinnaSpectrogramConfig config;
  const PinnaFft*        fft;
  uint32_t               start;  ///< Where the window begins within n_fft
  float                  scale;  ///< Of forward's bins
  float*                 window; ///< [win_length]
  float*                 frame;  ///< [n_fft]
  float complex*         bins;   ///< [n_fft / 2 + 1]
};

#endif // PINNA_DSP_SPECTROGRAM_IMPL_H
