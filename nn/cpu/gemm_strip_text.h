// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_GEMM_STRIP_TEXT_H
#define PINNA_NN_CPU_GEMM_STRIP_TEXT_H

#include "nn/cpu/kernels.h"
#include "nn/cpu/vec.h"

#include <stddef.h>
#include <stdint.h>

// The tile of the product of many columns: some panels times a strip of columns that lie together

#define MANY_VECS (PINNA_PANEL / VEC_LANES)

/// Most panels and columns of one tile: as many sums as the registers hold beside a panel
#if VEC_LANES == 16U
#define MANY_COLUMNS 12U
#define MANY_PANELS 2U
#elif VEC_LANES == 8U
#define MANY_COLUMNS 6U
#define MANY_PANELS 1U
#else
#define MANY_COLUMNS 3U
#define MANY_PANELS 1U
#endif
#define MANY_SUMS (MANY_VECS * MANY_PANELS * MANY_COLUMNS)

/// What is needed next, to be fetched a tile's worth at a time: n pieces, `step` apart
typedef struct {
  const float* at;
  size_t       step;
  uint32_t     n;
} ManyAhead;

/// A tile of the moment: n_k values of the rows from `row` on
typedef struct {
  const PinnaGemm* g;
  const float*     w;        ///< First panel, at the first of the values
  const float*     x;        ///< Strip [n_k][columns]
  float*           y;        ///< First column
  const float*     plus;     ///< What is added to it, or NULL
  ManyAhead        ahead[2]; ///< The second when nothing of the first is left
  size_t           n_panel;  ///< Weights from one panel to the next
  uint32_t         n_k;
  uint32_t         row;
  uint32_t         is_first; ///< Sums start with the bias, else with what y holds
} ManyTile;

/// The next piece to fetch, or what is at hand
VEC_INLINE const float*
many_ahead(ManyTile* const t) {
  ManyAhead* const ahead = t->ahead[0].n ? &t->ahead[0] : &t->ahead[1];
  const float*     at = t->w;
  if (ahead->n) {
    at = ahead->at;
    ahead->at += ahead->step;
    --ahead->n;
  }
  return at;
}

VEC_INLINE void
many_tile(ManyTile* const t, const uint32_t P, const uint32_t N) {
  const size_t   n_panel = t->n_panel;
  const size_t   y_column = t->g->y_column;
  const uint32_t left = t->g->n_rows - t->row; // May end within the last panel
  const float*   w = t->w;
  const float*   x = t->x;
  const float*   ahead = many_ahead(t);
  Vec            sums[MANY_SUMS];
#pragma GCC unroll 16
  for (uint32_t i = 0U; i < P * MANY_VECS; ++i) {
    const uint32_t row = i * VEC_LANES;
    const Vec      bias = vec_load(t->g->bias + t->row + row);
#pragma GCC unroll 16
    for (uint32_t n = 0U; n < N; ++n) { // Sums go on where they were: the bits of one long sum
      const float* const y = t->y + n * y_column + t->row + row;
      __builtin_prefetch(y, 1, 3);
      sums[i * N + n] = t->is_first               ? bias
                        : row + VEC_LANES <= left ? vec_load(y)
                        : row < left              ? vec_load_some(y, left - row)
                                                  : bias;
    }
  }
  for (uint32_t k = 0U; k < t->n_k; ++k, w += PINNA_PANEL, x += N, ahead += PINNA_PANEL) {
    Vec rows[MANY_VECS * MANY_PANELS];
#pragma GCC unroll 16
    for (uint32_t i = 0U; i < P * MANY_VECS; ++i) {
      rows[i] = vec_load(w + i / MANY_VECS * n_panel + i % MANY_VECS * VEC_LANES);
    }
    __builtin_prefetch(ahead, 0, 2);
#pragma GCC unroll 16
    for (uint32_t n = 0U; n < N; ++n) {
      const Vec column = VEC_ALL(x[n]);
#pragma GCC unroll 16
      for (uint32_t i = 0U; i < P * MANY_VECS; ++i) {
        sums[i * N + n] = VEC_FMA(rows[i], column, sums[i * N + n]);
      }
    }
  }
#pragma GCC unroll 16
  for (uint32_t i = 0U; i < P * MANY_VECS; ++i) {
    const uint32_t row = i * VEC_LANES;
#pragma GCC unroll 16
    for (uint32_t n = 0U; n < N; ++n) {
      float* const y = t->y + n * y_column + t->row + row;
      if (row + VEC_LANES <= left) {
        vec_store(y, sums[i * N + n]);
      } else if (row < left) {
        vec_store_some(y, sums[i * N + n], left - row);
      }
    }
  }
}

#if MANY_PANELS > 1U
#define MANY_TAKE(left) ((left) < MANY_PANELS ? 1U : MANY_PANELS)
#define MANY_CASE(n)                                                                               \
  case n:                                                                                          \
    if (n_panels > 1U) {                                                                           \
      many_tile(t, MANY_PANELS, n);                                                                \
    } else {                                                                                       \
      many_tile(t, 1U, n);                                                                         \
    }                                                                                              \
    return;
#else
#define MANY_TAKE(left) 1U
#define MANY_CASE(n)                                                                               \
  case n:                                                                                          \
    many_tile(t, 1U, n);                                                                           \
    return;
#endif

static void
many_some(ManyTile* const t, const uint32_t n_panels, const uint32_t n_columns) {
  (void)n_panels; // Always 1 in short vectors
  switch (n_columns) {
    MANY_CASE(1U)
    MANY_CASE(2U)
    MANY_CASE(3U)
#if MANY_COLUMNS > 3U
    MANY_CASE(4U)
    MANY_CASE(5U)
    MANY_CASE(6U)
#endif
#if MANY_COLUMNS > 6U
    MANY_CASE(7U)
    MANY_CASE(8U)
    MANY_CASE(9U)
    MANY_CASE(10U)
    MANY_CASE(11U)
    MANY_CASE(12U)
#endif
  default:
    return;
  }
}

#endif // PINNA_NN_CPU_GEMM_STRIP_TEXT_H
