// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_GEMM_STRIP_TEXT_H
#define PINNA_NN_CPU_GEMM_STRIP_TEXT_H

#include "nn/cpu/act_text.h"
#include "nn/cpu/kernels.h"
#include "nn/cpu/vec.h"

#include <stdbool.h>
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
  const float*     x;        ///< Strip [n_k][columns]; with x_column, its first column itself
  size_t           x_column; ///< From one column to the next where they were not copied, or 0
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

/// Columns that are reached from one address
#define MANY_SPAN 3U

VEC_INLINE void
many_tile(ManyTile* const t, const uint32_t P, const uint32_t N, const bool is_copy) {
  const size_t   n_panel = t->n_panel;
  const size_t   y_column = t->g->y_column;
  const uint32_t left = t->g->n_rows - t->row; // May end within the last panel
  const float*   w = t->w;
  const float*   x = t->x;
  const float*   ahead = many_ahead(t);
  const size_t   x_column = t->x_column;
  const float*   columns[(MANY_COLUMNS + MANY_SPAN - 1U) / MANY_SPAN];
  Vec            sums[MANY_SUMS];
#pragma GCC unroll 4
  for (uint32_t n = 0U; n < N; n += MANY_SPAN) {
    columns[n / MANY_SPAN] = x + n * x_column;
  }
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
      const Vec column =
          is_copy ? VEC_ALL(x[n]) : VEC_ALL(columns[n / MANY_SPAN][n % MANY_SPAN * x_column]);
#pragma GCC unroll 16
      for (uint32_t i = 0U; i < P * MANY_VECS; ++i) {
        sums[i * N + n] = VEC_FMA(rows[i], column, sums[i * N + n]);
      }
    }
#pragma GCC unroll 4
    for (uint32_t n = 0U; n < N; n += MANY_SPAN) {
      ++columns[n / MANY_SPAN];
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
#else
#define MANY_TAKE(left) 1U
#endif

/// A function for each tile: gcc keeps the sums of only one in registers
#define MANY_TILE(n)                                                                               \
  static __attribute__((noinline)) void many_tile_##n(ManyTile* const t) {                         \
    many_tile(t, MANY_PANELS, n##U, true);                                                         \
  }                                                                                                \
  static __attribute__((noinline)) void many_direct_##n(ManyTile* const t) {                       \
    many_tile(t, MANY_PANELS, n##U, false);                                                        \
  }                                                                                                \
  static __attribute__((noinline)) void many_panel_##n(ManyTile* const t) {                        \
    many_tile(t, 1U, n##U, true);                                                                  \
  }                                                                                                \
  static __attribute__((noinline)) void many_panel_direct_##n(ManyTile* const t) {                 \
    many_tile(t, 1U, n##U, false);                                                                 \
  }
#define MANY_CASE(n)                                                                               \
  case n:                                                                                          \
    (n_panels > 1U ? (t->x_column ? many_direct_##n : many_tile_##n)                               \
                   : (t->x_column ? many_panel_direct_##n : many_panel_##n))(t);                   \
    return;

MANY_TILE(1)
MANY_TILE(2)
MANY_TILE(3)
#if MANY_COLUMNS > 3U
MANY_TILE(4)
MANY_TILE(5)
MANY_TILE(6)
#endif
#if MANY_COLUMNS > 6U
MANY_TILE(7)
MANY_TILE(8)
MANY_TILE(9)
MANY_TILE(10)
MANY_TILE(11)
MANY_TILE(12)
#endif

static void
many_some(ManyTile* const t, const uint32_t n_panels, const uint32_t n_columns) {
  switch (n_columns) {
    MANY_CASE(1)
    MANY_CASE(2)
    MANY_CASE(3)
#if MANY_COLUMNS > 3U
    MANY_CASE(4)
    MANY_CASE(5)
    MANY_CASE(6)
#endif
#if MANY_COLUMNS > 6U
    MANY_CASE(7)
    MANY_CASE(8)
    MANY_CASE(9)
    MANY_CASE(10)
    MANY_CASE(11)
    MANY_CASE(12)
#endif
  default:
    return;
  }
}

#define MANY_PLUS_BODY(LOAD, STORE, m) STORE(y + i, LOAD(y + i) + LOAD(x + i));
static void
many_plus(const float* const x, float* const y, const size_t n) {
  FOR_VECTORS(n, MANY_PLUS_BODY)
}

#endif // PINNA_NN_CPU_GEMM_STRIP_TEXT_H
