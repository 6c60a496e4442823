// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/nbest.h"

#include <math.h>
#include <stdbool.h>

// A binary heap, and its sorting

static bool
is_worse(const PinnaNbestItem a, const PinnaNbestItem b) {
  return a.score != b.score ? a.score < b.score : a.slot > b.slot;
}

/// Let the item at `at` sink to where all below it are better
static void
sink(PinnaNbestItem* const items, const uint32_t n, uint32_t at) {
  const PinnaNbestItem item = items[at];
  for (uint32_t child = 2U * at + 1U; child < n; child = 2U * at + 1U) {
    child += child + 1U < n && is_worse(items[child + 1U], items[child]);
    if (!is_worse(items[child], item)) {
      break;
    }
    items[at] = items[child];
    at = child;
  }
  items[at] = item;
}

uint32_t
pinna_nbest_offer(PinnaNbest* const best, const float score) {
  PinnaNbestItem* const items = best->items;
  if (score == -INFINITY || isnan(score)) {
    return PINNA_NBEST_NONE;
  }
  if (best->n == best->max) {
    if (!best->max || score <= items[0].score) {
      return PINNA_NBEST_NONE;
    }
    items[0].score = score;
    const uint32_t slot = items[0].slot;
    sink(items, best->n, 0U);
    return slot;
  }
  const PinnaNbestItem item = {score, best->n};
  uint32_t             at = best->n++;
  while (at && is_worse(item, items[(at - 1U) / 2U])) {
    items[at] = items[(at - 1U) / 2U];
    at = (at - 1U) / 2U;
  }
  items[at] = item;
  return item.slot;
}

void
pinna_nbest_sort(PinnaNbest* const best) {
  for (uint32_t n = best->n; n > 1U; --n) {
    const PinnaNbestItem worst = best->items[0];
    best->items[0] = best->items[n - 1U];
    best->items[n - 1U] = worst;
    sink(best->items, n - 1U, 0U);
  }
}
