// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_EMFORMER_H
#define PINNA_MODELS_EMFORMER_H

#include "base/attributes.h"
#include "base/status.h"
#include "models/acoustic.h"
#include "models/transducer.h"
#include "nn/plan.h"
#include "nn/weights.h"

#include <stdbool.h>
#include <stdint.h>

// Emformer RNN-T: torchaudio.models.emformer_rnnt_base of 0.13.1, streamed
//
// Encoder (Shi et al. 2021): frames in groups of `stride`, transformer layers that see a segment,
// a little of what follows it, and keys and values of what was before. Predictor: LSTMs with layer
// normalisation. Joiner: ReLU of the sum of both, one linear layer. Widths and the number of layers
// and tokens are the file's; what a file cannot tell is in the configuration. There is no memory
// bank (max_memory_size 0, as in all of TorchAudio's bundles).

typedef struct {
  uint32_t n_heads;           ///< Of the encoder
  uint32_t stride;            ///< Frames that become one
  uint32_t segment;           ///< Frames of a chunk, a multiple of stride
  uint32_t right_context;     ///< Frames that are looked ahead, a multiple of stride
  uint32_t left_context;      ///< Remembered, counted behind the stride
  uint32_t max_batch;         ///< Hypotheses at once
  bool     torchaudio_frames; ///< Features of each chunk on its own, its ends mirrored, as
                              ///< TorchAudio's streaming gives them; else those of the whole stream
  PinnaPrecision precision;   ///< What weights are kept as: halves take half the memory, 1e-3 off
  const char*    device;      ///< For the encoder, see nn/device.h; NULL: what PINNA_DEVICE says
} PinnaEmformerConfig;

/// emformer_rnnt_base: 8, 4, 16, 4, 30; 4 hypotheses, features of the whole stream, weights as they
/// are
PINNA_API PinnaEmformerConfig pinna_emformer_config(void);

/// The parts as plans, not yet finished; not realtime. The encoder has input "x" [segment +
/// right_context x 1 x features] and output "encoding" [segment / stride x 1 x channels].
PINNA_API void pinna_emformer_describe_encoder(PinnaPlan* plan, const PinnaWeights* weights,
                                               const PinnaEmformerConfig* config);

/// Inputs "token" [1 x max_batch x 1] and states "h0", "c0", "h1" ... [1 x max_batch x hidden],
/// outputs "prediction" [1 x max_batch x channels] and the next states "next h0" ...
PINNA_API void pinna_emformer_describe_predictor(PinnaPlan* plan, const PinnaWeights* weights,
                                                 uint32_t max_batch);

/// Inputs "encoding" [1 x 1 x channels] and "prediction" [1 x max_batch x channels], output
/// "logits" [1 x max_batch x tokens]
PINNA_API void pinna_emformer_describe_joiner(PinnaPlan* plan, const PinnaWeights* weights,
                                              uint32_t max_batch);

typedef struct PinnaEmformerImpl PinnaEmformer;

/// @param weights The tensors of the bundle's .pt file; not needed afterwards
/// @param stats   Path of its global_stats.json: means and inverse deviations of the features
/// @return IO, BAD_FILE (weights or statistics are missing or do not fit), BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_emformer_new(PinnaEmformer** self, const PinnaWeights* weights,
                                         const char* stats, const PinnaEmformerConfig* config,
                                         PinnaError* error);

/// NULL is allowed
PINNA_API void pinna_emformer_free(PinnaEmformer* self);

/// The encoder with its features: chunks of `segment` hops in, frames for the joiner out
PINNA_API PinnaAcoustic pinna_emformer_acoustic(PinnaEmformer* self);

/// Predictor and joiner. Blank is the last token.
PINNA_API PinnaTransducer pinna_emformer_transducer(PinnaEmformer* self);

/// Features of whatever samples as TorchAudio's pipeline makes them, ends mirrored: for comparison.
/// Not realtime.
/// @param frames Receives [n_samples / 160 + 1 x features]; NULL: only counts
/// @return Frames, 0 if the signal is too short
PINNA_API uint32_t pinna_emformer_features(PinnaEmformer* self, const float* samples,
                                           uint32_t n_samples, float* frames);

/// Encode features of one chunk [segment + right_context x features] into frames [segment / stride
/// x channels]
PINNA_API void pinna_emformer_encode(PinnaEmformer* self, const float* features, float* frames);

#endif // PINNA_MODELS_EMFORMER_H
