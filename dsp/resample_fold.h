// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_RESAMPLE_FOLD_H
#define PINNA_DSP_RESAMPLE_FOLD_H

#include "dsp/resample_impl.h"

#include <string.h>

// The loop over the sets of a turn, the same for every instruction set, around its products

#define FOLD_HALF (PINNA_RESAMPLE_LANES / 2U)

typedef struct {
  _Alignas(64) float u[PINNA_RESAMPLE_MAX_ROWS + 16U]; ///< Sums of mirrored samples
  _Alignas(64) float v[PINNA_RESAMPLE_MAX_ROWS + 16U]; ///< Differences
} Folded;

/// u[i] = left[i] + right[-i], v[i] = left[i] - right[-i]; may go on to the next multiple of 16
static inline void mirror(const float* left, const float* right, uint32_t n_rows, Folded* folded);

/// sums = 16 of pairs, from u, then 16 differences, from v
static inline void fold_dot(const float* table, uint32_t n_rows, const Folded* f, float* sums);

/// The same for two windows, with equal results; sums [2][lanes]
static inline void fold_dot_pair(const float* table, uint32_t n_rows, const Folded* f, float* sums);

/// Pairs from their sums and differences, to the place of a set's first lane and of its last
static inline void
unfold(const float* const sums, float* const first, float* const last) {
  _Alignas(64) float late[FOLD_HALF];
  for (uint32_t i = 0U; i < FOLD_HALF; ++i) {
    first[i] = sums[i] + sums[FOLD_HALF + i];
    late[i] = sums[i] - sums[FOLD_HALF + i];
  }
  for (uint32_t i = 0U; i < FOLD_HALF; ++i) {
    *(last - i) = late[i];
  }
}

static inline void
interleave(const float (*const phases)[PINNA_RESAMPLE_LANES], const uint32_t l, float* out) {
  for (uint32_t i = 0U; i < PINNA_RESAMPLE_LANES; ++i, out += l) {
    for (uint32_t p = 0U; p < l; ++p) {
      out[p] = phases[p][i];
    }
  }
}

/// The loops above, unrolled for the usual numbers of phases
static inline void
interleave_any(const float (*const phases)[PINNA_RESAMPLE_LANES], const uint32_t l,
               float* const out) {
  switch (l) {
  case 1:
    memcpy(out, phases, sizeof(phases[0]));
    break;
  case 2:
    interleave(phases, 2U, out);
    break;
  case 3:
    interleave(phases, 3U, out);
    break;
  case 4:
    interleave(phases, 4U, out);
    break;
  default:
    interleave(phases, l, out);
    break;
  }
}

static inline void
run_fold(const PinnaResampleFold* const fold, const float* const* const in,
         float* const* const out) {
  _Alignas(64) float sums[2][PINNA_RESAMPLE_LANES];
  _Alignas(64) float phases[2][PINNA_RESAMPLE_MAX_FOLD][PINNA_RESAMPLE_LANES];
  Folded             folded[2];
  const uint32_t     l = fold->l;
  const uint32_t     n_windows = in[1] ? 2U : 1U;
  for (uint32_t s = 0U; s < l; ++s) {
    const PinnaResampleSet* const set = &fold->sets[s];
    const float* const table = fold->table + (size_t)s * fold->n_rows * PINNA_RESAMPLE_LANES;
    for (uint32_t w = 0U; w < n_windows; ++w) {
      mirror(in[w] + set->left, in[w] + set->right, fold->n_rows, &folded[w]);
    }
    if (n_windows == 2U) {
      fold_dot_pair(table, fold->n_rows, folded, sums[0]);
    } else {
      fold_dot(table, fold->n_rows, folded, sums[0]);
    }
    for (uint32_t w = 0U; w < n_windows; ++w) {
      unfold(sums[w], &phases[w][set->first % l][set->first / l],
             &phases[w][set->last % l][set->last / l]);
    }
  }
  for (uint32_t w = 0U; w < n_windows; ++w) {
    interleave_any((const float(*)[PINNA_RESAMPLE_LANES])phases[w], l, out[w]);
  }
}

#endif // PINNA_DSP_RESAMPLE_FOLD_H
