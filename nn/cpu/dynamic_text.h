// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_DYNAMIC_TEXT_H
#define PINNA_NN_CPU_DYNAMIC_TEXT_H

#include "nn/cpu/act_text.h"
#include "nn/cpu/dynamic.h"
#include "nn/cpu/vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Columns to digits, tiles to floats: what the int8 products of all instruction sets share
//
// Who includes this defines DynamicDigit, DYNAMIC_ZERO (whether digits count from `zero`, or from
// 0), DYNAMIC_COLUMNS, DYNAMIC_PANELS and dynamic_tile().

#define DYNAMIC_VECS (PINNA_PANEL / VEC_LANES)
#define DYNAMIC_DIGITS (PINNA_DYNAMIC_BLOCK / sizeof(DynamicDigit))

typedef DynamicDigit VecDigits
    __attribute__((vector_size(VEC_LANES * sizeof(DynamicDigit)), aligned(1), may_alias));

/// A batch of columns as digits: block b of column i at [b][n_batch][i]
typedef struct {
  const PinnaGemm* g;
  uint32_t         n_groups; ///< Of a row of weights
  DynamicDigit*    digits;   ///< [blocks][n_batch][DYNAMIC_DIGITS]
  float*           units;    ///< [n_batch]
  int32_t*         zeros;    ///< [n_batch]
} DynamicBatch;

/// What a tile is of: columns from `column` of the batch, rows from `row` on
typedef struct {
  const DynamicBatch* batch;
  uint32_t            column;
  uint32_t            row;
  float*              y;    ///< Of the first column
  const float*        plus; ///< Or NULL
} DynamicTile;

/// Sums of P panels and N columns: [P DYNAMIC_VECS][N]
VEC_INLINE void dynamic_tile(const DynamicTile* t, VecInt* sums, uint32_t P, uint32_t N);

/// What a digit of the column at x is worth, and which is 0. @return Digits for each 1 of x
static float
dynamic_measure(const PinnaGemm* const g, const float* const x, float* const unit,
                int32_t* const zero) {
  Vec least = VEC_ALL(0.0F);
  Vec most = VEC_ALL(0.0F);
  for (uint32_t tap = 0U; tap < g->n_taps; ++tap) {
    const float* const xt = x + g->taps[tap];
    uint32_t           k = 0U;
    for (; k + VEC_LANES <= g->k_tap; k += VEC_LANES) {
      const Vec v = vec_load(xt + k);
      least = VEC_MIN(v, least);
      most = VEC_MAX(v, most);
    }
    const Vec rest = vec_load_some(xt + k, g->k_tap - k);
    least = VEC_MIN(rest, least);
    most = VEC_MAX(rest, most);
  }
  float lows[VEC_LANES];
  float tops[VEC_LANES];
  vec_store(lows, least);
  vec_store(tops, most);
  for (uint32_t i = 1U; i < VEC_LANES; ++i) {
    lows[0] = lows[i] < lows[0] ? lows[i] : lows[0];
    tops[0] = tops[i] > tops[0] ? tops[i] : tops[0];
  }
  const float range = tops[0] - lows[0];
  const bool  is_sound = range >= 1e-30F && range <= 3e38F;
  const float scale = is_sound ? 255.0F / range : 0.0F;
  *unit = is_sound ? range / 255.0F : 0.0F;
  *zero = -(int32_t)(lows[0] * scale + 12582912.0F - 12582912.0F); // Rounded as digits are
  return scale;
}

/// n values to digits; `above` is the greatest distance from zero
static void
dynamic_round(const float* const x, const uint32_t n, const float scale, const int32_t zero,
              DynamicDigit* const digits) {
  const Vec    magic = VEC_ALL(12582912.0F); // 1.5 2^23: whole numbers are its last bits
  const Vec    most = VEC_ALL(12582912.0F + (float)(255 - zero));
  const int    from = 0x4B400000 - (DYNAMIC_ZERO ? zero : 0);
  const VecInt first = from + (VecInt){0};
  uint32_t     i = 0U;
  for (; i + VEC_LANES <= n; i += VEC_LANES) {
    const Vec whole = VEC_MIN(vec_load(x + i) * scale + magic, most);
    *(VecDigits*)(digits + i) = __builtin_convertvector((VecInt)whole - first, VecDigits);
  }
  if (i < n) {
    const Vec       whole = VEC_MIN(vec_load_some(x + i, n - i) * scale + magic, most);
    const VecDigits rest = __builtin_convertvector((VecInt)whole - first, VecDigits);
    memcpy(digits + i, &rest, (n - i) * sizeof(DynamicDigit));
  }
}

/// Column i of a batch, at x
static void
dynamic_column(DynamicBatch* const b, const float* const x, const uint32_t i) {
  const PinnaGemm* const g = b->g;
  const float            scale = dynamic_measure(g, x, &b->units[i], &b->zeros[i]);
  const uint32_t         zero = DYNAMIC_ZERO ? (uint32_t)b->zeros[i] : 0U;
  uint32_t               at = 0U;
  for (uint32_t tap = 0U; tap < g->n_taps; ++tap) {
    for (uint32_t k = 0U, n = 0U; k < g->k_tap; k += n, at += n) {
      const uint32_t in_block = at % (uint32_t)DYNAMIC_DIGITS;
      const uint32_t left = (uint32_t)DYNAMIC_DIGITS - in_block;
      n = g->k_tap - k < left ? g->k_tap - k : left;
      const size_t block = (size_t)(at / (uint32_t)DYNAMIC_DIGITS) * g->n_batch + i;
      dynamic_round(x + g->taps[tap] + k, n, scale, b->zeros[i],
                    b->digits + block * DYNAMIC_DIGITS + in_block);
    }
  }
  for (; at % 4U; ++at) { // What is multiplied by 0 is something, too
    const size_t block = (size_t)(at / (uint32_t)DYNAMIC_DIGITS) * g->n_batch + i;
    b->digits[block * DYNAMIC_DIGITS + at % (uint32_t)DYNAMIC_DIGITS] = (DynamicDigit)zero;
  }
}

/// Sums to what they are worth, with bias, activation and what is added
#define DYNAMIC_FINISH(name, kind)                                                                 \
  static void dynamic_finish_##name(const DynamicTile* const t, const VecInt* sums,                \
                                    const uint32_t n_vecs, const uint32_t n_columns) {             \
    const PinnaGemm* const g = t->batch->g;                                                        \
    for (uint32_t i = 0U; i < n_vecs && t->row + i * VEC_LANES < g->n_rows; ++i) {                 \
      const uint32_t row = t->row + i * VEC_LANES;                                                 \
      const uint32_t left = g->n_rows - row;                                                       \
      const Vec      scale = vec_load(g->scales + row);                                            \
      const Vec      bias = vec_load(g->bias + row);                                               \
      VecInt         whole;                                                                        \
      memcpy(&whole, g->sums + row, sizeof(whole));                                                \
      for (uint32_t n = 0U; n < n_columns; ++n) {                                                  \
        const uint32_t column = t->column + n;                                                     \
        const VecInt   sum =                                                                       \
            *sums++ - (DYNAMIC_ZERO ? whole * t->batch->zeros[column] : (VecInt){0});              \
        const Vec          value = __builtin_convertvector(sum, Vec);                              \
        const Vec          worth = scale * t->batch->units[column];                                \
        const Vec          done = act_of((kind), g->slope, VEC_FMA(value, worth, bias));           \
        float* const       y = t->y + n * g->y_column + row;                                       \
        const float* const plus = t->plus ? t->plus + n * g->plus_column + row : NULL;             \
        if (left >= VEC_LANES) {                                                                   \
          vec_store(y, plus ? done + vec_load(plus) : done);                                       \
        } else {                                                                                   \
          vec_store_some(y, plus ? done + vec_load_some(plus, left) : done, left);                 \
        }                                                                                          \
      }                                                                                            \
    }                                                                                              \
  }

DYNAMIC_FINISH(none, PINNA_ACT_NONE)
DYNAMIC_FINISH(relu, PINNA_ACT_RELU)
DYNAMIC_FINISH(leaky, PINNA_ACT_LEAKY)
DYNAMIC_FINISH(sigmoid, PINNA_ACT_SIGMOID)
DYNAMIC_FINISH(tanh, PINNA_ACT_TANH)
DYNAMIC_FINISH(silu, PINNA_ACT_SILU)
DYNAMIC_FINISH(gelu, PINNA_ACT_GELU)

typedef void (*DynamicFinish)(const DynamicTile*, const VecInt*, uint32_t, uint32_t);

static const DynamicFinish dynamic_finish[PINNA_N_ACTS] = {
    [PINNA_ACT_NONE] = dynamic_finish_none,   [PINNA_ACT_RELU] = dynamic_finish_relu,
    [PINNA_ACT_LEAKY] = dynamic_finish_leaky, [PINNA_ACT_SIGMOID] = dynamic_finish_sigmoid,
    [PINNA_ACT_TANH] = dynamic_finish_tanh,   [PINNA_ACT_SILU] = dynamic_finish_silu,
    [PINNA_ACT_GELU] = dynamic_finish_gelu,
};

/// A function for each tile: gcc keeps the sums of only one in registers
#define DYNAMIC_TILE(n)                                                                            \
  static __attribute__((noinline)) void dynamic_tile_##n(const DynamicTile* const t,               \
                                                         VecInt* const            sums) {                     \
    dynamic_tile(t, sums, DYNAMIC_PANELS, n##U);                                                   \
  }                                                                                                \
  static __attribute__((noinline)) void dynamic_panel_##n(const DynamicTile* const t,              \
                                                          VecInt* const            sums) {                    \
    dynamic_tile(t, sums, 1U, n##U);                                                               \
  }

DYNAMIC_TILE(1)
DYNAMIC_TILE(2)
DYNAMIC_TILE(3)
#if DYNAMIC_COLUMNS > 3U
DYNAMIC_TILE(4)
DYNAMIC_TILE(5)
DYNAMIC_TILE(6)
#endif
#if DYNAMIC_COLUMNS > 6U
DYNAMIC_TILE(7)
DYNAMIC_TILE(8)
DYNAMIC_TILE(9)
DYNAMIC_TILE(10)
DYNAMIC_TILE(11)
DYNAMIC_TILE(12)
#endif

#define DYNAMIC_CASE(n)                                                                            \
  case n:                                                                                          \
    (n_panels == 1U ? dynamic_panel_##n : dynamic_tile_##n)(t, sums);                              \
    break;

static void
dynamic_some(const DynamicTile* const t, const uint32_t n_panels, const uint32_t n_columns) {
  VecInt sums[DYNAMIC_PANELS * DYNAMIC_VECS * DYNAMIC_COLUMNS];
  switch (n_columns) {
    DYNAMIC_CASE(1)
    DYNAMIC_CASE(2)
    DYNAMIC_CASE(3)
#if DYNAMIC_COLUMNS > 3U
    DYNAMIC_CASE(4)
    DYNAMIC_CASE(5)
    DYNAMIC_CASE(6)
#endif
#if DYNAMIC_COLUMNS > 6U
    DYNAMIC_CASE(7)
    DYNAMIC_CASE(8)
    DYNAMIC_CASE(9)
    DYNAMIC_CASE(10)
    DYNAMIC_CASE(11)
    DYNAMIC_CASE(12)
#endif
  default:
    return;
  }
  dynamic_finish[t->batch->g->act](t, sums, n_panels * DYNAMIC_VECS, n_columns);
}

/// Column at which part i of n_parts begins; they are as equal as can be
VEC_INLINE uint32_t
dynamic_at(const uint32_t n_columns, const uint32_t n_parts, const uint32_t i) {
  return (uint32_t)((uint64_t)n_columns * i / n_parts);
}

/// All rows of n columns that are digits
static void
dynamic_batch(const DynamicBatch* const b, const uint32_t n, float* const y,
              const float* const plus) {
  const PinnaGemm* const g = b->g;
  const uint32_t         n_panels = (g->n_rows + PINNA_PANEL - 1U) / PINNA_PANEL;
  const uint32_t         n_strips = (n + DYNAMIC_COLUMNS - 1U) / DYNAMIC_COLUMNS;
  for (uint32_t p = 0U; p < n_panels; p += DYNAMIC_PANELS) {
    const uint32_t left = n_panels - p;
    const uint32_t take = left < DYNAMIC_PANELS ? left : DYNAMIC_PANELS;
    for (uint32_t s = 0U; s < n_strips; ++s) {
      const uint32_t    column = dynamic_at(n, n_strips, s);
      const DynamicTile tile = {b, column, p * PINNA_PANEL, y + column * g->y_column,
                                plus ? plus + column * g->plus_column : NULL};
      dynamic_some(&tile, take, dynamic_at(n, n_strips, s + 1U) - column);
    }
  }
}

static void
dynamic_gemm(const PinnaGemm* const g, const float* const x, float* const y) {
  const uint32_t n_all = g->n_taps * g->k_tap;
  const uint32_t n_blocks = (n_all + (uint32_t)DYNAMIC_DIGITS - 1U) / (uint32_t)DYNAMIC_DIGITS;
  const uint32_t n_batches = (g->n_columns + g->n_batch - 1U) / g->n_batch;
  DynamicBatch   b = {.g = g, .n_groups = (n_all + DYNAMIC_GROUP - 1U) / DYNAMIC_GROUP};
  void* const    room = g->pack;
  b.digits = (DynamicDigit*)room;
  b.units = g->pack + (size_t)n_blocks * PINNA_DYNAMIC_BLOCK / sizeof(float) * g->n_batch;
  void* const zeros = b.units + g->n_batch;
  b.zeros = (int32_t*)zeros;
  for (uint32_t o = 0U; o < g->n_outer; ++o) {
    const float* const xo = x + g->x_first + o * g->x_outer;
    float* const       yo = y + g->y_first + o * g->y_outer;
    for (uint32_t i = 0U; i < n_batches; ++i) {
      const uint32_t column = dynamic_at(g->n_columns, n_batches, i);
      const uint32_t n = dynamic_at(g->n_columns, n_batches, i + 1U) - column;
      for (uint32_t c = 0U; c < n; ++c) {
        dynamic_column(&b, xo + (column + c) * g->x_column, c);
      }
      dynamic_batch(&b, n, yo + column * g->y_column,
                    g->plus ? g->plus + column * g->plus_column : NULL);
    }
  }
}

#endif // PINNA_NN_CPU_DYNAMIC_TEXT_H
