// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_RNNT_GREEDY_H
#define PINNA_MODELS_RNNT_GREEDY_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "models/decoder.h"
#include "models/transducer.h"

#include <stdint.h>

// RNN-T, the best token again and again until it is blank (Graves 2012)

typedef struct PinnaRnntGreedyImpl PinnaRnntGreedy;

typedef struct {
  PinnaTransducer model;
  uint32_t        max_tokens;    ///< Longest result, at least 1
  uint32_t        max_per_frame; ///< Most tokens of one frame, at least 1
  float           blank_penalty; ///< Taken from blank's logit: above 0 tokens come earlier
} PinnaRnntGreedyConfig;

/// Not realtime. @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_rnnt_greedy_init(PinnaRnntGreedy** self, PinnaArena* arena,
                                             const PinnaRnntGreedyConfig* config);

/// Frames are the encoder's [n_frames x n_encoding]
PINNA_API PinnaDecoder pinna_rnnt_greedy_decoder(PinnaRnntGreedy* self);

#endif // PINNA_MODELS_RNNT_GREEDY_H
