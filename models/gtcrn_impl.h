// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_GTCRN_IMPL_H
#define PINNA_MODELS_GTCRN_IMPL_H

#include "dsp/stft.h"
#include "models/gtcrn.h"
#include "nn/cpu/runner.h"

// A runner, where its numbers go, and the transform around it

struct PinnaGtcrnImpl {
  PinnaRunner* runner;
  PinnaStft*   stft;
  float*       features; ///< [3][PINNA_GTCRN_N_BINS]
  const float* mask;     ///< [2][PINNA_GTCRN_N_BINS]
};

#endif // PINNA_MODELS_GTCRN_IMPL_H
