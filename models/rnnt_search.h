// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_RNNT_SEARCH_H
#define PINNA_MODELS_RNNT_SEARCH_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "models/decoder.h"
#include "models/transducer.h"

#include <stdint.h>

// TorchAudio's RNNTBeamSearch, step for step, for results that equal its own
//
// As its infer() does, each run starts anew from the one best hypothesis of the run before, with
// score 0: cut the frames as TorchAudio's caller does. Otherwise prefer models/rnnt_beam.h.

typedef struct PinnaRnntSearchImpl PinnaRnntSearch;

typedef struct {
  PinnaTransducer model;       ///< Blank is the last token
  uint32_t        max_tokens;  ///< Longest result, 1 to 65535
  uint32_t        beam;        ///< beam_width, 1 to model.max_batch, below model.n_tokens
  uint32_t        step_tokens; ///< step_max_tokens, at least 1; TorchAudio: 100
  float           temperature; ///< Divides the logits; TorchAudio: 1
} PinnaRnntSearchConfig;

/// Not realtime. @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_rnnt_search_init(PinnaRnntSearch** self, PinnaArena* arena,
                                             const PinnaRnntSearchConfig* config);

/// Frames are the encoder's [n_frames x n_encoding]; the result's score is that of the last run
PINNA_API PinnaDecoder pinna_rnnt_search_decoder(PinnaRnntSearch* self);

/// Hypothesis `rank` (0: best) of the last run: tokens without the leading blank, those of earlier
/// runs not included, as in TorchAudio's lists. Realtime.
/// @param score Receives its score, not divided by the length
/// @return How many tokens, at most `capacity`; 0 beyond the beam
PINNA_API uint32_t pinna_rnnt_search_hypothesis(const PinnaRnntSearch* self, uint32_t rank,
                                                uint32_t* tokens, uint32_t capacity,
                                                float* score) PINNA_RT;

#endif // PINNA_MODELS_RNNT_SEARCH_H
