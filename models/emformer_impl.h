// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_EMFORMER_IMPL_H
#define PINNA_MODELS_EMFORMER_IMPL_H

#include "dsp/mel.h"
#include "models/emformer.h"
#include "nn/cpu/runner.h"
#include "nn/session.h"

#include <stdint.h>

// Features, encoder, predictor and joiner of one stream

#define PINNA_EMFORMER_RATE 16000U
#define PINNA_EMFORMER_HOP 160U
#define PINNA_EMFORMER_N_FFT 400U
#define PINNA_EMFORMER_MAX_LSTM 8U

/// What a runner has for a state of the predictor
typedef struct {
  float*       in;
  const float* out;
} PinnaEmformerState;

struct PinnaEmformerImpl {
  PinnaEmformerConfig config;
  uint32_t            n_mels;
  float*              mean;
  float*              invstddev;
  void*               memory;  ///< Of the parts below
  PinnaMel*           whole;   ///< Ends mirrored
  PinnaMel*           within;  ///< Frames that lie within the samples
  float*              samples; ///< The newest [n_samples]
  uint32_t            n_samples;
  float*              features; ///< Of one chunk, one frame more than the encoder takes
  PinnaSession*       encoder;
  float*              x;
  const float*        encoding;
  uint32_t            n_encoding;
  void*               predictor_memory;
  PinnaRunner*        predictor;
  float*              token;
  const float*        prediction;
  PinnaEmformerState  states[2U * PINNA_EMFORMER_MAX_LSTM]; ///< h0, c0, h1, ...
  uint32_t            n_states;
  uint32_t            n_hidden;
  void*               joiner_memory;
  PinnaRunner*        joiner;
  float*              join_encoding;
  float*              join_prediction;
  const float*        logits;
  uint32_t            n_tokens;
};

/// Energies [n_frames x n_mels] to what the network hears
void pinna_emformer_normalise(const PinnaEmformer* self, float* frames, uint32_t n_frames) PINNA_RT;

#endif // PINNA_MODELS_EMFORMER_IMPL_H
