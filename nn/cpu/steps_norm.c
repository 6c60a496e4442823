// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/runner_impl.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Steps that normalise: means and variances in two passes

/// Sums of x - mean and of its square over rows of n values, `pitch` apart
static void
sum_all(const PinnaCpuKernels* const k, const float* const x, const size_t n_rows, const size_t n,
        const size_t pitch, const float mean, double* const sums) {
  float part[2];
  sums[0] = 0.0;
  sums[1] = 0.0;
  for (size_t r = 0U; r < n_rows; ++r) {
    k->moments(x + r * pitch, mean, n, part);
    sums[0] += part[0];
    sums[1] += part[1];
  }
}

/// Mean and 1 / sqrt(variance + eps). The squares are of the distance from the first row's mean; if
/// that was far off, once more from the mean.
static void
measure(const PinnaStep* const s, const PinnaCpuKernels* const k, const float* const x,
        const size_t n_rows, const size_t n, const size_t pitch, float* const mean,
        float* const gain) {
  const double count = (double)n_rows * (double)n;
  double       sums[2];
  sum_all(k, x, 1U, n, pitch, 0.0F, sums);
  *mean = (float)(sums[0] / (double)n);
  sum_all(k, x, n_rows, n, pitch, *mean, sums);
  double rest = sums[0] / count;
  double variance = sums[1] / count - rest * rest;
  *mean = (float)(*mean + rest);
  if (rest * rest > 8.0 * variance) {
    sum_all(k, x, n_rows, n, pitch, *mean, sums);
    rest = sums[0] / count;
    variance = sums[1] / count - rest * rest;
  }
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

/// Sums over rows of n <= N_BLOCK values of x; with a shift of the squares of x + shift
static void
sum_rows(const PinnaStep* const s, const PinnaCpuKernels* const k, const float* const x,
         const float* const shift, const size_t n, double* const sums) {
  const size_t n_rows = (size_t)s->shape.t * s->shape.f;
  float        part[N_BLOCK];
  float        row[N_BLOCK];
  memset(sums, 0, N_BLOCK * sizeof(double));
  for (size_t first = 0U; first < n_rows; first += N_SUM) {
    memset(part, 0, sizeof(part));
    for (size_t r = first; r < n_rows && r < first + N_SUM; ++r) {
      if (shift) {
        k->add(x + r * s->pitch, shift, row, n);
        k->add_square(row, part, n);
      } else {
        k->add(x + r * s->pitch, part, part, n);
      }
    }
    for (size_t i = 0U; i < n; ++i) {
      sums[i] += part[i];
    }
  }
}

/// What each channel is multiplied by and what is added then, each channel measured by itself
static void
measure_channels(const PinnaStep* const s, const PinnaCpuKernels* const k, float* const scale,
                 float* const shift) {
  const size_t n_rows = (size_t)s->shape.t * s->shape.f;
  double       sums[N_BLOCK];
  for (size_t c = 0U; c < s->shape.c; c += N_BLOCK) {
    const size_t       left = s->shape.c - c;
    const size_t       n = left < N_BLOCK ? left : N_BLOCK;
    const float* const x = s->in[0] + c;
    sum_rows(s, k, x, NULL, n, sums);
    for (size_t i = 0U; i < n; ++i) {
      shift[c + i] = (float)(-sums[i] / (double)n_rows);
    }
    sum_rows(s, k, x, shift + c, n, sums);
    for (size_t i = c; i < c + n; ++i) {
      scale[i] = (float)(1.0 / sqrt(sums[i - c] / (double)n_rows + s->eps));
      scale[i] *= s->weight ? s->weight[i] : 1.0F;
      shift[i] = shift[i] * scale[i] + (s->weight ? s->bias[i] : 0.0F);
    }
  }
}

/// The same of channels of a group together
static void
measure_groups(const PinnaStep* const s, const PinnaCpuKernels* const k, float* const scale,
               float* const shift) {
  const size_t n = s->shape.c / s->groups;
  for (size_t first = 0U; first < s->shape.c; first += n) {
    float mean = 0.0F;
    float gain = 0.0F;
    measure(s, k, s->in[0] + first, (size_t)s->shape.t * s->shape.f, n, s->pitch, &mean, &gain);
    for (size_t i = first; i < first + n; ++i) {
      scale[i] = s->weight ? gain * s->weight[i] : gain;
      shift[i] = (s->weight ? s->bias[i] : 0.0F) - mean * scale[i];
    }
  }
}

static void
norm_groups(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  const size_t c = s->shape.c;
  float* const scale = s->work;
  float* const shift = scale + c;
  (s->groups == c ? measure_channels : measure_groups)(s, k, scale, shift);
  for (size_t r = 0U; r < (size_t)s->shape.t * s->shape.f; ++r) {
    float* const y = s->out + r * c;
    k->affine(s->in[0] + r * s->pitch, scale, shift, y, c);
    if (s->act != PINNA_ACT_NONE) {
      k->act(s->act, s->slope, y, y, c);
    }
  }
}

/// A GroupNorm, rows of 0 around it and a depthwise convolution along t
void
pinna_step_norm_depthwise(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  const size_t          c = s->shape.c;
  float* const          scale = s->work;
  const PinnaNormedRows rows = {.x = s->in[0],
                                .scale = scale,
                                .shift = scale + c,
                                .pitch = s->pitch,
                                .n_rows = s->shape.t,
                                .before = s->margin[0]};
  (s->groups == c ? measure_channels : measure_groups)(s, k, scale, scale + c);
  k->depthwise_normed(&rows, s->gemms, s->out);
  if (s->act != PINNA_ACT_NONE) {
    k->act(s->act, s->slope, s->out, s->out, (size_t)s->shape_out.t * c);
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
  norm_groups(s, k);
}

#define MOST_ROWS 1048576.0F

/// Count, mean and variance take up one more row of n values
static void
take_row(const PinnaCpuKernels* const k, const float* const x, const size_t n, float* const state) {
  double sums[2];
  sum_all(k, x, 1U, n, 0U, state[1], sums);
  const double far = sums[0] / (double)n; // From the mean so far
  const double own = sums[1] / (double)n - far * far;
  const double before = state[0];
  const double now = before + 1.0;
  state[1] = (float)(state[1] + far / now);
  state[2] = (float)((before * state[2] + own + far * far * before / now) / now);
  state[0] = now < MOST_ROWS ? (float)now : MOST_ROWS;
}

void
pinna_step_norm_cumulative(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  const size_t c = s->shape.c;
  for (size_t r = 0U; r < (size_t)s->shape.t * s->shape.f; ++r) {
    float* const       state = s->state[0] + 3U * (r % s->shape.f);
    const float* const x = s->in[0] + r * s->pitch;
    take_row(k, x, c, state);
    const double variance = state[2] > 0.0F ? state[2] : 0.0F;
    k->centre(x, state[1], (float)(1.0 / sqrt(variance + s->eps)), s->out + r * c, c);
    finish_norm(s, k, s->out + r * c, c);
  }
}
