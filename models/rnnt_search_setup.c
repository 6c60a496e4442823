// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/rnnt_search.h"

#include "models/rnnt_search_impl.h"

#include <math.h>

// Memory for all hypotheses that a frame can make

PinnaStatus
pinna_rnnt_search_init(PinnaRnntSearch** const self, PinnaArena* const arena,
                       const PinnaRnntSearchConfig* const config) {
  const PinnaTransducer* const model = &config->model;
  const uint32_t               n = config->beam;
  PinnaPrefixTree              tree = {NULL, 0U, 0U};
  *self = NULL;
  if (model->blank + 1U != model->n_tokens || !n || n > model->max_batch || n >= model->n_tokens ||
      !config->max_tokens || config->max_tokens > UINT16_MAX || !config->step_tokens ||
      config->step_tokens > 1000U ||
      !(config->temperature > 0.0F && isfinite(config->temperature))) {
    return PINNA_STATUS_BAD_ARG;
  }
  const uint32_t         max_ended = n * (config->step_tokens + 1U);
  PinnaRnntSearch* const search = PINNA_TAKE(arena, 1U, PinnaRnntSearch);
  // Sequences kept from the frame before, and what a frame adds
  const PinnaStatus status =
      pinna_prefix_tree_init(&tree, arena, n, config->max_tokens + config->step_tokens);
  if (status) {
    return status;
  }
  const PinnaRnntSearch made = {
      .config = *config,
      .tokens = PINNA_TAKE(arena, config->max_tokens, PinnaDecoderToken),
      .tree = tree,
      .within = PINNA_TAKE(arena, n, PinnaSearchHypothesis),
      .next = PINNA_TAKE(arena, n, PinnaSearchHypothesis),
      .fresh = PINNA_TAKE(arena, max_ended, uint32_t),
      .ended = PINNA_TAKE(arena, max_ended, PinnaSearchHypothesis),
      .max_ended = max_ended,
      .kept = PINNA_TAKE(arena, n, PinnaSearchHypothesis),
      .best = {PINNA_TAKE(arena, n, PinnaNbestItem), 0U, n},
      .best_tokens = PINNA_TAKE(arena, n, uint32_t),
      .best_parents = PINNA_TAKE(arena, n, uint32_t),
      .states = PINNA_TAKE(arena, (size_t)max_ended * model->n_state, float),
      .predictions = PINNA_TAKE(arena, (size_t)max_ended * model->n_prediction, float),
      .used = PINNA_TAKE(arena, max_ended, bool),
      .max_slots = max_ended,
      .first_state = PINNA_TAKE(arena, model->n_state, float),
      .logits = PINNA_TAKE(arena, (size_t)n * model->n_tokens, float),
      .next_tokens = PINNA_TAKE(arena, n, uint32_t),
      .from = PINNA_TAKE(arena, n, const float*),
      .to = PINNA_TAKE(arena, n, float*),
      .out = PINNA_TAKE(arena, n, float*),
  };
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  *search = made;
  pinna_rnnt_search_begin(search);
  *self = search;
  return PINNA_STATUS_OK;
}
