// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_GTCRN_IMPL_H
#define PINNA_MODELS_GTCRN_IMPL_H

#include "dsp/stft.h"
#include "models/gtcrn.h"
#include "models/net_run.h"

// A network, where its numbers go, and the transform around it

struct PinnaGtcrnImpl {
  PinnaNetRun  net;
  PinnaStft*   stft;
  float*       features; ///< [3][PINNA_GTCRN_N_BINS]
  const float* mask;     ///< [2][PINNA_GTCRN_N_BINS]
};

#endif // PINNA_MODELS_GTCRN_IMPL_H
