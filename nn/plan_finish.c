// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/plan.h"

#include "base/status.h"
#include "nn/plan_impl.h"

#include <stdbool.h>
#include <stdlib.h>

// The planner: when a tensor is alive, and where it lies

static size_t
aligned(const size_t n) {
  return (n + PINNA_PLAN_ALIGN - 1U) / PINNA_PLAN_ALIGN * PINNA_PLAN_ALIGN;
}

static void
touch(PinnaPlan* const plan, const PinnaRef x, const uint32_t op) {
  PinnaPlanTensor* const root = &plan->tensors[plan->tensors[x].root];
  root->first_op = op < root->first_op ? op : root->first_op;
  root->last_op = op > root->last_op ? op : root->last_op;
}

/// Readers of a tensor by any of its names; what can be read after the run counts as two
static uint32_t
count_readers(const PinnaPlan* const plan, const PinnaRef x) {
  uint32_t n = plan->tensors[x].place == PINNA_PLACE_SCRATCH ? 0U : 2U;
  for (uint32_t i = 0U; i < plan->n_ops; ++i) {
    for (uint32_t k = 0U; k < PINNA_OP_MAX_IN; ++k) {
      n += plan->ops[i].in[k] && plan->tensors[plan->ops[i].in[k]].root == x;
    }
  }
  return n;
}

bool
pinna_plan_is_pair(const PinnaPlan* const plan, const uint32_t i) {
  const PinnaOp* const a = &plan->ops[i];
  const PinnaOp* const b = a + 1;
  if (i + 1U >= plan->n_ops || count_readers(plan, a->out) != 1U) {
    return false;
  }
  const PinnaPlanTensor* const out = &plan->tensors[a->out];
  const PinnaPlanTensor* const x = &plan->tensors[b->in[0]];
  const PinnaPlanTensor* const y = &plan->tensors[b->in[1]];
  if (a->kind == PINNA_OP_CONV && b->kind == PINNA_OP_ADD && a->conv.act == PINNA_ACT_NONE) {
    // The convolution's own rows are the second of equal ones
    return y->root == a->out && y->count == out->count && x->count == y->count &&
           x->shape.t == y->shape.t && x->shape.f == y->shape.f;
  }
  return a->kind == PINNA_OP_NORM && a->norm == PINNA_NORM_GROUPS && b->kind == PINNA_OP_ACT &&
         x->root == a->out && x->count == out->count;
}

uint32_t
pinna_plan_rows_before(const PinnaPlan* const plan, const PinnaOp* const op) {
  const PinnaPlanTensor* const x = &plan->tensors[op->in[0]];
  const PinnaShape             out = plan->tensors[op->out].shape;
  const size_t                 n_all = (size_t)out.t * out.f * out.c;
  size_t                       n_before = 0U;
  if (op->kind != PINNA_OP_GATHER || op->in[1] || out.f != 1U || x->shape.f != 1U ||
      out.c != x->shape.c || out.t < x->shape.t) {
    return UINT32_MAX;
  }
  while (n_before < n_all && op->index[n_before] < 0) {
    ++n_before;
  }
  const size_t n_x = (size_t)x->shape.t * x->shape.c;
  bool         is_good = n_before % out.c == 0U && n_before + n_x <= n_all;
  for (size_t i = n_before; is_good && i < n_all; ++i) {
    const int32_t wanted = i - n_before < n_x ? (int32_t)(i - n_before) : -1;
    is_good = op->index[i] == wanted;
  }
  return is_good ? (uint32_t)(n_before / out.c) : UINT32_MAX;
}

bool
pinna_plan_is_normed(const PinnaPlan* const plan, const uint32_t i, uint32_t* const before) {
  const PinnaOp* const a = &plan->ops[i];
  const PinnaOp* const b = a + 1;
  const PinnaOp* const c = a + 2;
  if (i + 2U >= plan->n_ops || a->kind != PINNA_OP_NORM || a->norm != PINNA_NORM_GROUPS ||
      c->kind != PINNA_OP_CONV) {
    return false;
  }
  const uint32_t n = plan->tensors[a->out].shape.c;
  if (c->conv.groups != n || c->conv.n_out != n || n == 1U || c->conv.kernel[1] != 1U ||
      c->conv.stride[0] != 1U || plan->tensors[b->in[0]].root != a->out ||
      plan->tensors[b->in[0]].count != plan->tensors[a->out].count ||
      plan->tensors[b->in[0]].shape.c != n || plan->tensors[c->in[0]].root != b->out ||
      plan->tensors[c->in[0]].count != plan->tensors[b->out].count ||
      plan->tensors[c->in[0]].shape.c != n || count_readers(plan, a->out) != 1U ||
      count_readers(plan, b->out) != 1U) {
    return false;
  }
  *before = pinna_plan_rows_before(plan, b);
  return *before != UINT32_MAX;
}

static void
find_lifetimes(PinnaPlan* const plan) {
  for (uint32_t i = 0U; i < plan->n_ops; ++i) {
    uint32_t       before = 0U;
    const uint32_t last = pinna_plan_is_pair(plan, i)              ? i + 1U
                          : pinna_plan_is_normed(plan, i, &before) ? i + 2U
                                                                   : i;
    touch(plan, plan->ops[i].out, i);
    for (uint32_t k = 0U; k < PINNA_OP_MAX_IN; ++k) {
      if (plan->ops[i].in[k]) {
        touch(plan, plan->ops[i].in[k], last);
      }
    }
  }
}

static bool
is_placed_scratch(const PinnaPlanTensor* const t, const PinnaRef ref) {
  return t->place == PINNA_PLACE_SCRATCH && t->root == ref;
}

/// The lowest place where `t` meets nobody of `placed` who lives when it lives
static size_t
lowest_place(const PinnaPlan* const plan, const PinnaRef* const placed, const uint32_t n_placed,
             const PinnaPlanTensor* const t) {
  size_t offset = 0U;
  for (bool is_free = false; !is_free;) {
    is_free = true;
    for (uint32_t i = 0U; i < n_placed; ++i) {
      const PinnaPlanTensor* const o = &plan->tensors[placed[i]];
      const bool   is_alive = o->first_op <= t->last_op && t->first_op <= o->last_op;
      const size_t end = o->offset + aligned(o->count);
      if (is_alive && o->offset < offset + aligned(t->count) && offset < end) {
        offset = end;
        is_free = false;
      }
    }
  }
  return offset;
}

/// Greatest first, each as low as it can lie
static PinnaStatus
place_scratch(PinnaPlan* const plan) {
  PinnaRef* const order = (PinnaRef*)malloc(plan->n_tensors * sizeof(PinnaRef));
  uint32_t        n = 0U;
  if (!order) {
    return PINNA_STATUS_NO_MEM;
  }
  for (PinnaRef i = 1U; i < plan->n_tensors; ++i) {
    if (is_placed_scratch(&plan->tensors[i], i)) {
      order[n++] = i;
    }
  }
  // Insertion, so that equal sizes keep their order and no state is shared
  for (uint32_t i = 1U; i < n; ++i) {
    const PinnaRef ref = order[i];
    uint32_t       k = i;
    for (; k && plan->tensors[order[k - 1U]].count < plan->tensors[ref].count; --k) {
      order[k] = order[k - 1U];
    }
    order[k] = ref;
  }

  size_t* const total = &plan->n_floats[PINNA_PLACE_SCRATCH];
  for (uint32_t i = 0U; i < n; ++i) {
    PinnaPlanTensor* const t = &plan->tensors[order[i]];
    t->offset = lowest_place(plan, order, i, t);
    const size_t end = t->offset + aligned(t->count);
    *total = end > *total ? end : *total;
    plan->n_scratch_apart += aligned(t->count);
  }
  free(order);
  return PINNA_STATUS_OK;
}

static void
place_others(PinnaPlan* const plan) {
  for (PinnaRef i = 1U; i < plan->n_tensors; ++i) {
    PinnaPlanTensor* const t = &plan->tensors[i];
    if (t->place != PINNA_PLACE_SCRATCH && t->root == i) {
      t->offset = plan->n_floats[t->place];
      plan->n_floats[t->place] += aligned(t->count);
    }
  }
}

/// A view lies where its root lies
static void
place_views(PinnaPlan* const plan) {
  for (PinnaRef i = 1U; i < plan->n_tensors; ++i) {
    PinnaPlanTensor* const       t = &plan->tensors[i];
    const PinnaPlanTensor* const root = &plan->tensors[t->root];
    if (t->root != i) {
      t->place = root->place;
      t->offset += root->offset;
    }
  }
}

static double
count_macs(const PinnaPlan* const plan, const PinnaOp* const op) {
  const PinnaPlanTensor* const w = &plan->tensors[op->in[1]];
  const PinnaShape             x = plan->tensors[op->in[0]].shape;
  const PinnaShape             y = plan->tensors[op->out].shape;
  switch (op->kind) {
  case PINNA_OP_CONV:
    return (double)w->count * y.t * y.f;
  case PINNA_OP_CONV_TRANSPOSE:
    return (double)w->count * x.t * x.f;
  case PINNA_OP_GRU:
  case PINNA_OP_LSTM:
  case PINNA_OP_LSTM_NORM:
    return ((double)w->count + (double)plan->tensors[op->in[2]].count) * x.t * x.f;
  case PINNA_OP_ATTENTION:
    return (double)(x.c + y.c) * x.t * x.f * w->shape.t;
  default:
    return 0.0;
  }
}

PinnaStatus
pinna_plan_finish(PinnaPlan* const plan, PinnaError* const error) {
  if (!plan->status && !plan->n_ops) {
    pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, "there is none");
  }
  if (plan->status) {
    return pinna_fail(error, plan->status, "%s", plan->error.text);
  }
  if (plan->is_finished) {
    return PINNA_STATUS_OK;
  }
  find_lifetimes(plan);
  place_others(plan);
  if (place_scratch(plan)) {
    pinna_plan_fail(plan, PINNA_STATUS_NO_MEM, "out of memory");
    return pinna_fail(error, plan->status, "%s", plan->error.text);
  }
  place_views(plan);
  for (uint32_t i = 0U; i < plan->n_ops; ++i) {
    plan->macs += count_macs(plan, &plan->ops[i]);
  }
  plan->is_finished = true;
  return PINNA_STATUS_OK;
}

static const char* const op_names[PINNA_N_OPS] = {
    [PINNA_OP_CONV] = "conv",
    [PINNA_OP_CONV_TRANSPOSE] = "conv_transpose",
    [PINNA_OP_GRU] = "gru",
    [PINNA_OP_LSTM] = "lstm",
    [PINNA_OP_NORM] = "norm",
    [PINNA_OP_ACT] = "act",
    [PINNA_OP_SOFTMAX] = "softmax",
    [PINNA_OP_ADD] = "add",
    [PINNA_OP_MUL] = "mul",
    [PINNA_OP_MEAN_SQUARE] = "mean_square",
    [PINNA_OP_MAGNITUDE] = "magnitude",
    [PINNA_OP_HISTORY] = "history",
    [PINNA_OP_GATHER] = "gather",
    [PINNA_OP_AFFINE] = "affine",
    [PINNA_OP_LSTM_NORM] = "lstm_norm",
    [PINNA_OP_ATTENTION] = "attention",
    [PINNA_OP_EMBEDDING] = "embedding",
    [PINNA_OP_GLU] = "glu",
    [PINNA_OP_JOIN] = "join",
    [PINNA_OP_NORM_CUMULATIVE] = "norm_cumulative",
};

PinnaPlanOpFacts
pinna_plan_op_facts(const PinnaPlan* const plan, const size_t i) {
  PinnaPlanOpFacts facts = {0};
  if (plan->is_finished && i < plan->n_ops) {
    const PinnaOp* const op = &plan->ops[i];
    facts = (PinnaPlanOpFacts){op_names[op->kind], plan->tensors[op->in[0]].shape,
                               plan->tensors[op->out].shape, count_macs(plan, op)};
  }
  return facts;
}
