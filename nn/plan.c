// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/plan.h"

#include "base/grow.h"
#include "base/status.h"
#include "nn/plan_impl.h"
#include "nn/weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Tensors of a plan, and what every operator's call needs

#define MAX_VALUES (1U << 30U)

PinnaPlan*
pinna_plan_new(void) {
  PinnaPlan* const plan = (PinnaPlan*)calloc(1U, sizeof(PinnaPlan));
  if (plan) {
    pinna_plan_add_tensor(plan, PINNA_PLACE_WEIGHTS, NULL, (PinnaShape){0U, 0U, 0U});
  }
  return plan;
}

void
pinna_plan_free(PinnaPlan* const plan) {
  if (!plan) {
    return;
  }
  for (uint32_t i = 0U; i < plan->n_tensors; ++i) {
    free(plan->tensors[i].name);
    free(plan->tensors[i].values);
  }
  for (uint32_t i = 0U; i < plan->n_ops; ++i) {
    free(plan->ops[i].index);
  }
  free(plan->tensors);
  free(plan->ops);
  free(plan);
}

PinnaRef
pinna_plan_fail(PinnaPlan* const plan, const PinnaStatus status, const char* const why) {
  if (!plan->status) {
    plan->status = status;
    pinna_fail(&plan->error, status, "operator %u of the plan: %s", plan->n_ops, why);
  }
  return 0U;
}

void
pinna_plan_take_whole(PinnaPlan* const plan) {
  plan->is_whole = true;
}

void
pinna_plan_keep_weights(PinnaPlan* const plan, const PinnaPrecision precision) {
  if ((unsigned)precision >= PINNA_N_PRECISIONS || plan->is_finished) {
    pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, "a precision of weights");
    return;
  }
  plan->precision = precision;
}

void
pinna_plan_refuse(PinnaPlan* const plan, const char* const why) {
  pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, why);
}

PinnaRef
pinna_plan_add_tensor(PinnaPlan* const plan, const PinnaPlace place, const char* const name,
                      const PinnaShape shape) {
  if (plan->status || plan->is_finished) {
    return pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, "the plan is finished");
  }
  if (!pinna_grow(&plan->tensors, plan->n_tensors, &plan->max_tensors, sizeof(PinnaPlanTensor))) {
    return pinna_plan_fail(plan, PINNA_STATUS_NO_MEM, "out of memory");
  }
  const double count = (double)shape.t * shape.f * shape.c;
  if (plan->n_tensors && (count < 1.0 || count > MAX_VALUES)) {
    return pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, "a tensor is empty or too big");
  }
  char* const copy = name ? strdup(name) : NULL;
  if (name && !copy) {
    return pinna_plan_fail(plan, PINNA_STATUS_NO_MEM, "out of memory");
  }
  const PinnaRef ref = plan->n_tensors++;
  plan->tensors[ref] = (PinnaPlanTensor){.name = copy,
                                         .place = place,
                                         .shape = shape,
                                         .pitch = shape.c,
                                         .count = (size_t)count,
                                         .root = ref,
                                         .first_op = UINT32_MAX};
  return ref;
}

bool
pinna_plan_has(PinnaPlan* const plan, const PinnaRef x) {
  if (!plan->status && x && x < plan->n_tensors && plan->tensors[x].is_taken) {
    return pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, "an input that another call took up");
  }
  return !plan->status &&
         ((x && x < plan->n_tensors && plan->tensors[x].place != PINNA_PLACE_WEIGHTS) ||
          pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, "an input that is no tensor"));
}

bool
pinna_plan_is_weight(PinnaPlan* const plan, const PinnaRef x, const size_t count,
                     const bool may_be_none) {
  const bool is_good = x ? x < plan->n_tensors && plan->tensors[x].place == PINNA_PLACE_WEIGHTS &&
                               plan->tensors[x].count == count
                         : may_be_none;
  return !plan->status &&
         (is_good || pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, "a weight of another size"));
}

PinnaRef
pinna_plan_add_op(PinnaPlan* const plan, const PinnaOp* const op, const PinnaShape out) {
  if (!pinna_grow(&plan->ops, plan->n_ops, &plan->max_ops, sizeof(PinnaOp))) {
    return pinna_plan_fail(plan, PINNA_STATUS_NO_MEM, "out of memory");
  }
  const PinnaRef ref = pinna_plan_add_tensor(plan, PINNA_PLACE_SCRATCH, NULL, out);
  if (ref) {
    plan->ops[plan->n_ops] = *op;
    plan->ops[plan->n_ops++].out = ref;
  }
  return ref;
}

PinnaRef
pinna_plan_input(PinnaPlan* const plan, const char* const name, const PinnaShape shape) {
  const PinnaRef ref = pinna_plan_add_tensor(plan, PINNA_PLACE_IO, name, shape);
  if (ref) {
    plan->tensors[ref].is_input = true;
  }
  return ref;
}

void
pinna_plan_output(PinnaPlan* const plan, const char* const name, const PinnaRef x) {
  if (!pinna_plan_has(plan, x)) {
    return;
  }
  PinnaPlanTensor* const t = &plan->tensors[plan->tensors[x].root];
  if (t->count != plan->tensors[x].count || t->name || t->place != PINNA_PLACE_SCRATCH) {
    pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, "an output must be an operator's own result");
    return;
  }
  t->name = strdup(name);
  t->place = PINNA_PLACE_IO;
  if (!t->name) {
    pinna_plan_fail(plan, PINNA_STATUS_NO_MEM, "out of memory");
  }
}

/// A weight without values yet
static PinnaRef
add_weight(PinnaPlan* const plan, const char* const name, const size_t count) {
  if (!plan->status && (count < 1U || count > MAX_VALUES)) {
    return pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, "a weight is empty or too big");
  }
  const PinnaRef ref =
      pinna_plan_add_tensor(plan, PINNA_PLACE_WEIGHTS, name, (PinnaShape){1U, 1U, (uint32_t)count});
  float* const values = ref ? (float*)malloc(count * sizeof(float)) : NULL;
  if (ref && !values) {
    return pinna_plan_fail(plan, PINNA_STATUS_NO_MEM, "out of memory");
  }
  plan->tensors[ref].values = values;
  return ref;
}

PinnaRef
pinna_plan_weight(PinnaPlan* const plan, const PinnaWeights* const weights, const char* const name,
                  const uint32_t n_dims, const uint64_t* const shape) {
  PinnaTensor tensor;
  if (!pinna_tensor_shape(&tensor, n_dims, shape)) {
    return pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, "a weight is too big");
  }
  const PinnaRef ref = add_weight(plan, name, (size_t)pinna_tensor_count(&tensor));
  if (ref) {
    plan->status =
        pinna_weights_read(weights, name, n_dims, shape, plan->tensors[ref].values, &plan->error);
  }
  return plan->status ? 0U : ref;
}

PinnaRef
pinna_plan_constant(PinnaPlan* const plan, const char* const name, const float* const values,
                    const size_t count) {
  const PinnaRef ref = add_weight(plan, name, count);
  for (size_t i = 0U; ref && i < count; ++i) {
    if (!isfinite(values[i])) {
      return pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, "a weight that is not finite");
    }
    plan->tensors[ref].values[i] = values[i];
  }
  return ref;
}

PinnaShape
pinna_plan_shape(const PinnaPlan* const plan, const PinnaRef x) {
  return x < plan->n_tensors ? plan->tensors[x].shape : (PinnaShape){0U, 0U, 0U};
}

PinnaRef
pinna_plan_add_view(PinnaPlan* const plan, const PinnaRef x, const PinnaShape shape,
                    const uint32_t pitch, const size_t offset) {
  const PinnaRef ref = pinna_plan_add_tensor(plan, plan->tensors[x].place, NULL, shape);
  if (ref) {
    PinnaPlanTensor* const t = &plan->tensors[ref];
    t->pitch = pitch;
    t->root = plan->tensors[x].root;
    t->offset = plan->tensors[x].root == x ? offset : plan->tensors[x].offset + offset;
  }
  return ref;
}

PinnaRef
pinna_plan_channels(PinnaPlan* const plan, const PinnaRef x, const uint32_t first,
                    const uint32_t n) {
  if (!pinna_plan_has(plan, x)) {
    return 0U;
  }
  const PinnaPlanTensor t = plan->tensors[x];
  if (!n || first >= t.shape.c || n > t.shape.c - first) {
    return pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, "a slice beyond the channels");
  }
  return pinna_plan_add_view(plan, x, (PinnaShape){t.shape.t, t.shape.f, n}, t.pitch, first);
}

PinnaRef
pinna_plan_rows(PinnaPlan* const plan, const PinnaRef x, const uint32_t first, const uint32_t n) {
  if (!pinna_plan_has(plan, x)) {
    return 0U;
  }
  const PinnaPlanTensor t = plan->tensors[x];
  if (!n || first >= t.shape.t || n > t.shape.t - first) {
    return pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, "a slice beyond the rows");
  }
  return pinna_plan_add_view(plan, x, (PinnaShape){n, t.shape.f, t.shape.c}, t.pitch,
                             (size_t)first * t.shape.f * t.pitch);
}

PinnaRef
pinna_plan_reshape(PinnaPlan* const plan, const PinnaRef x, const PinnaShape shape) {
  if (!pinna_plan_has(plan, x)) {
    return 0U;
  }
  const PinnaPlanTensor t = plan->tensors[x];
  if (t.pitch != t.shape.c || (double)shape.t * shape.f * shape.c != (double)t.count) {
    return pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, "a new shape of another size");
  }
  return pinna_plan_add_view(plan, x, shape, shape.c, 0U);
}

PinnaPlanFacts
pinna_plan_facts(const PinnaPlan* const plan) {
  return (PinnaPlanFacts){.n_weights = plan->n_floats[PINNA_PLACE_WEIGHTS],
                          .n_state = plan->n_floats[PINNA_PLACE_STATE],
                          .n_io = plan->n_floats[PINNA_PLACE_IO],
                          .n_scratch = plan->n_floats[PINNA_PLACE_SCRATCH],
                          .n_scratch_apart = plan->n_scratch_apart,
                          .n_ops = plan->n_ops,
                          .macs = plan->macs};
}
