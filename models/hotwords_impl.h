// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_HOTWORDS_IMPL_H
#define PINNA_MODELS_HOTWORDS_IMPL_H

#include "models/hotwords.h"

#include <stdint.h>

// The automaton's nodes; 0 is the root and stands for "none" among children

typedef struct {
  uint32_t token;
  uint32_t child;
  uint32_t sibling;
  uint32_t fail;   ///< The longest proper end of this sequence that begins a phrase
  float    share;  ///< Of longer phrases, while on the way to them
  float    earned; ///< Bonuses of the phrases that end here
} PinnaHotwordsNode;

struct PinnaHotwordsImpl {
  PinnaHotwordsNode* nodes;
  uint32_t           n_nodes;
  float              most; ///< That a step adds
};

/// Child by token, or 0
uint32_t pinna_hotwords_child(const PinnaHotwordsNode* nodes, uint32_t node, uint32_t token);

#endif // PINNA_MODELS_HOTWORDS_IMPL_H
