// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_ACT_TEXT_H
#define PINNA_NN_CPU_ACT_TEXT_H

#include "nn/cpu/kernels.h"
#include "nn/cpu/vec.h"

#include <stddef.h>
#include <string.h>

// Activations of rows of values, and the walk through such rows

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
    return VEC_FMA(VEC_MIN(VEC_ALL(0.0F), x), VEC_ALL(slope), VEC_MAX(VEC_ALL(0.0F), x));
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

static inline void
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

#endif // PINNA_NN_CPU_ACT_TEXT_H
