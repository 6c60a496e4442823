// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_RNNT_SEARCH_IMPL_H
#define PINNA_MODELS_RNNT_SEARCH_IMPL_H

#include "models/decoder.h"
#include "models/nbest.h"
#include "models/prefix_tree.h"
#include "models/rnnt_search.h"

#include <stdbool.h>
#include <stdint.h>

// TorchAudio's two lists of hypotheses: those at the end of a frame, those still within it

typedef struct {
  uint32_t node;
  uint32_t slot; ///< Of predictor states and predictions
  float    score;
} PinnaSearchHypothesis;

struct PinnaRnntSearchImpl {
  PinnaRnntSearchConfig  config;
  PinnaDecoderToken*     tokens; ///< Of all runs before this one [max_tokens]
  PinnaDecoderResult     state;
  PinnaPrefixTree        tree;   ///< Of this run
  PinnaSearchHypothesis* within; ///< [beam]
  uint32_t               n_within;
  PinnaSearchHypothesis* next;  ///< [beam], as `within`
  uint32_t*              fresh; ///< Nodes made in this frame [max_ended]
  uint32_t               n_fresh;
  PinnaSearchHypothesis* ended; ///< In the order of rising scores [max_ended]
  uint32_t               n_ended;
  uint32_t               max_ended;
  PinnaSearchHypothesis* kept; ///< The best of `ended`, the best first [beam]
  uint32_t               n_kept;
  PinnaNbest             best;
  uint32_t*              best_tokens; ///< [beam]
  uint32_t*              best_parents;
  float*                 states;      ///< [max_slots x n_state]
  float*                 predictions; ///< [max_slots x n_prediction]
  bool*                  used;        ///< [max_slots]
  uint32_t               max_slots;
  float*                 first_state; ///< Of the best hypothesis of the run before [n_state]
  uint32_t               first_token;
  float*                 logits; ///< [beam x n_tokens]
  uint32_t*              next_tokens;
  const float**          from;
  float**                to;
  float**                out;
};

/// As before the first frame. Realtime.
void pinna_rnnt_search_begin(PinnaRnntSearch* search) PINNA_RT;

#endif // PINNA_MODELS_RNNT_SEARCH_IMPL_H
