// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_GEMM_FAST_TEXT_H
#define PINNA_NN_CPU_GEMM_FAST_TEXT_H

#include "nn/cpu/act_text.h"
#include "nn/cpu/gemm_fast_tile_text.h"
#include "nn/cpu/gemm_strip_text.h"
#include "nn/cpu/kernels.h"
#include "nn/cpu/vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The product of very many columns with fewer multiplications: 7 products of halves for 8, within
// each the same again. The outer ones are Strassen's (Gaussian elimination is not optimal, 1969),
// whose sums are made as factors are copied and results are written (Huang et al., Strassen's
// algorithm reloaded, 2016); the inner ones are Winograd's, whose sums stay near the registers.

/// Block `first` and `sign` times `second`; blocks are numbered along rows: 2 row + column
typedef struct {
  uint32_t first;
  uint32_t second;
  float    sign;
} FastSum;

typedef struct {
  FastSum w;
  FastSum x;
  FastSum y; ///< Where the product is added, the second time with the sign
} FastProduct;

static const FastProduct fast_outer[] = {
    {{0U, 3U, 1.0F}, {0U, 3U, 1.0F}, {0U, 3U, 1.0F}},  //
    {{2U, 3U, 1.0F}, {0U, 0U, 0.0F}, {2U, 3U, -1.0F}}, //
    {{0U, 0U, 0.0F}, {1U, 3U, -1.0F}, {1U, 3U, 1.0F}}, //
    {{3U, 3U, 0.0F}, {2U, 0U, -1.0F}, {0U, 2U, 1.0F}}, //
    {{0U, 1U, 1.0F}, {3U, 3U, 0.0F}, {1U, 0U, -1.0F}}, //
    {{2U, 0U, -1.0F}, {0U, 1U, 1.0F}, {3U, 3U, 0.0F}}, //
    {{1U, 3U, -1.0F}, {2U, 3U, 1.0F}, {0U, 0U, 0.0F}},
};
static const FastProduct fast_whole[] = {{{0U, 0U, 0.0F}, {0U, 0U, 0.0F}, {0U, 0U, 0.0F}}};

/// Sizes of an inner block, half of an outer one each way, and the place among them
typedef struct {
  const PinnaGemm*   g;
  const float*       x;
  float*             y;
  const FastProduct* products;
  uint32_t           n_products;
  uint32_t           n_rows;
  uint32_t           n_columns;
  uint32_t           n_k;
  uint32_t           n_chunk; ///< Values of a row in all outer blocks
  uint32_t           k;       ///< First value of the rows
  uint32_t           product; ///< Outer
  uint32_t           row;     ///< First of n_here rows of an inner block
  uint32_t           n_here;
  uint32_t           column;
} Fast;

/// The quarters of a sum of blocks: where each lies, and where in the second block
typedef struct {
  const float* at[4];
  ptrdiff_t    second;
  float        sign;
} FastQuarters;

#define FAST_QUARTER(i) VEC_FMA(sign, vec_load(q->at[i] + q->second + k), vec_load(q->at[i] + k))

/// The seven sums of quarters of the weights that the inner products want, `apart` from each other
static void
fast_take_rows(const FastQuarters* const q, const size_t n, const size_t apart, float* const out) {
  const Vec sign = VEC_ALL(q->sign);
  for (size_t k = 0U; k < n; k += VEC_LANES) {
    const Vec a11 = FAST_QUARTER(0);
    const Vec a12 = FAST_QUARTER(1);
    const Vec a21 = FAST_QUARTER(2);
    const Vec a22 = FAST_QUARTER(3);
    const Vec s1 = a21 + a22;
    const Vec s2 = s1 - a11;
    vec_store(out + k, a11);
    vec_store(out + apart + k, a12);
    vec_store(out + 2U * apart + k, s2);
    vec_store(out + 3U * apart + k, a11 - a21);
    vec_store(out + 4U * apart + k, a22);
    vec_store(out + 5U * apart + k, s1);
    vec_store(out + 6U * apart + k, a12 - s2);
  }
}

/// The seven sums of quarters of a column; the place of the next one's is asked for
static void
fast_take_column(const FastQuarters* const q, const size_t n, float* const out) {
  const Vec sign = VEC_ALL(q->sign);
  for (size_t k = 0U; k < n; k += VEC_LANES) {
    for (uint32_t i = 0U; i < FAST_INNER; ++i) {
      __builtin_prefetch(out + i * FAST_STRIP + FAST_PITCH + k, 1, 3);
    }
    const Vec b11 = FAST_QUARTER(0);
    const Vec b12 = FAST_QUARTER(1);
    const Vec b21 = FAST_QUARTER(2);
    const Vec b22 = FAST_QUARTER(3);
    const Vec t1 = b12 - b11;
    const Vec t2 = b22 - t1;
    vec_store(out + k, b11);
    vec_store(out + FAST_STRIP + k, b21);
    vec_store(out + 2U * FAST_STRIP + k, t2);
    vec_store(out + 3U * FAST_STRIP + k, b22 - b12);
    vec_store(out + 4U * FAST_STRIP + k, b21 - t2);
    vec_store(out + 5U * FAST_STRIP + k, t1);
    vec_store(out + 6U * FAST_STRIP + k, b22);
  }
}

/// What the inner products read of the rows at hand
static void
fast_weights(const Fast* const f, float* const out) {
  const FastSum* const sum = &f->products[f->product].w;
  const size_t         n_all = f->g->k_tap;
  const size_t         n = (size_t)f->n_k * PINNA_PANEL;
  const size_t         below = f->n_rows * n_all;
  const size_t         at[] = {0U, 2U * n, 2U * below, 2U * below + 2U * n};
  for (uint32_t row = 0U; row < f->n_here; row += PINNA_PANEL) {
    const float* const w = f->g->w + (f->row + row) * n_all + (size_t)f->k * PINNA_PANEL;
    const float* const a = w + at[sum->first];
    const FastQuarters q = {{a, a + n, a + below, a + below + n},
                            (ptrdiff_t)at[sum->second] - (ptrdiff_t)at[sum->first],
                            sum->sign};
    fast_take_rows(&q, n, (size_t)f->n_here * f->n_k, out + (size_t)row * f->n_k);
  }
}

/// What they read of the columns at hand
static void
fast_columns(const Fast* const f, float* const out) {
  const FastSum* const sum = &f->products[f->product].x;
  const size_t         beside = f->n_columns * f->g->x_column;
  const size_t         at[] = {0U, 2U * beside, 2U * (size_t)f->n_k, 2U * (beside + f->n_k)};
  for (uint32_t n = 0U; n < MANY_COLUMNS; ++n) {
    const float* const b = f->x + (f->column + n) * f->g->x_column + f->k + at[sum->first];
    const FastQuarters q = {{b, b + beside, b + f->n_k, b + beside + f->n_k},
                            (ptrdiff_t)at[sum->second] - (ptrdiff_t)at[sum->first],
                            sum->sign};
    fast_take_column(&q, f->n_k, out + (size_t)n * FAST_PITCH);
  }
}

/// Whether outer products from `first` to before `last` write a block
static bool
fast_writes(const Fast* const f, const uint32_t first, const uint32_t last, const uint32_t block) {
  bool is = false;
  for (uint32_t i = first; i < last; ++i) {
    const FastSum* const y = &f->products[i].y;
    is = is || y->first == block || (y->sign != 0.0F && y->second == block);
  }
  return is;
}

/// Activation, or what is added, once a block is complete: its rows and columns at hand
static void
fast_finish(const Fast* const f, const uint32_t block) {
  const PinnaGemm* const g = f->g;
  const uint32_t         column = (block & 1U) * 2U * f->n_columns + f->column;
  const uint32_t         row = (block >> 1) * 2U * f->n_rows + f->row;
  for (uint32_t i = 0U; i < 4U * MANY_COLUMNS; ++i) {
    const size_t at = column + i / 2U % MANY_COLUMNS + i / (2U * MANY_COLUMNS) * f->n_columns;
    const size_t first = row + i % 2U * f->n_rows;
    float* const y = f->y + at * g->y_column + first;
    if (g->plus) {
      many_plus(g->plus + at * g->plus_column + first, y, f->n_here);
    } else if (g->act != PINNA_ACT_NONE) {
      act(g->act, g->slope, y, y, f->n_here);
    }
  }
}

/// All rows at hand of a strip of columns
static void
fast_strip(const Fast* const f, const float* const w, const float* const x) {
  const FastSum* const sum = &f->products[f->product].y;
  const uint32_t       blocks[] = {sum->first, sum->second};
  FastTile             t = {.w = w,
                            .x = x,
                            .n_w = (size_t)f->n_here * f->n_k,
                            .n_k = f->n_k,
                            .below = f->n_rows,
                            .beside = f->n_columns * f->g->y_column,
                            .y_column = f->g->y_column};
  for (uint32_t p = 0U; p < 2U; ++p) {
    const size_t row = (blocks[p] >> 1) * 2U * f->n_rows + f->row;
    const size_t column = (blocks[p] & 1U) * 2U * f->n_columns + f->column;
    const bool   is_first = !f->k && !fast_writes(f, 0U, f->product, blocks[p]);
    t.places[p] = (FastPlace){f->y + column * f->g->y_column + row,
                              is_first ? f->g->bias + row : NULL, p ? sum->sign : 1.0F};
  }
  for (uint32_t row = 0U; row < f->n_here; row += FAST_ROWS) {
    fast_tile(&t);
    t.w += (size_t)FAST_ROWS * f->n_k;
    for (uint32_t p = 0U; p < 2U; ++p) {
      t.places[p].y += FAST_ROWS;
      t.places[p].bias += t.places[p].bias ? FAST_ROWS : 0U;
    }
  }
  for (uint32_t p = 0U; p < 2U && t.places[p].sign != 0.0F; ++p) {
    const bool is_last = f->k + f->n_chunk == f->g->k_tap;
    if (is_last && !fast_writes(f, f->product + 1U, f->n_products, blocks[p])) {
      fast_finish(f, blocks[p]);
    }
  }
}

/// Sizes of the blocks. @return Columns that they are; 0 if this product is none for them
static uint32_t
fast_sizes(Fast* const f) {
  const PinnaGemm* const g = f->g;
  const uint32_t         n = g->n_taps == 1U && g->w && g->is_whole ? g->k_tap : 0U;
  const bool             is_twice = n >= PINNA_GEMM_FAST_TWICE;
  const uint32_t         parts = is_twice ? 4U : 2U;
  const uint32_t         n_chunks = (n + parts * FAST_DEPTH - 1U) / (parts * FAST_DEPTH);
  f->products = is_twice ? fast_outer : fast_whole;
  f->n_products = is_twice ? FAST_INNER : 1U;
  f->n_rows = g->n_rows / parts;
  f->n_columns = g->n_columns / (parts * MANY_COLUMNS) * MANY_COLUMNS;
  f->n_chunk = n_chunks ? n / n_chunks : 0U;
  f->n_k = f->n_chunk / parts;
  return n >= PINNA_GEMM_FAST_DEPTH && g->n_rows % (parts * FAST_ROWS) == 0U &&
                 f->n_k % 16U == 0U && f->n_k * parts * n_chunks == n
             ? f->n_columns * parts
             : 0U;
}

/// As many columns of a product as can be done so. @return Their number
static uint32_t
gemm_fast(const PinnaGemm* const g, const float* const x, float* const y) {
  Fast           f = {.g = g, .x = x + g->taps[0], .y = y};
  const uint32_t n_done = fast_sizes(&f);
  float* const   strips = g->pack;
  float* const   weights = strips + FAST_INNER * FAST_STRIP;
  const uint32_t fit = n_done ? PINNA_GEMM_FAST_ROOM / (FAST_INNER * f.n_k) / FAST_ROWS : 0U;
  const uint32_t step = fit * FAST_ROWS;
  for (f.k = 0U; n_done && f.k < g->k_tap; f.k += f.n_chunk) {
    for (f.product = 0U; f.product < f.n_products; ++f.product) {
      for (f.row = 0U; f.row < f.n_rows; f.row += step) {
        f.n_here = f.n_rows - f.row < step ? f.n_rows - f.row : step;
        fast_weights(&f, weights);
        for (f.column = 0U; f.column < f.n_columns; f.column += MANY_COLUMNS) {
          fast_columns(&f, strips);
          fast_strip(&f, weights, strips);
        }
      }
    }
  }
  return n_done;
}

#endif // PINNA_NN_CPU_GEMM_FAST_TEXT_H
