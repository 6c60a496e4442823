// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/hotwords.h"

#include "models/hotwords_impl.h"

#include <math.h>
#include <stdlib.h>

// Building the automaton (Aho and Corasick 1975)

static void
add(PinnaHotwords* const hotwords, const PinnaHotphrase* const phrase) {
  PinnaHotwordsNode* const nodes = hotwords->nodes;
  uint32_t                 node = PINNA_HOTWORDS_ROOT;
  for (uint32_t i = 0U; i < phrase->n_tokens; ++i) {
    const float share = phrase->bonus * (float)(i + 1U) / (float)phrase->n_tokens;
    uint32_t    child = pinna_hotwords_child(nodes, node, phrase->tokens[i]);
    if (!child) {
      child = hotwords->n_nodes++;
      nodes[child] = (PinnaHotwordsNode){.token = phrase->tokens[i], .sibling = nodes[node].child};
      nodes[node].child = child;
    }
    node = child;
    if (i + 1U < phrase->n_tokens && share > nodes[node].share) {
      nodes[node].share = share;
    }
  }
  nodes[node].earned += phrase->bonus;
}

/// Failure arcs, level by level, and what ends at the end of a longer sequence
static void
link_all(const PinnaHotwords* const hotwords, uint32_t* const queue) {
  PinnaHotwordsNode* const nodes = hotwords->nodes;
  uint32_t                 n = 1U;
  queue[0] = PINNA_HOTWORDS_ROOT;
  for (uint32_t i = 0U; i < n; ++i) {
    for (uint32_t child = nodes[queue[i]].child; child; child = nodes[child].sibling) {
      uint32_t node = queue[i];
      while (node && !nodes[child].fail) {
        node = nodes[node].fail;
        nodes[child].fail = pinna_hotwords_child(nodes, node, nodes[child].token);
      }
      nodes[child].earned += nodes[nodes[child].fail].earned;
      queue[n++] = child;
    }
  }
}

PinnaStatus
pinna_hotwords_new(PinnaHotwords** const hotwords, const PinnaHotphrase* const phrases,
                   const uint32_t n_phrases) {
  size_t most = 1U;
  *hotwords = NULL;
  for (uint32_t i = 0U; i < n_phrases; ++i) {
    if (!phrases[i].n_tokens || !(phrases[i].bonus >= 0.0F && phrases[i].bonus <= 100.0F)) {
      return PINNA_STATUS_BAD_ARG;
    }
    most += phrases[i].n_tokens;
  }
  PinnaHotwords* const made = (PinnaHotwords*)calloc(1U, sizeof(PinnaHotwords));
  uint32_t* const      queue = most < UINT32_MAX ? (uint32_t*)calloc(most, sizeof(uint32_t)) : NULL;
  if (made && queue) {
    made->nodes = (PinnaHotwordsNode*)calloc(most, sizeof(PinnaHotwordsNode));
  }
  if (!made || !made->nodes) {
    free(queue);
    pinna_hotwords_free(made);
    return PINNA_STATUS_NO_MEM;
  }
  made->n_nodes = 1U;
  for (uint32_t i = 0U; i < n_phrases; ++i) {
    add(made, &phrases[i]);
  }
  link_all(made, queue);
  for (uint32_t i = 0U; i < made->n_nodes; ++i) {
    made->most = fmaxf(made->most, made->nodes[i].share + made->nodes[i].earned);
  }
  free(queue);
  *hotwords = made;
  return PINNA_STATUS_OK;
}

void
pinna_hotwords_free(PinnaHotwords* const hotwords) {
  if (hotwords) {
    free(hotwords->nodes);
    free(hotwords);
  }
}
