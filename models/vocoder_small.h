// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_VOCODER_SMALL_H
#define PINNA_MODELS_VOCODER_SMALL_H

#include "base/attributes.h"
#include "base/status.h"
#include "models/vocoder.h"
#include "nn/plan.h"
#include "nn/session.h"
#include "nn/weights.h"

// Our own vocoder, 16 kHz, built into the library: causal, 50 ms, a few per cent of a core
//
// A convolutional network (ConvNeXt blocks: Liu et al. 2022, as in Vocos: Siuzdak 2023) reads mel
// frames, one of them ahead, and says each bin's log magnitude and the expected steps of its phase
// along time and frequency; dsp/phase_steps.h makes sound of them. Trained by
// tools/train/vocoder.py; models/weights/vocoder_small.md says on what and how well. The weights:
// pinna_embedded_open(.., "vocoder_small", ..).

#define PINNA_VOCODER_SMALL_BINS 321U
#define PINNA_VOCODER_SMALL_MELS 80U

/// The frames it takes: 16 kHz, n_fft 640, hop 160, 80 bands up to 8 kHz
PINNA_API PinnaVocoderFeatures pinna_vocoder_small_features(void);

/// The network of one frame as a plan, not yet finished: input "mel" [1 x 1 x 80], which is (ln +
/// 4) 0.4, outputs "magnitude" [1 x 1 x 321] and "head" [1 x 1 x 5 x 321], of which the last four
/// fifths are the steps, both of the frame before the input. Not realtime.
PINNA_API void pinna_vocoder_small_describe(PinnaPlan* plan, const PinnaWeights* weights);

typedef struct PinnaVocoderSmallImpl PinnaVocoderSmall;

/// Not realtime.
/// @param weights NULL: those that are built in
/// @param device  As in PinnaSessionConfig
/// @return NOT_FOUND, BAD_FILE, NO_MEM, and those of pinna_session_open()
PINNA_API PinnaStatus pinna_vocoder_small_open(PinnaVocoderSmall** self,
                                               const PinnaWeights* weights, const char* device,
                                               PinnaError* error);

/// NULL is allowed. Not realtime.
PINNA_API void pinna_vocoder_small_close(PinnaVocoderSmall* self);

/// It as a vocoder: latency 800 samples. Its functions are realtime where
/// pinna_session_is_realtime() is.
PINNA_API PinnaVocoder pinna_vocoder_small_vocoder(PinnaVocoderSmall* self);

/// The network's session, for its counters and its backend's name
PINNA_API const PinnaSession* pinna_vocoder_small_session(const PinnaVocoderSmall* self);

#endif // PINNA_MODELS_VOCODER_SMALL_H
