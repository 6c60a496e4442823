// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_ASR_SMALL_IMPL_H
#define PINNA_MODELS_ASR_SMALL_IMPL_H

#include "dsp/kaldi_features.h"
#include "models/asr_small.h"
#include "nn/cpu/runner.h"

// What the embedded recogniser's network holds

#define PINNA_ASR_SMALL_N_MELS 64U
#define PINNA_ASR_SMALL_FRAME 400U ///< Samples of a feature frame
#define PINNA_ASR_SMALL_SHIFT 160U ///< Samples between feature frames
#define PINNA_ASR_SMALL_PAST (PINNA_ASR_SMALL_FRAME - PINNA_ASR_SMALL_SHIFT)
#define PINNA_ASR_SMALL_N_FEATURES (PINNA_ASR_SMALL_CHUNK / PINNA_ASR_SMALL_SHIFT)

struct PinnaAsrSmallImpl {
  PinnaKaldi*  kaldi;
  PinnaRunner* runner;
  float*       x;      ///< [N_FEATURES x N_MELS]
  const float* logits; ///< [N_FRAMES x N_TOKENS]
  float*       sound;  ///< [PAST + CHUNK] in ±32768
};

#endif // PINNA_MODELS_ASR_SMALL_IMPL_H
