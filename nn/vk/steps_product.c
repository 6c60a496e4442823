// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/vk/steps.h"

#include "nn/plan_impl.h"
#include "shaders/abi/push.h"

#include <string.h>

// Convolutions and dense layers as products: weights with neighbouring rows side by side

#define DEPTHWISE_THREADS 64U
#define MAX_SKINNY_COLUMNS 32U ///< With more, and rows for it, tiles are better
#define MIN_TILED_ROWS 32U

/// Where torch keeps the weight of a row, value and tap
typedef struct {
  const float* w;
  const float* bias; ///< [groups x n_rows], or NULL
  size_t       group;
  size_t       row;
  size_t       value;
  uint32_t     tap_step; ///< Places of the kernel from a tap of a phase to the next
  uint32_t     n_places;
} Source;

static const PinnaPlanTensor*
tensor_of(const PinnaVkMaker* const m, const PinnaRef ref) {
  return &m->plan->tensors[ref];
}

/// Weights of one phase and group: [k][rows, filled up to fours]
static void
pack(const Source* const from, const struct PinnaProductPush* const p, const uint32_t n_in,
     const uint32_t phase, const uint32_t group, float* const out) {
  const uint32_t     pitch = 4U * p->n_rows4;
  const float* const w = from->w + group * from->group;
  for (uint32_t tap = 0U; tap < p->n_k / n_in; ++tap) {
    const uint32_t place = phase + tap * from->tap_step;
    for (uint32_t k = 0U; place < from->n_places && k < n_in; ++k) {
      float* const row = out + (size_t)(tap * n_in + k) * pitch;
      for (uint32_t i = 0U; i < p->n_rows; ++i) {
        row[i] = w[i * from->row + k * from->value + place];
      }
    }
  }
}

/// Take and bind weights and bias. `p` has n_rows, n_rows4, n_k and n_groups
static void
take_weights(PinnaVkMaker* const m, PinnaVkDispatch* const d, struct PinnaProductPush* const p,
             const Source* const from, const uint32_t n_in, const uint32_t n_phases) {
  const size_t n_panel = (size_t)p->n_k * p->n_rows4 * 4U;
  const size_t n_all = n_panel * n_phases * p->n_groups;
  const size_t count = n_all + (size_t)p->n_groups * p->n_rows4 * 4U;
  float*       values = NULL;
  const size_t first = pinna_vk_take(m, count, &values);
  for (uint32_t i = 0U; values && i < n_phases * p->n_groups; ++i) {
    pack(from, p, n_in, i / p->n_groups, i % p->n_groups, values + i * n_panel);
    pinna_vk_round(m, values + i * n_panel, p->n_k, p->n_rows, (size_t)p->n_rows4 * 4U);
  }
  for (uint32_t group = 0U; values && from->bias && group < p->n_groups; ++group) {
    memcpy(values + n_all + (size_t)group * p->n_rows4 * 4U, from->bias + (size_t)group * p->n_rows,
           p->n_rows * sizeof(float));
  }
  const uint32_t at =
      pinna_vk_bind(m, d, PINNA_BIND_WEIGHTS, PINNA_PLACE_WEIGHTS, first, count, false);
  p->w = at / 4U;
  p->bias = (uint32_t)((at + n_all) / 4U);
}

/// Tiles for many columns, else a workgroup for few columns and some rows
static void
choose_shader(PinnaVkDispatch* const d, const struct PinnaProductPush* const p,
              const uint32_t n_phases) {
  d->groups[2] = p->n_groups * n_phases;
  if (p->n_columns > MAX_SKINNY_COLUMNS && p->n_rows >= MIN_TILED_ROWS) {
    d->shader = PINNA_VK_PRODUCT_TILED;
    d->groups[0] = (p->n_rows + PINNA_TILE_ROWS - 1U) / PINNA_TILE_ROWS;
    d->groups[1] = (p->n_columns + PINNA_TILE_COLUMNS - 1U) / PINNA_TILE_COLUMNS;
    return;
  }
  // Few rows to a group of neighbours; then threads for parts of long sums, of at least eight
  // values; then for columns; and columns of one thread share its weights
  const uint32_t lanes = pinna_vk_power(p->n_rows4, 1U, 8U);
  uint32_t       parts = 1U;
  while (parts < PINNA_PRODUCT_THREADS / lanes && 16U * parts <= p->n_k) {
    parts *= 2U;
  }
  const uint32_t apart = pinna_vk_power(p->n_columns, 1U, PINNA_PRODUCT_THREADS / lanes / parts);
  const uint32_t most = apart > 1U ? 4U : 16U;
  const uint32_t together = pinna_vk_power((p->n_columns + apart - 1U) / apart, 1U, most);
  const uint32_t columns = apart * together;
  d->shader = PINNA_VK_PRODUCT_SKINNY;
  d->spec[PINNA_SPEC_X] = lanes;
  d->spec[PINNA_SPEC_Y] = parts;
  d->spec[PINNA_SPEC_Z] = apart;
  d->spec[PINNA_SPEC_COLUMNS] = together;
  d->groups[0] = (p->n_rows4 + lanes - 1U) / lanes;
  d->groups[1] = (p->n_columns + columns - 1U) / columns;
}

/// What both convolutions and a dense layer have in common
static struct PinnaProductPush
start_push(const uint32_t n_rows, const uint32_t n_taps, const uint32_t n_in,
           const uint32_t n_groups) {
  return (struct PinnaProductPush){.n_rows = n_rows,
                                   .n_rows4 = (n_rows + 3U) / 4U,
                                   .n_k = n_taps * n_in,
                                   .k_tap = n_in,
                                   .taps_inner = n_taps,
                                   .n_groups = n_groups,
                                   .x_group = n_in,
                                   .y_group = n_rows,
                                   .stride = 1U};
}

/// One input channel for each output channel
static void
add_depthwise(PinnaVkMaker* const m, const PinnaOp* const op,
              const struct PinnaProductPush* const p) {
  const uint32_t            n = op->conv.n_out;
  const uint32_t            n_taps = op->conv.kernel[0] * op->conv.kernel[1];
  const float* const        w = tensor_of(m, op->in[1])->values;
  const float* const        bias = tensor_of(m, op->in[2])->values;
  const size_t              count = (size_t)(n_taps + 1U) * n;
  PinnaVkDispatch* const    d = pinna_vk_add(m, PINNA_VK_DEPTHWISE, DEPTHWISE_THREADS);
  struct PinnaDepthwisePush push = {.n_rows = n,
                                    .n_taps = n_taps,
                                    .n_columns = p->n_columns,
                                    .n_inner = p->n_inner,
                                    .x_outer = p->x_outer,
                                    .x_inner = p->x_inner,
                                    .taps_inner = p->taps_inner,
                                    .tap_outer = (uint32_t)p->tap_outer,
                                    .tap_inner = (uint32_t)p->tap_inner,
                                    .slope = op->conv.slope};
  float*                    values = NULL;
  const size_t              first = pinna_vk_take(m, count, &values);
  for (size_t i = 0U; values && i < (size_t)n_taps * n; ++i) {
    values[i] = w[i % n * n_taps + i / n];
  }
  if (values && bias) {
    memcpy(values + (size_t)n_taps * n, bias, n * sizeof(float));
  }
  push.w = pinna_vk_bind(m, d, PINNA_BIND_WEIGHTS, PINNA_PLACE_WEIGHTS, first, count, false);
  push.bias = push.w + n_taps * n;
  push.x = pinna_vk_bind_tensor(m, d, PINNA_BIND_A, op->in[0], false);
  push.y = pinna_vk_bind_tensor(m, d, PINNA_BIND_Y, op->out, true);
  d->spec[PINNA_SPEC_ACT] = (uint32_t)op->conv.act;
  pinna_vk_spread(d, (size_t)p->n_columns * n);
  pinna_vk_push(d, &push, sizeof(push));
}

/// Bind the ends, push
static void
finish(PinnaVkMaker* const m, PinnaVkDispatch* const d, const PinnaOp* const op,
       struct PinnaProductPush* const p, const uint32_t n_phases) {
  p->slope = op->conv.slope;
  p->x = pinna_vk_bind_tensor(m, d, PINNA_BIND_A, op->in[0], false);
  p->y = pinna_vk_bind_tensor(m, d, PINNA_BIND_Y, op->out, true);
  d->spec[PINNA_SPEC_ACT] = (uint32_t)op->conv.act;
  choose_shader(d, p, n_phases);
  pinna_vk_push(d, p, sizeof(*p));
}

void
pinna_vk_step_conv(PinnaVkMaker* const m, const PinnaOp* const op) {
  const PinnaConvConfig* const c = &op->conv;
  const PinnaPlanTensor* const x = tensor_of(m, op->in[0]);
  const PinnaShape             y = tensor_of(m, op->out)->shape;
  const uint32_t               n_in = x->shape.c / c->groups;
  const uint32_t               n_rows = c->n_out / c->groups;
  const uint32_t               n_taps = c->kernel[0] * c->kernel[1];
  const uint32_t               x_t = x->shape.f * x->pitch;
  struct PinnaProductPush      p = start_push(n_rows, n_taps, n_in, c->groups);
  p.n_columns = y.t * y.f;
  p.n_inner = y.f;
  p.x_outer = c->stride[0] * x_t;
  p.x_inner = c->stride[1] * x->pitch;
  p.y_outer = y.f * c->n_out;
  p.y_inner = c->n_out;
  p.taps_inner = c->kernel[1];
  p.tap_outer = (int32_t)(c->dilation[0] * x_t);
  p.tap_inner = (int32_t)(c->dilation[1] * x->pitch);
  if (n_in == 1U && n_rows == 1U && c->groups > 1U) {
    add_depthwise(m, op, &p);
    return;
  }
  const bool is_dense_t = c->kernel[0] == 1U || (uint32_t)p.tap_outer == c->kernel[1] * n_in;
  const bool is_dense_f = c->kernel[1] == 1U || (uint32_t)p.tap_inner == n_in;
  if (is_dense_t && is_dense_f) {
    p.k_tap = p.n_k; // Taps follow each other without a gap: one is enough
  }
  const Source           from = {tensor_of(m, op->in[1])->values,
                                 tensor_of(m, op->in[2])->values,
                                 (size_t)n_rows * n_in * n_taps,
                                 (size_t)n_in * n_taps,
                                 n_taps,
                                 1U,
                                 n_taps};
  PinnaVkDispatch* const d = pinna_vk_add(m, PINNA_VK_PRODUCT_SKINNY, 1U);
  take_weights(m, d, &p, &from, n_in, 1U);
  finish(m, d, op, &p, 1U);
}

void
pinna_vk_step_conv_transpose(PinnaVkMaker* const m, const PinnaOp* const op) {
  const PinnaConvConfig* const c = &op->conv;
  const PinnaPlanTensor* const x = tensor_of(m, op->in[0]);
  const PinnaShape             y = tensor_of(m, op->out)->shape;
  const int                    axis = c->kernel[0] > 1U || c->stride[0] > 1U ? 0 : 1;
  const uint32_t               kernel = c->kernel[axis];
  const uint32_t               stride = c->stride[axis];
  const uint32_t               n_in = x->shape.c / c->groups;
  const uint32_t               n_rows = c->n_out / c->groups;
  const uint32_t               n_taps = (kernel - 1U) / stride + 1U;
  const uint32_t               x_t = x->shape.f * x->pitch;
  const uint32_t               y_t = y.f * c->n_out;
  struct PinnaProductPush      p = start_push(n_rows, n_taps, n_in, c->groups);
  p.stride = stride;
  p.crop = op->crop;
  p.n_axis_in = axis ? x->shape.f : x->shape.t;
  p.n_axis_out = axis ? y.f : y.t;
  p.n_inner = (p.n_axis_out - 1U) / stride + 1U;
  p.n_columns = p.n_inner * (axis ? y.t : y.f);
  p.x_outer = axis ? x_t : x->pitch;
  p.x_inner = axis ? x->pitch : x_t;
  p.y_outer = axis ? y_t : c->n_out;
  p.y_inner = axis ? c->n_out : y_t;
  p.tap_inner = -(int32_t)p.x_inner; // A later place of the kernel meets an earlier input
  const Source           from = {tensor_of(m, op->in[1])->values,
                                 tensor_of(m, op->in[2])->values,
                                 (size_t)n_in * n_rows * kernel,
                                 kernel,
                                 (size_t)n_rows * kernel,
                                 stride,
                                 kernel};
  PinnaVkDispatch* const d = pinna_vk_add(m, PINNA_VK_PRODUCT_SKINNY, 1U);
  d->spec[PINNA_SPEC_BOUNDED] = 1U;
  take_weights(m, d, &p, &from, n_in, stride);
  finish(m, d, op, &p, stride);
}

void
pinna_vk_product_to_work(PinnaVkMaker* const m, const PinnaRef x, const float* const w,
                         const float* const bias, const uint32_t n_rows) {
  const PinnaPlanTensor* const in = tensor_of(m, x);
  const uint32_t               n_in = in->shape.c;
  struct PinnaProductPush      p = start_push(n_rows, 1U, n_in, 1U);
  p.n_columns = in->shape.t * in->shape.f;
  p.n_inner = p.n_columns;
  p.x_inner = in->pitch;
  p.y_inner = n_rows;
  const size_t           n_work = (size_t)p.n_columns * n_rows;
  const Source           from = {w, bias, 0U, n_in, 1U, 1U, 1U};
  PinnaVkDispatch* const d = pinna_vk_add(m, PINNA_VK_PRODUCT_SKINNY, 1U);
  take_weights(m, d, &p, &from, n_in, 1U);
  p.x = pinna_vk_bind_tensor(m, d, PINNA_BIND_A, x, false);
  p.y = pinna_vk_bind(m, d, PINNA_BIND_Y, PINNA_PLACE_SCRATCH,
                      m->plan->n_floats[PINNA_PLACE_SCRATCH], n_work, true);
  m->n_work = n_work > m->n_work ? n_work : m->n_work;
  choose_shader(d, &p, 1U);
  pinna_vk_push(d, &p, sizeof(p));
}
