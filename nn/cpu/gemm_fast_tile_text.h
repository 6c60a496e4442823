// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_GEMM_FAST_TILE_TEXT_H
#define PINNA_NN_CPU_GEMM_FAST_TILE_TEXT_H

#include "nn/cpu/gemm_strip_text.h"
#include "nn/cpu/kernels.h"
#include "nn/cpu/vec.h"

#include <stddef.h>
#include <stdint.h>

// The tile of the product with fewer multiplications: Winograd's seven products, sums in registers

#define FAST_DEPTH 128U ///< Most values of a row in an inner product
#define FAST_PITCH (FAST_DEPTH + 16U)
#define FAST_STRIP (MANY_COLUMNS * FAST_PITCH)
#define FAST_ROWS (MANY_PANELS * PINNA_PANEL) ///< Of a tile
#define FAST_INNER 7U                         ///< Products

/// Where the four results of a tile go
typedef struct {
  float*       y;
  const float* bias; ///< That sums begin with, or NULL: with what is there
  float        sign;
} FastPlace;

typedef struct {
  const float* w; ///< First panels of the first product
  const float* x; ///< Strips of the first product
  size_t       n_w;
  uint32_t     n_k;
  size_t       below; ///< From one result to the one of the lower rows, and of the later columns
  size_t       beside;
  size_t       y_column;
  FastPlace    places[2];
} FastTile;

#define FAST_SUMS MANY_SUMS

/// Add inner product i
VEC_INLINE void
fast_times(const FastTile* const t, const uint32_t i, Vec* const sums) {
  const float* w = t->w + i * t->n_w;
  const float* x = t->x + (size_t)i * FAST_STRIP;
  const size_t n_panel = (size_t)t->n_k * PINNA_PANEL;
  for (uint32_t k = 0U; k < t->n_k; ++k, w += PINNA_PANEL, ++x) {
    Vec rows[MANY_VECS * MANY_PANELS];
#pragma GCC unroll 16
    for (uint32_t r = 0U; r < MANY_VECS * MANY_PANELS; ++r) {
      rows[r] = vec_load(w + r / MANY_VECS * n_panel + r % MANY_VECS * VEC_LANES);
    }
#pragma GCC unroll 16
    for (uint32_t n = 0U; n < MANY_COLUMNS; ++n) {
      const Vec column = VEC_ALL(x[n * FAST_PITCH]);
#pragma GCC unroll 16
      for (uint32_t r = 0U; r < MANY_VECS * MANY_PANELS; ++r) {
        sums[r * MANY_COLUMNS + n] = VEC_FMA(rows[r], column, sums[r * MANY_COLUMNS + n]);
      }
    }
  }
}

/// Ask for the results at some places
VEC_INLINE void
fast_ask(const FastTile* const t, const size_t at) {
  for (uint32_t p = 0U; p < 2U && t->places[p].sign != 0.0F; ++p) {
    for (uint32_t n = 0U; n < MANY_COLUMNS; ++n) {
      for (uint32_t r = 0U; r < FAST_ROWS; r += 16U) {
        __builtin_prefetch(t->places[p].y + at + n * t->y_column + r, 1, 3);
      }
    }
  }
}

VEC_INLINE void
fast_put(const FastTile* const t, const size_t row, const size_t at, const Vec* const sums) {
  for (uint32_t p = 0U; p < 2U && t->places[p].sign != 0.0F; ++p) {
    const FastPlace* const place = &t->places[p];
    const Vec              sign = VEC_ALL(place->sign);
    float* const           y = place->y + row + at;
    const float* const     from = place->bias ? place->bias + row : y;
    const size_t           from_column = place->bias ? 0U : t->y_column;
#pragma GCC unroll 16
    for (uint32_t n = 0U; n < MANY_COLUMNS; ++n) {
#pragma GCC unroll 16
      for (uint32_t r = 0U; r < MANY_VECS * MANY_PANELS; ++r) {
        vec_store(y + n * t->y_column + r * VEC_LANES,
                  VEC_FMA(sign, sums[r * MANY_COLUMNS + n],
                          vec_load(from + n * from_column + r * VEC_LANES)));
      }
    }
  }
}

#define FAST_EACH _Pragma("GCC unroll 32") for (uint32_t s = 0U; s < FAST_SUMS; ++s)

/// Winograd's seven products of a tile, and its four results
static __attribute__((noinline)) void
fast_tile(const FastTile* const t) {
  Vec       sums[FAST_SUMS];
  Vec       one[FAST_SUMS];
  Vec       two[FAST_SUMS];
  FAST_EACH sums[s] = VEC_ALL(0.0F);
  fast_times(t, 0U, sums);
  FAST_EACH one[s] = sums[s];
  fast_ask(t, 0U);
  fast_times(t, 1U, sums);
  fast_put(t, 0U, 0U, sums);
  FAST_EACH sums[s] = one[s];
  fast_times(t, 2U, sums);
  FAST_EACH one[s] = sums[s];
  fast_times(t, 3U, sums);
  FAST_EACH two[s] = sums[s];
  fast_ask(t, t->below);
  fast_times(t, 4U, sums);
  fast_put(t, t->below, 0U, sums);
  FAST_EACH sums[s] = VEC_ALL(0.0F);
  fast_ask(t, t->below + t->beside);
  fast_times(t, 5U, sums);
  FAST_EACH two[s] += sums[s];
  fast_put(t, t->below, t->beside, two);
  FAST_EACH sums[s] += one[s];
  fast_ask(t, t->beside);
  fast_times(t, 6U, sums);
  fast_put(t, 0U, t->beside, sums);
}

#endif // PINNA_NN_CPU_GEMM_FAST_TILE_TEXT_H
