// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/runner_impl.h"
#include "nn/cpu/vec.h"

#include <string.h>

// Steps of every kind but the products

static size_t
rows_of(const PinnaStep* const s) {
  return (size_t)s->shape.t * s->shape.f;
}

static void
run_act(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  for (size_t r = 0U; r < rows_of(s); ++r) {
    k->act(s->act, s->slope, s->in[0] + r * s->pitch, s->out + r * s->shape.c, s->shape.c);
  }
}

static void
run_affine(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  for (size_t r = 0U; r < rows_of(s); ++r) {
    k->affine(s->in[0] + r * s->pitch, s->weight, s->bias, s->out + r * s->shape.c, s->shape.c);
  }
}

static void
run_softmax(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  const size_t n = s->shape.c;
  for (size_t r = 0U; r < rows_of(s); ++r) {
    const float* const x = s->in[0] + r * s->pitch;
    float* const       y = s->out + r * n;
    const float        sum = k->exp_sum(x, vec_top(x, n), y, n);
    k->centre(y, 0.0F, 1.0F / sum, y, n);
  }
}

static void
run_binary(const PinnaStep* const s,
           void (*const func)(const float*, const float*, float*, size_t)) {
  const size_t n = s->shape.c;
  for (uint32_t t = 0U; t < s->shape.t; ++t) {
    for (uint32_t f = 0U; f < s->shape.f; ++f) {
      const size_t row = (size_t)t * s->shape.f + f;
      const size_t row_b =
          (s->shape_b.t > 1U ? (size_t)t * s->shape_b.f : 0U) + (s->shape_b.f > 1U ? f : 0U);
      func(s->in[0] + row * s->pitch, s->in[1] + row_b * s->pitch_b, s->out + row * n, n);
    }
  }
}

static void
run_add(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  run_binary(s, k->add);
}

static void
run_mul(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  run_binary(s, k->mul);
}

static void
run_mean_square(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  const size_t n = s->shape.c;
  for (uint32_t t = 0U; t < s->shape.t; ++t) {
    float* const y = s->out + t * n;
    memset(y, 0, n * sizeof(float));
    for (uint32_t f = 0U; f < s->shape.f; ++f) {
      k->add_square(s->in[0] + ((size_t)t * s->shape.f + f) * s->pitch, y, n);
    }
    k->centre(y, 0.0F, 1.0F / (float)s->shape.f, y, n);
  }
}

static void
run_magnitude(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  const size_t n = s->shape_out.c;
  for (size_t r = 0U; r < rows_of(s); ++r) {
    const float* const x = s->in[0] + r * s->pitch;
    k->magnitude(x, x + n, s->out + r * n, n);
  }
}

/// Rows of x without the gaps between them. @return Behind them
static float*
copy_rows(const float* const x, const PinnaShape shape, const uint32_t pitch, float* const y) {
  const size_t n_rows = (size_t)shape.t * shape.f;
  if (pitch == shape.c) {
    memcpy(y, x, n_rows * shape.c * sizeof(float));
  } else {
    for (size_t r = 0U; r < n_rows; ++r) {
      memcpy(y + r * shape.c, x + r * pitch, shape.c * sizeof(float));
    }
  }
  return y + n_rows * shape.c;
}

static void
run_join(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  (void)k;
  copy_rows(s->in[1], s->shape_b, s->pitch_b, copy_rows(s->in[0], s->shape, s->pitch, s->out));
}

/// 0 in place of the new rows [shape.t] that are outside their stream's span
static void
silence_outside(const PinnaStep* const s, float* const rows, const size_t n_row) {
  const float span[] = {s->in[1][0] * (float)s->rate, s->in[1][1] * (float)s->rate};
  const float first = -(float)s->delay;
  const float last = first + (float)s->shape.t;
  for (uint32_t t = 0U; (span[0] > first || span[1] < last) && t < s->shape.t; ++t) {
    const float at = first + (float)t;
    if (at < span[0] || at >= span[1]) {
      memset(rows + t * n_row, 0, n_row * sizeof(float));
    }
  }
}

static void
run_history(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  const size_t n_row = (size_t)s->shape.f * s->shape.c;
  const size_t n_rows = s->shape_out.t - s->shape.t;
  (void)k;
  memcpy(s->out, s->state[0], n_rows * n_row * sizeof(float));
  copy_rows(s->in[0], s->shape, s->pitch, s->out + n_rows * n_row);
  if (s->in[1]) {
    silence_outside(s, s->out + n_rows * n_row, n_row);
  }
  memcpy(s->state[0], s->out + s->shape.t * n_row, n_rows * n_row * sizeof(float));
}

static void
run_gather(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  const size_t n = (size_t)s->shape_out.t * s->shape_out.f * s->shape_out.c;
  float*       y = s->out;
  (void)k;
  for (uint32_t i = 0U; i < s->n_runs; ++i) {
    const int32_t at = s->index[2U * i];
    const size_t  length = (size_t)s->index[2U * i + 1U];
    if (at < 0) {
      memset(y, 0, length * sizeof(float));
    } else {
      memcpy(y, at < s->n_first ? s->in[0] + at : s->in[1] + (at - s->n_first),
             length * sizeof(float));
    }
    y += length;
  }
  for (size_t i = 0U; !s->n_runs && i < n; ++i) {
    const int32_t at = s->index[i];
    s->out[i] = at < 0 ? 0.0F : at < s->n_first ? s->in[0][at] : s->in[1][at - s->n_first];
  }
}

const PinnaStepFunc pinna_step_funcs[PINNA_N_OPS] = {
    [PINNA_OP_CONV] = pinna_step_conv,
    [PINNA_OP_CONV_TRANSPOSE] = pinna_step_conv_transpose,
    [PINNA_OP_GRU] = pinna_step_gru,
    [PINNA_OP_LSTM] = pinna_step_lstm,
    [PINNA_OP_NORM] = pinna_step_norm,
    [PINNA_OP_NORM_CUMULATIVE] = pinna_step_norm_cumulative,
    [PINNA_OP_ACT] = run_act,
    [PINNA_OP_SOFTMAX] = run_softmax,
    [PINNA_OP_ADD] = run_add,
    [PINNA_OP_MUL] = run_mul,
    [PINNA_OP_MEAN_SQUARE] = run_mean_square,
    [PINNA_OP_MAGNITUDE] = run_magnitude,
    [PINNA_OP_HISTORY] = run_history,
    [PINNA_OP_GATHER] = run_gather,
    [PINNA_OP_AFFINE] = run_affine,
    [PINNA_OP_LSTM_NORM] = pinna_step_lstm_norm,
    [PINNA_OP_ATTENTION] = pinna_step_attention,
    [PINNA_OP_EMBEDDING] = pinna_step_embedding,
    [PINNA_OP_GLU] = pinna_step_glu,
    [PINNA_OP_JOIN] = run_join,
};
