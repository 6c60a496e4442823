// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/resample_fold.h"
#include "dsp/resample_span.h"

// Polyphase sums in plain C, eight lanes at a time in a form that compilers turn into vectors

#define WIDTH 8U

/// One side's chains over WIDTH lanes; `step` walks the window forwards or backwards. In double
/// precision, as without fused multiplication each product would be rounded
static inline void
sum_side(const float* const table, const uint32_t lanes, const uint32_t n_steps, const float* x,
         const int step, float* const sums) {
  double acc[PINNA_RESAMPLE_CHAINS][WIDTH] = {{0}};
  for (uint32_t i = 0; i < n_steps; ++i) {
    const float* const row = table + (size_t)i * PINNA_RESAMPLE_CHAINS * lanes;
    for (uint32_t c = 0; c < PINNA_RESAMPLE_CHAINS; ++c) {
      const double sample = (double)*x;
      for (uint32_t j = 0; j < WIDTH; ++j) {
        acc[c][j] += (double)row[(size_t)c * lanes + j] * sample;
      }
      x += step;
    }
  }
  for (uint32_t j = 0; j < WIDTH; ++j) {
    sums[j] += (float)((acc[0][j] + acc[1][j]) + (acc[2][j] + acc[3][j]));
  }
}

static inline void
mirror(const float* const left, const float* const right, const uint32_t n_rows,
       Folded* const folded) {
  for (ptrdiff_t i = 0; i < (ptrdiff_t)n_rows; ++i) {
    folded->u[i] = left[i] + right[-i];
    folded->v[i] = left[i] - right[-i];
  }
}

static inline void
fold_dot(const float* const table, const uint32_t n_rows, const Folded* const f,
         float* const sums) {
  const uint32_t n_steps = n_rows / PINNA_RESAMPLE_CHAINS;
  for (uint32_t lane = 0; lane < PINNA_RESAMPLE_LANES; lane += WIDTH) {
    for (uint32_t j = 0; j < WIDTH; ++j) {
      sums[lane + j] = 0.0F;
    }
    sum_side(table + lane, PINNA_RESAMPLE_LANES, n_steps, lane < FOLD_HALF ? f->u : f->v, 1,
             sums + lane);
  }
}

static inline void
fold_dot_pair(const float* const table, const uint32_t n_rows, const Folded* const f,
              float* const sums) {
  fold_dot(table, n_rows, f, sums);
  fold_dot(table, n_rows, f + 1, sums + PINNA_RESAMPLE_LANES);
}

static inline void
dot(const float* const table, const uint32_t n_steps, const uint32_t lanes, const float* const x,
    float* const sums) {
  const size_t n_window = (size_t)n_steps * 2 * PINNA_RESAMPLE_CHAINS;
  const size_t side = n_window / 2 * lanes;
  for (uint32_t lane = 0; lane < lanes; lane += WIDTH) {
    for (uint32_t j = 0; j < WIDTH; ++j) {
      sums[lane + j] = 0.0F;
    }
    sum_side(table + lane, lanes, n_steps, x, 1, sums + lane);
    sum_side(table + side + lane, lanes, n_steps, x + n_window - 1, -1, sums + lane);
  }
}

static inline void
dot_pair(const float* const table, const uint32_t n_steps, const uint32_t lanes,
         const float* const x, const float* const y, float* const sums) {
  dot(table, n_steps, lanes, x, sums);
  dot(table, n_steps, lanes, y, sums + PINNA_RESAMPLE_LANES);
}

void
pinna_resample_kernel_c(const PinnaResampleSpan* const span) {
  run_groups(span);
}

void
pinna_resample_fold_c(const PinnaResampleFold* const fold, const float* const* const in,
                      float* const* const out) {
  run_fold(fold, in, out);
}
