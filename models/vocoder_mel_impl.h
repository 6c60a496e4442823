// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_VOCODER_MEL_IMPL_H
#define PINNA_MODELS_VOCODER_MEL_IMPL_H

#include "dsp/fft.h"
#include "dsp/filterbank.h"
#include "models/vocoder_mel.h"

#include <complex.h>

// The last n_fft samples and what turns them into a frame

struct PinnaVocoderMelImpl {
  const PinnaFft*      fft;
  PinnaFilterbank*     bank;
  PinnaVocoderFeatures features;
  float*               window; ///< [n_fft]
  float*               past;   ///< [n_fft]
  float*               frame;  ///< [n_fft]
  float complex*       bins;   ///< [n_fft / 2 + 1]
  float*               size;   ///< [n_fft / 2 + 1]
};

#endif // PINNA_MODELS_VOCODER_MEL_IMPL_H
