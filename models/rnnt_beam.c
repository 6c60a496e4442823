// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/rnnt_beam.h"

#include "models/log_math.h"
#include "models/rnnt_beam_impl.h"

#include <math.h>
#include <string.h>

// One frame after the other: every hypothesis takes blank or one token, the best go on

/// Let the predictor take the newest token of those that are to be joined and have not had it yet:
/// those that are dropped before never need it
static void
predict(PinnaRnntBeam* const beam, const uint32_t first, const uint32_t n) {
  const PinnaTransducer* const model = &beam->config.model;
  uint32_t                     count = 0U;
  for (uint32_t i = first; i < first + n; ++i) {
    const PinnaRnntHypothesis* const one = &beam->hypotheses[i];
    if (one->pending != PINNA_PREFIX_NONE) {
      beam->tokens[count] = one->pending;
      beam->from[count] = beam->states + (size_t)one->slot * model->n_state;
      beam->to[count] = beam->next_states + (size_t)count * model->n_state;
      beam->out[count++] = beam->predictions + (size_t)one->slot * model->n_prediction;
    }
  }
  if (!count) {
    return;
  }
  model->predict(model->self, count, beam->tokens, beam->from, beam->to, beam->out);
  count = 0U;
  for (uint32_t i = first; i < first + n; ++i) {
    PinnaRnntHypothesis* const one = &beam->hypotheses[i];
    if (one->pending != PINNA_PREFIX_NONE) {
      memcpy(beam->states + (size_t)one->slot * model->n_state, beam->to[count++],
             model->n_state * sizeof(float));
      one->pending = PINNA_PREFIX_NONE;
    }
  }
}

/// Log-probabilities of what follows hypotheses first to first + n - 1, in their rows of logits
static void
join(PinnaRnntBeam* const beam, const float* const frame, const uint32_t first, const uint32_t n) {
  const PinnaTransducer* const model = &beam->config.model;
  predict(beam, first, n);
  for (uint32_t i = 0U; i < n; ++i) {
    beam->from[i] =
        beam->predictions + (size_t)beam->hypotheses[first + i].slot * model->n_prediction;
  }
  if (n) {
    model->join(model->self, n, frame, beam->from, beam->logits + (size_t)first * model->n_tokens);
  }
  for (uint32_t i = first; i < first + n; ++i) {
    float* const row = beam->logits + (size_t)i * model->n_tokens;
    row[model->blank] -= beam->config.blank_penalty;
    pinna_log_softmax(row, model->n_tokens);
  }
}

/// Whether the best hypothesis is so sure of blank that all take it
static bool
skip(PinnaRnntBeam* const beam) {
  const float blank = beam->logits[beam->config.model.blank];
  if (beam->config.blank_skip <= 0.0F || blank < logf(beam->config.blank_skip)) {
    return false;
  }
  for (uint32_t i = 0U; i < beam->n; ++i) {
    beam->hypotheses[i].score += blank;
  }
  return true;
}

/// Where a hypothesis with one token more is in the beam already, the two fall together
static void
merge(PinnaRnntBeam* const beam) {
  const PinnaTransducer* const model = &beam->config.model;
  for (uint32_t i = 0U; i < beam->n; ++i) {
    PinnaRnntHypothesis* const one = &beam->hypotheses[i];
    one->stays = one->score + beam->logits[(size_t)i * model->n_tokens + model->blank];
  }
  for (uint32_t i = 0U; i < beam->n; ++i) {
    float* const row = beam->logits + (size_t)i * model->n_tokens;
    uint32_t     child = beam->tree.nodes[beam->hypotheses[i].node].child;
    for (; child != PINNA_PREFIX_NONE; child = beam->tree.nodes[child].sibling) {
      if (beam->owners[child] != PINNA_PREFIX_NONE) {
        PinnaRnntHypothesis* const same = &beam->hypotheses[beam->owners[child]];
        const uint32_t             token = beam->tree.nodes[child].item.token;
        same->stays = pinna_log_add(same->stays, beam->hypotheses[i].score + row[token]);
        row[token] = -INFINITY;
      }
    }
  }
}

/// Offer a hypothesis with every token more
static void
extend(PinnaRnntBeam* const beam, const uint32_t parent) {
  const PinnaTransducer* const     model = &beam->config.model;
  const PinnaHotwords* const       hotwords = beam->config.hotwords;
  const PinnaRnntHypothesis* const one = &beam->hypotheses[parent];
  const float* const               row = beam->logits + (size_t)parent * model->n_tokens;
  const float                      most = hotwords ? pinna_hotwords_most(hotwords) : 0.0F;
  if (beam->tree.nodes[one->node].depth >= beam->config.max_tokens) {
    return;
  }
  for (uint32_t token = 0U; token < model->n_tokens; ++token) {
    const float score = one->score + row[token];
    if (token == model->blank || (beam->best.n == beam->best.max &&
                                  score + one->earned + most <= beam->best.items[0].score)) {
      continue;
    }
    PinnaRnntCandidate next = {parent, token, one->hotwords, score, one->earned, row[token]};
    if (hotwords) {
      next.earned += pinna_hotwords_step(hotwords, one->hotwords, token, &next.hotwords);
    }
    const uint32_t slot = pinna_nbest_offer(&beam->best, next.score + next.earned);
    if (slot != PINNA_NBEST_NONE) {
      beam->candidates[slot] = next;
    }
  }
}

/// A candidate as a hypothesis of the next beam. @return false if there is no room for it
static bool
adopt(PinnaRnntBeam* const beam, const PinnaRnntCandidate* const from,
      PinnaRnntHypothesis* const to) {
  const size_t                     n_state = beam->config.model.n_state;
  const PinnaRnntHypothesis* const parent = &beam->hypotheses[from->parent];
  *to = *parent;
  to->hotwords = from->hotwords;
  to->score = from->score;
  to->earned = from->earned;
  if (from->token != beam->config.model.blank) {
    const PinnaDecoderToken item = {from->token, PINNA_NO_WORD, beam->n_frames, from->log_prob};
    bool                    fresh = false;
    to->node = pinna_prefix_tree_grow(&beam->tree, parent->node, &item, &fresh);
    to->pending = from->token;
    to->slot = 0U;
    while (beam->used[to->slot]) {
      ++to->slot;
    }
  }
  if (to->node == PINNA_PREFIX_NONE) {
    return false;
  }
  if (to->slot != parent->slot) {
    beam->used[to->slot] = true;
    memcpy(beam->states + to->slot * n_state, beam->states + parent->slot * n_state,
           n_state * sizeof(float));
  }
  pinna_prefix_tree_hold(&beam->tree, to->node);
  return true;
}

/// The best candidates become the beam
static void
take_over(PinnaRnntBeam* const beam) {
  const float limit = beam->best.items[0].score -
                      (beam->config.threshold > 0.0F ? beam->config.threshold : INFINITY);
  uint32_t n = 0U;
  for (uint32_t i = 0U; i < beam->best.n && beam->best.items[i].score >= limit; ++i) {
    n += adopt(beam, &beam->candidates[beam->best.items[i].slot], &beam->others[n]);
  }
  for (uint32_t i = 0U; i < beam->n; ++i) {
    beam->owners[beam->hypotheses[i].node] = PINNA_PREFIX_NONE;
    pinna_prefix_tree_drop(&beam->tree, beam->hypotheses[i].node);
  }
  PinnaRnntHypothesis* const swap = beam->hypotheses;
  beam->hypotheses = beam->others;
  beam->others = swap;
  beam->n = n;
  memset(beam->used, 0, 2U * beam->config.beam * sizeof(bool));
  for (uint32_t i = 0U; i < n; ++i) {
    beam->owners[beam->hypotheses[i].node] = i;
    beam->used[beam->hypotheses[i].slot] = true;
  }
}

static void
run(void* const self, const float* const frames, const uint32_t n_frames) {
  PinnaRnntBeam* const         beam = (PinnaRnntBeam*)self;
  const PinnaTransducer* const model = &beam->config.model;
  for (uint32_t t = 0U; t < n_frames; ++t, ++beam->n_frames) {
    const float* const frame = frames + (size_t)t * model->n_encoding;
    const uint32_t     first = beam->config.blank_skip > 0.0F ? 1U : beam->n;
    join(beam, frame, 0U, first);
    if (skip(beam)) {
      continue;
    }
    join(beam, frame, first, beam->n - first);
    merge(beam);
    beam->best.n = 0U;
    for (uint32_t i = 0U; i < beam->n; ++i) {
      const PinnaRnntHypothesis* const one = &beam->hypotheses[i];
      const uint32_t slot = pinna_nbest_offer(&beam->best, one->stays + one->earned);
      if (slot != PINNA_NBEST_NONE) {
        beam->candidates[slot] =
            (PinnaRnntCandidate){i, model->blank, one->hotwords, one->stays, one->earned, 0.0F};
      }
    }
    for (uint32_t i = 0U; i < beam->n; ++i) {
      extend(beam, i);
    }
    if (beam->best.n) { // Else the frame is no number, and is passed over
      pinna_nbest_sort(&beam->best);
      take_over(beam);
    }
  }
}

static void
finish(void* const self) {
  PinnaRnntBeam* const beam = (PinnaRnntBeam*)self;
  for (uint32_t i = 0U; i < beam->n && beam->config.hotwords; ++i) {
    PinnaRnntHypothesis* const one = &beam->hypotheses[i];
    one->earned += pinna_hotwords_end(beam->config.hotwords, one->hotwords);
    const PinnaRnntHypothesis* const best = &beam->hypotheses[beam->winner];
    beam->winner = one->score + one->earned > best->score + best->earned ? i : beam->winner;
  }
}

void
pinna_rnnt_beam_begin(PinnaRnntBeam* const beam) {
  const PinnaTransducer* const model = &beam->config.model;
  pinna_prefix_tree_reset(&beam->tree);
  pinna_prefix_tree_hold(&beam->tree, PINNA_PREFIX_ROOT);
  for (uint32_t i = 0U; i < beam->tree.max_nodes; ++i) {
    beam->owners[i] = PINNA_PREFIX_NONE;
  }
  beam->owners[PINNA_PREFIX_ROOT] = 0U;
  memset(beam->used, 0, 2U * beam->config.beam * sizeof(bool));
  beam->used[0] = true;
  beam->hypotheses[0] = (PinnaRnntHypothesis){
      PINNA_PREFIX_ROOT, 0U, model->blank, PINNA_HOTWORDS_ROOT, 0.0F, 0.0F, 0.0F};
  beam->n = 1U;
  beam->n_frames = 0U;
  beam->winner = 0U;
  memset(beam->states, 0, model->n_state * sizeof(float));
}

static void
reset(void* const self) {
  pinna_rnnt_beam_begin((PinnaRnntBeam*)self);
}

static PinnaDecoderResult
result(const void* const self, PinnaDecoderToken* const tokens, const uint32_t capacity) {
  const PinnaRnntBeam* const       beam = (const PinnaRnntBeam*)self;
  const PinnaRnntHypothesis* const best = &beam->hypotheses[beam->winner];
  PinnaDecoderResult               found = {0};
  uint32_t                         common = best->node;
  found.n_tokens = pinna_prefix_tree_path(&beam->tree, best->node, tokens, capacity);
  found.n_stable = found.n_tokens;
  for (uint32_t i = 0U; i < beam->n; ++i) {
    found.n_stable = pinna_prefix_tree_common(&beam->tree, &common, beam->hypotheses[i].node);
  }
  found.n_frames = beam->n_frames;
  found.last_frame = beam->tree.nodes[best->node].item.frame;
  found.score = best->score + best->earned;
  found.full = found.n_tokens >= beam->config.max_tokens;
  return found;
}

PinnaDecoder
pinna_rnnt_beam_decoder(PinnaRnntBeam* const self) {
  return (PinnaDecoder){self, run, finish, reset, result};
}
