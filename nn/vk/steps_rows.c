// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/vk/steps.h"

#include "nn/plan_impl.h"
#include "shaders/abi/push.h"

#include <string.h>

// Operators that go over values or rows once

#define THREADS 64U
#define HISTORY_THREADS 128U
#define MAX_ROWS 32768U ///< Workgroups; behind them rows take turns

static const PinnaPlanTensor*
tensor_of(const PinnaVkMaker* const m, const PinnaRef ref) {
  return &m->plan->tensors[ref];
}

static uint32_t
rows_of(const PinnaPlanTensor* const t) {
  return t->shape.t * t->shape.f;
}

/// A dispatch that makes rows of op->out from rows of `x`, their places still to be pushed
static PinnaVkDispatch*
add_rows(PinnaVkMaker* const m, const PinnaOp* const op, const PinnaVkShader shader,
         struct PinnaRowsPush* const push) {
  const PinnaPlanTensor* const x = tensor_of(m, op->in[0]);
  const PinnaPlanTensor* const y = tensor_of(m, op->out);
  PinnaVkDispatch* const       d = pinna_vk_add(m, shader, THREADS);
  *push = (struct PinnaRowsPush){.n_rows = rows_of(x), .n = y->shape.c, .x_row = x->pitch};
  push->x = pinna_vk_bind_tensor(m, d, PINNA_BIND_A, op->in[0], false);
  push->y = pinna_vk_bind_tensor(m, d, PINNA_BIND_Y, op->out, true);
  pinna_vk_spread(d, (size_t)push->n_rows * push->n);
  return d;
}

void
pinna_vk_step_act(PinnaVkMaker* const m, const PinnaOp* const op) {
  struct PinnaRowsPush   push;
  PinnaVkDispatch* const d = add_rows(m, op, PINNA_VK_ACT, &push);
  d->spec[PINNA_SPEC_ACT] = (uint32_t)op->conv.act;
  push.slope = op->conv.slope;
  pinna_vk_push(d, &push, sizeof(push));
}

void
pinna_vk_step_halves(PinnaVkMaker* const m, const PinnaOp* const op) {
  struct PinnaRowsPush   push;
  PinnaVkDispatch* const d =
      add_rows(m, op, op->kind == PINNA_OP_GLU ? PINNA_VK_GLU : PINNA_VK_MAGNITUDE, &push);
  pinna_vk_push(d, &push, sizeof(push));
}

void
pinna_vk_step_softmax(PinnaVkMaker* const m, const PinnaOp* const op) {
  struct PinnaRowsPush   push;
  PinnaVkDispatch* const d = add_rows(m, op, PINNA_VK_SOFTMAX, &push);
  d->spec[PINNA_SPEC_X] = pinna_vk_power(push.n, 1U, PINNA_NORM_THREADS);
  d->groups[0] = push.n_rows < MAX_ROWS ? push.n_rows : MAX_ROWS;
  pinna_vk_push(d, &push, sizeof(push));
}

/// Weight (`otherwise` where there is none) and bias of n values. @return Where they are bound
static uint32_t
bind_pair(PinnaVkMaker* const m, PinnaVkDispatch* const d, const PinnaOp* const op,
          const size_t n) {
  float*       values = NULL;
  const size_t first = pinna_vk_take(m, 2U * n, &values);
  for (size_t i = 0U; values && i < n; ++i) {
    values[i] = op->in[1] ? tensor_of(m, op->in[1])->values[i] : 1.0F;
    values[n + i] = op->in[2] ? tensor_of(m, op->in[2])->values[i] : 0.0F;
  }
  return pinna_vk_bind(m, d, PINNA_BIND_WEIGHTS, PINNA_PLACE_WEIGHTS, first, 2U * n, false);
}

void
pinna_vk_step_affine(PinnaVkMaker* const m, const PinnaOp* const op) {
  struct PinnaRowsPush   push;
  PinnaVkDispatch* const d = add_rows(m, op, PINNA_VK_AFFINE, &push);
  push.scale = bind_pair(m, d, op, push.n);
  push.shift = push.scale + push.n;
  pinna_vk_push(d, &push, sizeof(push));
}

void
pinna_vk_step_join(PinnaVkMaker* const m, const PinnaOp* const op) {
  size_t first = tensor_of(m, op->out)->offset;
  for (int i = 0; i < 2; ++i) {
    const PinnaPlanTensor* const x = tensor_of(m, op->in[i]);
    const size_t                 count = (size_t)rows_of(x) * x->shape.c;
    PinnaVkDispatch* const       d = pinna_vk_add(m, PINNA_VK_ACT, THREADS);
    struct PinnaRowsPush         push = {.n_rows = rows_of(x), .n = x->shape.c, .x_row = x->pitch};
    push.x = pinna_vk_bind_tensor(m, d, PINNA_BIND_A, op->in[i], false);
    push.y = pinna_vk_bind(m, d, PINNA_BIND_Y, tensor_of(m, op->out)->place, first, count, true);
    pinna_vk_spread(d, count);
    pinna_vk_push(d, &push, sizeof(push));
    first += count;
  }
}

void
pinna_vk_step_norm(PinnaVkMaker* const m, const PinnaOp* const op) {
  const PinnaPlanTensor* const x = tensor_of(m, op->in[0]);
  const uint32_t               c = x->shape.c;
  PinnaVkDispatch* const       d = pinna_vk_add(m, PINNA_VK_NORM, 1U);
  struct PinnaNormPush         push = {.n_sets = rows_of(x),
                                       .n_rows = 1U,
                                       .n = c,
                                       .x_set = x->pitch,
                                       .x_row = x->pitch,
                                       .y_set = c,
                                       .y_row = c,
                                       .eps = op->eps,
                                       .has_weight = op->in[1] || op->in[2]};
  uint32_t                     n_weights = c;
  if (op->norm == PINNA_NORM_FRAME) {
    push.n_sets = x->shape.t;
    push.n = x->shape.f * c;
    push.x_set = push.n;
    push.y_set = push.n;
    n_weights = push.n;
  } else if (op->norm == PINNA_NORM_GROUPS) {
    push.n_sets = op->groups;
    push.n_rows = rows_of(x);
    push.n = c / op->groups;
    push.x_set = push.n;
    push.y_set = push.n;
    push.w_set = push.n;
  }
  push.x = pinna_vk_bind_tensor(m, d, PINNA_BIND_A, op->in[0], false);
  push.y = pinna_vk_bind_tensor(m, d, PINNA_BIND_Y, op->out, true);
  if (push.has_weight) {
    push.weight = bind_pair(m, d, op, n_weights);
    push.bias = push.weight + n_weights;
  }
  d->spec[PINNA_SPEC_X] = pinna_vk_power(push.n_rows * push.n, 1U, PINNA_NORM_THREADS);
  d->groups[0] = push.n_sets < MAX_ROWS ? push.n_sets : MAX_ROWS;
  pinna_vk_push(d, &push, sizeof(push));
}

void
pinna_vk_step_norm_cumulative(PinnaVkMaker* const m, const PinnaOp* const op) {
  const PinnaPlanTensor* const   x = tensor_of(m, op->in[0]);
  PinnaVkDispatch* const         d = pinna_vk_add(m, PINNA_VK_NORM_CUMULATIVE, 1U);
  struct PinnaNormCumulativePush push = {.n_t = x->shape.t,
                                         .n_f = x->shape.f,
                                         .n = x->shape.c,
                                         .x_row = x->pitch,
                                         .eps = op->eps,
                                         .has_weight = op->in[1] || op->in[2]};
  push.x = pinna_vk_bind_tensor(m, d, PINNA_BIND_A, op->in[0], false);
  push.y = pinna_vk_bind_tensor(m, d, PINNA_BIND_Y, op->out, true);
  push.state = pinna_vk_bind_tensor(m, d, PINNA_BIND_STATE, op->state[0], true);
  if (push.has_weight) {
    push.weight = bind_pair(m, d, op, push.n);
    push.bias = push.weight + push.n;
  }
  d->spec[PINNA_SPEC_X] = pinna_vk_power(push.n, 1U, PINNA_NORM_THREADS);
  d->groups[0] = push.n_f;
  pinna_vk_push(d, &push, sizeof(push));
}

void
pinna_vk_step_binary(PinnaVkMaker* const m, const PinnaOp* const op) {
  const PinnaPlanTensor* const a = tensor_of(m, op->in[0]);
  const PinnaPlanTensor* const b = tensor_of(m, op->in[1]);
  PinnaVkDispatch* const       d = pinna_vk_add(m, PINNA_VK_BINARY, THREADS);
  struct PinnaBinaryPush       push = {.n_t = a->shape.t,
                                       .n_f = a->shape.f,
                                       .n_c = a->shape.c,
                                       .a_row = a->pitch,
                                       .b_t = b->shape.t > 1U ? b->shape.f * b->pitch : 0U,
                                       .b_f = b->shape.f > 1U ? b->pitch : 0U};
  push.a = pinna_vk_bind_tensor(m, d, PINNA_BIND_A, op->in[0], false);
  push.b = pinna_vk_bind_tensor(m, d, PINNA_BIND_B, op->in[1], false);
  push.y = pinna_vk_bind_tensor(m, d, PINNA_BIND_Y, op->out, true);
  d->spec[PINNA_SPEC_MUL] = op->kind == PINNA_OP_MUL;
  pinna_vk_spread(d, (size_t)rows_of(a) * a->shape.c);
  pinna_vk_push(d, &push, sizeof(push));
}

void
pinna_vk_step_mean_square(PinnaVkMaker* const m, const PinnaOp* const op) {
  const PinnaPlanTensor* const x = tensor_of(m, op->in[0]);
  PinnaVkDispatch* const       d = pinna_vk_add(m, PINNA_VK_MEAN_SQUARE, THREADS);
  struct PinnaBinaryPush       push = {
            .n_t = x->shape.t, .n_f = x->shape.f, .n_c = x->shape.c, .a_row = x->pitch};
  push.a = pinna_vk_bind_tensor(m, d, PINNA_BIND_A, op->in[0], false);
  push.y = pinna_vk_bind_tensor(m, d, PINNA_BIND_Y, op->out, true);
  pinna_vk_spread(d, (size_t)x->shape.t * x->shape.c);
  pinna_vk_push(d, &push, sizeof(push));
}

void
pinna_vk_step_history(PinnaVkMaker* const m, const PinnaOp* const op) {
  const PinnaPlanTensor* const x = tensor_of(m, op->in[0]);
  PinnaVkDispatch* const       d = pinna_vk_add(m, PINNA_VK_HISTORY, 1U);
  struct PinnaHistoryPush      push = {.n_past = tensor_of(m, op->state[0])->shape.t,
                                       .n_t = x->shape.t,
                                       .n_row = x->shape.f * x->shape.c,
                                       .n_c = x->shape.c,
                                       .x_piece = x->pitch};
  push.x = pinna_vk_bind_tensor(m, d, PINNA_BIND_A, op->in[0], false);
  push.span = pinna_vk_bind_tensor(m, d, PINNA_BIND_B, op->in[op->in[1] ? 1 : 0], false);
  push.rate = op->in[1] ? op->rate : 0U;
  push.delay = op->delay;
  push.y = pinna_vk_bind_tensor(m, d, PINNA_BIND_Y, op->out, true);
  push.state = pinna_vk_bind_tensor(m, d, PINNA_BIND_STATE, op->state[0], true);
  d->spec[PINNA_SPEC_X] = pinna_vk_power(push.n_row, 1U, 32U);
  d->spec[PINNA_SPEC_Y] = HISTORY_THREADS / d->spec[PINNA_SPEC_X];
  d->groups[0] = (push.n_row + d->spec[PINNA_SPEC_X] - 1U) / d->spec[PINNA_SPEC_X];
  pinna_vk_push(d, &push, sizeof(push));
}

/// Distance in memory of value i of a tensor
static int32_t
pitched(const PinnaPlanTensor* const t, const uint32_t i) {
  return (int32_t)(i / t->shape.c * t->pitch + i % t->shape.c);
}

void
pinna_vk_step_gather(PinnaVkMaker* const m, const PinnaOp* const op) {
  const PinnaPlanTensor* const a = tensor_of(m, op->in[0]);
  const PinnaPlanTensor* const b = tensor_of(m, op->in[1]);
  const PinnaPlanTensor* const y = tensor_of(m, op->out);
  PinnaVkDispatch* const       d = pinna_vk_add(m, PINNA_VK_GATHER, THREADS);
  struct PinnaGatherPush       push = {.n = rows_of(y) * y->shape.c,
                                       .n_first = (int32_t)(rows_of(a) * a->pitch)};
  float*                       values = NULL;
  const size_t                 first = pinna_vk_take(m, push.n, &values);
  for (uint32_t i = 0U; values && i < push.n; ++i) {
    const int32_t n_a = (int32_t)(rows_of(a) * a->shape.c);
    const int32_t from = op->index[i];
    const int32_t to = from < 0     ? -1
                       : from < n_a ? pitched(a, (uint32_t)from)
                                    : push.n_first + pitched(b, (uint32_t)(from - n_a));
    memcpy(values + i, &to, sizeof(to));
  }
  push.index = pinna_vk_bind(m, d, PINNA_BIND_WEIGHTS, PINNA_PLACE_WEIGHTS, first, push.n, false);
  push.a = pinna_vk_bind_tensor(m, d, PINNA_BIND_A, op->in[0], false);
  push.b = op->in[1] ? pinna_vk_bind_tensor(m, d, PINNA_BIND_B, op->in[1], false) : 0U;
  push.y = pinna_vk_bind_tensor(m, d, PINNA_BIND_Y, op->out, true);
  pinna_vk_spread(d, push.n);
  pinna_vk_push(d, &push, sizeof(push));
}
