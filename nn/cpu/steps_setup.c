// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/dynamic.h"
#include "nn/cpu/half.h"
#include "nn/cpu/runner_impl.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// Weights into panels, kernels into taps

static uint32_t
n_panels(const uint32_t n_rows) {
  return (n_rows + PINNA_PANEL - 1U) / PINNA_PANEL;
}

static const float*
values_of(const PinnaRunnerMaker* const m, const PinnaRef ref) {
  return m->plan->tensors[ref].values;
}

/// Bias filled up with 0 to whole panels; from `from` on if there is one
static const float*
take_bias(PinnaRunnerMaker* const m, const float* const from, const uint32_t n_rows) {
  float* const bias = PINNA_TAKE(m->arena, (size_t)n_panels(n_rows) * PINNA_PANEL, float);
  if (m->is_real && bias && from) {
    memcpy(bias, from, n_rows * sizeof(float));
  }
  return bias;
}

/// Where value k of a row is in torch's array
typedef struct {
  const float* w;
  size_t       row;   ///< From one row to the next
  size_t       value; ///< From one value of a tap to the next
} Source;

/// Put a row into its panel, rounded to steps of its greatest value; `group` of them lie together.
/// @return Their sum
static int32_t
round_row(const float* const row, const size_t n, const size_t group, int8_t* const out,
          float* const scale) {
  float   greatest = 0.0F;
  int32_t sum = 0;
  for (size_t i = 0U; i < n; ++i) {
    greatest = fmaxf(greatest, fabsf(row[i]));
  }
  *scale = greatest / 127.0F;
  for (size_t i = 0U; i < n; ++i) {
    const int8_t value = (int8_t)(greatest > 0.0F ? lrintf(row[i] / greatest * 127.0F) : 0);
    out[i / group * group * PINNA_PANEL + i % group] = value;
    sum += value;
  }
  return sum;
}

/// What is kept of n_k weights in a row. Recurrent layers read theirs for each step: widening those
/// would take longer than floats do.
static PinnaPrecision
precision_of(const PinnaRunnerMaker* const m, const PinnaStep* const s, const size_t n_k) {
  const PinnaPrecision wanted = m->plan->precision;
  return wanted != PINNA_PRECISION_DYNAMIC ? wanted
         : s->n_hidden                     ? PINNA_PRECISION_F32
         : n_k > PINNA_DYNAMIC_MOST        ? PINNA_PRECISION_INT8
                                           : wanted;
}

/// Panels of n_rows rows; taps[i] says where the values of tap i begin in the source
static void
take_panels(PinnaRunnerMaker* const m, const PinnaStep* const s, PinnaGemm* const g,
            const Source* const from, const size_t* const taps) {
  const size_t         n_k = (size_t)g->n_taps * g->k_tap;
  const size_t         n_rows = (size_t)n_panels(g->n_rows) * PINNA_PANEL;
  const PinnaPrecision precision = precision_of(m, s, n_k);
  const bool           is_dynamic = precision == PINNA_PRECISION_DYNAMIC;
  const bool           is_bytes = is_dynamic || precision == PINNA_PRECISION_INT8;
  const size_t         group = is_dynamic ? pinna_dynamic_kernel(m->isa)->group : 1U;
  const size_t         n_long = (n_k + group - 1U) / group * group;
  float* const         floats = PINNA_TAKE(m->arena, precision ? 0U : n_rows * n_k, float);
  uint16_t* const      halves =
      PINNA_TAKE(m->arena, precision == PINNA_PRECISION_F16 ? n_rows * n_k : 0U, uint16_t);
  int8_t* const  bytes = PINNA_TAKE(m->arena, is_bytes ? n_rows * n_long : 0U, int8_t);
  float* const   scales = PINNA_TAKE(m->arena, is_bytes ? n_rows : 0U, float);
  int32_t* const sums = PINNA_TAKE(m->arena, is_dynamic ? n_rows : 0U, int32_t);
  const bool     is_room = m->is_real && !pinna_arena_state(m->arena);
  float* const   row = is_room ? (float*)malloc((n_k + 1U) * sizeof(float)) : NULL;
  for (uint32_t r = 0U; row && r < g->n_rows; ++r) {
    const size_t at = r / PINNA_PANEL * n_long * PINNA_PANEL + r % PINNA_PANEL * group;
    for (size_t i = 0U; i < n_k; ++i) {
      row[i] = from->w[r * from->row + taps[i / g->k_tap] + i % g->k_tap * from->value];
    }
    for (size_t i = 0U; !is_bytes && i < n_k; ++i) {
      if (precision) {
        halves[at + i * PINNA_PANEL] = pinna_half_of(row[i]);
      } else {
        floats[at + i * PINNA_PANEL] = row[i];
      }
    }
    if (is_bytes) {
      const int32_t sum = round_row(row, n_k, group, bytes + at, scales + r);
      if (is_dynamic) {
        sums[r] = sum;
      }
    }
  }
  g->w = precision ? NULL : floats;
  g->halves = precision == PINNA_PRECISION_F16 ? halves : NULL;
  g->bytes = is_bytes ? bytes : NULL;
  g->scales = scales;
  g->sums = sums;
  g->dynamic = is_dynamic ? pinna_dynamic_kernel(m->isa)->gemm : NULL;
  m->is_short = m->is_short || (is_room && !row);
  free(row);
}

/// Taps that follow each other without a gap become one
static void
merge_taps(PinnaGemm* const g, const int32_t* const taps) {
  bool is_dense = g->n_taps > 0U;
  for (uint32_t i = 1U; i < g->n_taps; ++i) {
    is_dense = is_dense && taps[i] - taps[i - 1U] == (int32_t)g->k_tap;
  }
  if (is_dense) {
    g->k_tap *= g->n_taps;
    g->n_taps = 1U;
  }
}

/// Columns run along the axis that has more of them
static void
set_columns(PinnaGemm* const g, const PinnaOp* const op, const PinnaStep* const s) {
  const size_t x_t = (size_t)op->conv.stride[0] * s->shape.f * s->pitch;
  const size_t x_f = (size_t)op->conv.stride[1] * s->pitch;
  const size_t y_t = (size_t)s->shape_out.f * s->shape_out.c;
  const size_t y_f = s->shape_out.c;
  g->n_outer = s->shape_out.t;
  g->n_columns = s->shape_out.f;
  g->x_outer = x_t;
  g->x_column = x_f;
  g->y_outer = y_t;
  g->y_column = y_f;
  if (s->shape_out.t > s->shape_out.f) {
    g->n_outer = s->shape_out.f;
    g->n_columns = s->shape_out.t;
    g->x_outer = x_f;
    g->x_column = x_t;
    g->y_outer = y_f;
    g->y_column = y_t;
  }
  if (x_t == s->shape_out.f * x_f) { // All of them are equally far apart
    g->n_columns = s->shape_out.t * s->shape_out.f;
    g->n_outer = 1U;
    g->x_column = x_f;
    g->y_column = y_f;
  }
}

/// Room at `offset` of the work for the columns' copy, where it pays
static void
set_pack(PinnaRunnerMaker* const m, const PinnaStep* const s, PinnaGemm* const g,
         const size_t offset) {
  const size_t n_k = (size_t)g->n_taps * g->k_tap;
  if (g->dynamic && n_k && g->n_columns) {
    const PinnaDynamicKernel* const kernel = pinna_dynamic_kernel(m->isa);
    const size_t                    n_room = offset + pinna_dynamic_room(kernel, g);
    g->n_batch = pinna_dynamic_batch(kernel, g);
    m->n_work = n_room > m->n_work ? n_room : m->n_work;
    g->pack = m->is_real ? m->work + offset : NULL;
    return;
  }
  const size_t n_all = n_k * g->n_columns;
  const size_t most = PINNA_GEMM_PACK + 16U * n_k;
  const bool   is_narrow = precision_of(m, s, n_k) != PINNA_PRECISION_F32;
  g->is_whole = m->plan->is_whole && g->n_columns >= PINNA_GEMM_FAST_COLUMNS;
  const size_t least = g->is_whole ? PINNA_GEMM_FAST_PACK : 0U;
  const size_t n_copy = (n_all < most ? n_all : most) + 4U;
  const size_t n_pack = n_copy < least ? least : n_copy;
  const size_t n_work = offset + n_pack + (is_narrow ? PINNA_GEMM_BLOCK : 0U);
  if (n_k && (is_narrow ||
              (g->n_columns >= PINNA_GEMM_MANY_COLUMNS && g->n_rows >= PINNA_GEMM_MANY_ROWS))) {
    m->n_work = n_work > m->n_work ? n_work : m->n_work;
    g->pack = m->is_real ? m->work + offset : NULL;
    g->block = m->is_real ? m->work + offset + n_pack : NULL;
  }
}

/// Leave the activation to the product, where that has its result at hand in long rows
static void
take_act(PinnaStep* const s, PinnaGemm* const g, const PinnaOp* const op) {
  if (g->pack || (s->is_depthwise && g->n_rows >= 4U * PINNA_PANEL)) {
    g->act = op->conv.act;
    g->slope = op->conv.slope;
    s->act = PINNA_ACT_NONE;
  }
}

/// Taps of a depthwise convolution: [place of the kernel][channel]
static const float*
take_depthwise(PinnaRunnerMaker* const m, const float* const w, const uint32_t n_taps,
               const uint32_t n_rows) {
  float* const out = PINNA_TAKE(m->arena, (size_t)n_taps * n_rows, float);
  for (size_t i = 0U; m->is_real && out && i < (size_t)n_taps * n_rows; ++i) {
    out[i] = w[i % n_rows * n_taps + i / n_rows];
  }
  return out;
}

/// Tell a product what of its input only padding is, if the operator before made that
static void
set_values(const PinnaRunnerMaker* const m, PinnaGemm* const g, const PinnaOp* const op) {
  const PinnaOp* const pad = op > m->plan->ops ? op - 1 : op;
  const uint32_t       before = pinna_plan_rows_before(m->plan, pad);
  if (m->is_real && before != UINT32_MAX && m->plan->tensors[op->in[0]].root == pad->out) {
    const PinnaPlanTensor* const x = &m->plan->tensors[pad->in[0]];
    g->values[0] = pinna_maker_address(m, pad->out) + (size_t)before * x->shape.c;
    g->values[1] = g->values[0] + (size_t)x->shape.t * x->shape.c;
  }
}

void
pinna_step_set_conv(PinnaRunnerMaker* const m, PinnaStep* const s, const PinnaOp* const op) {
  const PinnaConvConfig* const c = &op->conv;
  const uint32_t               n_taps = c->kernel[0] * c->kernel[1];
  const uint32_t               n_in = s->shape.c / c->groups;
  const uint32_t               n_rows = c->n_out / c->groups;
  s->is_depthwise = n_in == 1U && n_rows == 1U && c->groups > 1U;
  s->n_gemms = s->is_depthwise ? 1U : c->groups;
  s->gemms = PINNA_TAKE(m->arena, s->n_gemms, PinnaGemm);
  int32_t* const taps = PINNA_TAKE(m->arena, n_taps, int32_t);
  size_t* const  from = PINNA_TAKE(m->arena, n_taps, size_t);
  for (uint32_t i = 0U; m->is_real && taps && from && i < n_taps; ++i) {
    const uint32_t t = i / c->kernel[1] * c->dilation[0];
    const uint32_t f = i % c->kernel[1] * c->dilation[1];
    taps[i] = (int32_t)((t * s->shape.f + f) * s->pitch);
    from[i] = i;
  }

  PinnaGemm g = {.taps = taps, .n_rows = n_rows, .n_taps = n_taps, .k_tap = n_in};
  if (s->is_depthwise) {
    g.n_rows = c->n_out;
    g.w = take_depthwise(m, values_of(m, op->in[1]), n_taps, c->n_out);
    g.bias = take_bias(m, values_of(m, op->in[2]), c->n_out);
    set_columns(&g, op, s);
    take_act(s, &g, op);
    if (m->is_real && s->gemms) {
      s->gemms[0] = g;
    }
    return;
  }
  for (uint32_t group = 0U; group < c->groups; ++group) {
    const float* const bias = values_of(m, op->in[2]);
    PinnaGemm          one = g;
    const Source       source = {values_of(m, op->in[1]) + (size_t)group * n_rows * n_in * n_taps,
                                 (size_t)n_in * n_taps, n_taps};
    take_panels(m, s, &one, &source, from);
    one.bias = take_bias(m, bias ? bias + (size_t)group * n_rows : NULL, n_rows);
    one.x_first = (size_t)group * n_in;
    one.y_first = (size_t)group * n_rows;
    set_columns(&one, op, s);
    set_values(m, &one, op);
    if (m->is_real && s->gemms && taps) {
      merge_taps(&one, taps);
    }
    set_pack(m, s, &one, 0U);
    take_act(s, &one, op);
    if (m->is_real && s->gemms) {
      s->gemms[group] = one;
    }
  }
}

/// Phase r of a transposed convolution: outputs u = r modulo the stride of the uncropped row
static void
set_phase(PinnaGemm* const g, const PinnaOp* const op, const PinnaStep* const s,
          const uint32_t phase, const int axis) {
  const uint32_t stride = op->conv.stride[axis];
  const uint32_t n_out = axis ? s->shape_out.f : s->shape_out.t;
  const uint32_t first = (phase + stride - op->crop % stride) % stride;
  const size_t   x_f = s->shape.c;
  const size_t   x_t = (size_t)(s->shape.f + 2U * s->margin[1]) * s->shape.c;
  const size_t   y_f = s->shape_out.c;
  const size_t   y_t = (size_t)s->shape_out.f * s->shape_out.c;
  const size_t   x_step = axis ? x_f : x_t;
  const size_t   row = (first + op->crop - phase) / stride + s->margin[axis] + 1U - g->n_taps;
  g->n_columns = first < n_out ? (n_out - 1U - first) / stride + 1U : 0U;
  g->n_outer = axis ? s->shape.t : s->shape.f;
  g->x_first += row * x_step;
  g->x_column = x_step;
  g->x_outer = axis ? x_t : x_f;
  g->y_first += first * (axis ? y_f : y_t);
  g->y_column = stride * (axis ? y_f : y_t);
  g->y_outer = axis ? y_t : y_f;
}

void
pinna_step_set_conv_transpose(PinnaRunnerMaker* const m, PinnaStep* const s,
                              const PinnaOp* const op) {
  const PinnaConvConfig* const c = &op->conv;
  const int                    axis = c->kernel[0] > 1U || c->stride[0] > 1U ? 0 : 1;
  const uint32_t               kernel = c->kernel[axis];
  const uint32_t               stride = c->stride[axis];
  const uint32_t               n_in = s->shape.c / c->groups;
  const uint32_t               n_rows = c->n_out / c->groups;
  s->margin[axis] = (kernel - 1U) / stride;
  s->n_gemms = stride * c->groups;
  s->gemms = PINNA_TAKE(m->arena, s->n_gemms, PinnaGemm);
  const size_t n_input =
      (size_t)(s->shape.t + 2U * s->margin[0]) * (s->shape.f + 2U * s->margin[1]) * s->shape.c;
  m->n_work = n_input;
  const size_t x_step = axis ? s->shape.c : (size_t)(s->shape.f + 2U * s->margin[1]) * s->shape.c;
  for (uint32_t phase = 0U; phase < stride; ++phase) {
    const uint32_t n_taps = phase < kernel ? (kernel - 1U - phase) / stride + 1U : 0U;
    int32_t* const taps = PINNA_TAKE(m->arena, n_taps, int32_t);
    size_t* const  from = PINNA_TAKE(m->arena, n_taps, size_t);
    for (uint32_t i = 0U; m->is_real && taps && from && i < n_taps; ++i) {
      taps[i] = (int32_t)(i * x_step); // The last place of the kernel meets the earliest input
      from[i] = phase + (size_t)stride * (n_taps - 1U - i);
    }
    for (uint32_t group = 0U; group < c->groups; ++group) {
      const float* const bias = values_of(m, op->in[2]);
      const Source       source = {values_of(m, op->in[1]) + (size_t)group * n_in * n_rows * kernel,
                                   kernel, (size_t)n_rows * kernel};
      PinnaGemm          g = {.taps = taps, .n_rows = n_rows, .n_taps = n_taps, .k_tap = n_in};
      take_panels(m, s, &g, &source, from);
      g.bias = take_bias(m, bias ? bias + (size_t)group * n_rows : NULL, n_rows);
      g.x_first = (size_t)group * n_in;
      g.y_first = (size_t)group * n_rows;
      set_phase(&g, op, s, phase, axis);
      if (m->is_real && s->gemms && taps) {
        merge_taps(&g, taps);
      }
      set_pack(m, s, &g, n_input);
      if (m->is_real && s->gemms) {
        s->gemms[phase * c->groups + group] = g;
      }
    }
  }
}

void
pinna_step_set_rnn(PinnaRunnerMaker* const m, PinnaStep* const s, const PinnaOp* const op) {
  const uint32_t h = op->n_hidden;
  const uint32_t n_rows = (op->kind == PINNA_OP_GRU ? 3U : 4U) * h;
  const uint32_t n_x = s->shape.t * s->shape.f;
  const size_t   no_tap = 0U;
  int32_t* const taps = PINNA_TAKE(m->arena, 1U, int32_t);
  s->n_gemms = 2U;
  s->gemms = PINNA_TAKE(m->arena, 2U, PinnaGemm);
  const size_t n_own = (size_t)n_rows * (n_x + s->shape.f) + 2U * (size_t)s->shape.f * h;
  m->n_work = n_own;
  for (int i = 0; i < 2; ++i) {
    const uint32_t k = i ? h : s->shape.c;
    const Source   source = {values_of(m, op->in[1 + i]), k, 1U};
    PinnaGemm      g = {.taps = taps, .n_rows = n_rows, .n_taps = 1U, .k_tap = k, .n_outer = 1U};
    take_panels(m, s, &g, &source, &no_tap);
    g.bias =
        take_bias(m, op->kind == PINNA_OP_LSTM_NORM ? NULL : values_of(m, op->in[3 + i]), n_rows);
    g.n_columns = i ? s->shape.f : n_x;
    g.x_column = i ? h : s->pitch;
    g.y_column = n_rows;
    set_pack(m, s, &g, n_own);
    if (m->is_real && s->gemms) {
      s->gemms[i] = g;
    }
  }
}
