// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/rnnt_beam.h"

#include "models/rnnt_beam_impl.h"

#include <math.h>

// Memory for the beam: the old one and the new one each keep a predictor's state per hypothesis

PinnaStatus
pinna_rnnt_beam_init(PinnaRnntBeam** const self, PinnaArena* const arena,
                     const PinnaRnntBeamConfig* const config) {
  const PinnaTransducer* const model = &config->model;
  const uint32_t               n = config->beam;
  PinnaPrefixTree              tree = {NULL, 0U, 0U};
  *self = NULL;
  if (model->n_tokens < 2U || model->blank >= model->n_tokens || !n || n > model->max_batch ||
      !config->max_tokens || config->max_tokens > UINT16_MAX || !isfinite(config->blank_penalty) ||
      !(config->threshold >= 0.0F) || !(config->blank_skip >= 0.0F && config->blank_skip <= 1.0F)) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaRnntBeam* const beam = PINNA_TAKE(arena, 1U, PinnaRnntBeam);
  const PinnaStatus    status = pinna_prefix_tree_init(&tree, arena, n, config->max_tokens + 1U);
  if (status) {
    return status;
  }
  const size_t        n_tree = 1U + (size_t)n * (config->max_tokens + 1U);
  const PinnaRnntBeam made = {
      .config = *config,
      .tree = tree,
      .owners = PINNA_TAKE(arena, n_tree, uint32_t),
      .hypotheses = PINNA_TAKE(arena, n, PinnaRnntHypothesis),
      .others = PINNA_TAKE(arena, n, PinnaRnntHypothesis),
      .best = {PINNA_TAKE(arena, n, PinnaNbestItem), 0U, n},
      .candidates = PINNA_TAKE(arena, n, PinnaRnntCandidate),
      .states = PINNA_TAKE(arena, 2U * (size_t)n * model->n_state, float),
      .predictions = PINNA_TAKE(arena, 2U * (size_t)n * model->n_prediction, float),
      .next_states = PINNA_TAKE(arena, (size_t)n * model->n_state, float),
      .used = PINNA_TAKE(arena, 2U * (size_t)n, bool),
      .logits = PINNA_TAKE(arena, (size_t)n * model->n_tokens, float),
      .tokens = PINNA_TAKE(arena, n, uint32_t),
      .from = PINNA_TAKE(arena, n, const float*),
      .to = PINNA_TAKE(arena, n, float*),
      .out = PINNA_TAKE(arena, n, float*),
  };
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  *beam = made;
  pinna_rnnt_beam_begin(beam);
  *self = beam;
  return PINNA_STATUS_OK;
}
