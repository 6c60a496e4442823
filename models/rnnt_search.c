// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/rnnt_search.h"

#include "models/log_math.h"
#include "models/rnnt_search_impl.h"

#include <math.h>
#include <string.h>

// RNNTBeamSearch._search() with its lists; the names of its parts are in the comments

static uint32_t
take_slot(PinnaRnntSearch* const search) {
  uint32_t slot = 0U;
  while (search->used[slot]) {
    ++slot;
  }
  search->used[slot] = true;
  return slot;
}

/// _gen_next_token_probs
static void
join(PinnaRnntSearch* const search, const float* const frame) {
  const PinnaTransducer* const model = &search->config.model;
  for (uint32_t i = 0U; i < search->n_within; ++i) {
    search->from[i] = search->predictions + (size_t)search->within[i].slot * model->n_prediction;
  }
  model->join(model->self, search->n_within, frame, search->from, search->logits);
  for (uint32_t i = 0U; i < search->n_within; ++i) {
    float* const row = search->logits + (size_t)i * model->n_tokens;
    for (uint32_t k = 0U; k < model->n_tokens; ++k) {
      row[k] /= search->config.temperature;
    }
    pinna_log_softmax(row, model->n_tokens);
  }
}

/// _gen_b_hypos: all those within the frame end it with blank; equal sequences fall together
static void
end_all(PinnaRnntSearch* const search) {
  const PinnaTransducer* const model = &search->config.model;
  for (uint32_t i = 0U; i < search->n_within; ++i) {
    PinnaSearchHypothesis one = search->within[i];
    uint32_t              at = 0U;
    one.score += search->logits[(size_t)i * model->n_tokens + model->blank];
    while (at < search->n_ended && search->ended[at].node != one.node) {
      ++at;
    }
    if (at < search->n_ended) {
      one.score = pinna_log_add(search->ended[at].score, one.score);
      --search->n_ended;
      memmove(search->ended + at, search->ended + at + 1U,
              (search->n_ended - at) * sizeof(PinnaSearchHypothesis));
    }
    for (at = search->n_ended; at && search->ended[at - 1U].score > one.score; --at) {
      search->ended[at] = search->ended[at - 1U];
    }
    search->ended[at] = one;
    ++search->n_ended;
  }
}

/// _compute_updated_scores: the beam's best ways on, which may be worse than ending
static void
rank_tokens(PinnaRnntSearch* const search) {
  const PinnaTransducer* const model = &search->config.model;
  search->best.n = 0U;
  for (uint32_t i = 0U; i < search->n_within; ++i) {
    const float* const row = search->logits + (size_t)i * model->n_tokens;
    for (uint32_t token = 0U; token + 1U < model->n_tokens; ++token) {
      const uint32_t slot = pinna_nbest_offer(&search->best, search->within[i].score + row[token]);
      if (slot != PINNA_NBEST_NONE) {
        search->best_tokens[slot] = token;
        search->best_parents[slot] = i;
      }
    }
  }
  pinna_nbest_sort(&search->best);
}

/// _gen_a_hypos and _gen_new_hypos: those that beat the beam's worst ended one go on
static void
go_on(PinnaRnntSearch* const search, PinnaSearchHypothesis* const next) {
  const PinnaTransducer* const model = &search->config.model;
  const uint32_t               beam = search->config.beam;
  const float                  limit =
      search->n_ended < beam ? -INFINITY : search->ended[search->n_ended - beam].score;
  uint32_t n = 0U;
  rank_tokens(search);
  for (uint32_t i = 0U; i < search->best.n && search->best.items[i].score > limit; ++i) {
    const uint32_t                     slot = search->best.items[i].slot;
    const PinnaSearchHypothesis* const parent = &search->within[search->best_parents[slot]];
    const uint32_t                     token = search->best_tokens[slot];
    const PinnaDecoderToken            item = {token, PINNA_NO_WORD, search->state.n_frames,
                                               search->best.items[i].score - parent->score};
    bool                               fresh = false;
    const uint32_t node = pinna_prefix_tree_grow(&search->tree, parent->node, &item, &fresh);
    if (node == PINNA_PREFIX_NONE) {
      continue;
    }
    // Every node made within a frame stays until its end: nothing is held by the lists
    if (fresh) {
      pinna_prefix_tree_hold(&search->tree, node);
      search->fresh[search->n_fresh++] = node;
    }
    next[n] = (PinnaSearchHypothesis){node, take_slot(search), search->best.items[i].score};
    search->next_tokens[n] = token;
    search->from[n] = search->states + (size_t)parent->slot * model->n_state;
    search->to[n] = search->states + (size_t)next[n].slot * model->n_state;
    search->out[n] = search->predictions + (size_t)next[n].slot * model->n_prediction;
    ++n;
  }
  if (n) {
    model->predict(model->self, n, search->next_tokens, search->from, search->to, search->out);
  }
  memcpy(search->within, next, n * sizeof(PinnaSearchHypothesis));
  search->n_within = n;
}

/// The beam's best by score per token become what the next frame begins with
static void
keep_best(PinnaRnntSearch* const search) {
  search->best.n = 0U;
  for (uint32_t i = 0U; i < search->n_ended; ++i) {
    const uint32_t depth = search->tree.nodes[search->ended[i].node].depth;
    const double   key = (double)search->ended[i].score / ((double)depth + 2.0);
    const uint32_t slot = pinna_nbest_offer(&search->best, (float)key);
    if (slot != PINNA_NBEST_NONE) {
      search->best_parents[slot] = i;
    }
  }
  pinna_nbest_sort(&search->best);
  memset(search->used, 0, search->max_slots * sizeof(bool));
  for (uint32_t i = 0U; i < search->best.n; ++i) {
    search->next[i] = search->ended[search->best_parents[search->best.items[i].slot]];
    search->used[search->next[i].slot] = true;
    pinna_prefix_tree_hold(&search->tree, search->next[i].node);
  }
  for (uint32_t i = 0U; i < search->n_kept; ++i) {
    pinna_prefix_tree_drop(&search->tree, search->kept[i].node);
  }
  search->n_kept = search->best.n;
  memcpy(search->kept, search->next, search->n_kept * sizeof(PinnaSearchHypothesis));
  for (uint32_t i = search->n_fresh; i > 0U; --i) {
    pinna_prefix_tree_drop(&search->tree, search->fresh[i - 1U]);
  }
  search->n_fresh = 0U;
}

/// _init_b_hypos: the token that the best hypothesis ends with is given to the predictor again
static void
begin_run(PinnaRnntSearch* const search) {
  const PinnaTransducer* const model = &search->config.model;
  pinna_prefix_tree_reset(&search->tree);
  pinna_prefix_tree_hold(&search->tree, PINNA_PREFIX_ROOT);
  memset(search->used, 0, search->max_slots * sizeof(bool));
  search->used[0] = true;
  search->kept[0] = (PinnaSearchHypothesis){PINNA_PREFIX_ROOT, 0U, 0.0F};
  search->n_kept = 1U;
  search->from[0] = search->first_state;
  search->to[0] = search->states;
  search->out[0] = search->predictions;
  model->predict(model->self, 1U, &search->first_token, search->from, search->to, search->out);
}

/// What the next run begins with, and what it cannot change any more
static void
end_run(PinnaRnntSearch* const search) {
  const PinnaTransducer* const       model = &search->config.model;
  const PinnaSearchHypothesis* const best = &search->kept[0];
  PinnaDecoderResult* const          state = &search->state;
  const uint32_t                     room = search->config.max_tokens - state->n_tokens;
  const uint32_t                     n =
      pinna_prefix_tree_path(&search->tree, best->node, search->tokens + state->n_tokens, room);
  state->n_tokens += n < room ? n : room;
  state->full = n >= room;
  state->score = best->score;
  memcpy(search->first_state, search->states + (size_t)best->slot * model->n_state,
         model->n_state * sizeof(float));
  if (n) {
    search->first_token = search->tree.nodes[best->node].item.token;
    state->last_frame = search->tree.nodes[best->node].item.frame;
  }
}

static void
run(void* const self, const float* const frames, const uint32_t n_frames) {
  PinnaRnntSearch* const search = (PinnaRnntSearch*)self;
  begin_run(search);
  for (uint32_t t = 0U; t < n_frames; ++t, ++search->state.n_frames) {
    const float* const frame = frames + (size_t)t * search->config.model.n_encoding;
    uint32_t           n_steps = 0U;
    memcpy(search->within, search->kept, search->n_kept * sizeof(PinnaSearchHypothesis));
    search->n_within = search->n_kept;
    search->n_ended = 0U;
    while (search->n_within) {
      join(search, frame);
      end_all(search);
      if (n_steps++ == search->config.step_tokens) {
        break;
      }
      go_on(search, search->next);
    }
    keep_best(search);
  }
  end_run(search);
}

static void
finish(void* const self) {
  (void)self;
}

void
pinna_rnnt_search_begin(PinnaRnntSearch* const search) {
  search->state = (PinnaDecoderResult){0};
  search->first_token = search->config.model.blank;
  memset(search->first_state, 0, search->config.model.n_state * sizeof(float));
  search->n_kept = 0U;
}

static void
reset(void* const self) {
  pinna_rnnt_search_begin((PinnaRnntSearch*)self);
}

static PinnaDecoderResult
result(const void* const self, PinnaDecoderToken* const tokens, const uint32_t capacity) {
  const PinnaRnntSearch* const search = (const PinnaRnntSearch*)self;
  PinnaDecoderResult           state = search->state;
  state.n_stable = state.n_tokens;
  if (tokens) {
    const uint32_t n = state.n_tokens < capacity ? state.n_tokens : capacity;
    memcpy(tokens, search->tokens, n * sizeof(PinnaDecoderToken));
  }
  return state;
}

PinnaDecoder
pinna_rnnt_search_decoder(PinnaRnntSearch* const self) {
  return (PinnaDecoder){self, run, finish, reset, result};
}

uint32_t
pinna_rnnt_search_hypothesis(const PinnaRnntSearch* const self, const uint32_t rank,
                             uint32_t* const tokens, const uint32_t capacity, float* const score) {
  if (rank >= self->n_kept) {
    return 0U;
  }
  uint32_t       node = self->kept[rank].node;
  const uint32_t depth = self->tree.nodes[node].depth;
  for (uint32_t i = depth; i > 0U; --i, node = self->tree.nodes[node].parent) {
    if (i <= capacity) {
      tokens[i - 1U] = self->tree.nodes[node].item.token;
    }
  }
  *score = self->kept[rank].score;
  return depth < capacity ? depth : capacity;
}
