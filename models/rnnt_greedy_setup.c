// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/rnnt_greedy.h"

#include "models/rnnt_greedy_impl.h"

#include <math.h>

// Memory for one hypothesis

PinnaStatus
pinna_rnnt_greedy_init(PinnaRnntGreedy** const self, PinnaArena* const arena,
                       const PinnaRnntGreedyConfig* const config) {
  const PinnaTransducer* const model = &config->model;
  *self = NULL;
  if (model->n_tokens < 2U || model->blank >= model->n_tokens || !model->max_batch ||
      !config->max_tokens || !config->max_per_frame || !isfinite(config->blank_penalty)) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaRnntGreedy* const greedy = PINNA_TAKE(arena, 1U, PinnaRnntGreedy);
  const PinnaRnntGreedy  made = {
       .config = *config,
       .tokens = PINNA_TAKE(arena, config->max_tokens, PinnaDecoderToken),
       .states = {PINNA_TAKE(arena, model->n_state, float),
                  PINNA_TAKE(arena, model->n_state, float)},
       .prediction = PINNA_TAKE(arena, model->n_prediction, float),
       .logits = PINNA_TAKE(arena, model->n_tokens, float),
  };
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  *greedy = made;
  pinna_rnnt_greedy_begin(greedy);
  *self = greedy;
  return PINNA_STATUS_OK;
}
