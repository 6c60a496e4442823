// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_WAV2VEC2_NAMES_H
#define PINNA_MODELS_WAV2VEC2_NAMES_H

#include "base/attributes.h"
#include "base/status.h"
#include "nn/weights.h"

// The names that wav2vec 2.0 and HuBERT have elsewhere, brought to TorchAudio's

typedef enum {
  PINNA_WAV2VEC2_TORCHAUDIO = 0,
  PINNA_WAV2VEC2_HUGGINGFACE, ///< Wav2Vec2Model, HubertModel and their ForCTC
  PINNA_WAV2VEC2_FAIRSEQ      ///< Checkpoints, or the state of their encoder
} PinnaWav2vec2Layout;

/// Whose names these are
PINNA_API PinnaWav2vec2Layout pinna_wav2vec2_layout(const PinnaWeights* weights);

/// Rename as torchaudio.models.wav2vec2.utils does, and drop what TorchAudio's model lacks (the
/// quantiser and projections of training). Weight normalisation stays: fold it before or after.
/// @return BAD_FILE (two tensors would have one name), NO_MEM
PINNA_API PinnaStatus pinna_wav2vec2_rename(PinnaWeights* weights, PinnaError* error);

#endif // PINNA_MODELS_WAV2VEC2_NAMES_H
