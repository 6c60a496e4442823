// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_SILERO_H
#define PINNA_MODELS_SILERO_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "nn/session.h"
#include "nn/weights.h"

#include <stdbool.h>

// Silero VAD 5 at 16 kHz: the probability of speech in every 32 ms, from its published weights
//
// Network (snakers4/silero-vad, tinygrad form): 64 samples of the chunk before and 512 new ones,
// 64 mirrored behind; a Fourier transform as convolution (256, hop 128), magnitudes, four
// convolutions with ReLU, an LSTM of 128 cells, one logistic output.

#define PINNA_SILERO_CHUNK 512U ///< Samples of one run, at PINNA_SILERO_RATE
#define PINNA_SILERO_RATE 16000U

typedef struct PinnaSileroImpl PinnaSilero;

/// The network as a plan with input "x" [512 x 1 x 1] and output "p" [1 x 1 x 1], not yet finished.
/// @param weights The tensors of silero_vad_16k.safetensors. Not realtime.
PINNA_API void pinna_silero_describe(PinnaPlan* plan, const PinnaWeights* weights);

/// Memory for one stream. Not realtime.
/// @param config A finished plan of pinna_silero_describe(); it may be freed afterwards
PINNA_API PinnaStatus pinna_silero_init(PinnaSilero** self, PinnaArena* arena,
                                        const PinnaRunnerConfig* config);

/// Run the network by a session of the same plan from now on, which the caller keeps open as long.
/// Where the session is not realtime, neither is what runs the network. Not realtime.
/// @return false: the session is of another plan
PINNA_API bool pinna_silero_use(PinnaSilero* self, PinnaSession* session);

/// Probability of speech, 0 to 1, in the next samples [PINNA_SILERO_CHUNK], full scale +-1.
/// Samples that are no number count as 0. Realtime.
PINNA_API float pinna_silero_run(PinnaSilero* self, const float* samples) PINNA_RT;

/// As before the first chunk. Realtime.
PINNA_API void pinna_silero_reset(PinnaSilero* self) PINNA_RT;

#endif // PINNA_MODELS_SILERO_H
