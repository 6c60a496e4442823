// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_CTC_BEAM_IMPL_H
#define PINNA_MODELS_CTC_BEAM_IMPL_H

#include "models/ctc_beam.h"
#include "models/nbest.h"
#include "models/prefix_tree.h"

#include <stdbool.h>
#include <stdint.h>

// Prefixes of the beam, and what is known of each node of the tree whoever reaches it

/// Beside a node of the tree
typedef struct {
  uint32_t hypothesis; ///< In the beam, or PINNA_PREFIX_NONE
  uint32_t lexicon;    ///< Node of the word begun
  uint32_t ngram;      ///< State
  uint32_t hotwords;   ///< State
  float    earned;     ///< By whole words and hotwords
  float    bias;       ///< The same, and the best word that may come
} PinnaCtcNode;

/// Natural logarithms of the probabilities of all alignments
/// All that a prefix's future depends on
typedef struct {
  uint32_t lexicon;
  uint32_t ngram;
  uint32_t hotwords;
  uint32_t token; ///< The last
} PinnaCtcFuture;

typedef struct {
  uint32_t node;
  float    blank; ///< That end in blank
  float    token; ///< That end in the last token
  float    next_blank;
  float    next_token;
  float    score; ///< Of both with the bias
} PinnaCtcHypothesis;

/// What may follow a node
typedef struct {
  uint32_t          parent; ///< Hypothesis, or PINNA_PREFIX_NONE: `stays` goes on as it is
  uint32_t          stays;
  PinnaDecoderToken item;
  PinnaCtcNode      state;
  float             token;
} PinnaCtcCandidate;

struct PinnaCtcBeamImpl {
  PinnaCtcBeamConfig      config;
  const PinnaLexiconNode* lexicon; ///< Nodes, or NULL
  const uint32_t*         words;   ///< At nodes
  uint32_t*               ngram_ids;
  float*                  ahead; ///< Best word below a node, weighted [nodes of the lexicon]
  PinnaPrefixTree         tree;
  PinnaCtcNode*           states;     ///< [tree.max_nodes]
  PinnaCtcHypothesis*     hypotheses; ///< [beam], the best first
  PinnaCtcHypothesis*     others;     ///< [beam], the next
  uint32_t                n;
  PinnaNbest              best;
  PinnaCtcCandidate*      candidates; ///< [best.max]
  PinnaCtcFuture*         futures;    ///< Of `others` [beam], to recombine
  uint32_t*               places;     ///< Hash -> 1 + number of a future, 0: none [n_places]
  uint32_t                n_places;   ///< A power of two, or 0
  PinnaNbest              best_tokens;
  uint32_t*               tokens; ///< Tried in this frame [n_tokens]
  bool*                   tried;  ///< [n_tokens]
  float*                  frame;  ///< [n_tokens]
  uint32_t                n_frames;
  uint32_t                winner; ///< Hypothesis; not 0 only when finished
};

/// As before the first frame. Realtime.
void pinna_ctc_beam_begin(PinnaCtcBeam* beam) PINNA_RT;

#endif // PINNA_MODELS_CTC_BEAM_IMPL_H
