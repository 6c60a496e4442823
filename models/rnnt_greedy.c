// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/rnnt_greedy.h"

#include "models/log_math.h"
#include "models/rnnt_greedy_impl.h"

#include <string.h>

// Frame by frame, token by token

static void
predict(PinnaRnntGreedy* const greedy, const uint32_t token) {
  const PinnaTransducer* const model = &greedy->config.model;
  const float* const           from = greedy->states[0];
  model->predict(model->self, 1U, &token, &from, &greedy->states[1], &greedy->prediction);
  greedy->states[0] = greedy->states[1];
  greedy->states[1] = (float*)from;
}

/// What comes next at this frame. @param log_prob Receives its logarithm, without the penalty
static uint32_t
choose(PinnaRnntGreedy* const greedy, const float* const frame, float* const log_prob) {
  const PinnaTransducer* const model = &greedy->config.model;
  const float* const           prediction = greedy->prediction;
  uint32_t                     best = model->blank;
  model->join(model->self, 1U, frame, &prediction, greedy->logits);
  pinna_log_softmax(greedy->logits, model->n_tokens);
  float highest = greedy->logits[best] - greedy->config.blank_penalty;
  for (uint32_t i = 0U; i < model->n_tokens; ++i) {
    if (i != model->blank && greedy->logits[i] > highest) {
      best = i;
      highest = greedy->logits[i];
    }
  }
  *log_prob = greedy->logits[best];
  return best;
}

static void
run(void* const self, const float* const frames, const uint32_t n_frames) {
  PinnaRnntGreedy* const    greedy = (PinnaRnntGreedy*)self;
  PinnaDecoderResult* const state = &greedy->state;
  for (uint32_t t = 0U; t < n_frames; ++t, ++state->n_frames) {
    const float* const frame = frames + (size_t)t * greedy->config.model.n_encoding;
    for (uint32_t i = 0U; i < greedy->config.max_per_frame && !state->full; ++i) {
      float          log_prob = 0.0F;
      const uint32_t token = choose(greedy, frame, &log_prob);
      state->score += log_prob;
      if (token == greedy->config.model.blank) {
        break;
      }
      greedy->tokens[state->n_tokens++] =
          (PinnaDecoderToken){token, PINNA_NO_WORD, state->n_frames, log_prob};
      state->last_frame = state->n_frames;
      state->full = state->n_tokens == greedy->config.max_tokens;
      predict(greedy, token);
    }
  }
}

static void
finish(void* const self) {
  (void)self;
}

void
pinna_rnnt_greedy_begin(PinnaRnntGreedy* const greedy) {
  greedy->state = (PinnaDecoderResult){0};
  memset(greedy->states[0], 0, greedy->config.model.n_state * sizeof(float));
  predict(greedy, greedy->config.model.blank);
}

static void
reset(void* const self) {
  pinna_rnnt_greedy_begin((PinnaRnntGreedy*)self);
}

static PinnaDecoderResult
result(const void* const self, PinnaDecoderToken* const tokens, const uint32_t capacity) {
  const PinnaRnntGreedy* const greedy = (const PinnaRnntGreedy*)self;
  PinnaDecoderResult           state = greedy->state;
  state.n_stable = state.n_tokens;
  if (tokens) {
    const uint32_t n = state.n_tokens < capacity ? state.n_tokens : capacity;
    memcpy(tokens, greedy->tokens, n * sizeof(PinnaDecoderToken));
  }
  return state;
}

PinnaDecoder
pinna_rnnt_greedy_decoder(PinnaRnntGreedy* const self) {
  return (PinnaDecoder){self, run, finish, reset, result};
}
