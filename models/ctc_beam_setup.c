// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/ctc_beam.h"

#include "models/ctc_beam_impl.h"

#include <math.h>
#include <string.h>

// Memory for the beam, and how good the best word below each node of the lexicon is

/// Children come after their parents: from the last node to the first
static void
look_ahead(PinnaCtcBeam* const beam, const uint32_t n_nodes) {
  for (uint32_t node = n_nodes; node-- > 0U;) {
    const PinnaLexiconNode* const place = &beam->lexicon[node];
    float                         best = -INFINITY;
    for (uint32_t i = 0U; i < place->n_children; ++i) {
      best = fmaxf(best, beam->ahead[place->first + i]);
    }
    for (uint32_t i = 0U; i < place->n_words; ++i) {
      const uint32_t word = beam->ngram_ids[beam->words[place->first_word + i]];
      best = fmaxf(best,
                   beam->config.lm_weight * pinna_ngram_score(beam->config.ngram, 0U, word, NULL));
    }
    beam->ahead[node] = best;
  }
  beam->ahead[PINNA_LEXICON_ROOT] = 0.0F;
}

static bool
is_valid(const PinnaCtcBeamConfig* const config) {
  return config->n_tokens >= 2U && config->blank < config->n_tokens && config->max_tokens &&
         config->max_tokens <= UINT16_MAX && config->beam && config->beam <= 4096U &&
         (!config->ngram || config->ngram_ids) && config->threshold >= 0.0F &&
         isfinite(config->lm_weight) && config->lm_weight >= 0.0F && isfinite(config->word_score);
}

/// Every token of the lexicon is the vocabulary's
static bool
fits(const PinnaCtcBeamConfig* const config, const PinnaLexiconNode* const nodes,
     const uint32_t n_nodes) {
  uint32_t i = 1U;
  while (i < n_nodes && nodes[i].token < config->n_tokens && nodes[i].token != config->blank) {
    ++i;
  }
  return i >= n_nodes;
}

PinnaStatus
pinna_ctc_beam_init(PinnaCtcBeam** const self, PinnaArena* const arena,
                    const PinnaCtcBeamConfig* const config) {
  PinnaPrefixTree         tree = {NULL, 0U, 0U};
  uint32_t                n_nodes = 0U;
  const PinnaLexiconNode* nodes =
      config->lexicon ? pinna_lexicon_nodes(config->lexicon, &n_nodes) : NULL;
  *self = NULL;
  if (!is_valid(config) || (nodes && !fits(config, nodes, n_nodes))) {
    return PINNA_STATUS_BAD_ARG;
  }
  const uint32_t n_units = nodes ? pinna_lexicon_count(config->lexicon) : config->n_tokens;
  const uint32_t n_best = config->n_best < config->n_tokens ? config->n_best : 0U;
  // New prefixes come before old ones go: each may be one token longer
  PinnaCtcBeam* const beam = PINNA_TAKE(arena, 1U, PinnaCtcBeam);
  const PinnaStatus   status =
      pinna_prefix_tree_init(&tree, arena, config->beam, config->max_tokens + 1U);
  if (status) {
    return status;
  }
  const uint32_t n_most = config->recombine ? 2U * config->beam : config->beam;
  uint32_t       n_places = config->recombine ? 16U : 0U;
  while (n_places && n_places < 4U * config->beam) {
    n_places *= 2U;
  }
  const size_t n_tree = 1U + (size_t)config->beam * (config->max_tokens + 1U);
  PinnaCtcBeam made = {
      .config = *config,
      .lexicon = nodes,
      .words = nodes ? pinna_lexicon_words(config->lexicon) : NULL,
      .ngram_ids = PINNA_TAKE(arena, config->ngram ? n_units : 0U, uint32_t),
      .ahead = PINNA_TAKE(arena, config->ngram ? n_nodes : 0U, float),
      .tree = tree,
      .states = PINNA_TAKE(arena, n_tree, PinnaCtcNode),
      .hypotheses = PINNA_TAKE(arena, config->beam, PinnaCtcHypothesis),
      .others = PINNA_TAKE(arena, config->beam, PinnaCtcHypothesis),
      .best = {PINNA_TAKE(arena, n_most, PinnaNbestItem), 0U, n_most},
      .candidates = PINNA_TAKE(arena, n_most, PinnaCtcCandidate),
      .futures = PINNA_TAKE(arena, n_places ? config->beam : 0U, PinnaCtcFuture),
      .places = PINNA_TAKE(arena, n_places, uint32_t),
      .n_places = n_places,
      .best_tokens = {PINNA_TAKE(arena, n_best, PinnaNbestItem), 0U, n_best},
      .tokens = PINNA_TAKE(arena, config->n_tokens, uint32_t),
      .tried = PINNA_TAKE(arena, config->n_tokens, bool),
      .frame = PINNA_TAKE(arena, config->n_tokens, float),
  };
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  *beam = made;
  if (config->ngram) {
    memcpy(beam->ngram_ids, config->ngram_ids, n_units * sizeof(uint32_t));
  }
  if (config->ngram && nodes) {
    look_ahead(beam, n_nodes);
  } else {
    beam->ahead = NULL;
  }
  pinna_ctc_beam_begin(beam);
  *self = beam;
  return PINNA_STATUS_OK;
}
