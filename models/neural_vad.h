// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_NEURAL_VAD_H
#define PINNA_MODELS_NEURAL_VAD_H

#include "base/attributes.h"
#include "base/status.h"
#include "nn/engine.h"

#include <stdbool.h>
#include <stdint.h>

// Whether somebody speaks, by Silero's network: any host rate in, a probability every 32 ms out
//
// Samples are resampled to 16 kHz and run in chunks of 512 by nn/engine.h.

typedef struct PinnaNeuralVadImpl PinnaNeuralVad;

typedef struct {
  double            rate;    ///< Of the host [Hz], 8000 to 384000
  double            block_s; ///< Usual block [s]; 0: 64 frames of 48 kHz
  const char*       path;    ///< silero_vad_16k.safetensors
  PinnaNnEngineMode mode;    ///< AUTO: by measured cost
} PinnaNeuralVadConfig;

/// Read weights, plan, measure. Not realtime.
/// @return BAD_ARG, UNSUPPORTED, or what reading the weights said, in `error`
PINNA_API PinnaStatus pinna_neural_vad_open(PinnaNeuralVad**            vad,
                                            const PinnaNeuralVadConfig* config, PinnaError* error);

/// NULL is allowed. Not realtime: waits for a chunk that runs.
PINNA_API void pinna_neural_vad_close(PinnaNeuralVad* vad);

/// Forget all audio. Realtime.
PINNA_API void pinna_neural_vad_reset(PinnaNeuralVad* vad) PINNA_RT;

/// As pinna_nn_engine_set_offline()
PINNA_API void pinna_neural_vad_set_offline(PinnaNeuralVad* vad, bool offline) PINNA_RT;

/// The next samples [n_frames]. Realtime.
PINNA_API void pinna_neural_vad_push(PinnaNeuralVad* vad, const float* in,
                                     uint32_t n_frames) PINNA_RT;

/// The next probability, 0 to 1, once; in order. Realtime.
/// @return false: none at present
PINNA_API bool pinna_neural_vad_next(PinnaNeuralVad* vad, float* probability) PINNA_RT;

PINNA_API PinnaNnEngineHealth pinna_neural_vad_health(const PinnaNeuralVad* vad) PINNA_RT;

/// As pinna_nn_engine_rest(). Not realtime.
PINNA_API void pinna_neural_vad_rest(PinnaNeuralVad* vad, bool rests);

#endif // PINNA_MODELS_NEURAL_VAD_H
