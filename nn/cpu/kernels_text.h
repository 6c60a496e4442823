// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_KERNELS_TEXT_H
#define PINNA_NN_CPU_KERNELS_TEXT_H

#include "nn/cpu/gemm_text.h"
#include "nn/cpu/kernels.h"
#include "nn/cpu/vec.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

// All kernels, compiled once for each instruction set

/// For whole vectors, then for the rest: LOAD and STORE take a place, BODY computes Vec y
#define FOR_VECTORS(n, BODY)                                                                       \
  size_t i = 0U;                                                                                   \
  for (; i + VEC_LANES <= (n); i += VEC_LANES) {                                                   \
    BODY(vec_load, vec_store_all, VEC_LANES)                                                       \
  }                                                                                                \
  if (i < (n)) {                                                                                   \
    const size_t left = (n)-i;                                                                     \
    BODY(vec_load_left, vec_store_left, left)                                                      \
  }

#define vec_load_left(p) vec_load_some((p), left)
#define vec_store_left(p, v) vec_store_some((p), (v), left)
#define vec_store_all(p, v) vec_store((p), (v))

VEC_INLINE Vec
act_of(const PinnaAct act, const float slope, const Vec x) {
  switch (act) {
  case PINNA_ACT_RELU:
    return vec_pick(x < 0.0F, VEC_ALL(0.0F), x);
  case PINNA_ACT_LEAKY:
    return vec_pick(x < 0.0F, x * slope, x);
  case PINNA_ACT_SIGMOID:
    return vec_sigmoid(x);
  case PINNA_ACT_TANH:
    return vec_tanh(x);
  case PINNA_ACT_SILU:
    return x * vec_sigmoid(x);
  case PINNA_ACT_GELU:
    return vec_gelu(x);
  default:
    return x;
  }
}

#define ACT_BODY(LOAD, STORE, n) STORE(y + i, act_of(kind, slope, LOAD(x + i)));
#define ACT_CASE(name, value)                                                                      \
  static void act_##name(const float slope, const float* const x, float* const y,                  \
                         const size_t n) {                                                         \
    const PinnaAct kind = (value);                                                                 \
    FOR_VECTORS(n, ACT_BODY)                                                                       \
  }

ACT_CASE(relu, PINNA_ACT_RELU)
ACT_CASE(leaky, PINNA_ACT_LEAKY)
ACT_CASE(sigmoid, PINNA_ACT_SIGMOID)
ACT_CASE(tanh, PINNA_ACT_TANH)
ACT_CASE(silu, PINNA_ACT_SILU)
ACT_CASE(gelu, PINNA_ACT_GELU)

static void
act(const PinnaAct kind, const float slope, const float* const x, float* const y, const size_t n) {
  switch (kind) {
  case PINNA_ACT_RELU:
    act_relu(slope, x, y, n);
    return;
  case PINNA_ACT_LEAKY:
    act_leaky(slope, x, y, n);
    return;
  case PINNA_ACT_SIGMOID:
    act_sigmoid(slope, x, y, n);
    return;
  case PINNA_ACT_TANH:
    act_tanh(slope, x, y, n);
    return;
  case PINNA_ACT_SILU:
    act_silu(slope, x, y, n);
    return;
  case PINNA_ACT_GELU:
    act_gelu(slope, x, y, n);
    return;
  default:
    memmove(y, x, n * sizeof(float));
  }
}

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
    gemm, depthwise, act, gru, lstm, affine, add, mul, moments, centre, add_square, magnitude,     \
        exp_sum                                                                                    \
  }

#endif // PINNA_NN_CPU_KERNELS_TEXT_H
