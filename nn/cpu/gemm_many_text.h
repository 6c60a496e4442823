// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_GEMM_MANY_TEXT_H
#define PINNA_NN_CPU_GEMM_MANY_TEXT_H

#include "nn/cpu/act_text.h"
#include "nn/cpu/kernels.h"
#include "nn/cpu/vec.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// The product of many columns, in blocks for the caches: a strip of columns, copied together, stays
// in the first level, some panels of weights in the second (van Zee and van de Geijn, BLIS, 2015)

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
#define MANY_DEPTH 384U ///< Values of a row at a time: 18 KiB of a strip

/// A tile of the moment: n_k values of the rows from `row` on
typedef struct {
  const PinnaGemm* g;
  const float*     w;       ///< First panel, at the first of the values
  const float*     x;       ///< Strip [n_k][columns]
  float*           y;       ///< First column
  const float*     ahead;   ///< Weights that are needed next
  size_t           n_panel; ///< Weights from one panel to the next
  uint32_t         n_k;
  uint32_t         row;
  uint32_t         is_first; ///< Sums start with the bias, else with what y holds
} ManyTile;

VEC_INLINE void
many_tile(const ManyTile* const t, const uint32_t P, const uint32_t N) {
  const size_t   n_panel = t->n_panel;
  const size_t   y_column = t->g->y_column;
  const uint32_t left = t->g->n_rows - t->row; // May end within the last panel
  const float*   w = t->w;
  const float*   x = t->x;
  const float*   ahead = t->ahead;
  Vec            sums[MANY_SUMS];
#pragma GCC unroll 16
  for (uint32_t i = 0U; i < P * MANY_VECS; ++i) {
    const uint32_t row = i * VEC_LANES;
    const Vec      bias = vec_load(t->g->bias + t->row + row);
#pragma GCC unroll 16
    for (uint32_t n = 0U; n < N; ++n) {
      const float* const y = t->y + n * y_column + t->row + row;
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
many_some(const ManyTile* const t, const uint32_t n_panels, const uint32_t n_columns) {
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

/// Four columns at a time; the last four write beyond the strip's row, so they go first: what they
/// spoil is written again, or is behind the strip
static void
many_copy_tap(const float* const* const columns, const uint32_t n, const uint32_t n_k,
              float* const out) {
  uint32_t k = 0U;
  for (; k + 4U <= n_k; k += 4U) {
    for (uint32_t i = (n + 3U) / 4U * 4U; i; i -= 4U) {
      vec_turn(columns + i - 4U, k, out + (size_t)k * n + i - 4U, n);
    }
  }
  for (; k < n_k; ++k) {
    for (uint32_t i = 0U; i < n; ++i) {
      out[(size_t)k * n + i] = columns[i][k];
    }
  }
}

/// n columns from x on, value by value: [n_taps k_tap][n], and up to 3 spoilt values behind
static void
many_copy(const PinnaGemm* const g, const float* const x, const uint32_t n, float* out) {
  const float* columns[MANY_COLUMNS + 3U];
  for (uint32_t tap = 0U; tap < g->n_taps; ++tap, out += (size_t)g->k_tap * n) {
    for (uint32_t i = 0U; i < MANY_COLUMNS + 3U; ++i) {
      columns[i] = x + g->taps[tap] + (i < n ? i : n - 1U) * g->x_column;
    }
    many_copy_tap(columns, n, g->k_tap, out);
  }
}

/// Column at which strip i of n_strips begins; they are as equal as can be
VEC_INLINE uint32_t
strip_at(const uint32_t n_columns, const uint32_t n_strips, const uint32_t i) {
  return (uint32_t)((uint64_t)n_columns * i / n_strips);
}

/// Panels [first, last) and values [k, k + n_k) of weights that are not floats: to g->block
static void
many_widen(const PinnaGemm* const g, const uint32_t first, const uint32_t last, const uint32_t k,
           const uint32_t n_k) {
  typedef int8_t Bytes __attribute__((vector_size(VEC_LANES), aligned(1), may_alias));
  const size_t   n_all = (size_t)g->n_taps * g->k_tap;
  float*         out = g->block;
  for (uint32_t p = first; p < last; ++p) {
    const size_t at = (p * n_all + k) * PINNA_PANEL;
    for (size_t i = 0U; i < (size_t)n_k * PINNA_PANEL; i += VEC_LANES, out += VEC_LANES) {
      if (g->halves) {
        vec_store(out, VEC_HALVES(g->halves + at + i));
      } else {
        const Vec value = __builtin_convertvector(*(const Bytes*)(g->bytes + at + i), Vec);
        vec_store(out, value * vec_load(g->scales + p * PINNA_PANEL + i % PINNA_PANEL));
      }
    }
  }
}

/// Panels [first, last) and values [k, k + n_k) of all strips
static void
many_block(const PinnaGemm* const g, ManyTile* const t, const uint32_t n_columns,
           const uint32_t first, const uint32_t last, const uint32_t k, const float* const ahead,
           float* const y) {
  const size_t   n_all = (size_t)g->n_taps * g->k_tap;
  const uint32_t n_strips = (n_columns + MANY_COLUMNS - 1U) / MANY_COLUMNS;
  uint32_t       n_ahead = 0U; // Panels that have been asked for
  t->n_panel = (g->w ? n_all : t->n_k) * PINNA_PANEL;
  if (!g->w) {
    many_widen(g, first, last, k, t->n_k);
  }
  for (uint32_t s = 0U; s < n_strips; ++s) {
    const uint32_t column = strip_at(n_columns, n_strips, s);
    const uint32_t n = strip_at(n_columns, n_strips, s + 1U) - column;
    t->x = g->pack + n_all * column + (size_t)k * n;
    t->y = y + column * g->y_column;
    for (uint32_t p = first; p < last; p += MANY_PANELS) {
      const uint32_t n_panels = MANY_TAKE(last - p);
      t->w = g->w ? g->w + (p * n_all + k) * PINNA_PANEL : g->block + (p - first) * t->n_panel;
      t->row = p * PINNA_PANEL;
      t->ahead = ahead && n_ahead < last - first ? ahead + n_ahead * n_all * PINNA_PANEL : t->w;
      ++n_ahead;
      many_some(t, n_panels, n);
    }
    if (g->act != PINNA_ACT_NONE && k + t->n_k == n_all) {
      const size_t end = (size_t)last * PINNA_PANEL < g->n_rows ? last * PINNA_PANEL : g->n_rows;
      for (uint32_t i = 0U; i < n; ++i) {
        float* const rows = t->y + i * g->y_column + (size_t)first * PINNA_PANEL;
        act(g->act, g->slope, rows, rows, end - (size_t)first * PINNA_PANEL);
      }
    }
  }
}

/// Columns that are copied together
static uint32_t
many_columns(const PinnaGemm* const g) {
  const uint32_t n = PINNA_GEMM_PACK / (g->n_taps * g->k_tap);
  return n < MANY_COLUMNS ? MANY_COLUMNS : n;
}

static void
many_batch(const PinnaGemm* const g, const float* const x, float* const y, const uint32_t n) {
  const uint32_t n_all = g->n_taps * g->k_tap;
  const uint32_t n_strips = (n + MANY_COLUMNS - 1U) / MANY_COLUMNS;
  const uint32_t n_panels = (g->n_rows + PINNA_PANEL - 1U) / PINNA_PANEL;
  const uint32_t n_depths = (n_all + MANY_DEPTH - 1U) / MANY_DEPTH;
  const uint32_t depth = (n_all + n_depths - 1U) / n_depths;
  const uint32_t fit = PINNA_GEMM_BLOCK / (depth * PINNA_PANEL) / MANY_PANELS * MANY_PANELS;
  const uint32_t step = fit < MANY_PANELS ? MANY_PANELS : fit;
  for (uint32_t s = 0U; s < n_strips; ++s) {
    const uint32_t column = strip_at(n, n_strips, s);
    many_copy(g, x + column * g->x_column, strip_at(n, n_strips, s + 1U) - column,
              g->pack + (size_t)n_all * column);
  }
  for (uint32_t k = 0U; k < n_all; k += depth) {
    ManyTile t = {.g = g, .n_k = n_all - k < depth ? n_all - k : depth, .is_first = k == 0U};
    for (uint32_t p = 0U; p < n_panels; p += step) {
      const uint32_t last = n_panels - p < step ? n_panels : p + step;
      const float*   ahead = !g->w               ? NULL
                             : last < n_panels   ? g->w + ((size_t)last * n_all + k) * PINNA_PANEL
                             : k + depth < n_all ? g->w + (size_t)(k + depth) * PINNA_PANEL
                                                 : NULL;
      many_block(g, &t, n, p, last, k, ahead, y);
    }
  }
}

static void
gemm_many(const PinnaGemm* const g, const float* const x, float* const y) {
  const uint32_t most = many_columns(g);
  const uint32_t n_batches = (g->n_columns + most - 1U) / most;
  for (uint32_t o = 0U; o < g->n_outer; ++o) {
    const float* const xo = x + g->x_first + o * g->x_outer;
    float* const       yo = y + g->y_first + o * g->y_outer;
    for (uint32_t i = 0U; i < n_batches; ++i) {
      const uint32_t column = strip_at(g->n_columns, n_batches, i);
      many_batch(g, xo + column * g->x_column, yo + column * g->y_column,
                 strip_at(g->n_columns, n_batches, i + 1U) - column);
    }
  }
}

#endif // PINNA_NN_CPU_GEMM_MANY_TEXT_H
