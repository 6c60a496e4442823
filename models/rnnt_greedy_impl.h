// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_RNNT_GREEDY_IMPL_H
#define PINNA_MODELS_RNNT_GREEDY_IMPL_H

#include "models/decoder.h"
#include "models/rnnt_greedy.h"

// The one hypothesis

struct PinnaRnntGreedyImpl {
  PinnaRnntGreedyConfig config;
  PinnaDecoderResult    state;
  PinnaDecoderToken*    tokens;     ///< [max_tokens]
  float*                states[2];  ///< Of the predictor, the present one first [n_state]
  float*                prediction; ///< [n_prediction]
  float*                logits;     ///< [n_tokens]
};

/// As before the first frame. Realtime.
void pinna_rnnt_greedy_begin(PinnaRnntGreedy* greedy) PINNA_RT;

#endif // PINNA_MODELS_RNNT_GREEDY_IMPL_H
