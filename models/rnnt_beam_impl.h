// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_RNNT_BEAM_IMPL_H
#define PINNA_MODELS_RNNT_BEAM_IMPL_H

#include "models/nbest.h"
#include "models/prefix_tree.h"
#include "models/rnnt_beam.h"

#include <stdint.h>

// Hypotheses of the beam, and the predictor's memory that each holds

typedef struct {
  uint32_t node;
  uint32_t slot;     ///< Of predictor states and predictions
  uint32_t pending;  ///< Token that the slot's predictor has still to take, or PINNA_PREFIX_NONE
  uint32_t hotwords; ///< State
  float    score;    ///< Natural logarithm of the model's probability
  float    earned;   ///< By hotwords
  float    stays;    ///< Score if the next is blank
} PinnaRnntHypothesis;

typedef struct {
  uint32_t parent;
  uint32_t token; ///< Blank: it stays
  uint32_t hotwords;
  float    score;
  float    earned;
  float    log_prob;
} PinnaRnntCandidate;

struct PinnaRnntBeamImpl {
  PinnaRnntBeamConfig  config;
  PinnaPrefixTree      tree;
  uint32_t*            owners;     ///< Hypothesis of a node, or PINNA_PREFIX_NONE [tree.max_nodes]
  PinnaRnntHypothesis* hypotheses; ///< [beam], the best first
  PinnaRnntHypothesis* others;     ///< [beam], the next
  uint32_t             n;
  PinnaNbest           best;
  PinnaRnntCandidate*  candidates;  ///< [beam]
  float*               states;      ///< [2 beam x n_state]
  float*               predictions; ///< [2 beam x n_prediction]
  float*               next_states; ///< Of one call of predict [beam x n_state]
  bool*                used;        ///< Slots [2 beam]
  float*               logits;      ///< [beam x n_tokens]
  uint32_t*            tokens;      ///< For one call of predict or join [beam]
  const float**        from;
  float**              to;
  float**              out;
  uint32_t             n_frames;
  uint32_t             winner; ///< Hypothesis; not 0 only when finished
};

/// As before the first frame. Realtime.
void pinna_rnnt_beam_begin(PinnaRnntBeam* beam) PINNA_RT;

#endif // PINNA_MODELS_RNNT_BEAM_IMPL_H
