// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_WAV2VEC2_CHUNKS_IMPL_H
#define PINNA_MODELS_WAV2VEC2_CHUNKS_IMPL_H

#include "models/wav2vec2_chunks.h"
#include "nn/session.h"

// A window over the stream, and the network that hears it

#define PINNA_WAV2VEC2_HOP 320U
#define PINNA_WAV2VEC2_REACH 400U ///< Samples of a frame

struct PinnaWav2vec2ChunksImpl {
  PinnaWav2vec2ChunksConfig config;
  PinnaSession*             session;
  float*                    x;       ///< The session's input [n_samples]
  const float*              logits;  ///< Its output [frames x n_labels]
  float*                    window;  ///< The newest [n_samples] of the stream
  uint32_t*                 columns; ///< [n_columns]
  uint32_t                  n_samples;
  uint32_t                  n_labels;
};

#endif // PINNA_MODELS_WAV2VEC2_CHUNKS_IMPL_H
