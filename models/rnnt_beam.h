// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_RNNT_BEAM_H
#define PINNA_MODELS_RNNT_BEAM_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "models/decoder.h"
#include "models/hotwords.h"
#include "models/transducer.h"

#include <stdint.h>

// RNN-T modified beam search: at most one token per frame, equal sequences fall together, and the
// whole beam is carried from run to run (icefall's modified_beam_search)

typedef struct PinnaRnntBeamImpl PinnaRnntBeam;

typedef struct {
  PinnaTransducer model;
  uint32_t        max_tokens;     ///< Longest result, 1 to 65535
  uint32_t        beam;           ///< Hypotheses kept, 1 to model.max_batch
  float           blank_penalty;  ///< Taken from blank's logit
  float           blank_skip;     ///< Where the best hypothesis gives blank at least this
                                  ///< probability, the others are not asked; 0: always ask
  float                threshold; ///< Hypotheses this much below the best are dropped; 0: never
  const PinnaHotwords* hotwords;  ///< Or NULL. Outlives the decoder.
} PinnaRnntBeamConfig;

/// Not realtime. @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_rnnt_beam_init(PinnaRnntBeam** self, PinnaArena* arena,
                                           const PinnaRnntBeamConfig* config);

/// Frames are the encoder's [n_frames x n_encoding]
PINNA_API PinnaDecoder pinna_rnnt_beam_decoder(PinnaRnntBeam* self);

#endif // PINNA_MODELS_RNNT_BEAM_H
