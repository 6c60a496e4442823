// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/ctc_beam.h"

#include "models/ctc_beam_impl.h"
#include "models/log_math.h"

#include <math.h>
#include <string.h>

// One frame after the other: every prefix stays as it is or grows by a token, the best go on

/// Clean the frame, and choose the tokens that are tried. @return How many, blank not among them
static uint32_t
choose_tokens(PinnaCtcBeam* const beam, const float* const frame) {
  const uint32_t n_tokens = beam->config.n_tokens;
  const bool     all = !beam->config.n_best || beam->config.n_best >= n_tokens;
  uint32_t       n = 0U;
  beam->best_tokens.n = 0U;
  for (uint32_t i = 0U; i < n_tokens; ++i) {
    beam->frame[i] = isnan(frame[i]) ? -INFINITY : fminf(frame[i], 0.0F);
    beam->tried[i] = false;
    if (i != beam->config.blank) {
      const uint32_t slot = all ? n++ : pinna_nbest_offer(&beam->best_tokens, beam->frame[i]);
      if (slot != PINNA_NBEST_NONE) {
        beam->tokens[slot] = i;
      }
    }
  }
  n = all ? n : beam->best_tokens.n;
  for (uint32_t i = 0U; i < n; ++i) {
    beam->tried[beam->tokens[i]] = true;
  }
  return n;
}

/// One token more. The candidate's item and lexicon node are set; the rest of its state follows.
static void
extend(PinnaCtcBeam* const beam, PinnaCtcCandidate* const next) {
  const PinnaCtcBeamConfig* const config = &beam->config;
  const PinnaCtcHypothesis* const from = &beam->hypotheses[next->parent];
  const PinnaCtcNode* const       state = &beam->states[from->node];
  const uint32_t                  token = next->item.token;
  const bool                      repeats = beam->tree.nodes[from->node].item.token == token;
  next->token =
      (repeats ? from->blank : pinna_log_add(from->blank, from->token)) + beam->frame[token];
  if (next->token == -INFINITY) {
    return;
  }
  const uint32_t there = pinna_prefix_tree_find(&beam->tree, from->node, token, next->item.word);
  if (there != PINNA_PREFIX_NONE && beam->states[there].hypothesis != PINNA_PREFIX_NONE) {
    PinnaCtcHypothesis* const same = &beam->hypotheses[beam->states[there].hypothesis];
    same->next_token = pinna_log_add(same->next_token, next->token);
    return;
  }

  const bool is_unit = !beam->lexicon || next->item.word != PINNA_NO_WORD;
  next->state.hypothesis = PINNA_PREFIX_NONE;
  next->state.ngram = state->ngram;
  next->state.hotwords = state->hotwords;
  next->state.earned = state->earned;
  if (is_unit) {
    next->state.earned += config->word_score;
  }
  if (is_unit && config->ngram) {
    const uint32_t unit = beam->lexicon ? next->item.word : token;
    next->state.earned +=
        config->lm_weight *
        pinna_ngram_score(config->ngram, state->ngram, beam->ngram_ids[unit], &next->state.ngram);
  }
  if (config->hotwords) {
    next->state.earned +=
        pinna_hotwords_step(config->hotwords, state->hotwords, token, &next->state.hotwords);
  }
  next->state.bias = next->state.earned + (beam->ahead ? beam->ahead[next->state.lexicon] : 0.0F);
  const uint32_t slot = pinna_nbest_offer(&beam->best, next->token + next->state.bias);
  if (slot != PINNA_NBEST_NONE) {
    beam->candidates[slot] = *next;
  }
}

/// All that may follow one prefix
static void
extend_all(PinnaCtcBeam* const beam, const uint32_t parent, const uint32_t n_tried) {
  const uint32_t    node = beam->hypotheses[parent].node;
  PinnaCtcCandidate next = {.parent = parent, .item = {0U, PINNA_NO_WORD, beam->n_frames, 0.0F}};
  if (beam->tree.nodes[node].depth >= beam->config.max_tokens) {
    return;
  }
  if (!beam->lexicon) {
    for (uint32_t i = 0U; i < n_tried; ++i) {
      next.item.token = beam->tokens[i];
      next.item.log_prob = beam->frame[beam->tokens[i]];
      extend(beam, &next);
    }
    return;
  }
  const PinnaLexiconNode* const place = &beam->lexicon[beam->states[node].lexicon];
  for (uint32_t child = place->first; child < place->first + place->n_children; ++child) {
    const PinnaLexiconNode* const there = &beam->lexicon[child];
    if (!beam->tried[there->token]) {
      continue;
    }
    next.item.token = there->token;
    next.item.log_prob = beam->frame[there->token];
    if (there->n_children) {
      next.item.word = PINNA_NO_WORD;
      next.state.lexicon = child;
      extend(beam, &next);
    }
    next.state.lexicon = PINNA_LEXICON_ROOT;
    for (uint32_t i = 0U; i < there->n_words; ++i) {
      next.item.word = beam->words[there->first_word + i];
      extend(beam, &next);
    }
  }
}

/// What the prefixes gain by staying as they are
static void
stay(PinnaCtcBeam* const beam) {
  for (uint32_t i = 0U; i < beam->n; ++i) {
    PinnaCtcHypothesis* const    one = &beam->hypotheses[i];
    const PinnaPrefixNode* const node = &beam->tree.nodes[one->node];
    one->next_blank = pinna_log_add(one->blank, one->token) + beam->frame[beam->config.blank];
    one->next_token =
        one->node == PINNA_PREFIX_ROOT ? -INFINITY : one->token + beam->frame[node->item.token];
  }
}

/// A token is dated by the frame where it is surest, as long as no other follows it
static void
date(PinnaCtcBeam* const beam, const uint32_t index) {
  PinnaPrefixNode* const node = &beam->tree.nodes[index];
  const float log_prob = index == PINNA_PREFIX_ROOT ? -INFINITY : beam->frame[node->item.token];
  if (log_prob > node->item.log_prob && node->child == PINNA_PREFIX_NONE) {
    node->item.log_prob = log_prob;
    node->item.frame = beam->n_frames;
  }
}

/// Has a better prefix, among the n that go on, the same future? Else this one is entered as number
/// n.
static bool
is_known(PinnaCtcBeam* const beam, const PinnaCtcCandidate* const from, const uint32_t n) {
  const bool                is_old = from->parent == PINNA_PREFIX_NONE;
  const uint32_t            node = is_old ? beam->hypotheses[from->stays].node : 0U;
  const PinnaCtcNode* const state = is_old ? &beam->states[node] : &from->state;
  const PinnaCtcFuture      own = {state->lexicon, state->ngram, state->hotwords,
                              is_old ? beam->tree.nodes[node].item.token : from->item.token};
  const uint32_t            hash = own.lexicon * 2654435761U ^ own.ngram * 2246822519U ^
                        own.hotwords * 3266489917U ^ own.token * 668265263U;
  uint32_t place = (hash ^ hash >> 15U) & (beam->n_places - 1U);
  while (beam->places[place]) {
    if (!memcmp(&beam->futures[beam->places[place] - 1U], &own, sizeof(own))) {
      return true;
    }
    place = (place + 1U) & (beam->n_places - 1U);
  }
  beam->places[place] = n + 1U;
  beam->futures[n] = own;
  return false;
}

/// The best candidates become the beam
static void
take_over(PinnaCtcBeam* const beam) {
  const float limit = beam->best.items[0].score -
                      (beam->config.threshold > 0.0F ? beam->config.threshold : INFINITY);
  uint32_t n = 0U;
  if (beam->n_places) {
    memset(beam->places, 0, beam->n_places * sizeof(uint32_t));
  }
  for (uint32_t i = 0U;
       i < beam->best.n && n < beam->config.beam && beam->best.items[i].score >= limit; ++i) {
    const PinnaCtcCandidate* const from = &beam->candidates[beam->best.items[i].slot];
    if (beam->n_places && is_known(beam, from, n)) {
      continue;
    }
    PinnaCtcHypothesis* const one = &beam->others[n];
    if (from->parent == PINNA_PREFIX_NONE) {
      const PinnaCtcHypothesis* const old = &beam->hypotheses[from->stays];
      *one = (PinnaCtcHypothesis){old->node, old->next_blank, old->next_token, 0.0F, 0.0F, 0.0F};
    } else {
      bool           fresh = false;
      const uint32_t node = pinna_prefix_tree_grow(&beam->tree, beam->hypotheses[from->parent].node,
                                                   &from->item, &fresh);
      if (node == PINNA_PREFIX_NONE) {
        continue;
      }
      if (fresh) {
        beam->states[node] = from->state;
      }
      *one = (PinnaCtcHypothesis){node, -INFINITY, from->token, 0.0F, 0.0F, 0.0F};
    }
    one->score = beam->best.items[i].score;
    pinna_prefix_tree_hold(&beam->tree, one->node);
    ++n;
  }
  for (uint32_t i = 0U; i < beam->n; ++i) {
    beam->states[beam->hypotheses[i].node].hypothesis = PINNA_PREFIX_NONE;
    pinna_prefix_tree_drop(&beam->tree, beam->hypotheses[i].node);
  }
  PinnaCtcHypothesis* const swap = beam->hypotheses;
  beam->hypotheses = beam->others;
  beam->others = swap;
  beam->n = n;
  for (uint32_t i = 0U; i < n; ++i) {
    beam->states[beam->hypotheses[i].node].hypothesis = i;
    date(beam, beam->hypotheses[i].node);
  }
}

static void
run(void* const self, const float* const frames, const uint32_t n_frames) {
  PinnaCtcBeam* const beam = (PinnaCtcBeam*)self;
  for (uint32_t t = 0U; t < n_frames; ++t, ++beam->n_frames) {
    const uint32_t n_tried = choose_tokens(beam, frames + (size_t)t * beam->config.n_tokens);
    beam->best.n = 0U;
    stay(beam);
    for (uint32_t i = 0U; i < beam->n; ++i) {
      extend_all(beam, i, n_tried);
    }
    for (uint32_t i = 0U; i < beam->n; ++i) {
      const PinnaCtcHypothesis* const one = &beam->hypotheses[i];
      const uint32_t                  slot =
          pinna_nbest_offer(&beam->best, pinna_log_add(one->next_blank, one->next_token) +
                                             beam->states[one->node].bias);
      if (slot != PINNA_NBEST_NONE) {
        beam->candidates[slot] = (PinnaCtcCandidate){.parent = PINNA_PREFIX_NONE, .stays = i};
      }
    }
    if (beam->best.n) { // Else the frame makes all impossible, and is passed over
      pinna_nbest_sort(&beam->best);
      take_over(beam);
    }
  }
}

static void
finish(void* const self) {
  PinnaCtcBeam* const             beam = (PinnaCtcBeam*)self;
  const PinnaCtcBeamConfig* const config = &beam->config;
  bool                            whole = false;
  for (uint32_t i = 0U; i < beam->n; ++i) {
    PinnaCtcHypothesis* const one = &beam->hypotheses[i];
    const PinnaCtcNode* const state = &beam->states[one->node];
    const bool                is_whole = state->lexicon == PINNA_LEXICON_ROOT;
    one->score = pinna_log_add(one->blank, one->token) + state->earned;
    if (config->ngram) {
      one->score += config->lm_weight * pinna_ngram_end(config->ngram, state->ngram);
    }
    if (config->hotwords) {
      one->score += pinna_hotwords_end(config->hotwords, state->hotwords);
    }
    if (!i || (is_whole && !whole) ||
        (is_whole == whole && one->score > beam->hypotheses[beam->winner].score)) {
      beam->winner = i;
      whole = is_whole;
    }
  }
}

void
pinna_ctc_beam_begin(PinnaCtcBeam* const beam) {
  pinna_prefix_tree_reset(&beam->tree);
  pinna_prefix_tree_hold(&beam->tree, PINNA_PREFIX_ROOT);
  beam->states[PINNA_PREFIX_ROOT] = (PinnaCtcNode){0};
  if (beam->config.ngram) {
    beam->states[PINNA_PREFIX_ROOT].ngram = pinna_ngram_begin(beam->config.ngram);
  }
  beam->hypotheses[0] = (PinnaCtcHypothesis){PINNA_PREFIX_ROOT, 0.0F, -INFINITY, 0.0F, 0.0F, 0.0F};
  beam->n = 1U;
  beam->n_frames = 0U;
  beam->winner = 0U;
}

static void
reset(void* const self) {
  pinna_ctc_beam_begin((PinnaCtcBeam*)self);
}

static PinnaDecoderResult
result(const void* const self, PinnaDecoderToken* const tokens, const uint32_t capacity) {
  const PinnaCtcBeam* const       beam = (const PinnaCtcBeam*)self;
  const PinnaCtcHypothesis* const best = &beam->hypotheses[beam->winner];
  PinnaDecoderResult              found = {0};
  uint32_t                        common = best->node;
  found.n_tokens = pinna_prefix_tree_path(&beam->tree, best->node, tokens, capacity);
  found.n_stable = found.n_tokens;
  for (uint32_t i = 0U; i < beam->n; ++i) {
    found.n_stable = pinna_prefix_tree_common(&beam->tree, &common, beam->hypotheses[i].node);
  }
  found.n_frames = beam->n_frames;
  found.last_frame = beam->tree.nodes[best->node].item.frame;
  found.score = best->score;
  found.full = found.n_tokens >= beam->config.max_tokens;
  return found;
}

PinnaDecoder
pinna_ctc_beam_decoder(PinnaCtcBeam* const self) {
  return (PinnaDecoder){self, run, finish, reset, result};
}
