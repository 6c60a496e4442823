// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/hifigan.h"
#include "nn/plan.h"
#include "nn/weights.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

// The network's layers, each with the rows that it keeps

#define MAX_CHANNELS 1024U
#define POST_SLOPE 0.01F ///< The last activation keeps torch's default, not lrelu_slope

typedef struct {
  PinnaPlan*             plan;
  const PinnaWeights*    weights;
  const PinnaHifiganNet* net;
  PinnaRef               span;
} Maker;

/// A layer's rows: `rate` of each frame, `delay` rows behind it
typedef struct {
  PinnaRef x;
  uint32_t rate;
  uint32_t delay;
} Rows;

static PinnaRef
weight(const Maker* const m, const char* const layer, const char* const what, const uint64_t n_a,
       const uint64_t n_b, const uint64_t kernel) {
  const uint64_t shape[] = {n_a, n_b, kernel};
  char           name[96];
  snprintf(name, sizeof(name), "%s.%s", layer, what);
  return pinna_plan_weight(m->plan, m->weights, name, kernel ? 3U : 1U, shape);
}

static PinnaRef
keep(const Maker* const m, const Rows r, const uint32_t n_rows, const char* const layer) {
  return pinna_plan_history_within(m->plan, r.x, n_rows, layer, m->span, r.rate, r.delay);
}

static uint32_t
channels(const Maker* const m, const PinnaRef x) {
  return pinna_plan_shape(m->plan, x).c;
}

/// Behind a convolution without bias: its bias, and the sum before it made a mean of n_mean
static PinnaRef
add_bias(const Maker* const m, const PinnaRef x, const char* const layer, const uint32_t n_mean) {
  const uint32_t n = channels(m, x);
  float          values[3U * MAX_CHANNELS];
  if (!n || n > MAX_CHANNELS) {
    return x;
  }
  for (uint32_t c = 0U; c < n; ++c) {
    values[c] = 1.0F / (float)n_mean;
    values[n + c] = 0.0F;
    values[2U * n + c] = 1.0F;
  }
  const PinnaRef scale = pinna_plan_constant(m->plan, NULL, values, n);
  const PinnaRef mean = pinna_plan_constant(m->plan, NULL, values + n, n);
  const PinnaRef variance = pinna_plan_constant(m->plan, NULL, values + 2U * n, n);
  return pinna_plan_batch_norm(m->plan, x, 0.0F, scale, weight(m, layer, "bias", n, 0U, 0U), mean,
                               variance);
}

/// A convolution over all rows of x
static PinnaRef
add_conv(const Maker* const m, const PinnaRef x, const char* const layer, const uint32_t n_out,
         const uint32_t kernel, const uint32_t dilation) {
  PinnaConvConfig conv = pinna_conv_config(n_out);
  conv.kernel[0] = kernel;
  conv.dilation[0] = dilation;
  return pinna_plan_conv(m->plan, x, &conv,
                         weight(m, layer, "weight", n_out, channels(m, x), kernel), 0U);
}

/// One convolution of a stack and what it adds to: x + conv(act(x)), or for type 1
/// x + conv2(act(conv1(act(x)))). The stack's first has its rows from `first`, kept and active.
static Rows
add_unit(const Maker* const m, const Rows in, const uint32_t stack, const uint32_t i,
         const PinnaRef kept, const PinnaRef active, const uint32_t n_kept) {
  const uint32_t kernel = m->net->resblock_kernel_sizes[stack % m->net->n_resblocks];
  const uint32_t dilation = m->net->resblock_dilation_sizes[stack % m->net->n_resblocks][i];
  const uint32_t reach = dilation * (kernel - 1U) / 2U;
  const uint32_t n = pinna_plan_shape(m->plan, in.x).t;
  const bool     is_pair = m->net->resblock_type == 1U;
  const uint32_t c = channels(m, in.x);
  const float    slope = m->net->lrelu_slope;
  char           layer[64];
  Rows           out = {0U, in.rate, in.delay + reach};

  snprintf(layer, sizeof(layer), "resblocks.%u.%s.%u", stack, is_pair ? "convs1" : "convs", i);
  PinnaRef x = pinna_plan_rows(m->plan, active, n_kept - 2U * reach, 2U * reach + n);
  x = add_bias(m, add_conv(m, x, layer, c, kernel, dilation), layer, 1U);
  uint32_t late = reach;
  if (is_pair) {
    snprintf(layer, sizeof(layer), "resblocks.%u.convs2.%u", stack, i);
    out.x = pinna_plan_act(m->plan, x, PINNA_ACT_LEAKY, slope);
    x = keep(m, out, kernel - 1U, layer);
    x = add_bias(m, add_conv(m, x, layer, c, kernel, 1U), layer, 1U);
    late += (kernel - 1U) / 2U;
    out.delay += (kernel - 1U) / 2U;
  }
  out.x = pinna_plan_add(m->plan, x, pinna_plan_rows(m->plan, kept, n_kept - late, n));
  return out;
}

/// Rows that a unit needs of the past
static uint32_t
rows_of_unit(const Maker* const m, const uint32_t block, const uint32_t i) {
  return m->net->resblock_dilation_sizes[block][i] * (m->net->resblock_kernel_sizes[block] - 1U);
}

/// Rows by which a stack is late
static uint32_t
delay_of_stack(const Maker* const m, const uint32_t block) {
  uint32_t delay = 0U;
  for (uint32_t i = 0U; i < m->net->n_dilations; ++i) {
    delay += rows_of_unit(m, block, i) / 2U;
    delay += m->net->resblock_type == 1U ? (m->net->resblock_kernel_sizes[block] - 1U) / 2U : 0U;
  }
  return delay;
}

/// The sum of the stacks side by side, the quick ones held back: x is kept and activated once
static Rows
add_stacks(const Maker* const m, const Rows in, const uint32_t level) {
  const uint32_t n_blocks = m->net->n_resblocks;
  const float    slope = m->net->lrelu_slope;
  uint32_t       latest = 0U;
  uint32_t       n_kept = 0U;
  char           name[64];
  for (uint32_t b = 0U; b < n_blocks; ++b) {
    latest = delay_of_stack(m, b) > latest ? delay_of_stack(m, b) : latest;
  }
  for (uint32_t b = 0U; b < n_blocks; ++b) {
    const uint32_t rows = rows_of_unit(m, b, 0U) + latest - delay_of_stack(m, b);
    n_kept = rows > n_kept ? rows : n_kept;
  }
  snprintf(name, sizeof(name), "level.%u", level);
  const PinnaRef kept = keep(m, in, n_kept, name);
  const PinnaRef active = pinna_plan_act(m->plan, kept, PINNA_ACT_LEAKY, slope);

  PinnaRef sum = 0U;
  for (uint32_t b = 0U; b < n_blocks; ++b) {
    const uint32_t stack = level * n_blocks + b;
    const uint32_t held = latest - delay_of_stack(m, b);
    Rows           x = {in.x, in.rate, in.delay + held};
    x = add_unit(m, x, stack, 0U, kept, active, n_kept - held);
    for (uint32_t i = 1U; i < m->net->n_dilations; ++i) {
      snprintf(name, sizeof(name), "level.%u.%u.%u", level, b, i);
      const uint32_t n_unit = rows_of_unit(m, b, i);
      const PinnaRef unit = keep(m, x, n_unit, name);
      x = add_unit(m, x, stack, i, unit, pinna_plan_act(m->plan, unit, PINNA_ACT_LEAKY, slope),
                   n_unit);
    }
    sum = sum ? pinna_plan_add(m->plan, sum, x.x) : x.x;
  }
  return (Rows){sum, in.rate, in.delay + latest};
}

/// y[t rate + j - pad] += x[t] w[j]: `rate` rows from each row, which need rows on both sides
static Rows
add_upsample(const Maker* const m, const Rows in, const uint32_t level, const uint32_t n_mean) {
  const uint32_t  kernel = m->net->upsample_kernel_sizes[level];
  const uint32_t  rate = m->net->upsample_rates[level];
  const uint32_t  pad = (kernel - rate) / 2U;
  const uint32_t  n_before = (kernel - 1U - pad) / rate;
  const uint32_t  n_behind = (rate - 1U + pad) / rate;
  const uint32_t  n = pinna_plan_shape(m->plan, in.x).t;
  const uint32_t  n_in = channels(m, in.x);
  PinnaConvConfig conv = pinna_conv_config(m->net->upsample_initial_channel >> (level + 1U));
  char            layer[64];
  conv.kernel[0] = kernel;
  conv.stride[0] = rate;
  snprintf(layer, sizeof(layer), "ups.%u", level);
  PinnaRef x = keep(m, in, n_before + n_behind, layer);
  x = pinna_plan_act(m->plan, x, PINNA_ACT_LEAKY, m->net->lrelu_slope);
  const uint32_t first = n_before * rate + pad;
  const uint32_t rest = (n_before + n_behind + n - 1U) * rate + kernel - first - n * rate;
  const uint32_t crop = first < rest ? first : rest;
  x = pinna_plan_conv_transpose(m->plan, x, &conv, crop,
                                weight(m, layer, "weight", n_in, conv.n_out, kernel), 0U);
  x = add_bias(m, x, layer, n_mean);
  if (first != rest) {
    x = pinna_plan_rows(m->plan, x, first - crop, n * rate);
  }
  return (Rows){x, in.rate * rate, (in.delay + n_behind) * rate};
}

uint32_t
pinna_hifigan_describe(PinnaPlan* const plan, const PinnaWeights* const weights,
                       const PinnaHifiganNet* const net, const uint32_t n_frames) {
  Maker m = {plan, weights, net, 0U};
  Rows  r = {pinna_plan_input(plan, "mel", (PinnaShape){n_frames, 1U, net->in_channels}), 1U, 0U};
  m.span = pinna_plan_input(plan, "span", (PinnaShape){1U, 1U, 2U});
  PinnaRef x =
      add_conv(&m, keep(&m, r, 6U, "pre"), "conv_pre", net->upsample_initial_channel, 7U, 1U);
  r = (Rows){add_bias(&m, x, "conv_pre", 1U), 1U, 3U};
  for (uint32_t level = 0U; level < net->n_upsamples; ++level) {
    r = add_upsample(&m, r, level, level ? net->n_resblocks : 1U);
    r = add_stacks(&m, r, level);
  }
  x = pinna_plan_act(plan, keep(&m, r, 6U, "post"), PINNA_ACT_LEAKY, POST_SLOPE);
  x = add_bias(&m, add_conv(&m, x, "conv_post", 1U, 7U, 1U), "conv_post", net->n_resblocks);
  pinna_plan_output(plan, "samples", pinna_plan_act(plan, x, PINNA_ACT_TANH, 0.0F));
  return r.delay + 3U;
}
