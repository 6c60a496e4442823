// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_GEMM_MANY_TEXT_H
#define PINNA_NN_CPU_GEMM_MANY_TEXT_H

#include "nn/cpu/act_text.h"
#include "nn/cpu/gemm_fast_text.h"
#include "nn/cpu/gemm_strip_text.h"
#include "nn/cpu/kernels.h"
#include "nn/cpu/vec.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// The product of many columns, in blocks for the caches: a strip of columns, copied together, stays
// in the first level, some panels of weights in the second (van Zee and van de Geijn, BLIS, 2015)

#define MANY_DEPTH 512U          ///< Values of a row at a time: 24 KiB of a strip
#define MANY_NEAR (160U * 1024U) ///< Weights that stay in the second level beside a strip: 640 KiB
#define MANY_NEAR_DEPTH 640U     ///< Values of their rows
#define MANY_LATE 4U             ///< Last strips of a block, which fetch the weights of the next

/// Four columns at a time; the last four write beyond the strip's row, so they go first: what they
/// spoil is written again, or is behind the strip. Columns `next` further on are asked for.
static void
many_copy_tap(const float* const* const columns, const uint32_t n, const uint32_t n_k,
              const size_t next, float* const out) {
  uint32_t k = 0U;
  for (; k + 4U <= n_k; k += 4U) {
    if (k % 16U == 0U) {
      for (uint32_t i = 0U; i < n; ++i) {
        __builtin_prefetch(columns[i] + next + k, 0, 2);
      }
    }
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
    many_copy_tap(columns, n, g->k_tap, n * g->x_column, out);
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

/// Columns from `column` on of what is added, if anything is
VEC_INLINE const float*
plus_at(const PinnaGemm* const g, const uint32_t column) {
  return g->plus ? g->plus + column * g->plus_column : NULL;
}

/// One strip of n columns, its values at t->x: panels [first, last), and the activation of sums
/// that are complete
static void
many_strip(const PinnaGemm* const g, ManyTile* const t, const uint32_t n, const uint32_t first,
           const uint32_t last, const uint32_t k) {
  const size_t n_all = (size_t)g->n_taps * g->k_tap;
  for (uint32_t p = first; p < last; p += MANY_PANELS) {
    t->w = g->w ? g->w + (p * n_all + k) * PINNA_PANEL : g->block + (p - first) * t->n_panel;
    t->row = p * PINNA_PANEL;
    many_some(t, MANY_TAKE(last - p), n);
  }
  if ((g->act != PINNA_ACT_NONE || t->plus) && k + t->n_k == n_all) {
    const size_t row = (size_t)first * PINNA_PANEL;
    const size_t end = (size_t)last * PINNA_PANEL < g->n_rows ? last * PINNA_PANEL : g->n_rows;
    for (uint32_t i = 0U; i < n; ++i) {
      float* const rows = t->y + i * g->y_column + row;
      if (t->plus) {
        many_plus(t->plus + i * g->plus_column + row, rows, end - row);
      } else {
        act(g->act, g->slope, rows, rows, end - row);
      }
    }
  }
}

/// Panels [first, last) and values [k, k + n_k) of all strips; `then` is what the next call reads
static void
many_block(const PinnaGemm* const g, ManyTile* const t, const uint32_t n_columns,
           const uint32_t first, const uint32_t last, const uint32_t k, const ManyAhead* const then,
           float* const y) {
  const size_t   n_all = (size_t)g->n_taps * g->k_tap;
  const uint32_t n_strips = (n_columns + MANY_COLUMNS - 1U) / MANY_COLUMNS;
  t->n_panel = (g->w ? n_all : t->n_k) * PINNA_PANEL;
  if (!g->w) {
    many_widen(g, first, last, k, t->n_k);
  }
  for (uint32_t s = 0U; s < n_strips; ++s) {
    const uint32_t column = strip_at(n_columns, n_strips, s);
    const uint32_t n = strip_at(n_columns, n_strips, s + 1U) - column;
    t->x = g->pack + n_all * column + (size_t)k * n;
    t->y = y + column * g->y_column;
    t->plus = plus_at(g, column);
    t->ahead[0] = (ManyAhead){t->x + n_all * n, 0U, s + 1U < n_strips};
    if (s + MANY_LATE == n_strips || (!s && n_strips < MANY_LATE)) {
      t->ahead[1] = *then;
    }
    many_strip(g, t, n, first, last, k);
  }
}

/// Columns that are copied together
static uint32_t
many_columns(const PinnaGemm* const g) {
  const uint32_t n = PINNA_GEMM_PACK / (g->n_taps * g->k_tap);
  return n < MANY_COLUMNS ? MANY_COLUMNS : n;
}

/// Whether columns are read where they are: in one piece each, and not at places that share a set
/// of the first level
static bool
many_is_direct(const PinnaGemm* const g) {
  const size_t apart = g->x_column * sizeof(float) % 4096U;
  return g->n_taps == 1U && g->x_column && apart >= 256U && apart <= 4096U - 256U;
}

/// Strip by strip, each at once with all weights, which are near
static void
many_near(const PinnaGemm* const g, const float* const x, float* const y, const uint32_t n) {
  const uint32_t n_all = g->n_taps * g->k_tap;
  const uint32_t n_strips = (n + MANY_COLUMNS - 1U) / MANY_COLUMNS;
  const uint32_t n_panels = (g->n_rows + PINNA_PANEL - 1U) / PINNA_PANEL;
  const size_t   n_piece = (size_t)n_all * PINNA_PANEL;
  ManyTile       t = {.g = g, .n_k = n_all, .n_panel = n_piece, .is_first = true, .x = g->pack};
  t.x_column = many_is_direct(g) ? g->x_column : 0U;
  for (uint32_t s = 0U; s < n_strips; ++s) {
    const uint32_t column = strip_at(n, n_strips, s);
    const uint32_t n_here = strip_at(n, n_strips, s + 1U) - column;
    const float*   next = x + (column + n_here) * g->x_column;
    if (t.x_column) {
      t.x = x + column * g->x_column + g->taps[0];
    } else {
      many_copy(g, x + column * g->x_column, n_here, g->pack);
    }
    t.y = y + column * g->y_column;
    t.plus = plus_at(g, column);
    t.ahead[0] =
        (ManyAhead){next, n_piece, (uint32_t)((n_here * g->x_column + n_piece - 1U) / n_piece)};
    t.ahead[0].n = s + 1U < n_strips ? t.ahead[0].n : 0U;
    many_strip(g, &t, n_here, 0U, n_panels, 0U);
  }
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
      ManyAhead      then = {NULL, (size_t)n_all * PINNA_PANEL, 0U};
      if (g->w && last < n_panels) {
        then.at = g->w + ((size_t)last * n_all + k) * PINNA_PANEL;
        then.n = n_panels - last < step ? n_panels - last : step;
      } else if (g->w && k + depth < n_all) {
        then.at = g->w + (size_t)(k + depth) * PINNA_PANEL;
        then.n = n_panels < step ? n_panels : step;
      }
      many_block(g, &t, n, p, last, k, &then, y);
    }
  }
}

static void
gemm_many(const PinnaGemm* const whole, const float* const x, float* const y) {
  PinnaGemm              rest = *whole;
  const PinnaGemm* const g = &rest;
  const size_t           n_all = (size_t)g->n_taps * g->k_tap;
  const bool is_near = g->w && n_all <= MANY_NEAR_DEPTH && n_all * g->n_rows <= MANY_NEAR;
  for (uint32_t o = 0U; o < g->n_outer; ++o) {
    const float*   xo = x + g->x_first + o * g->x_outer;
    float*         yo = y + g->y_first + o * g->y_outer;
    const uint32_t n_done = gemm_fast(whole, xo, yo);
    rest.n_columns = whole->n_columns - n_done;
    rest.plus = plus_at(whole, n_done);
    xo += n_done * g->x_column;
    yo += n_done * g->y_column;
    if (is_near) {
      many_near(g, xo, yo, g->n_columns);
      continue;
    }
    const uint32_t most = many_columns(g);
    const uint32_t n_batches = (g->n_columns + most - 1U) / most;
    for (uint32_t i = 0U; i < n_batches; ++i) {
      const uint32_t column = strip_at(g->n_columns, n_batches, i);
      PinnaGemm      part = *g;
      part.plus = plus_at(g, column);
      many_batch(&part, xo + column * g->x_column, yo + column * g->y_column,
                 strip_at(g->n_columns, n_batches, i + 1U) - column);
    }
  }
}

#endif // PINNA_NN_CPU_GEMM_MANY_TEXT_H
