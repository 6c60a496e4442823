// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/align.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// Viterbi over the targets with a blank before, between and behind them

typedef struct {
  const float*    log_probs;
  uint32_t        n_frames;
  uint32_t        n_tokens;
  uint32_t        blank;
  const uint32_t* targets;
  uint32_t        n_states; ///< 2 n_targets + 1, the even ones blank
  float*          scores;   ///< Of the present frame [n_states]
  unsigned char*  steps;    ///< How many states back the best way came [n_frames x n_states]
} Lattice;

static uint32_t
token_of(const Lattice* const lattice, const uint32_t state) {
  return state % 2U ? lattice->targets[state / 2U] : lattice->blank;
}

/// From the frame before to this one; states from the last to the first, in place
static void
advance(const Lattice* const lattice, const uint32_t t) {
  const float* const   frame = lattice->log_probs + (size_t)t * lattice->n_tokens;
  unsigned char* const steps = lattice->steps + (size_t)t * lattice->n_states;
  float* const         scores = lattice->scores;
  for (uint32_t state = lattice->n_states; state-- > 0U;) {
    const bool may_jump = state % 2U && state >= 3U &&
                          lattice->targets[state / 2U] != lattice->targets[state / 2U - 1U];
    float best = scores[state];
    steps[state] = 0U;
    if (state >= 1U && scores[state - 1U] > best) {
      best = scores[state - 1U];
      steps[state] = 1U;
    }
    if (may_jump && scores[state - 2U] > best) {
      best = scores[state - 2U];
      steps[state] = 2U;
    }
    const float log_prob = frame[token_of(lattice, state)];
    scores[state] = isnan(log_prob) ? -INFINITY : best + log_prob;
  }
}

/// Back from the last frame
static void
trace(const Lattice* const lattice, uint32_t state, uint32_t* const path,
      PinnaAlignSpan* const spans) {
  for (uint32_t t = lattice->n_frames; t-- > 0U;) {
    const uint32_t token = token_of(lattice, state);
    if (path) {
      path[t] = token;
    }
    if (spans && state % 2U) {
      PinnaAlignSpan* const span = &spans[state / 2U];
      const bool            is_last = span->end == 0U;
      span->start = t;
      span->end = is_last ? t + 1U : span->end;
      span->log_prob += lattice->log_probs[(size_t)t * lattice->n_tokens + token];
    }
    state -= lattice->steps[(size_t)t * lattice->n_states + state];
  }
}

static bool
is_possible(const Lattice* const lattice, const uint32_t n_targets) {
  uint64_t least = n_targets; // Frames: equal neighbours need a blank between
  for (uint32_t i = 0U; i < n_targets; ++i) {
    if (lattice->targets[i] >= lattice->n_tokens || lattice->targets[i] == lattice->blank) {
      return false;
    }
    least += i && lattice->targets[i] == lattice->targets[i - 1U];
  }
  return lattice->n_frames && lattice->n_frames >= least && lattice->blank < lattice->n_tokens &&
         n_targets < UINT32_MAX / 4U;
}

static PinnaStatus
align(Lattice* const lattice, const uint32_t n_targets, uint32_t* const path,
      PinnaAlignSpan* const spans, float* const score) {
  const uint32_t last = lattice->n_states - 1U;
  for (uint32_t state = 0U; state <= last; ++state) {
    lattice->scores[state] = state ? -INFINITY : 0.0F; // Before the first frame
  }
  for (uint32_t t = 0U; t < lattice->n_frames; ++t) {
    advance(lattice, t);
  }
  const uint32_t end =
      last && lattice->scores[last - 1U] > lattice->scores[last] ? last - 1U : last;
  if (lattice->scores[end] == -INFINITY) {
    return PINNA_STATUS_BAD_ARG;
  }
  if (spans) {
    memset(spans, 0, n_targets * sizeof(PinnaAlignSpan));
  }
  trace(lattice, end, path, spans);
  for (uint32_t i = 0U; spans && i < n_targets; ++i) {
    spans[i].log_prob /= (float)(spans[i].end - spans[i].start);
  }
  if (score) {
    *score = lattice->scores[end];
  }
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_align_ctc(const float* const log_probs, const uint32_t n_frames, const uint32_t n_tokens,
                const uint32_t blank, const uint32_t* const targets, const uint32_t n_targets,
                uint32_t* const path, PinnaAlignSpan* const spans, float* const score) {
  Lattice lattice = {log_probs, n_frames, n_tokens, blank, targets, 0U, NULL, NULL};
  if (!is_possible(&lattice, n_targets)) {
    return PINNA_STATUS_BAD_ARG;
  }
  lattice.n_states = 2U * n_targets + 1U;
  lattice.scores = (float*)malloc(lattice.n_states * sizeof(float));
  lattice.steps = (unsigned char*)malloc((size_t)n_frames * lattice.n_states);
  const PinnaStatus status = lattice.scores && lattice.steps
                                 ? align(&lattice, n_targets, path, spans, score)
                                 : PINNA_STATUS_NO_MEM;
  free(lattice.scores);
  free(lattice.steps);
  return status;
}
