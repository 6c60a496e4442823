// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_NBEST_H
#define PINNA_MODELS_NBEST_H

#include "base/attributes.h"

#include <stdint.h>

// The n best of any number of candidates, in one pass: a heap with the worst on top. Realtime.

#define PINNA_NBEST_NONE UINT32_MAX

typedef struct {
  float    score;
  uint32_t slot; ///< Where the caller keeps what the score belongs to: 0 to max - 1
} PinnaNbestItem;

typedef struct {
  PinnaNbestItem* items; ///< [max]
  uint32_t        n;
  uint32_t        max;
} PinnaNbest;

/// Offer a candidate; of equal ones the earlier is kept.
/// @return The slot that is now its own, free or taken from the worst; or PINNA_NBEST_NONE: it is
///         not among the best, or -INFINITY
uint32_t pinna_nbest_offer(PinnaNbest* best, float score) PINNA_RT;

/// Put items into the order of falling scores, equal ones by slot; ends the offering
void pinna_nbest_sort(PinnaNbest* best) PINNA_RT;

#endif // PINNA_MODELS_NBEST_H
