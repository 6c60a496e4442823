// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/plan.h"

#include "base/status.h"
#include "nn/plan_impl.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Operators that become a part of the convolution before them

/// The convolution that has just made x and does nothing behind it yet, or NULL
static PinnaOp*
last_conv(PinnaPlan* const plan, const PinnaRef x) {
  PinnaOp* const op = plan->n_ops ? &plan->ops[plan->n_ops - 1U] : NULL;
  return op && (op->kind == PINNA_OP_CONV || op->kind == PINNA_OP_CONV_TRANSPOSE) &&
                 op->out == plan->tensors[x].root && op->conv.act == PINNA_ACT_NONE &&
                 plan->tensors[x].count == plan->tensors[op->out].count &&
                 plan->tensors[x].place == PINNA_PLACE_SCRATCH
             ? op
             : NULL;
}

/// Another number for the same values; the old one is not good any more
static PinnaRef
take_up(PinnaPlan* const plan, const PinnaRef x) {
  const PinnaPlanTensor t = plan->tensors[x];
  const PinnaRef        ref = pinna_plan_add_view(plan, x, t.shape, t.pitch, 0U);
  plan->tensors[x].is_taken = ref != 0U;
  return ref;
}

/// Output channel of value i of a convolution's weights
static size_t
channel_of(const PinnaPlan* const plan, const PinnaOp* const op, const size_t i) {
  const size_t n_out = op->conv.n_out;
  const size_t n_weights = plan->tensors[op->in[1]].count;
  if (op->kind == PINNA_OP_CONV) {
    return i / (n_weights / n_out);
  }
  // [n_in][n_out / groups][taps]: the groups divide the inputs
  const size_t n_taps = (size_t)op->conv.kernel[0] * op->conv.kernel[1];
  const size_t n_rows = n_out / op->conv.groups;
  const size_t group = i / (n_weights / op->conv.groups);
  return group * n_rows + i / n_taps % n_rows;
}

/// Weights times scale, bias times scale plus shift: new ones, others may share the old
static PinnaRef
fold(PinnaPlan* const plan, PinnaOp* const op, const PinnaRef x, const float* const scale,
     const float* const shift) {
  const PinnaPlanTensor w = plan->tensors[op->in[1]];
  const PinnaPlanTensor b = plan->tensors[op->in[2]];
  const uint32_t        n = op->conv.n_out;
  float* const          values = (float*)malloc((w.count + n) * sizeof(float));
  if (!values) {
    return pinna_plan_fail(plan, PINNA_STATUS_NO_MEM, "out of memory");
  }
  for (size_t i = 0U; i < w.count; ++i) {
    values[i] = w.values[i] * scale[channel_of(plan, op, i)];
  }
  for (uint32_t c = 0U; c < n; ++c) {
    values[w.count + c] = (op->in[2] ? b.values[c] * scale[c] : 0.0F) + shift[c];
  }
  const PinnaRef weight = pinna_plan_constant(plan, w.name, values, w.count);
  const PinnaRef bias = pinna_plan_constant(plan, NULL, values + w.count, n);
  free(values);
  op->in[1] = weight;
  op->in[2] = bias;
  return bias ? take_up(plan, x) : 0U;
}

PinnaRef
pinna_plan_batch_norm(PinnaPlan* const plan, const PinnaRef x, const float eps,
                      const PinnaRef weight, const PinnaRef bias, const PinnaRef mean,
                      const PinnaRef variance) {
  const PinnaShape shape = pinna_plan_shape(plan, x);
  const uint32_t   n = shape.c;
  if (!pinna_plan_has(plan, x) || !pinna_plan_is_weight(plan, weight, n, false) ||
      !pinna_plan_is_weight(plan, bias, n, false) || !pinna_plan_is_weight(plan, mean, n, false) ||
      !pinna_plan_is_weight(plan, variance, n, false)) {
    return 0U;
  }

  float* const scale = (float*)malloc(2U * n * sizeof(float));
  if (!scale) {
    return pinna_plan_fail(plan, PINNA_STATUS_NO_MEM, "out of memory");
  }
  float* const shift = scale + n;
  PinnaRef     ref = 0U;
  bool         is_good = eps >= 0.0F;
  for (uint32_t c = 0U; c < n; ++c) {
    const double energy = (double)plan->tensors[variance].values[c] + eps;
    const double gain = plan->tensors[weight].values[c] / sqrt(energy);
    is_good = is_good && energy > 0.0;
    scale[c] = (float)gain;
    shift[c] = (float)(plan->tensors[bias].values[c] - plan->tensors[mean].values[c] * gain);
  }
  PinnaOp* const conv = last_conv(plan, x);
  if (!is_good) {
    ref = pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, "a variance that is not above 0");
  } else if (conv) {
    ref = fold(plan, conv, x, scale, shift);
  } else {
    PinnaOp op = {.kind = PINNA_OP_AFFINE, .in = {x}};
    op.in[1] = pinna_plan_constant(plan, NULL, scale, n);
    op.in[2] = pinna_plan_constant(plan, NULL, shift, n);
    ref = op.in[2] ? pinna_plan_add_op(plan, &op, shape) : 0U;
  }
  free(scale);
  return ref;
}

PinnaRef
pinna_plan_act(PinnaPlan* const plan, const PinnaRef x, const PinnaAct act, const float slope) {
  const PinnaOp op = {.kind = PINNA_OP_ACT, .in = {x}, .conv = {.act = act, .slope = slope}};
  if (!pinna_plan_has(plan, x)) {
    return 0U;
  }
  if ((unsigned)act >= PINNA_N_ACTS || !isfinite(slope)) {
    return pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, "an unknown activation");
  }
  PinnaOp* const conv = last_conv(plan, x);
  if (conv) {
    conv->conv.act = act;
    conv->conv.slope = slope;
    return take_up(plan, x);
  }
  return pinna_plan_add_op(plan, &op, pinna_plan_shape(plan, x));
}

PinnaRef
pinna_plan_prelu(PinnaPlan* const plan, const PinnaRef x, const PinnaRef slope) {
  return pinna_plan_is_weight(plan, slope, 1U, false)
             ? pinna_plan_act(plan, x, PINNA_ACT_LEAKY, plan->tensors[slope].values[0])
             : 0U;
}

PinnaRef
pinna_plan_rearrange(PinnaPlan* const plan, const PinnaRef weight, const size_t count,
                     const uint32_t* const index) {
  if (!weight || !pinna_plan_is_weight(plan, weight, plan->tensors[weight].count, false)) {
    return plan->status ? 0U : pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, "no weight");
  }
  float* const values = (float*)malloc((count ? count : 1U) * sizeof(float));
  if (!values) {
    return pinna_plan_fail(plan, PINNA_STATUS_NO_MEM, "out of memory");
  }
  bool is_good = count > 0U;
  for (size_t i = 0U; i < count; ++i) {
    is_good = is_good && index[i] < plan->tensors[weight].count;
    values[i] = is_good ? plan->tensors[weight].values[index[i]] : 0.0F;
  }
  const PinnaRef ref =
      is_good ? pinna_plan_constant(plan, plan->tensors[weight].name, values, count)
              : pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, "an index beyond the weight");
  free(values);
  return ref;
}

PinnaRef
pinna_plan_stack(PinnaPlan* const plan, const PinnaRef a, const PinnaRef b) {
  if (!a || !b || !pinna_plan_is_weight(plan, a, plan->tensors[a].count, false) ||
      !pinna_plan_is_weight(plan, b, plan->tensors[b].count, false)) {
    return plan->status ? 0U : pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, "no weight");
  }
  const size_t n_a = plan->tensors[a].count;
  const size_t n_b = plan->tensors[b].count;
  float* const values = (float*)malloc((n_a + n_b) * sizeof(float));
  if (!values) {
    return pinna_plan_fail(plan, PINNA_STATUS_NO_MEM, "out of memory");
  }
  memcpy(values, plan->tensors[a].values, n_a * sizeof(float));
  memcpy(values + n_a, plan->tensors[b].values, n_b * sizeof(float));
  const PinnaRef ref = pinna_plan_constant(plan, plan->tensors[a].name, values, n_a + n_b);
  free(values);
  return ref;
}
