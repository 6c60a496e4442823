// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/ctc_greedy.h"

#include "models/ctc_greedy_impl.h"

#include <math.h>
#include <string.h>

// One pass over the frames

/// A token is dated by the frame of its run where it is surest
static void
take(PinnaCtcGreedy* const greedy, const uint32_t best, const float log_prob) {
  PinnaDecoderResult* const state = &greedy->state;
  PinnaDecoderToken* const  newest = state->n_tokens ? &greedy->tokens[state->n_tokens - 1U] : NULL;
  if (best != greedy->config.blank && best != greedy->last) {
    if (!state->full) {
      greedy->tokens[state->n_tokens++] =
          (PinnaDecoderToken){best, PINNA_NO_WORD, state->n_frames, log_prob};
      state->last_frame = state->n_frames;
      state->full = state->n_tokens == greedy->config.max_tokens;
    }
  } else if (newest && best == greedy->last && best != greedy->config.blank) {
    state->last_frame = state->n_frames;
    if (log_prob > newest->log_prob) {
      newest->frame = state->n_frames;
      newest->log_prob = log_prob;
    }
  }
  greedy->last = best;
  state->score += log_prob;
  ++state->n_frames;
}

static void
run(void* const self, const float* const frames, const uint32_t n_frames) {
  PinnaCtcGreedy* const greedy = (PinnaCtcGreedy*)self;
  const uint32_t        n_tokens = greedy->config.n_tokens;
  for (uint32_t t = 0U; t < n_frames; ++t) {
    const float* const frame = frames + (size_t)t * n_tokens;
    uint32_t           best = greedy->config.blank;
    float              log_prob = isnan(frame[best]) ? -INFINITY : frame[best];
    for (uint32_t i = 0U; i < n_tokens; ++i) {
      if (frame[i] > log_prob) {
        best = i;
        log_prob = frame[i];
      }
    }
    take(greedy, best, log_prob);
  }
}

static void
finish(void* const self) {
  (void)self;
}

static void
reset(void* const self) {
  PinnaCtcGreedy* const greedy = (PinnaCtcGreedy*)self;
  greedy->state = (PinnaDecoderResult){0};
  greedy->last = greedy->config.blank;
}

static PinnaDecoderResult
result(const void* const self, PinnaDecoderToken* const tokens, const uint32_t capacity) {
  const PinnaCtcGreedy* const greedy = (const PinnaCtcGreedy*)self;
  PinnaDecoderResult          state = greedy->state;
  state.n_stable = state.n_tokens;
  if (tokens) {
    const uint32_t n = state.n_tokens < capacity ? state.n_tokens : capacity;
    memcpy(tokens, greedy->tokens, n * sizeof(PinnaDecoderToken));
  }
  return state;
}

PinnaDecoder
pinna_ctc_greedy_decoder(PinnaCtcGreedy* const self) {
  return (PinnaDecoder){self, run, finish, reset, result};
}
