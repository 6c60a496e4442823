// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/conv_tasnet.h"

#include "base/arena.h"
#include "base/status.h"
#include "models/conv_tasnet_impl.h"
#include "models/net.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "nn/weights.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// The layers of Conv-TasNet, sizes as the file has them

#define EPS 1e-8F
#define BLOCK "mask_generator.conv_layers.%u."

typedef struct {
  PinnaNet                     net;
  const PinnaConvTasnetConfig* config;
  uint32_t                     stride; ///< Half the encoder's kernel
} Tasnet;

static PinnaRef
norm(const Tasnet* const t, const PinnaRef x, const char* const name) {
  const uint64_t n = pinna_plan_shape(t->net.plan, x).c;
  if (!t->config->is_causal) {
    return pinna_net_norm(&t->net, x, PINNA_NORM_GROUPS, 1U, EPS, "%s", name);
  }
  const PinnaRef weight = pinna_net_weight(&t->net, 1U, &n, "%s.weight", name);
  const PinnaRef bias = pinna_net_weight(&t->net, 1U, &n, "%s.bias", name);
  return pinna_plan_norm_cumulative(t->net.plan, x, EPS, weight, bias, name);
}

static PinnaRef
prelu(const Tasnet* const t, const PinnaRef x, const char* const name) {
  const uint64_t one = 1U;
  return pinna_plan_prelu(t->net.plan, x, pinna_net_weight(&t->net, 1U, &one, "%s.weight", name));
}

/// Depthwise and dilated, rows of 0 on both sides or earlier rows before
static PinnaRef
depthwise(const Tasnet* const t, const PinnaRef x, const uint32_t dilation,
          const char* const name) {
  const uint32_t taps = pinna_net_size(&t->net, 2U, "%s.weight", name);
  const uint32_t n = pinna_plan_shape(t->net.plan, x).c;
  const PinnaPad pad = {{dilation, dilation}, {0U, 0U}, false};
  const PinnaRef past =
      t->config->is_causal
          ? pinna_plan_history(t->net.plan, x, taps ? (taps - 1U) * dilation : 1U, name)
          : pinna_plan_pad(t->net.plan, x, &pad);
  return pinna_net_conv1d(&t->net, past, 1U, dilation, n ? n : 1U, true, "%s", name);
}

/// What a block adds to what is summed up, and to what goes on: one layer of the two in the file
static PinnaRef
add_outputs(const Tasnet* const t, const PinnaRef x, const uint32_t i) {
  static const char* const names[] = {"skip_out", "res_out"};
  const uint32_t           n = pinna_net_size(&t->net, 0U, BLOCK "skip_out.weight", i);
  const uint64_t           shape[] = {n, pinna_plan_shape(t->net.plan, x).c, 1U};
  const PinnaConvConfig    conv = pinna_conv_config(2U * (n ? n : 1U));
  PinnaRef                 weights[2];
  PinnaRef                 biases[2];
  for (int k = 0; k < 2; ++k) {
    weights[k] = pinna_net_weight(&t->net, 3U, shape, BLOCK "%s.weight", i, names[k]);
    biases[k] = pinna_net_weight(&t->net, 1U, shape, BLOCK "%s.bias", i, names[k]);
  }
  const PinnaRef weight = pinna_plan_stack(t->net.plan, weights[0], weights[1]);
  const PinnaRef bias = pinna_plan_stack(t->net.plan, biases[0], biases[1]);
  return pinna_plan_conv(t->net.plan, x, &conv, weight, bias);
}

/// Block i. `both` is side by side what was summed up, and what goes on. @return The same with its
/// own; of the last block only the sum
static PinnaRef
add_block(const Tasnet* const t, const PinnaRef both, const uint32_t i, const bool is_last) {
  PinnaPlan* const p = t->net.plan;
  const uint32_t   n_layers = t->config->n_layers ? t->config->n_layers : 8U;
  const uint32_t   n = pinna_plan_shape(p, both).c / 2U;
  const PinnaRef   x = pinna_plan_channels(p, both, n, n);
  char             name[PINNA_NET_NAME];
  PinnaRef         y = pinna_net_linear(&t->net, x, PINNA_ACT_NONE, BLOCK "conv_layers.0", i);
  snprintf(name, sizeof(name), BLOCK "conv_layers.1", i);
  y = prelu(t, y, name);
  snprintf(name, sizeof(name), BLOCK "conv_layers.2", i);
  y = norm(t, y, name);
  snprintf(name, sizeof(name), BLOCK "conv_layers.3", i);
  y = depthwise(t, y, 1U << (i % n_layers < 24U ? i % n_layers : 24U), name);
  snprintf(name, sizeof(name), BLOCK "conv_layers.4", i);
  y = prelu(t, y, name);
  snprintf(name, sizeof(name), BLOCK "conv_layers.5", i);
  y = norm(t, y, name);
  if (is_last) {
    y = pinna_net_linear(&t->net, y, PINNA_ACT_NONE, BLOCK "skip_out", i);
    return pinna_plan_add(p, pinna_plan_channels(p, both, 0U, n), y);
  }
  return pinna_plan_add(p, both, add_outputs(t, y, i));
}

/// Masks of all sources side by side [frames x 1 x sources * features]
static PinnaRef
add_masks(const Tasnet* const t, const PinnaRef features) {
  PinnaPlan* const p = t->net.plan;
  const PinnaPad   nothing = {{0U, 0U}, {1U, 0U}, false}; // Is summed up yet
  const uint32_t   n_blocks = pinna_net_count(&t->net, "mask_generator.conv_layers.");
  PinnaRef         x = norm(t, features, "mask_generator.input_norm");
  x = pinna_net_linear(&t->net, x, PINNA_ACT_NONE, "mask_generator.input_conv");
  const PinnaShape shape = pinna_plan_shape(p, x);
  x = pinna_plan_pad(p, x, &nothing);
  x = pinna_plan_reshape(p, x, (PinnaShape){shape.t, 1U, 2U * shape.c});
  for (uint32_t i = 0U; i < n_blocks; ++i) {
    x = add_block(t, x, i, i + 1U == n_blocks);
  }
  x = prelu(t, x, "mask_generator.output_prelu");
  return pinna_net_linear(&t->net, x,
                          t->config->mask == PINNA_ACT_NONE ? PINNA_ACT_RELU : t->config->mask,
                          "mask_generator.output_conv");
}

/// The decoder [features x 1 x kernel] as a Linear layer's weight [kernel x features]
static PinnaRef
read_decoder(const Tasnet* const t, const uint32_t n, const uint32_t kernel) {
  const uint64_t  shape[] = {n, 1U, kernel};
  const PinnaRef  weight = pinna_net_weight(&t->net, 3U, shape, "decoder.weight");
  uint32_t* const index = (uint32_t*)calloc((size_t)n * kernel + 1U, sizeof(uint32_t));
  PinnaRef        ref = 0U;
  if (index && weight) {
    for (uint32_t i = 0U; i < n * kernel; ++i) {
      index[i] = i % n * kernel + i / n;
    }
    ref = pinna_plan_rearrange(t->net.plan, weight, (size_t)n * kernel, index);
  }
  free(index);
  return ref;
}

/// Frames of samples, each its second half over the first of the next: row t of the result is the
/// first half of frame t, or of frame t + 1 where there is no past
static PinnaRef
overlap(const Tasnet* const t, const PinnaRef frames) {
  PinnaPlan* const p = t->net.plan;
  const uint32_t   n = pinna_plan_shape(p, frames).t;
  const PinnaRef   first = pinna_plan_channels(p, frames, 0U, t->stride);
  const PinnaRef   second = pinna_plan_channels(p, frames, t->stride, t->stride);
  if (t->config->is_causal) {
    const PinnaRef past = pinna_plan_history(p, second, 1U, "decoder");
    return pinna_plan_add(p, first, pinna_plan_rows(p, past, 0U, n));
  }
  return pinna_plan_add(p, pinna_plan_rows(p, first, 1U, n - 1U),
                        pinna_plan_rows(p, second, 0U, n - 1U));
}

/// Source s, its samples cut to as many as went in
static void
add_source(const Tasnet* const t, const PinnaRef masked, const PinnaRef decoder, const uint32_t s) {
  PinnaPlan* const      p = t->net.plan;
  const PinnaConvConfig conv = pinna_conv_config(2U * t->stride);
  const uint32_t        n = t->config->n_samples;
  const PinnaRef        y = overlap(t, pinna_plan_conv(p, masked, &conv, decoder, 0U));
  char                  name[16];
  int32_t* const        index = (int32_t*)calloc((size_t)n + 1U, sizeof(int32_t));
  for (uint32_t i = 0U; index && i < n; ++i) {
    index[i] = (int32_t)i;
  }
  snprintf(name, sizeof(name), "source%u", s);
  if (index && y) {
    pinna_plan_output(p, name, pinna_plan_gather(p, y, 0U, (PinnaShape){n, 1U, 1U}, index));
  }
  free(index);
}

uint32_t
pinna_conv_tasnet_latency(const PinnaWeights* const weights) {
  const PinnaNet net = {NULL, weights};
  return pinna_net_size(&net, 2U, "encoder.weight") / 2U;
}

void
pinna_conv_tasnet_describe(PinnaPlan* const plan, const PinnaWeights* const weights,
                           const PinnaConvTasnetConfig* const config) {
  const uint32_t stride = pinna_conv_tasnet_latency(weights);
  const Tasnet   t = {{plan, weights}, config, stride ? stride : 1U};
  const uint32_t rest = config->n_samples % t.stride;
  const uint32_t behind = rest ? t.stride - rest : 0U;
  const PinnaPad pad = {{t.stride, t.stride + behind}, {0U, 0U}, false};
  if (!config->is_causal) {
    pinna_plan_take_whole(plan);
  }
  PinnaRef x = pinna_plan_input(plan, "x", (PinnaShape){config->n_samples, 1U, 1U});
  if (config->is_causal && rest) {
    pinna_plan_refuse(plan, "a causal Conv-TasNet's chunk is a multiple of its encoder's stride");
    return;
  }
  x = config->is_causal ? pinna_plan_history(plan, x, t.stride, "encoder")
                        : pinna_plan_pad(plan, x, &pad);
  x = pinna_net_conv1d(&t.net, x, t.stride, 1U, 1U, false, "encoder");
  const uint32_t n = pinna_plan_shape(plan, x).c;
  if (x && pinna_net_size(&t.net, 2U, "encoder.weight") != 2U * t.stride) {
    pinna_plan_refuse(plan, "an encoder with an odd kernel");
    return;
  }
  const PinnaRef masks = add_masks(&t, x);
  const uint32_t n_sources = n ? pinna_plan_shape(plan, masks).c / n : 0U;
  if (masks && (!n_sources || n_sources > PINNA_CONV_TASNET_MOST_SOURCES)) {
    pinna_plan_refuse(plan, "too many sources, or none");
    return;
  }
  const PinnaRef decoder = masks ? read_decoder(&t, n, 2U * t.stride) : 0U;
  for (uint32_t s = 0U; decoder && s < n_sources; ++s) {
    const PinnaRef mask = pinna_plan_channels(plan, masks, s * n, n);
    add_source(&t, pinna_plan_mul(plan, mask, x), decoder, s);
  }
}

PinnaStatus
pinna_conv_tasnet_init(PinnaConvTasnet** const self, PinnaArena* const arena,
                       const PinnaRunnerConfig* const config) {
  PinnaRunner* runner = NULL;
  *self = NULL;
  PinnaConvTasnet* const tasnet = PINNA_TAKE(arena, 1U, PinnaConvTasnet);
  const PinnaStatus      status = pinna_runner_init(&runner, arena, config);
  if (status) {
    return status;
  }
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  *tasnet = (PinnaConvTasnet){.runner = runner,
                              .n_samples = pinna_runner_shape(runner, "x").t,
                              .x = pinna_runner_tensor(runner, "x")};
  for (uint32_t s = 0U; s < PINNA_CONV_TASNET_MOST_SOURCES; ++s) {
    char name[16];
    snprintf(name, sizeof(name), "source%u", s);
    tasnet->sources[s] = pinna_runner_tensor(runner, name);
    tasnet->n_sources += tasnet->sources[s] != NULL;
  }
  if (!tasnet->x || !tasnet->n_sources) {
    return PINNA_STATUS_BAD_ARG;
  }
  *self = tasnet;
  return PINNA_STATUS_OK;
}
