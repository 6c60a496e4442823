// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/runner_impl.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Steps that normalise: means and variances in two passes

/// Mean and 1 / sqrt(variance + eps) of rows of n values, `pitch` apart: in two passes
static void
measure(const PinnaStep* const s, const PinnaCpuKernels* const k, const float* const x,
        const size_t n_rows, const size_t n, const size_t pitch, float* const mean,
        float* const gain) {
  const double count = (double)n_rows * (double)n;
  double       sum = 0.0;
  double       rest = 0.0;
  double       square = 0.0;
  float        sums[2];
  for (size_t r = 0U; r < n_rows; ++r) {
    k->moments(x + r * pitch, 0.0F, n, sums);
    sum += sums[0];
  }
  *mean = (float)(sum / count);
  for (size_t r = 0U; r < n_rows; ++r) {
    k->moments(x + r * pitch, *mean, n, sums);
    rest += sums[0];
    square += sums[1];
  }
  const double variance = (square - rest * rest / count) / count;
  *gain = (float)(1.0 / sqrt((variance > 0.0 ? variance : 0.0) + s->eps));
}

static void
finish_norm(const PinnaStep* const s, const PinnaCpuKernels* const k, float* const y,
            const size_t n) {
  if (s->weight) {
    k->affine(y, s->weight, s->bias, y, n);
  }
}

/// Rows of one step apart, each normalised by itself
static void
norm_rows(const PinnaStep* const s, const PinnaCpuKernels* const k, const size_t n_rows,
          const size_t n, const size_t pitch) {
  for (size_t r = 0U; r < n_rows; ++r) {
    float mean = 0.0F;
    float gain = 0.0F;
    measure(s, k, s->in[0] + r * pitch, 1U, n, n, &mean, &gain);
    k->centre(s->in[0] + r * pitch, mean, gain, s->out + r * n, n);
    finish_norm(s, k, s->out + r * n, n);
  }
}

#define N_BLOCK 64U ///< Channels at a time, so that some thousand rows stay in the caches
#define N_SUM 64U   ///< Rows that are summed as floats

/// Sums over rows of n <= N_BLOCK values; y = x + shift if there is one, and then of its square
static void
sum_rows(const PinnaStep* const s, const PinnaCpuKernels* const k, const float* const x,
         float* const y, const float* const shift, const size_t n, double* const sums) {
  const size_t n_rows = (size_t)s->shape.t * s->shape.f;
  float        part[N_BLOCK];
  memset(sums, 0, N_BLOCK * sizeof(double));
  for (size_t first = 0U; first < n_rows; first += N_SUM) {
    memset(part, 0, sizeof(part));
    for (size_t r = first; r < n_rows && r < first + N_SUM; ++r) {
      if (shift) {
        k->add(x + r * s->pitch, shift, y + r * s->shape.c, n);
        k->add_square(y + r * s->shape.c, part, n);
      } else {
        k->add(x + r * s->pitch, part, part, n);
      }
    }
    for (size_t i = 0U; i < n; ++i) {
      sums[i] += part[i];
    }
  }
}

/// Each channel by itself over all rows
static void
norm_channels(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  const size_t n_rows = (size_t)s->shape.t * s->shape.f;
  double       sums[N_BLOCK];
  float        shift[N_BLOCK];
  float        gain[N_BLOCK];
  for (size_t c = 0U; c < s->shape.c; c += N_BLOCK) {
    const size_t left = s->shape.c - c;
    const size_t n = left < N_BLOCK ? left : N_BLOCK;
    float* const y = s->out + c;
    sum_rows(s, k, s->in[0] + c, NULL, NULL, n, sums);
    for (size_t i = 0U; i < n; ++i) {
      shift[i] = (float)(-sums[i] / (double)n_rows);
    }
    sum_rows(s, k, s->in[0] + c, y, shift, n, sums);
    for (size_t i = 0U; i < n; ++i) {
      gain[i] = (float)(1.0 / sqrt(sums[i] / (double)n_rows + s->eps));
      gain[i] *= s->weight ? s->weight[c + i] : 1.0F;
      shift[i] = s->weight ? s->bias[c + i] : 0.0F;
    }
    for (size_t r = 0U; r < n_rows; ++r) {
      k->affine(y + r * s->shape.c, gain, shift, y + r * s->shape.c, n);
    }
  }
}

void
pinna_step_norm(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  const size_t c = s->shape.c;
  if (s->norm == PINNA_NORM_CHANNELS) {
    norm_rows(s, k, (size_t)s->shape.t * s->shape.f, c, s->pitch);
    return;
  }
  if (s->norm == PINNA_NORM_FRAME) {
    norm_rows(s, k, s->shape.t, s->shape.f * c, s->shape.f * c);
    return;
  }
  if (s->groups == c) {
    norm_channels(s, k);
    return;
  }
  const size_t n = c / s->groups;
  for (uint32_t g = 0U; g < s->groups; ++g) {
    float mean = 0.0F;
    float gain = 0.0F;
    measure(s, k, s->in[0] + g * n, (size_t)s->shape.t * s->shape.f, n, s->pitch, &mean, &gain);
    for (size_t r = 0U; r < (size_t)s->shape.t * s->shape.f; ++r) {
      k->centre(s->in[0] + r * s->pitch + g * n, mean, gain, s->out + r * c + g * n, n);
    }
  }
  for (size_t r = 0U; r < (size_t)s->shape.t * s->shape.f; ++r) {
    finish_norm(s, k, s->out + r * c, c);
  }
}
