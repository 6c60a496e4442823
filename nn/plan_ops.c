// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/plan.h"

#include "base/status.h"
#include "nn/plan_impl.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// The operators' calls: shapes are checked here, so that backends need not

static PinnaRef
refuse(PinnaPlan* const plan, const char* const why) {
  return pinna_plan_fail(plan, PINNA_STATUS_BAD_ARG, why);
}

PinnaConvConfig
pinna_conv_config(const uint32_t n_out) {
  return (PinnaConvConfig){n_out, {1U, 1U}, {1U, 1U}, {1U, 1U}, 1U, PINNA_ACT_NONE, 0.0F};
}

static bool
is_conv(const PinnaConvConfig* const c, const uint32_t n_in) {
  bool is_good = c->n_out && c->groups && c->n_out % c->groups == 0U && n_in % c->groups == 0U &&
                 (unsigned)c->act < PINNA_N_ACTS;
  for (int axis = 0; axis < 2; ++axis) {
    is_good = is_good && c->kernel[axis] && c->kernel[axis] < 65536U && c->stride[axis] &&
              c->stride[axis] < 65536U && c->dilation[axis] && c->dilation[axis] < 65536U;
  }
  return is_good;
}

/// Places of a kernel in n rows, 0 if it does not fit
static uint32_t
places(const PinnaConvConfig* const c, const int axis, const uint32_t n) {
  const uint32_t span = (c->kernel[axis] - 1U) * c->dilation[axis] + 1U;
  return n < span ? 0U : (n - span) / c->stride[axis] + 1U;
}

PinnaRef
pinna_plan_conv(PinnaPlan* const plan, const PinnaRef x, const PinnaConvConfig* const config,
                const PinnaRef weight, const PinnaRef bias) {
  const PinnaShape in = pinna_plan_shape(plan, x);
  if (!pinna_plan_has(plan, x)) {
    return 0U;
  }
  if (!is_conv(config, in.c)) {
    return refuse(plan, "a convolution's numbers");
  }
  const size_t n =
      (size_t)config->n_out * (in.c / config->groups) * config->kernel[0] * config->kernel[1];
  if (!pinna_plan_is_weight(plan, weight, n, false) ||
      !pinna_plan_is_weight(plan, bias, config->n_out, true)) {
    return 0U;
  }
  const PinnaShape out = {places(config, 0, in.t), places(config, 1, in.f), config->n_out};
  if (!out.t || !out.f) {
    return refuse(plan, "a kernel longer than what it goes over");
  }
  const PinnaOp op = {.kind = PINNA_OP_CONV, .in = {x, weight, bias}, .conv = *config};
  return pinna_plan_add_op(plan, &op, out);
}

PinnaRef
pinna_plan_conv_transpose(PinnaPlan* const plan, const PinnaRef x,
                          const PinnaConvConfig* const config, const uint32_t crop,
                          const PinnaRef weight, const PinnaRef bias) {
  const PinnaShape in = pinna_plan_shape(plan, x);
  if (!pinna_plan_has(plan, x)) {
    return 0U;
  }
  const int axis = config->kernel[0] > 1U || config->stride[0] > 1U ? 0 : 1;
  if (!is_conv(config, in.c) || config->kernel[1 - axis] != 1U || config->stride[1 - axis] != 1U ||
      config->dilation[0] != 1U || config->dilation[1] != 1U) {
    return refuse(plan, "a transposed convolution's numbers");
  }
  const size_t n = (size_t)in.c * (config->n_out / config->groups) * config->kernel[axis];
  if (!pinna_plan_is_weight(plan, weight, n, false) ||
      !pinna_plan_is_weight(plan, bias, config->n_out, true)) {
    return 0U;
  }
  const uint64_t rows = axis ? in.f : in.t;
  const uint64_t full = (rows - 1U) * config->stride[axis] + config->kernel[axis];
  if (full > UINT32_MAX || full <= 2U * (uint64_t)crop) {
    return refuse(plan, "a crop that leaves nothing");
  }
  PinnaShape out = {in.t, in.f, config->n_out};
  *(axis ? &out.f : &out.t) = (uint32_t)full - 2U * crop;
  const PinnaOp op = {
      .kind = PINNA_OP_CONV_TRANSPOSE, .in = {x, weight, bias}, .conv = *config, .crop = crop};
  return pinna_plan_add_op(plan, &op, out);
}

static PinnaRef
add_rnn(PinnaPlan* const plan, const PinnaOpKind kind, const PinnaRnnConfig* const config,
        const PinnaRef* const in) {
  const PinnaShape shape = pinna_plan_shape(plan, in[0]);
  const size_t     h = config->n_hidden;
  const size_t     gates = kind == PINNA_OP_GRU ? 3U : 4U;
  if (!pinna_plan_has(plan, in[0])) {
    return 0U;
  }
  if (!h || h > 65536U) {
    return refuse(plan, "a recurrent layer without cells, or with too many");
  }
  if (!pinna_plan_is_weight(plan, in[1], gates * h * shape.c, false) ||
      !pinna_plan_is_weight(plan, in[2], gates * h * h, false) ||
      !pinna_plan_is_weight(plan, in[3], gates * h, true) ||
      !pinna_plan_is_weight(plan, in[4], gates * h, true)) {
    return 0U;
  }

  PinnaOp op = {.kind = kind, .n_hidden = config->n_hidden, .reverse = config->reverse};
  memcpy(op.in, in, 5U * sizeof(in[0]));
  for (int s = 0; config->state && s < (kind == PINNA_OP_GRU ? 1 : 2); ++s) {
    op.state[s] = pinna_plan_add_tensor(plan, PINNA_PLACE_STATE, config->state,
                                        (PinnaShape){1U, shape.f, config->n_hidden});
  }
  return pinna_plan_add_op(plan, &op, (PinnaShape){shape.t, shape.f, config->n_hidden});
}

PinnaRef
pinna_plan_gru(PinnaPlan* const plan, const PinnaRef x, const PinnaRnnConfig* const config,
               const PinnaRef w_ih, const PinnaRef w_hh, const PinnaRef b_ih, const PinnaRef b_hh) {
  const PinnaRef in[] = {x, w_ih, w_hh, b_ih, b_hh};
  return add_rnn(plan, PINNA_OP_GRU, config, in);
}

PinnaRef
pinna_plan_lstm(PinnaPlan* const plan, const PinnaRef x, const PinnaRnnConfig* const config,
                const PinnaRef w_ih, const PinnaRef w_hh, const PinnaRef b_ih,
                const PinnaRef b_hh) {
  const PinnaRef in[] = {x, w_ih, w_hh, b_ih, b_hh};
  return add_rnn(plan, PINNA_OP_LSTM, config, in);
}

PinnaRef
pinna_plan_norm(PinnaPlan* const plan, const PinnaRef x, const PinnaNormKind kind,
                const uint32_t groups, const float eps, const PinnaRef weight,
                const PinnaRef bias) {
  const PinnaShape shape = pinna_plan_shape(plan, x);
  const size_t     n = kind == PINNA_NORM_FRAME ? (size_t)shape.f * shape.c : shape.c;
  if (!pinna_plan_has(plan, x) || !pinna_plan_is_weight(plan, weight, n, true) ||
      !pinna_plan_is_weight(plan, bias, n, true)) {
    return 0U;
  }
  if (!(eps >= 0.0F) || (unsigned)kind > PINNA_NORM_GROUPS ||
      (kind == PINNA_NORM_GROUPS && (!groups || shape.c % groups))) {
    return refuse(plan, "a normalisation's numbers");
  }
  const PinnaOp op = {.kind = PINNA_OP_NORM,
                      .in = {x, weight, bias},
                      .norm = kind,
                      .groups = kind == PINNA_NORM_GROUPS ? groups : 1U,
                      .eps = eps};
  return pinna_plan_add_op(plan, &op, shape);
}

PinnaRef
pinna_plan_softmax(PinnaPlan* const plan, const PinnaRef x) {
  const PinnaOp op = {.kind = PINNA_OP_SOFTMAX, .in = {x}};
  return pinna_plan_has(plan, x) ? pinna_plan_add_op(plan, &op, pinna_plan_shape(plan, x)) : 0U;
}

static PinnaRef
add_binary(PinnaPlan* const plan, const PinnaOpKind kind, const PinnaRef a, const PinnaRef b) {
  const PinnaOp    op = {.kind = kind, .in = {a, b}};
  const PinnaShape s = pinna_plan_shape(plan, a);
  const PinnaShape t = pinna_plan_shape(plan, b);
  if (!pinna_plan_has(plan, a) || !pinna_plan_has(plan, b)) {
    return 0U;
  }
  if (t.c != s.c || (t.f != s.f && t.f != 1U) || (t.t != s.t && (t.t != 1U || t.f != 1U))) {
    return refuse(plan, "operands of different shapes");
  }
  return pinna_plan_add_op(plan, &op, s);
}

PinnaRef
pinna_plan_add(PinnaPlan* const plan, const PinnaRef a, const PinnaRef b) {
  return add_binary(plan, PINNA_OP_ADD, a, b);
}

PinnaRef
pinna_plan_mul(PinnaPlan* const plan, const PinnaRef a, const PinnaRef b) {
  return add_binary(plan, PINNA_OP_MUL, a, b);
}

PinnaRef
pinna_plan_mean_square(PinnaPlan* const plan, const PinnaRef x) {
  const PinnaOp    op = {.kind = PINNA_OP_MEAN_SQUARE, .in = {x}};
  const PinnaShape s = pinna_plan_shape(plan, x);
  return pinna_plan_has(plan, x) ? pinna_plan_add_op(plan, &op, (PinnaShape){s.t, 1U, s.c}) : 0U;
}

PinnaRef
pinna_plan_magnitude(PinnaPlan* const plan, const PinnaRef x) {
  const PinnaOp    op = {.kind = PINNA_OP_MAGNITUDE, .in = {x}};
  const PinnaShape s = pinna_plan_shape(plan, x);
  if (!pinna_plan_has(plan, x)) {
    return 0U;
  }
  return s.c % 2U ? refuse(plan, "an odd number of channels has no halves")
                  : pinna_plan_add_op(plan, &op, (PinnaShape){s.t, s.f, s.c / 2U});
}

PinnaRef
pinna_plan_history(PinnaPlan* const plan, const PinnaRef x, const uint32_t n_rows,
                   const char* const name) {
  return pinna_plan_history_within(plan, x, n_rows, name, 0U, 1U, 0U);
}

PinnaRef
pinna_plan_history_within(PinnaPlan* const plan, const PinnaRef x, const uint32_t n_rows,
                          const char* const name, const PinnaRef span, const uint32_t rate,
                          const uint32_t delay) {
  const PinnaShape s = pinna_plan_shape(plan, x);
  PinnaOp          op = {.kind = PINNA_OP_HISTORY, .in = {x, span}, .rate = rate, .delay = delay};
  if (!pinna_plan_has(plan, x) || (span && !pinna_plan_has(plan, span))) {
    return 0U;
  }
  if (span && (plan->tensors[span].count != 2U || !rate)) {
    return refuse(plan, "a span of other than two numbers, or a rate of 0");
  }
  op.state[0] =
      pinna_plan_add_tensor(plan, PINNA_PLACE_STATE, name, (PinnaShape){n_rows, s.f, s.c});
  return op.state[0] ? pinna_plan_add_op(plan, &op, (PinnaShape){n_rows + s.t, s.f, s.c}) : 0U;
}

PinnaRef
pinna_plan_gather(PinnaPlan* const plan, const PinnaRef a, const PinnaRef b, const PinnaShape shape,
                  const int32_t* const index) {
  PinnaOp op = {.kind = PINNA_OP_GATHER, .in = {a, b}};
  if (!pinna_plan_has(plan, a) || (b && !pinna_plan_has(plan, b))) {
    return 0U;
  }
  const size_t most = plan->tensors[a].count + (b ? plan->tensors[b].count : 0U);
  const size_t count = (size_t)shape.t * shape.f * shape.c;
  op.index = count ? (int32_t*)malloc(count * sizeof(int32_t)) : NULL;
  if (!op.index) {
    return pinna_plan_fail(plan, PINNA_STATUS_NO_MEM, "out of memory");
  }
  bool is_good = true;
  for (size_t i = 0U; i < count; ++i) {
    is_good = is_good && (index[i] < 0 || (size_t)index[i] < most);
    op.index[i] = index[i];
  }
  const PinnaRef ref =
      is_good ? pinna_plan_add_op(plan, &op, shape) : refuse(plan, "an index beyond the values");
  if (!ref) {
    free(op.index);
  }
  return ref; // NOLINT(clang-analyzer-unix.Malloc): the plan has it now
}

/// Row that the padded row i shows, or -1
static int64_t
padded_row(const uint32_t i, const uint32_t before, const uint32_t n, const bool reflect) {
  const int64_t row = (int64_t)i - before;
  if (row >= 0 && row < n) {
    return row;
  }
  return reflect ? row < 0 ? -row : 2 * (int64_t)n - 2 - row : -1;
}

PinnaRef
pinna_plan_pad(PinnaPlan* const plan, const PinnaRef x, const PinnaPad* const pad) {
  const PinnaShape s = pinna_plan_shape(plan, x);
  if (!pinna_plan_has(plan, x)) {
    return 0U;
  }
  for (int side = 0; side < 2; ++side) {
    if (pad->t[side] > 65536U || pad->f[side] > 65536U ||
        (pad->reflect && (pad->t[side] >= s.t || pad->f[side] >= s.f))) {
      return refuse(plan, "a margin that is too wide");
    }
  }
  const PinnaShape out = {pad->t[0] + s.t + pad->t[1], pad->f[0] + s.f + pad->f[1], s.c};
  int32_t* const   index = (int32_t*)calloc((size_t)out.t * out.f * out.c, sizeof(int32_t));
  if (!index) {
    return pinna_plan_fail(plan, PINNA_STATUS_NO_MEM, "out of memory");
  }
  int32_t* next = index;
  for (uint32_t t = 0U; t < out.t; ++t) {
    const int64_t row = padded_row(t, pad->t[0], s.t, pad->reflect);
    for (uint32_t f = 0U; f < out.f; ++f) {
      const int64_t column = padded_row(f, pad->f[0], s.f, pad->reflect);
      for (uint32_t c = 0U; c < s.c; ++c) {
        *next++ = row < 0 || column < 0 ? -1 : (int32_t)((row * s.f + column) * s.c + c);
      }
    }
  }
  const PinnaRef ref = pinna_plan_gather(plan, x, 0U, out, index);
  free(index);
  return ref;
}
