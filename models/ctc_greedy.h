// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_CTC_GREEDY_H
#define PINNA_MODELS_CTC_GREEDY_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "models/decoder.h"

#include <stdint.h>

// CTC, the best token of each frame: repeats fall together, blanks go (Graves 2006, best path)

typedef struct PinnaCtcGreedyImpl PinnaCtcGreedy;

typedef struct {
  uint32_t n_tokens;   ///< Of the vocabulary, blank included; at least 2
  uint32_t blank;      ///< Its number
  uint32_t max_tokens; ///< Longest result, at least 1
} PinnaCtcGreedyConfig;

/// Not realtime. @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_ctc_greedy_init(PinnaCtcGreedy** self, PinnaArena* arena,
                                            const PinnaCtcGreedyConfig* config);

/// Frames are log-probabilities [n_frames x n_tokens]; ones that are no number count as -Inf
PINNA_API PinnaDecoder pinna_ctc_greedy_decoder(PinnaCtcGreedy* self);

#endif // PINNA_MODELS_CTC_GREEDY_H
