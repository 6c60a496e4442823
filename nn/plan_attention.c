// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/plan.h"

#include "base/status.h"
#include "nn/plan_impl.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// The calls of operators that transformers and transducers are made of

static PinnaRef
refuse(PinnaPlan* const plan, const char* const why) {
  return pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, why);
}

PinnaRef
pinna_plan_lstm_norm(PinnaPlan* const plan, const PinnaRef x, const PinnaRnnConfig* const config,
                     const PinnaRef w_ih, const PinnaRef w_hh, const float eps,
                     const PinnaRef gates, const PinnaRef gates_bias, const PinnaRef cells,
                     const PinnaRef cells_bias) {
  const PinnaShape shape = pinna_plan_shape(plan, x);
  const size_t     h = config->n_hidden;
  if (!pinna_plan_has(plan, x)) {
    return 0U;
  }
  if (!h || h > 65536U || !(eps >= 0.0F)) {
    return refuse(plan, "a recurrent layer without cells, or with too many");
  }
  if (!pinna_plan_is_weight(plan, w_ih, 4U * h * shape.c, false) ||
      !pinna_plan_is_weight(plan, w_hh, 4U * h * h, false) ||
      !pinna_plan_is_weight(plan, gates, 4U * h, false) ||
      !pinna_plan_is_weight(plan, gates_bias, 4U * h, false) ||
      !pinna_plan_is_weight(plan, cells, h, false) ||
      !pinna_plan_is_weight(plan, cells_bias, h, false)) {
    return 0U;
  }
  PinnaOp op = {.kind = PINNA_OP_LSTM_NORM,
                .in = {x, w_ih, w_hh, gates, gates_bias, cells, cells_bias},
                .n_hidden = config->n_hidden,
                .reverse = config->reverse,
                .eps = eps};
  for (int s = 0; config->state && s < 2; ++s) {
    op.state[s] = pinna_plan_add_tensor(plan, PINNA_PLACE_STATE, config->state,
                                        (PinnaShape){1U, shape.f, config->n_hidden});
  }
  return pinna_plan_add_op(plan, &op, (PinnaShape){shape.t, shape.f, config->n_hidden});
}

/// Whether a bias fits [heads or 1 x t or 1 x s]; how far its heads and rows are apart
static bool
set_bias(PinnaPlan* const plan, PinnaOp* const op, const PinnaRef bias, const uint32_t t,
         const uint32_t s) {
  if (bias >= plan->n_tensors) {
    return false;
  }
  const PinnaPlanTensor* const b = &plan->tensors[bias];
  PinnaShape                   shape = b->shape;
  if (b->place == PINNA_PLACE_WEIGHTS) {
    const bool is_headed = b->count == (size_t)op->groups * t * s;
    const bool is_rowed = is_headed || b->count == (size_t)t * s;
    shape = (PinnaShape){is_headed ? op->groups : 1U, is_rowed ? t : 1U,
                         is_rowed || b->count == s ? s : 0U};
  } else if (!pinna_plan_has(plan, bias) || b->pitch != b->shape.c) {
    return false;
  }
  op->in[3] = bias;
  op->bias_steps[0] = shape.t > 1U ? shape.f * shape.c : 0U;
  op->bias_steps[1] = shape.f > 1U ? shape.c : 0U;
  return (shape.t == 1U || shape.t == op->groups) && (shape.f == 1U || shape.f == t) &&
         shape.c == s;
}

PinnaRef
pinna_plan_attention(PinnaPlan* const plan, const PinnaRef q, const PinnaRef k, const PinnaRef v,
                     const PinnaRef bias, const PinnaAttentionConfig* const config) {
  const PinnaShape sq = pinna_plan_shape(plan, q);
  const PinnaShape sk = pinna_plan_shape(plan, k);
  const PinnaShape sv = pinna_plan_shape(plan, v);
  const uint32_t   n_heads = config->n_heads;
  if (!pinna_plan_has(plan, q) || !pinna_plan_has(plan, k) || !pinna_plan_has(plan, v)) {
    return 0U;
  }
  if (!n_heads || sq.c % n_heads || sv.c % n_heads || sk.c != sq.c || sk.t != sv.t ||
      sk.f != sq.f || sv.f != sq.f) {
    return refuse(plan, "queries, keys and values that do not fit each other");
  }
  if (!isfinite(config->scale) || config->n_past >= sk.t || (config->n_past && !config->state)) {
    return refuse(plan, "an attention's numbers");
  }
  PinnaOp op = {.kind = PINNA_OP_ATTENTION,
                .in = {q, k, v},
                .groups = n_heads,
                .scale =
                    config->scale != 0.0F ? config->scale : 1.0F / sqrtf((float)(sq.c / n_heads)),
                .n_past = config->n_past,
                .n_new = config->n_new};
  if (bias && !set_bias(plan, &op, bias, sq.t, sk.t)) {
    return refuse(plan, "a bias that does not fit queries and keys");
  }
  if (config->n_past) {
    op.state[0] =
        pinna_plan_add_tensor(plan, PINNA_PLACE_STATE, config->state, (PinnaShape){1U, 1U, 1U});
  }
  return pinna_plan_add_op(plan, &op, (PinnaShape){sq.t, sq.f, sv.c});
}

PinnaRef
pinna_plan_embedding(PinnaPlan* const plan, const PinnaRef x, const uint32_t n_rows,
                     const uint32_t n_columns, const PinnaRef table) {
  const PinnaShape s = pinna_plan_shape(plan, x);
  const PinnaOp    op = {.kind = PINNA_OP_EMBEDDING, .in = {x, table}, .n_table = n_rows};
  if (!pinna_plan_has(plan, x) ||
      !pinna_plan_is_weight(plan, table, (size_t)n_rows * n_columns, false)) {
    return 0U;
  }
  return s.c == 1U && n_rows <= 1U << 24U
             ? pinna_plan_add_op(plan, &op, (PinnaShape){s.t, s.f, n_columns})
             : refuse(plan, "an index is one number, exact as a float");
}

PinnaRef
pinna_plan_glu(PinnaPlan* const plan, const PinnaRef x) {
  const PinnaOp    op = {.kind = PINNA_OP_GLU, .in = {x}};
  const PinnaShape s = pinna_plan_shape(plan, x);
  if (!pinna_plan_has(plan, x)) {
    return 0U;
  }
  return s.c % 2U ? refuse(plan, "an odd number of channels has no halves")
                  : pinna_plan_add_op(plan, &op, (PinnaShape){s.t, s.f, s.c / 2U});
}

PinnaRef
pinna_plan_join(PinnaPlan* const plan, const PinnaRef a, const PinnaRef b) {
  const PinnaOp    op = {.kind = PINNA_OP_JOIN, .in = {a, b}};
  const PinnaShape s = pinna_plan_shape(plan, a);
  const PinnaShape t = pinna_plan_shape(plan, b);
  if (!pinna_plan_has(plan, a) || !pinna_plan_has(plan, b)) {
    return 0U;
  }
  return s.f != t.f || s.c != t.c || s.t > UINT32_MAX - t.t
             ? refuse(plan, "rows of different shapes")
             : pinna_plan_add_op(plan, &op, (PinnaShape){s.t + t.t, s.f, s.c});
}

PinnaRef
pinna_plan_norm_cumulative(PinnaPlan* const plan, const PinnaRef x, const float eps,
                           const PinnaRef weight, const PinnaRef bias, const char* const state) {
  const PinnaShape s = pinna_plan_shape(plan, x);
  PinnaOp          op = {.kind = PINNA_OP_NORM_CUMULATIVE, .in = {x, weight, bias}, .eps = eps};
  if (!pinna_plan_has(plan, x) || !pinna_plan_is_weight(plan, weight, s.c, true) ||
      !pinna_plan_is_weight(plan, bias, s.c, true)) {
    return 0U;
  }
  if (!(eps > 0.0F) || !state) {
    return refuse(plan, "a normalisation's numbers");
  }
  op.state[0] = pinna_plan_add_tensor(plan, PINNA_PLACE_STATE, state, (PinnaShape){1U, s.f, 3U});
  return op.state[0] ? pinna_plan_add_op(plan, &op, s) : 0U;
}
