// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_VOCODER_MEL_H
#define PINNA_MODELS_VOCODER_MEL_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "models/vocoder.h"

#include <stdint.h>

// The mel frames of a stream as vocoders want them: one hop of samples in, one frame out

typedef struct PinnaVocoderMelImpl PinnaVocoderMel;

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG, NO_MEM, UNSUPPORTED (n_fft would allocate while running)
PINNA_API PinnaStatus pinna_vocoder_mel_init(PinnaVocoderMel** self, PinnaArena* arena,
                                             const PinnaVocoderFeatures* features);

/// The frame of the last n_fft samples, silence before the first. Realtime.
/// @param in  Samples [hop_length]; ones that are no number count as 0
/// @param mel Receives [n_mels]
PINNA_API void pinna_vocoder_mel_run(PinnaVocoderMel* self, const float* in, float* mel) PINNA_RT;

/// Forget all sound. Realtime.
PINNA_API void pinna_vocoder_mel_reset(PinnaVocoderMel* self) PINNA_RT;

#endif // PINNA_MODELS_VOCODER_MEL_H
