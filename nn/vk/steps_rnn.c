// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/vk/steps.h"

#include "base/status.h"
#include "nn/plan_impl.h"
#include "shaders/abi/push.h"

#include <stdlib.h>
#include <string.h>

// Recurrent layers: a product for the inputs of all steps, then one workgroup for each sequence

#define MAX_THREADS 512U

static const float*
values_of(const PinnaVkMaker* const m, const PinnaRef ref) {
  return m->plan->tensors[ref].values;
}

/// Biases that are added in any case: b_ih, and b_hh but for the GRU's n, whose gate comes before
static float*
sum_biases(PinnaVkMaker* const m, const PinnaOp* const op, const uint32_t n_rows) {
  float* const       sum = (float*)calloc(n_rows, sizeof(float));
  const float* const b_ih = op->kind == PINNA_OP_LSTM_NORM ? NULL : values_of(m, op->in[3]);
  const float* const b_hh = op->kind == PINNA_OP_LSTM_NORM ? NULL : values_of(m, op->in[4]);
  const uint32_t     n_hh = op->kind == PINNA_OP_GRU ? 2U * op->n_hidden : n_rows;
  if (!sum) {
    pinna_vk_refuse(m, PINNA_STATUS_NO_MEM, "out of memory");
    return NULL;
  }
  for (uint32_t i = 0U; i < n_rows; ++i) {
    sum[i] = (b_ih ? b_ih[i] : 0.0F) + (b_hh && i < n_hh ? b_hh[i] : 0.0F);
  }
  return sum;
}

/// W_hh as [k][gate][cell], and behind it what the kind needs
static uint32_t
take_weights(PinnaVkMaker* const m, PinnaVkDispatch* const d, const PinnaOp* const op,
             const uint32_t n_gates) {
  const size_t       n = op->n_hidden;
  const size_t       n_w = n * n * n_gates;
  const size_t       n_rest = op->kind == PINNA_OP_GRU ? n : 2U * (n_gates + 1U) * n;
  const float* const w = values_of(m, op->in[2]);
  float*             values = NULL;
  const size_t       first = pinna_vk_take(m, n_w + n_rest, &values);
  for (size_t i = 0U; values && i < n_w; ++i) {
    values[i] = w[i % (n_gates * n) * n + i / (n_gates * n)];
  }
  if (values) {
    pinna_vk_round(m, values, n, n_gates * n, n_gates * n);
  }
  if (values && op->kind == PINNA_OP_GRU && op->in[4]) {
    memcpy(values + n_w, values_of(m, op->in[4]) + 2U * n, n * sizeof(float));
  }
  if (values && op->kind == PINNA_OP_LSTM_NORM) {
    float* to = values + n_w;
    for (int i = 3; i < 7; ++i) {
      const size_t count = i < 5 ? n_gates * n : n;
      memcpy(to, values_of(m, op->in[i]), count * sizeof(float));
      to += count;
    }
  }
  return pinna_vk_bind(m, d, PINNA_BIND_WEIGHTS, PINNA_PLACE_WEIGHTS, first, n_w + n_rest, false);
}

/// Threads: one for each cell if there are so many, several of them for a cell if there are more
static void
set_sizes(PinnaVkMaker* const m, PinnaVkDispatch* const d, const PinnaOp* const op,
          const uint32_t n_gates) {
  const uint32_t most = m->max_threads < MAX_THREADS ? m->max_threads : MAX_THREADS;
  const uint32_t lanes = pinna_vk_power(op->n_hidden, 1U, most);
  uint32_t       parts = 1U; // Of at least eight values
  uint32_t       n_states = 2U;
  while (2U * parts * lanes <= most && 16U * parts <= op->n_hidden) {
    parts *= 2U;
  }
  d->spec[PINNA_SPEC_X] = lanes;
  d->spec[PINNA_SPEC_Y] = parts;
  d->spec[PINNA_SPEC_PARTS] = n_gates * lanes * parts;
  if (op->kind == PINNA_OP_LSTM) {
    n_states = 3U;
  } else if (op->kind == PINNA_OP_LSTM_NORM) {
    n_states = 3U + n_gates;
  }
  d->spec[PINNA_SPEC_STATE] = n_states * op->n_hidden;
  if (d->spec[PINNA_SPEC_STATE] + d->spec[PINNA_SPEC_PARTS] > m->max_shared) {
    pinna_vk_refuse(m, PINNA_STATUS_UNSUPPORTED, "a recurrent layer with too many cells");
  }
}

void
pinna_vk_step_rnn(PinnaVkMaker* const m, const PinnaOp* const op) {
  static const PinnaVkShader shaders[PINNA_N_OPS] = {[PINNA_OP_GRU] = PINNA_VK_GRU,
                                                     [PINNA_OP_LSTM] = PINNA_VK_LSTM,
                                                     [PINNA_OP_LSTM_NORM] = PINNA_VK_LSTM_NORM};
  const PinnaShape           x = m->plan->tensors[op->in[0]].shape;
  const uint32_t             n_gates = op->kind == PINNA_OP_GRU ? 3U : 4U;
  const uint32_t             n_rows = n_gates * op->n_hidden;
  float* const               bias = sum_biases(m, op, n_rows);
  pinna_vk_product_to_work(m, op->in[0], values_of(m, op->in[1]), bias, n_rows);
  free(bias);

  PinnaVkDispatch* const d = pinna_vk_add(m, shaders[op->kind], 1U);
  struct PinnaRnnPush    push = {.n_t = x.t,
                                 .n_f = x.f,
                                 .n_hidden = op->n_hidden,
                                 .is_reverse = op->reverse,
                                 .has_state = op->state[0] != 0U,
                                 .eps = op->eps};
  push.gates =
      pinna_vk_bind(m, d, PINNA_BIND_A, PINNA_PLACE_SCRATCH, m->plan->n_floats[PINNA_PLACE_SCRATCH],
                    (size_t)x.t * x.f * n_rows, false);
  push.y = pinna_vk_bind_tensor(m, d, PINNA_BIND_Y, op->out, true);
  push.w = take_weights(m, d, op, n_gates);
  push.bias = push.w + op->n_hidden * n_rows;
  if (op->state[0]) {
    push.h = pinna_vk_bind_tensor(m, d, PINNA_BIND_STATE, op->state[0], true);
  }
  if (op->state[1]) {
    push.c = pinna_vk_bind_tensor(m, d, PINNA_BIND_STATE, op->state[1], true);
  }
  set_sizes(m, d, op, n_gates);
  d->groups[0] = x.f;
  pinna_vk_push(d, &push, sizeof(push));
}
