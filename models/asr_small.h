// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_ASR_SMALL_H
#define PINNA_MODELS_ASR_SMALL_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "models/acoustic.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "nn/weights.h"

// The embedded recogniser's network: phones of English digits and voice prompts, CTC, 16 kHz
//
// Trained by tools/train/asr_small.py. Kaldi's mel energies (64 bands, 60 to 7600 Hz, 25 ms every
// 10 ms), logarithm, two strided convolutions over time and bands, six blocks of a dilated
// convolution and a mixing one with a residual: a frame of 39 phones and the blank every 40 ms. No
// layer looks ahead; training lets a phone come late, on average it comes while it sounds.

#define PINNA_ASR_SMALL_RATE 16000U
#define PINNA_ASR_SMALL_CHUNK 1280U ///< Samples of a run
#define PINNA_ASR_SMALL_N_FRAMES 2U ///< Frames of a run
#define PINNA_ASR_SMALL_N_TOKENS 40U

typedef struct PinnaAsrSmallImpl PinnaAsrSmall;

/// The network of one chunk as a plan, not yet finished: input "x" [8 x 64 x 1], output "logits"
/// [2 x 1 x 40]. Not realtime.
PINNA_API void pinna_asr_small_describe(PinnaPlan* plan, const PinnaWeights* weights);

/// Memory for one stream. Not realtime.
/// @param config A finished plan of pinna_asr_small_describe(); it may be freed afterwards
PINNA_API PinnaStatus pinna_asr_small_init(PinnaAsrSmall** self, PinnaArena* arena,
                                           const PinnaRunnerConfig* config);

/// Realtime. Frames are log-probabilities.
PINNA_API PinnaAcoustic pinna_asr_small_acoustic(PinnaAsrSmall* self);

#endif // PINNA_MODELS_ASR_SMALL_H
