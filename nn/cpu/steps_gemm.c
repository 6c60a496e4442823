// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/runner_impl.h"

#include <string.h>

// Steps made of products: convolutions and recurrent layers

static size_t
count_of(const PinnaShape s) {
  return (size_t)s.t * s.f * s.c;
}

void
pinna_step_conv(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  for (uint32_t i = 0U; i < s->n_gemms; ++i) {
    (s->is_depthwise ? k->depthwise : k->gemm)(&s->gemms[i], s->in[0], s->out);
  }
  if (s->act != PINNA_ACT_NONE) {
    k->act(s->act, s->slope, s->out, s->out, count_of(s->shape_out));
  }
  for (size_t r = 0U; s->plus && r < (size_t)s->shape_out.t * s->shape_out.f; ++r) {
    float* const y = s->out + r * s->shape_out.c;
    k->add(y, s->plus + r * s->plus_pitch, y, s->shape_out.c);
  }
}

void
pinna_step_conv_transpose(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  const uint32_t n_f = s->shape.f + 2U * s->margin[1];
  const size_t   n_row = (size_t)n_f * s->shape.c;
  memset(s->work, 0, (s->shape.t + 2U * s->margin[0]) * n_row * sizeof(float));
  for (uint32_t t = 0U; t < s->shape.t; ++t) {
    for (uint32_t f = 0U; f < s->shape.f; ++f) {
      memcpy(s->work + (t + s->margin[0]) * n_row + (size_t)(f + s->margin[1]) * s->shape.c,
             s->in[0] + ((size_t)t * s->shape.f + f) * s->pitch, s->shape.c * sizeof(float));
    }
  }
  for (uint32_t i = 0U; i < s->n_gemms; ++i) {
    k->gemm(&s->gemms[i], s->work, s->out);
  }
  if (s->act != PINNA_ACT_NONE) {
    k->act(s->act, s->slope, s->out, s->out, count_of(s->shape_out));
  }
}

float*
pinna_step_state(const PinnaStep* const s, const int i, float* const otherwise) {
  if (s->state[i]) {
    return s->state[i];
  }
  memset(otherwise, 0, (size_t)s->shape.f * s->n_hidden * sizeof(float));
  return otherwise;
}

void
pinna_step_gru(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  const size_t h = s->n_hidden;
  const size_t n_cells = s->shape.f * h;
  float* const gx = s->work;
  float* const gh = gx + s->shape.t * 3U * n_cells;
  float* const state = pinna_step_state(s, 0, gh + 3U * n_cells);
  k->gemm(&s->gemms[0], s->in[0], gx);
  for (uint32_t i = 0U; i < s->shape.t; ++i) {
    const uint32_t t = s->reverse ? s->shape.t - 1U - i : i;
    k->gemm(&s->gemms[1], state, gh);
    for (uint32_t f = 0U; f < s->shape.f; ++f) {
      k->gru(gx + ((size_t)t * s->shape.f + f) * 3U * h, gh + f * 3U * h, state + f * h,
             s->out + ((size_t)t * s->shape.f + f) * h, h);
    }
  }
}

void
pinna_step_lstm(const PinnaStep* const s, const PinnaCpuKernels* const k) {
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
      k->lstm(gx + ((size_t)t * s->shape.f + f) * 4U * h, gh + f * 4U * h, state + f * h,
              cell + f * h, s->out + ((size_t)t * s->shape.f + f) * h, h);
    }
  }
}
