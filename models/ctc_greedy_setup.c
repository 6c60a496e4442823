// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/ctc_greedy.h"

#include "models/ctc_greedy_impl.h"

// Memory for the longest result

PinnaStatus
pinna_ctc_greedy_init(PinnaCtcGreedy** const self, PinnaArena* const arena,
                      const PinnaCtcGreedyConfig* const config) {
  *self = NULL;
  if (config->n_tokens < 2U || config->blank >= config->n_tokens || !config->max_tokens) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaCtcGreedy* const    greedy = PINNA_TAKE(arena, 1U, PinnaCtcGreedy);
  PinnaDecoderToken* const tokens = PINNA_TAKE(arena, config->max_tokens, PinnaDecoderToken);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  greedy->config = *config;
  greedy->tokens = tokens;
  greedy->last = config->blank;
  *self = greedy;
  return PINNA_STATUS_OK;
}
