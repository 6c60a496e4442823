// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_GEMM_TEXT_H
#define PINNA_NN_CPU_GEMM_TEXT_H

#include "nn/cpu/gemm_many_text.h"
#include "nn/cpu/kernels.h"
#include "nn/cpu/vec.h"

// The skinny product: panels of 16 rows times up to 8 columns, sums in registers

#define PANEL_VECS (PINNA_PANEL / VEC_LANES)

/// Most panels and columns of one tile: the sums and one panel must fit the registers
#if VEC_LANES == 16U
#define TILE_COLUMNS 8U
#define TILE_PANELS(n) ((n) <= 4U ? 4U : 2U)
#elif VEC_LANES == 8U
#define TILE_COLUMNS 5U
#define TILE_PANELS(n) ((n) <= 2U ? 2U : 1U)
#else
#define TILE_COLUMNS 2U
#define TILE_PANELS(n) ((n) <= 1U ? 2U : 1U)
#endif

#define TILE_SUMS 16U

/// Taps [first, last) of some columns from x on that do not only meet the rows of 0 around x
typedef struct {
  uint32_t first;
  uint32_t last;
} TileTaps;

VEC_INLINE TileTaps
tile_taps(const PinnaGemm* const g, const float* const x, const uint32_t n_columns) {
  TileTaps     taps = {0U, g->n_taps};
  const size_t n = (n_columns - 1U) * g->x_column + g->k_tap;
  while (g->values[0] && taps.first < taps.last && x + g->taps[taps.first] + n <= g->values[0]) {
    ++taps.first;
  }
  while (g->values[0] && taps.first < taps.last && x + g->taps[taps.last - 1U] >= g->values[1]) {
    --taps.last;
  }
  return taps;
}

/// P panels at row `first`, N columns from x and y on; P and N are constants where it is inlined
VEC_INLINE void
gemm_tile(const PinnaGemm* const g, const uint32_t first, const float* const x, float* const y,
          const uint32_t P, const uint32_t N) {
  const size_t   n_panel = (size_t)g->n_taps * g->k_tap * PINNA_PANEL;
  const TileTaps taps = tile_taps(g, x, N);
  const float*   w =
      g->w + first / PINNA_PANEL * n_panel + (size_t)taps.first * g->k_tap * PINNA_PANEL;
  Vec sums[TILE_SUMS];
#pragma GCC unroll 16
  for (uint32_t i = 0U; i < P * PANEL_VECS; ++i) {
    const Vec bias = vec_load(g->bias + first + i * VEC_LANES);
#pragma GCC unroll 8
    for (uint32_t n = 0U; n < N; ++n) {
      sums[i * N + n] = bias;
    }
  }
  for (uint32_t tap = taps.first; tap < taps.last; ++tap) {
    const float* const xt = x + g->taps[tap];
    for (uint32_t k = 0U; k < g->k_tap; ++k, w += PINNA_PANEL) {
      Vec column[TILE_COLUMNS];
#pragma GCC unroll 8
      for (uint32_t n = 0U; n < N; ++n) {
        column[n] = VEC_ALL(xt[n * g->x_column + k]);
      }
#pragma GCC unroll 16
      for (uint32_t i = 0U; i < P * PANEL_VECS; ++i) {
        const Vec rows = vec_load(w + i / PANEL_VECS * n_panel + i % PANEL_VECS * VEC_LANES);
#pragma GCC unroll 8
        for (uint32_t n = 0U; n < N; ++n) {
          sums[i * N + n] = VEC_FMA(rows, column[n], sums[i * N + n]);
        }
      }
    }
  }
#pragma GCC unroll 16
  for (uint32_t i = 0U; i < P * PANEL_VECS; ++i) {
    const uint32_t row = first + i * VEC_LANES;
#pragma GCC unroll 8
    for (uint32_t n = 0U; n < N; ++n) {
      if (row + VEC_LANES <= g->n_rows) {
        vec_store(y + n * g->y_column + row, sums[i * N + n]);
      } else if (row < g->n_rows) {
        vec_store_some(y + n * g->y_column + row, sums[i * N + n], g->n_rows - row);
      }
    }
  }
}

/// All rows of N columns
VEC_INLINE void
gemm_columns(const PinnaGemm* const g, const float* const x, float* const y, const uint32_t N) {
  const uint32_t step = TILE_PANELS(N) * PINNA_PANEL;
  uint32_t       row = 0U;
  for (; row + step <= (g->n_rows + PINNA_PANEL - 1U) / PINNA_PANEL * PINNA_PANEL; row += step) {
    gemm_tile(g, row, x, y, TILE_PANELS(N), N);
  }
  for (; row < g->n_rows; row += PINNA_PANEL) {
    gemm_tile(g, row, x, y, 1U, N);
  }
}

/// n columns of some panels, or of all
#define TILE_ALL UINT32_MAX
#define TILE_MOST TILE_PANELS(TILE_COLUMNS)
#if VEC_LANES == 16U
#define TILE_TAKE(left) ((left) < TILE_MOST ? 1U : TILE_MOST)
#define TILE_SOME(n)                                                                               \
  else if (n_panels > 1U) {                                                                        \
    gemm_tile(g, first, x, y, TILE_MOST, n);                                                       \
  }
#else
#define TILE_TAKE(left) 1U
#define TILE_SOME(n)
#endif
#define TILE_CASE(n)                                                                               \
  case n:                                                                                          \
    if (first == TILE_ALL) {                                                                       \
      gemm_columns(g, x, y, n);                                                                    \
    }                                                                                              \
    TILE_SOME(n) else {                                                                            \
      gemm_tile(g, first, x, y, 1U, n);                                                            \
    }                                                                                              \
    return;

/// n columns of n_panels from row `first` on, or of all rows
static void
gemm_some(const PinnaGemm* const g, const uint32_t first, const uint32_t n_panels,
          const float* const x, float* const y, const uint32_t n) {
  (void)n_panels; // Always 1 in short vectors
  switch (n) {
    TILE_CASE(1U)
    TILE_CASE(2U)
#if TILE_COLUMNS > 2U
    TILE_CASE(3U)
    TILE_CASE(4U)
    TILE_CASE(5U)
#endif
#if TILE_COLUMNS > 5U
    TILE_CASE(6U)
    TILE_CASE(7U)
    TILE_CASE(8U)
#endif
  default:
    return;
  }
}

/// All columns of some panels, or of all of them, in blocks as equal as can be
static void
gemm_blocks(const PinnaGemm* const g, const uint32_t first, const uint32_t n_panels, const float* x,
            float* y) {
  uint32_t left = g->n_columns;
  for (uint32_t block = (left + TILE_COLUMNS - 1U) / TILE_COLUMNS; block; --block) {
    const uint32_t n = (left + block - 1U) / block;
    gemm_some(g, first, n_panels, x, y, n);
    x += n * g->x_column;
    y += n * g->y_column;
    left -= n;
  }
}

static void
gemm(const PinnaGemm* const g, const float* const x, float* const y) {
  const uint32_t n_panels = (g->n_rows + PINNA_PANEL - 1U) / PINNA_PANEL;
  const size_t   n_weights = (size_t)n_panels * PINNA_PANEL * g->n_taps * g->k_tap;
  if (g->dynamic) {
    g->dynamic(g, x, y);
    return;
  }
  if (g->pack) {
    gemm_many(g, x, y);
    return;
  }
  for (uint32_t o = 0U; o < g->n_outer; ++o) {
    const float* const xo = x + g->x_first + o * g->x_outer;
    float* const       yo = y + g->y_first + o * g->y_outer;
    if (n_weights < PINNA_GEMM_NEAR || g->n_columns <= TILE_COLUMNS) {
      gemm_blocks(g, TILE_ALL, 0U, xo, yo);
      continue;
    }
    for (uint32_t p = 0U; p < n_panels;) { // Far weights are fetched once for all columns
      const uint32_t step = TILE_TAKE(n_panels - p);
      gemm_blocks(g, p * PINNA_PANEL, step, xo, yo);
      p += step;
    }
  }
}

static void
depthwise_column(const PinnaGemm* const g, const float* const x, float* const y) {
  for (uint32_t c = 0U; c < g->n_rows; c += VEC_LANES) {
    const size_t left = g->n_rows - c;
    const size_t n = left < VEC_LANES ? left : VEC_LANES;
    if (n == VEC_LANES) {
      Vec sum = vec_load(g->bias + c);
      for (uint32_t i = 0U; i < g->n_taps; ++i) {
        sum =
            VEC_FMA(vec_load(g->w + (size_t)i * g->n_rows + c), vec_load(x + g->taps[i] + c), sum);
      }
      vec_store(y + c, sum);
    } else {
      Vec sum = vec_load(g->bias + c);
      for (uint32_t i = 0U; i < g->n_taps; ++i) {
        sum = VEC_FMA(vec_load_some(g->w + (size_t)i * g->n_rows + c, n),
                      vec_load_some(x + g->taps[i] + c, n), sum);
      }
      vec_store_some(y + c, sum, n);
    }
  }
}

static void
depthwise(const PinnaGemm* const g, const float* const x, float* const y) {
  for (uint32_t o = 0U; o < g->n_outer; ++o) {
    for (uint32_t n = 0U; n < g->n_columns; ++n) {
      depthwise_column(g, x + g->x_first + o * g->x_outer + n * g->x_column,
                       y + g->y_first + o * g->y_outer + n * g->y_column);
      if (g->act != PINNA_ACT_NONE) {
        float* const rows = y + g->y_first + o * g->y_outer + n * g->y_column;
        act(g->act, g->slope, rows, rows, g->n_rows);
      }
    }
  }
}

#endif // PINNA_NN_CPU_GEMM_TEXT_H
