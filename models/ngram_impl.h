// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_NGRAM_IMPL_H
#define PINNA_MODELS_NGRAM_IMPL_H

#include "models/ngram.h"
#include "models/text_file.h"

#include <stdint.h>

// A tree of n-grams: node 0 is the empty history, 1 + w the word w, longer ones follow by length
//
// Children are nodes first to the next node's first - 1, in the order of words: nodes of one length
// lie in the order of their parents.

typedef struct {
  uint32_t word;
  uint32_t first;    ///< Child
  uint32_t suffix;   ///< The longest shorter history with the same end
  float    log_prob; ///< Natural
  float    back_off; ///< Natural
} PinnaNgramNode;

struct PinnaNgramImpl {
  PinnaWordTable  words;
  PinnaNgramNode* nodes; ///< [n_nodes + 1], the last only ends the one before
  uint32_t        n_nodes;
  size_t          max_nodes;
  uint32_t        order;
  uint32_t        unknown; ///< Words
  uint32_t        end;
  uint32_t        begin; ///< State
};

/// Child of a node by word, or 0; not for node 0, where it is 1 + word
uint32_t pinna_ngram_child(const PinnaNgramNode* nodes, uint32_t node, uint32_t word);

#endif // PINNA_MODELS_NGRAM_IMPL_H
