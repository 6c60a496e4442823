// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/ngram.h"

#include "models/ngram_impl.h"

#include <stdint.h>

// Looking up n-grams, backing off along suffixes

uint32_t
pinna_ngram_child(const PinnaNgramNode* const nodes, const uint32_t node, const uint32_t word) {
  uint32_t low = nodes[node].first;
  uint32_t high = nodes[node + 1U].first;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2U;
    if (nodes[middle].word < word) {
      low = middle + 1U;
    } else {
      high = middle;
    }
  }
  return low < nodes[node + 1U].first && nodes[low].word == word ? low : 0U;
}

uint32_t
pinna_ngram_begin(const PinnaNgram* const ngram) {
  return ngram->begin;
}

float
pinna_ngram_score(const PinnaNgram* const ngram, const uint32_t state, const uint32_t word,
                  uint32_t* const next) {
  const PinnaNgramNode* const nodes = ngram->nodes;
  const uint32_t              known = word < ngram->words.n ? word : ngram->unknown;
  float                       sum = 0.0F;
  uint32_t                    node = state;
  uint32_t                    found = node ? pinna_ngram_child(nodes, node, known) : 1U + known;
  while (!found) {
    sum += nodes[node].back_off;
    node = nodes[node].suffix;
    found = node ? pinna_ngram_child(nodes, node, known) : 1U + known;
  }
  sum += nodes[found].log_prob;
  if (next) {
    // A history that leads nowhere and weighs nothing is as good as its suffix
    while (found && nodes[found].first == nodes[found + 1U].first &&
           nodes[found].back_off == 0.0F) {
      found = nodes[found].suffix;
    }
    *next = found;
  }
  return sum;
}

float
pinna_ngram_end(const PinnaNgram* const ngram, const uint32_t state) {
  return pinna_ngram_score(ngram, state, ngram->end, NULL);
}
