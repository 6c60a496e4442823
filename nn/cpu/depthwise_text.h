// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_DEPTHWISE_TEXT_H
#define PINNA_NN_CPU_DEPTHWISE_TEXT_H

#include "nn/cpu/act_text.h"
#include "nn/cpu/kernels.h"
#include "nn/cpu/vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A norm, rows of 0 around it and a depthwise convolution over both in one pass

#define NORMED_ROWS 4U ///< That share what they load of the weights

VEC_INLINE Vec
load_lanes(const float* const p, const size_t n) {
  return n == VEC_LANES ? vec_load(p) : vec_load_some(p, n);
}

/// Outputs from row t on, R of them, n channels from c on; R is a constant where it is inlined
VEC_INLINE void
normed_lanes(const PinnaNormedRows* const x, const PinnaGemm* const g, const uint32_t t,
             const uint32_t R, const size_t c, const size_t n, float* const y) {
  const Vec scale = load_lanes(x->scale + c, n);
  const Vec shift = load_lanes(x->shift + c, n);
  const Vec bias = load_lanes(g->bias + c, n);
  Vec       sums[NORMED_ROWS];
#pragma GCC unroll 4
  for (uint32_t r = 0U; r < R; ++r) {
    sums[r] = bias;
  }
  for (uint32_t i = 0U; i < g->n_taps; ++i) {
    const Vec      w = load_lanes(g->w + (size_t)i * g->n_rows + c, n);
    const uint32_t first = t + (uint32_t)g->taps[i] / g->n_rows; // Behind the rows of 0
#pragma GCC unroll 4
    for (uint32_t r = 0U; r < R; ++r) {
      const uint32_t row = first + r - x->before;
      if (R > 1U || row < x->n_rows) {
        const Vec v = load_lanes(x->x + (size_t)row * x->pitch + c, n);
        sums[r] = VEC_FMA(w, VEC_FMA(v, scale, shift), sums[r]);
      }
    }
  }
#pragma GCC unroll 4
  for (uint32_t r = 0U; r < R; ++r) {
    const Vec v = g->act == PINNA_ACT_LEAKY ? act_of(PINNA_ACT_LEAKY, g->slope, sums[r]) : sums[r];
    float* const to = y + (t + r) * g->y_column + c;
    if (n == VEC_LANES) {
      vec_store(to, v);
    } else {
      vec_store_some(to, v, n);
    }
  }
}

/// All channels of R rows
VEC_INLINE void
normed_rows(const PinnaNormedRows* const x, const PinnaGemm* const g, const uint32_t t,
            const uint32_t R, float* const y) {
  size_t c = 0U;
  for (; c + VEC_LANES <= g->n_rows; c += VEC_LANES) {
    normed_lanes(x, g, t, R, c, VEC_LANES, y);
  }
  if (c < g->n_rows) {
    normed_lanes(x, g, t, R, c, g->n_rows - c, y);
  }
  for (uint32_t r = 0U; r < R && g->act != PINNA_ACT_NONE && g->act != PINNA_ACT_LEAKY; ++r) {
    float* const rows = y + (t + r) * g->y_column;
    act(g->act, g->slope, rows, rows, g->n_rows);
  }
}

static void
depthwise_normed(const PinnaNormedRows* const x, const PinnaGemm* const g, float* const y) {
  const uint32_t reach = (uint32_t)g->taps[g->n_taps - 1U] / g->n_rows;
  for (uint32_t t = 0U; t < g->n_columns;) {
    const bool is_within = t >= x->before && t + NORMED_ROWS - 1U + reach < x->before + x->n_rows;
    if (is_within && t + NORMED_ROWS <= g->n_columns) {
      normed_rows(x, g, t, NORMED_ROWS, y);
      t += NORMED_ROWS;
    } else {
      normed_rows(x, g, t, 1U, y);
      ++t;
    }
  }
}

#endif // PINNA_NN_CPU_DEPTHWISE_TEXT_H
