// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_KERNELS_TEXT_H
#define PINNA_NN_CPU_KERNELS_TEXT_H

#include "nn/cpu/act_text.h"
#include "nn/cpu/depthwise_text.h"
#include "nn/cpu/gemm_text.h"
#include "nn/cpu/kernels.h"
#include "nn/cpu/vec.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

// All kernels, compiled once for each instruction set

#define GRU_BODY(LOAD, STORE, m)                                                                   \
  const Vec r = vec_sigmoid(LOAD(gx + i) + LOAD(gh + i));                                          \
  const Vec z = vec_sigmoid(LOAD(gx + n + i) + LOAD(gh + n + i));                                  \
  const Vec g = vec_tanh(LOAD(gx + 2U * n + i) + r * LOAD(gh + 2U * n + i));                       \
  const Vec y = g + z * (LOAD(h + i) - g);                                                         \
  STORE(h + i, y);                                                                                 \
  STORE(out + i, y);

static void
gru(const float* const gx, const float* const gh, float* const h, float* const out,
    const size_t n) {
  FOR_VECTORS(n, GRU_BODY)
}

#define LSTM_BODY(LOAD, STORE, m)                                                                  \
  const Vec in = vec_sigmoid(LOAD(gx + i) + LOAD(gh + i));                                         \
  const Vec forget = vec_sigmoid(LOAD(gx + n + i) + LOAD(gh + n + i));                             \
  const Vec g = vec_tanh(LOAD(gx + 2U * n + i) + LOAD(gh + 2U * n + i));                           \
  const Vec o = vec_sigmoid(LOAD(gx + 3U * n + i) + LOAD(gh + 3U * n + i));                        \
  const Vec cell = forget * LOAD(c + i) + in * g;                                                  \
  const Vec y = o * vec_tanh(cell);                                                                \
  STORE(c + i, cell);                                                                              \
  STORE(h + i, y);                                                                                 \
  STORE(out + i, y);

static void
lstm(const float* const gx, const float* const gh, float* const h, float* const c, float* const out,
     const size_t n) {
  FOR_VECTORS(n, LSTM_BODY)
}

#define AFFINE_BODY(LOAD, STORE, m)                                                                \
  STORE(y + i, VEC_FMA(LOAD(x + i), LOAD(scale + i), LOAD(shift + i)));
#define ADD_BODY(LOAD, STORE, m) STORE(y + i, LOAD(a + i) + LOAD(b + i));
#define MUL_BODY(LOAD, STORE, m) STORE(y + i, LOAD(a + i) * LOAD(b + i));
#define CENTRE_BODY(LOAD, STORE, m) STORE(y + i, (LOAD(x + i) - mean) * gain);
#define SQUARE_BODY(LOAD, STORE, m)                                                                \
  const Vec v = LOAD(x + i);                                                                       \
  STORE(y + i, VEC_FMA(v, v, LOAD(y + i)));
#define MAGNITUDE_BODY(LOAD, STORE, m)                                                             \
  const Vec re = LOAD(a + i);                                                                      \
  const Vec im = LOAD(b + i);                                                                      \
  STORE(y + i, VEC_SQRT(VEC_FMA(re, re, im * im)));

static void
affine(const float* const x, const float* const scale, const float* const shift, float* const y,
       const size_t n) {
  FOR_VECTORS(n, AFFINE_BODY)
}

static void
add(const float* const a, const float* const b, float* const y, const size_t n) {
  FOR_VECTORS(n, ADD_BODY)
}

static void
mul(const float* const a, const float* const b, float* const y, const size_t n) {
  FOR_VECTORS(n, MUL_BODY)
}

static void
centre(const float* const x, const float mean, const float gain, float* const y, const size_t n) {
  FOR_VECTORS(n, CENTRE_BODY)
}

static void
add_square(const float* const x, float* const y, const size_t n) {
  FOR_VECTORS(n, SQUARE_BODY)
}

static void
magnitude(const float* const a, const float* const b, float* const y, const size_t n) {
  FOR_VECTORS(n, MAGNITUDE_BODY)
}

static void
moments(const float* const x, const float mean, const size_t n, float* const sums) {
  Vec    sum = {0};
  Vec    square = {0};
  size_t i = 0U;
  for (; i + VEC_LANES <= n; i += VEC_LANES) {
    const Vec v = vec_load(x + i) - mean;
    sum += v;
    square = VEC_FMA(v, v, square);
  }
  sums[0] = vec_sum(sum);
  sums[1] = vec_sum(square);
  for (; i < n; ++i) {
    const float v = x[i] - mean;
    sums[0] += v;
    sums[1] += v * v;
  }
}

static float
exp_sum(const float* const x, const float top, float* const y, const size_t n) {
  float  rest[VEC_LANES];
  Vec    sum = {0};
  size_t i = 0U;
  for (; i + VEC_LANES <= n; i += VEC_LANES) {
    const Vec e = vec_exp(vec_load(x + i) - top);
    vec_store(y + i, e);
    sum += e;
  }
  float total = vec_sum(sum);
  vec_store(rest, vec_exp(vec_load_some(x + i, n - i) - top));
  for (size_t k = 0U; i < n; ++i, ++k) {
    y[i] = rest[k];
    total += rest[k];
  }
  return total;
}

#define PINNA_CPU_KERNELS                                                                          \
  {                                                                                                \
    gemm, depthwise, depthwise_normed, act, gru, lstm, affine, add, mul, moments, centre,          \
        add_square, magnitude, exp_sum                                                             \
  }

#endif // PINNA_NN_CPU_KERNELS_TEXT_H
