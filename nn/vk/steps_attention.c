// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/vk/steps.h"

#include "base/status.h"
#include "nn/plan_impl.h"
#include "shaders/abi/push.h"

#include <string.h>

// Attention, and the tables of embeddings

#define THREADS 64U

static const PinnaPlanTensor*
tensor_of(const PinnaVkMaker* const m, const PinnaRef ref) {
  return &m->plan->tensors[ref];
}

/// The bias is a tensor, or a weight; binding B of weights would be a binding too many
static uint32_t
bind_bias(PinnaVkMaker* const m, PinnaVkDispatch* const d, const PinnaRef ref) {
  const PinnaPlanTensor* const bias = tensor_of(m, ref);
  float*                       values = NULL;
  if (bias->place != PINNA_PLACE_WEIGHTS) {
    return pinna_vk_bind_tensor(m, d, PINNA_BIND_BIAS, ref, false);
  }
  const size_t first = pinna_vk_take(m, bias->count, &values);
  if (values) {
    memcpy(values, bias->values, bias->count * sizeof(float));
  }
  return pinna_vk_bind(m, d, PINNA_BIND_BIAS, PINNA_PLACE_WEIGHTS, first, bias->count, false);
}

/// Rows of the past that are seen from the next run on: a dispatch of one thread
static void
add_count(PinnaVkMaker* const m, const PinnaOp* const op) {
  PinnaVkDispatch* const d = pinna_vk_add(m, PINNA_VK_COUNT, 1U);
  struct PinnaCountPush  push = {.n_past = op->n_past, .n_new = op->n_new};
  push.state = pinna_vk_bind_tensor(m, d, PINNA_BIND_STATE, op->state[0], true);
  pinna_vk_push(d, &push, sizeof(push));
}

void
pinna_vk_step_attention(PinnaVkMaker* const m, const PinnaOp* const op) {
  const PinnaPlanTensor* const q = tensor_of(m, op->in[0]);
  const PinnaPlanTensor* const k = tensor_of(m, op->in[1]);
  const PinnaPlanTensor* const v = tensor_of(m, op->in[2]);
  PinnaVkDispatch* const       d = pinna_vk_add(m, PINNA_VK_ATTENTION, 1U);
  struct PinnaAttentionPush    push = {.n_f = q->shape.f,
                                       .n_heads = op->groups,
                                       .n_keys = k->shape.t,
                                       .n_q = q->shape.c / op->groups,
                                       .n_v = v->shape.c / op->groups,
                                       .q_row = q->pitch,
                                       .k_row = k->pitch,
                                       .v_row = v->pitch,
                                       .n_past = op->n_past,
                                       .has_bias = op->in[3] != 0U,
                                       .bias_head = op->bias_steps[0],
                                       .bias_query = op->bias_steps[1],
                                       .scale = op->scale};
  push.q = pinna_vk_bind_tensor(m, d, PINNA_BIND_A, op->in[0], false);
  push.k = pinna_vk_bind_tensor(m, d, PINNA_BIND_B, op->in[1], false);
  push.v = pinna_vk_bind_tensor(m, d, PINNA_BIND_WEIGHTS, op->in[2], false);
  push.y = pinna_vk_bind_tensor(m, d, PINNA_BIND_Y, op->out, true);
  if (op->in[3]) {
    push.bias = bind_bias(m, d, op->in[3]);
  }
  if (op->n_past) {
    push.state = pinna_vk_bind_tensor(m, d, PINNA_BIND_STATE, op->state[0], false);
  }
  d->spec[PINNA_SPEC_QUERY] = push.n_q;
  d->spec[PINNA_SPEC_VALUE] = push.n_v;
  if (push.n_q + push.n_v + 2U * PINNA_ATTENTION_THREADS > m->max_shared) {
    pinna_vk_refuse(m, PINNA_STATUS_UNSUPPORTED, "an attention with too many channels");
  }
  d->groups[0] = q->shape.t;
  d->groups[1] = q->shape.f * op->groups;
  pinna_vk_push(d, &push, sizeof(push));
  if (op->n_past) {
    add_count(m, op);
  }
}

void
pinna_vk_step_embedding(PinnaVkMaker* const m, const PinnaOp* const op) {
  const PinnaPlanTensor* const x = tensor_of(m, op->in[0]);
  const PinnaPlanTensor* const table = tensor_of(m, op->in[1]);
  PinnaVkDispatch* const       d = pinna_vk_add(m, PINNA_VK_EMBEDDING, THREADS);
  struct PinnaEmbeddingPush    push = {.n_rows = x->shape.t * x->shape.f,
                                       .n = tensor_of(m, op->out)->shape.c,
                                       .x_row = x->pitch,
                                       .n_table = op->n_table};
  float*                       values = NULL;
  const size_t                 first = pinna_vk_take(m, table->count, &values);
  if (values) {
    memcpy(values, table->values, table->count * sizeof(float));
  }
  push.table =
      pinna_vk_bind(m, d, PINNA_BIND_WEIGHTS, PINNA_PLACE_WEIGHTS, first, table->count, false);
  push.x = pinna_vk_bind_tensor(m, d, PINNA_BIND_A, op->in[0], false);
  push.y = pinna_vk_bind_tensor(m, d, PINNA_BIND_Y, op->out, true);
  pinna_vk_spread(d, (size_t)push.n_rows * push.n);
  pinna_vk_push(d, &push, sizeof(push));
}
