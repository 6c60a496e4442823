// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/runner_impl.h"
#include "nn/cpu/vec.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Steps of transformers and transducers: attention, embedding, layer-normed LSTM

/// Some rows of n values, `pitch` apart, from value `first` on: value i of row r to out[16 i + r]
static void
turn_rows(const float* const x, const uint32_t n_rows, const size_t pitch, const uint32_t first,
          const uint32_t n, float* const out) {
  for (uint32_t i = first; i < n; ++i) {
    for (uint32_t r = 0U; r < n_rows; ++r) {
      out[(size_t)i * PINNA_PANEL + r] = x[r * pitch + i];
    }
  }
}

/// Rows of n values, `pitch` apart: as panels of a product's rows
static void
pack_rows(const float* const x, const uint32_t n_rows, const size_t pitch, const uint32_t n,
          float* out) {
  for (uint32_t first = 0U; first < n_rows; first += PINNA_PANEL, out += (size_t)n * PINNA_PANEL) {
    const uint32_t left = n_rows - first;
    const uint32_t n_here = left < PINNA_PANEL ? left : PINNA_PANEL;
    uint32_t       r = 0U;
    if (n_here < PINNA_PANEL) {
      memset(out, 0, (size_t)n * PINNA_PANEL * sizeof(float));
    }
    for (; r + 4U <= n_here; r += 4U) {
      const float* const row = x + (first + r) * pitch;
      const float* const rows[] = {row, row + pitch, row + 2U * pitch, row + 3U * pitch};
      for (uint32_t i = 0U; i + 4U <= n; i += 4U) {
        vec_turn(rows, i, out + (size_t)i * PINNA_PANEL + r, PINNA_PANEL);
      }
      turn_rows(row, 4U, pitch, n / 4U * 4U, n, out + r);
    }
    turn_rows(x + (first + r) * pitch, n_here - r, pitch, 0U, n, out + r);
  }
}

/// The same of columns: value i of row r is x[i pitch + r]
static void
pack_columns(const float* const x, const uint32_t n_rows, const size_t pitch, const uint32_t n,
             float* out) {
  for (uint32_t first = 0U; first < n_rows; first += PINNA_PANEL) {
    const uint32_t left = n_rows - first;
    const uint32_t n_here = left < PINNA_PANEL ? left : PINNA_PANEL;
    for (uint32_t i = 0U; i < n; ++i, out += PINNA_PANEL) {
      memset(out, 0, PINNA_PANEL * sizeof(float));
      memcpy(out, x + i * pitch + first, n_here * sizeof(float));
    }
  }
}

/// Softmax of rows of n scores, in place
static void
softmax(const PinnaCpuKernels* const k, float* y, const uint32_t n_rows, const uint32_t n,
        const float* bias, const uint32_t bias_step) {
  for (uint32_t r = 0U; r < n_rows; ++r, y += n) {
    if (bias) {
      k->add(y, bias + (size_t)r * bias_step, y, n);
    }
    k->centre(y, 0.0F, 1.0F / k->exp_sum(y, vec_top(y, n), y, n), y, n);
  }
}

static uint32_t
whole_panels(const uint32_t n_rows) {
  return (n_rows + PINNA_PANEL - 1U) / PINNA_PANEL * PINNA_PANEL;
}

/// Rows of the past that nothing has filled yet; counts what this run adds
static uint32_t
count_unseen(const PinnaStep* const s) {
  if (!s->n_past) {
    return 0U;
  }
  const float seen = *s->state[0];
  const float next = seen + (float)s->n_new;
  *s->state[0] = next < (float)s->n_past ? next : (float)s->n_past;
  return s->n_past - (uint32_t)seen;
}

void
pinna_step_attention(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  static const int32_t no_tap[1] = {0};
  const uint32_t       unseen = count_unseen(s);
  const uint32_t       n_keys = s->shape_b.t - unseen;
  const uint32_t       n_q = s->shape.c / s->groups;
  const uint32_t       n_v = s->shape_out.c / s->groups;
  float* const         keys = s->work + whole_panels(s->shape_b.t > n_v ? s->shape_b.t : n_v);
  float* const         values = keys + (size_t)whole_panels(s->shape_b.t) * n_q;
  float* const         scores = values + (size_t)whole_panels(n_v) * s->shape_b.t;
  const size_t         k_row = (size_t)s->shape.f * s->pitch_b;
  const size_t         v_row = (size_t)s->shape.f * s->pitch_c;
  PinnaGemm            look = {.w = keys,
                               .bias = s->work, // All 0
                               .taps = no_tap,
                               .n_rows = n_keys,
                               .n_taps = 1U,
                               .k_tap = n_q,
                               .n_columns = s->shape.t,
                               .n_outer = 1U,
                               .x_column = (size_t)s->shape.f * s->pitch,
                               .y_column = n_keys};
  PinnaGemm            sum = look;
  sum.w = values;
  sum.n_rows = n_v;
  sum.k_tap = n_keys;
  sum.x_column = n_keys;
  sum.y_column = (size_t)s->shape.f * s->shape_out.c;
  memset(s->work, 0, (size_t)(keys - s->work) * sizeof(float));
  for (uint32_t i = 0U; i < s->shape.f * s->groups; ++i) {
    const uint32_t f = i / s->groups;
    const uint32_t head = i % s->groups;
    const float*   bias = s->bias ? s->bias + (size_t)head * s->bias_steps[0] + unseen : NULL;
    pack_rows(s->in[1] + unseen * k_row + (size_t)f * s->pitch_b + (size_t)head * n_q, n_keys,
              k_row, n_q, keys);
    k->centre(keys, 0.0F, s->slope, keys, (size_t)whole_panels(n_keys) * n_q);
    pack_columns(s->in[2] + unseen * v_row + (size_t)f * s->pitch_c + (size_t)head * n_v, n_v,
                 v_row, n_keys, values);
    k->gemm(&look, s->in[0] + (size_t)f * s->pitch + (size_t)head * n_q, scores);
    softmax(k, scores, s->shape.t, n_keys, bias, s->bias_steps[1]);
    k->gemm(&sum, scores, s->out + (size_t)f * s->shape_out.c + (size_t)head * n_v);
  }
}

void
pinna_step_set_attention(PinnaRunnerMaker* const m, PinnaStep* const s, const PinnaOp* const op) {
  const PinnaPlanTensor* const v = &m->plan->tensors[op->in[2]];
  const PinnaPlanTensor* const bias = &m->plan->tensors[op->in[3]];
  const uint32_t               n_keys = s->shape_b.t;
  const uint32_t               n_v = s->shape_out.c / s->groups;
  s->pitch_c = v->pitch;
  s->slope = op->scale;
  s->n_past = op->n_past;
  s->n_new = op->n_new;
  memcpy(s->bias_steps, op->bias_steps, sizeof(s->bias_steps));
  m->n_work = whole_panels(n_keys > n_v ? n_keys : n_v) +
              (size_t)whole_panels(n_keys) * (s->shape.c / s->groups) +
              (size_t)whole_panels(n_v) * n_keys + (size_t)s->shape.t * n_keys;
  if (op->in[3]) {
    s->bias = bias->place == PINNA_PLACE_WEIGHTS
                  ? pinna_maker_take_values(m, op->in[3], bias->count, 0.0F)
                  : pinna_maker_address(m, op->in[3]);
  }
}

void
pinna_step_embedding(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  const size_t n = s->shape_out.c;
  (void)k;
  for (size_t r = 0U; r < (size_t)s->shape.t * s->shape.f; ++r) {
    const float x = s->in[0][r * s->pitch];
    const float last = (float)(s->n_table - 1U);
    const float row = x >= 0.0F ? x < last ? x : last : 0.0F; // NaN, too
    memcpy(s->out + r * n, s->weight + (size_t)row * n, n * sizeof(float));
  }
}

/// y = layer norm of n values, in place
static void
norm(const PinnaStep* const s, const PinnaCpuKernels* const k, float* const y, const float* weight,
     const size_t n) {
  float sums[2];
  k->moments(y, 0.0F, n, sums);
  const float mean = sums[0] / (float)n;
  k->moments(y, mean, n, sums);
  const float rest = sums[0] / (float)n;
  const float gain = 1.0F / sqrtf(fmaxf(sums[1] / (float)n - rest * rest, 0.0F) + s->eps);
  k->centre(y, mean, gain, y, n);
  k->affine(y, weight, weight + n, y, n);
}

/// A step of one sequence: gates of x (overwritten) and of h, then h, c and the output
static void
step_cells(const PinnaStep* const s, const PinnaCpuKernels* const k, float* const g,
           const float* const gh, float* const h, float* const c, float* const out) {
  const size_t n = s->n_hidden;
  k->add(g, gh, g, 4U * n);
  norm(s, k, g, s->weight, 4U * n);
  k->act(PINNA_ACT_SIGMOID, 0.0F, g, g, 2U * n);
  k->act(PINNA_ACT_TANH, 0.0F, g + 2U * n, g + 2U * n, n);
  k->act(PINNA_ACT_SIGMOID, 0.0F, g + 3U * n, g + 3U * n, n);
  k->mul(g + n, c, c, n);
  k->mul(g, g + 2U * n, g, n);
  k->add(c, g, c, n);
  norm(s, k, c, s->bias, n);
  k->act(PINNA_ACT_TANH, 0.0F, c, h, n);
  k->mul(h, g + 3U * n, h, n);
  memcpy(out, h, n * sizeof(float));
}

void
pinna_step_lstm_norm(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  const size_t h = s->n_hidden;
  const size_t n_cells = s->shape.f * h;
  float* const gx = s->work;
  float* const gh = gx + s->shape.t * 4U * n_cells;
  float* const state = pinna_step_state(s, 0, gh + 4U * n_cells);
  float* const cell = pinna_step_state(s, 1, gh + 5U * n_cells);
  k->gemm(&s->gemms[0], s->in[0], gx);
  for (uint32_t i = 0U; i < s->shape.t; ++i) {
    const uint32_t t = s->reverse ? s->shape.t - 1U - i : i;
    k->gemm(&s->gemms[1], state, gh);
    for (uint32_t f = 0U; f < s->shape.f; ++f) {
      const size_t row = (size_t)t * s->shape.f + f;
      step_cells(s, k, gx + row * 4U * h, gh + f * 4U * h, state + f * h, cell + f * h,
                 s->out + row * h);
    }
  }
}

void
pinna_step_glu(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  const size_t n = s->shape_out.c;
  for (size_t r = 0U; r < (size_t)s->shape.t * s->shape.f; ++r) {
    const float* const x = s->in[0] + r * s->pitch;
    k->act(PINNA_ACT_SIGMOID, 0.0F, x + n, s->out + r * n, n);
    k->mul(x, s->out + r * n, s->out + r * n, n);
  }
}
