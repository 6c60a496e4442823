// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/hotwords.h"

#include "models/hotwords_impl.h"

// Walking the automaton

uint32_t
pinna_hotwords_child(const PinnaHotwordsNode* const nodes, const uint32_t node,
                     const uint32_t token) {
  uint32_t child = nodes[node].child;
  while (child && nodes[child].token != token) {
    child = nodes[child].sibling;
  }
  return child;
}

float
pinna_hotwords_step(const PinnaHotwords* const hotwords, const uint32_t state, const uint32_t token,
                    uint32_t* const next) {
  const PinnaHotwordsNode* const nodes = hotwords->nodes;
  uint32_t                       node = state;
  uint32_t                       found = pinna_hotwords_child(nodes, node, token);
  while (!found && node) {
    node = nodes[node].fail;
    found = pinna_hotwords_child(nodes, node, token);
  }
  *next = found;
  return nodes[found].share - nodes[state].share + nodes[found].earned;
}

float
pinna_hotwords_end(const PinnaHotwords* const hotwords, const uint32_t state) {
  return -hotwords->nodes[state].share;
}

float
pinna_hotwords_most(const PinnaHotwords* const hotwords) {
  return hotwords->most;
}
