// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/resample.h"

#include "dsp/resample_impl.h"

#include <math.h>

// Sets of mirrored outputs for ratios of small terms, and their coefficients

/// Sum of the times of the set's lanes l and 31 - l, a whole number of input samples
static int64_t
mirror_sum(const PinnaResampleSet* const set, const uint32_t l, const uint32_t m) {
  return ((int64_t)set->first + set->last) * m / l;
}

/// Phases 0 and L / 2 mirror themselves; phase p makes two sets with phase L - p, of the earlier
/// and of the later half of the turn
static PinnaResampleSet
make_set(const uint32_t l, const uint32_t index) {
  const uint32_t n_own = l % 2U ? 1U : 2U;
  if (index < n_own) {
    const uint32_t p = index * l / 2U;
    return (PinnaResampleSet){.first = p, .last = (PINNA_RESAMPLE_LANES - 1U) * l + p};
  }
  const uint32_t p = (index - n_own) / 2U + 1U;
  const uint32_t half = PINNA_RESAMPLE_LANES / 2U;
  const uint32_t from = (index - n_own) % 2U * half;
  return (PinnaResampleSet){.first = from * l + p, .last = (from + half - 1U) * l + l - p};
}

uint32_t
pinna_resample_fold_rows(const uint32_t l, const uint32_t m, const double width) {
  uint32_t n_rows = 0U;
  for (uint32_t s = 0U; s < l; ++s) {
    const PinnaResampleSet set = make_set(l, s);
    const double           earliest = ceil((double)set.first * m / l - width);
    const double           rows = floor(0.5 * (double)mirror_sum(&set, l, m)) + 1.0 - earliest;
    n_rows = rows > n_rows ? (uint32_t)rows : n_rows;
  }
  return (n_rows + PINNA_RESAMPLE_CHAINS - 1U) / PINNA_RESAMPLE_CHAINS * PINNA_RESAMPLE_CHAINS;
}

void
pinna_resample_fold_reach(const uint32_t l, const uint32_t m, const uint32_t n_rows,
                          uint64_t* const before, uint64_t* const after) {
  *before = 0U;
  *after = 0U;
  for (uint32_t s = 0U; s < l; ++s) {
    const PinnaResampleSet set = make_set(l, s);
    const int64_t          sum = mirror_sum(&set, l, m);
    const int64_t          left = sum / 2 - (n_rows - 1);
    const int64_t          right = sum - left;
    *before = -left > (int64_t)*before ? (uint64_t)-left : *before;
    *after = right > (int64_t)*after ? (uint64_t)right : *after;
  }
}

void
pinna_resample_fold_fill(const PinnaResampleFold* const fold, const uint32_t m, float* table,
                         PinnaResampleSet* const sets, const PinnaResampleResponse response,
                         const void* const design) {
  const uint32_t half = PINNA_RESAMPLE_LANES / 2U;
  for (uint32_t s = 0U; s < fold->l; ++s) {
    PinnaResampleSet* const set = &sets[s];
    *set = make_set(fold->l, s);
    const int64_t sum = mirror_sum(set, fold->l, m);
    set->left = sum / 2 - (fold->n_rows - 1);
    set->right = sum - set->left;
    for (uint32_t r = 0U; r < fold->n_rows; ++r, table += PINNA_RESAMPLE_LANES) {
      const int64_t i = set->left + r;
      const double  share = 2 * i == sum ? 0.25 : 0.5; // the centre is its own mirror image
      for (uint32_t lane = 0U; lane < half; ++lane) {
        const double t = ((double)set->first + (double)lane * fold->l) * m / fold->l;
        const double near = response(design, t - (double)i);
        const double far = response(design, t - (double)(sum - i));
        table[lane] = (float)(share * (near + far));
        table[half + lane] = (float)(share * (near - far));
      }
    }
  }
}
