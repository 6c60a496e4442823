// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_TRANSDUCER_H
#define PINNA_MODELS_TRANSDUCER_H

#include "base/attributes.h"

#include <stdint.h>

// What a decoder needs of an RNN-T: a predictor with a state of its own for each hypothesis, and a
// joiner, both for several hypotheses at once

/// The functions are realtime. `n` is 1 to max_batch.
typedef struct {
  void*    self;
  uint32_t n_tokens;     ///< Of the vocabulary, blank included
  uint32_t blank;        ///< Its number; also what the predictor takes at first
  uint32_t n_encoding;   ///< Floats of an encoder frame
  uint32_t n_prediction; ///< Floats of a predictor's output
  uint32_t n_state;      ///< Floats of a predictor's state; all 0 at first
  uint32_t max_batch;

  /// For each of n hypotheses: take a token, move on.
  /// @param states      n times [n_state] before the token
  /// @param next        n times [n_state] behind it; none overlaps any of `states`
  /// @param predictions n times [n_prediction]
  void (*predict)(void* self, uint32_t n, const uint32_t* tokens, const float* const* states,
                  float* const* next, float* const* predictions) PINNA_RT;

  /// Logits of what comes next for each of n hypotheses at one encoder frame.
  /// @param encoding [n_encoding]
  /// @param logits   [n x n_tokens], not normalised
  void (*join)(void* self, uint32_t n, const float* encoding, const float* const* predictions,
               float* logits) PINNA_RT;
} PinnaTransducer;

#endif // PINNA_MODELS_TRANSDUCER_H
