// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_WAV2VEC2_CHUNKS_H
#define PINNA_MODELS_WAV2VEC2_CHUNKS_H

#include "base/attributes.h"
#include "base/status.h"
#include "models/acoustic.h"
#include "nn/plan.h"
#include "nn/weights.h"

#include <stdbool.h>
#include <stdint.h>

// wav2vec 2.0 and HuBERT with a CTC head on a stream, in chunks that overlap
//
// These networks see all of their input at once. So each run hears what is new, with some of the
// sound before and some that comes behind, and keeps only the frames between: a window of (left +
// step + right) frames of 20 ms, moved by `step`. Before the stream there is silence. The cost is
// that of the window for each step.

typedef struct {
  uint32_t left;               ///< Frames of 20 ms before those kept
  uint32_t step;               ///< Frames kept, 1 or more
  uint32_t right;              ///< Frames behind them: what is looked ahead
  bool     normalize_waveform; ///< Each window to mean 0 and variance 1

  /// Outputs of the head that become values of a frame, in their order, [n_columns]; NULL: all
  const uint32_t* columns;
  uint32_t        n_columns;
  PinnaPrecision  precision; ///< Of the network, pinna_plan_keep_weights()
  const char*     device;    ///< See nn/device.h; NULL: what PINNA_DEVICE says
} PinnaWav2vec2ChunksConfig;

/// 1.6, 0.8 and 0.4 s, waveform as it is, all outputs
PINNA_API PinnaWav2vec2ChunksConfig pinna_wav2vec2_chunks_config(void);

typedef struct PinnaWav2vec2ChunksImpl PinnaWav2vec2Chunks;

/// Not realtime.
/// @param weights With TorchAudio's names, norms folded, as pinna_wav2vec2_open() gives them
/// @return BAD_ARG, BAD_FILE (no CTC head, tensors that are missing or do not fit), NO_MEM
PINNA_API PinnaStatus pinna_wav2vec2_chunks_new(PinnaWav2vec2Chunks**            self,
                                                const PinnaWeights*              weights,
                                                const PinnaWav2vec2ChunksConfig* config,
                                                PinnaError*                      error);

/// NULL is allowed
PINNA_API void pinna_wav2vec2_chunks_free(PinnaWav2vec2Chunks* self);

/// Frames are log-probabilities of the columns
PINNA_API PinnaAcoustic pinna_wav2vec2_chunks_acoustic(PinnaWav2vec2Chunks* self);

#endif // PINNA_MODELS_WAV2VEC2_CHUNKS_H
