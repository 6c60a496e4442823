// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/asr_small.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/kaldi_features.h"
#include "models/asr_small_impl.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "nn/weights.h"

#include <stdint.h>
#include <stdio.h>

// The network's layers, as class AsrSmall of tools/train/asr_small.py has them

#define N_WIDTH 208U
#define N_NARROW 160U
#define N_TAPS 5U

typedef struct {
  PinnaPlan*          plan;
  const PinnaWeights* weights;
} Net;

/// A convolution with as many rows of history as make it causal, ReLU behind it
static PinnaRef
add_conv(const Net* const net, PinnaRef x, const char* const name,
         const PinnaConvConfig* const conv, const uint32_t n_past) {
  char             text[64];
  const PinnaShape in = pinna_plan_shape(net->plan, x);
  const uint64_t   n_out = conv->n_out;
  const uint64_t   shape[] = {n_out, in.c, conv->kernel[0], conv->kernel[1]};
  const uint32_t   n_dims = conv->kernel[1] > 1U ? 4U : 3U;
  if (n_past) {
    snprintf(text, sizeof(text), "%s.past", name);
    x = pinna_plan_history(net->plan, x, n_past, text);
  }
  snprintf(text, sizeof(text), "%s.weight", name);
  const PinnaRef weight = pinna_plan_weight(net->plan, net->weights, text, n_dims, shape);
  snprintf(text, sizeof(text), "%s.bias", name);
  const PinnaRef bias = pinna_plan_weight(net->plan, net->weights, text, 1U, &n_out);
  return pinna_plan_conv(net->plan, x, conv, weight, bias);
}

static PinnaRef
add_stem(const Net* const net, const PinnaRef x, const char* const name, const uint32_t n_out) {
  const PinnaPad  pad = {{0U, 0U}, {1U, 0U}, false};
  PinnaConvConfig conv = pinna_conv_config(n_out);
  conv.kernel[0] = conv.kernel[1] = 3U;
  conv.stride[0] = conv.stride[1] = 2U;
  conv.act = PINNA_ACT_RELU;
  return add_conv(net, pinna_plan_pad(net->plan, x, &pad), name, &conv, 1U);
}

static PinnaRef
add_block(const Net* const net, const PinnaRef x, const uint32_t number, const uint32_t dilation) {
  char            name[32];
  PinnaConvConfig look = pinna_conv_config(N_NARROW);
  look.kernel[0] = N_TAPS;
  look.dilation[0] = dilation;
  look.act = PINNA_ACT_RELU;
  snprintf(name, sizeof(name), "blocks.%u.look", number);
  const PinnaRef        y = add_conv(net, x, name, &look, (N_TAPS - 1U) * dilation);
  const PinnaConvConfig mix = pinna_conv_config(N_WIDTH);
  snprintf(name, sizeof(name), "blocks.%u.mix", number);
  const PinnaRef sum = pinna_plan_add(net->plan, add_conv(net, y, name, &mix, 0U), x);
  return pinna_plan_act(net->plan, sum, PINNA_ACT_RELU, 0.0F);
}

void
pinna_asr_small_describe(PinnaPlan* const plan, const PinnaWeights* const weights) {
  static const uint32_t dilations[] = {1U, 1U, 2U, 2U, 4U, 4U};
  const Net             net = {plan, weights};
  PinnaConvConfig       enter = pinna_conv_config(N_WIDTH);
  const PinnaConvConfig leave = pinna_conv_config(PINNA_ASR_SMALL_N_TOKENS);
  enter.act = PINNA_ACT_RELU;

  const PinnaShape in = {PINNA_ASR_SMALL_N_FEATURES, PINNA_ASR_SMALL_N_MELS, 1U};
  PinnaRef         x = pinna_plan_input(plan, "x", in);
  x = add_stem(&net, x, "stem1", 12U);
  x = add_stem(&net, x, "stem2", 24U);
  const PinnaShape deep = pinna_plan_shape(plan, x);
  x = pinna_plan_reshape(plan, x, (PinnaShape){deep.t, 1U, deep.f * deep.c});
  x = add_conv(&net, x, "enter", &enter, 0U);
  for (uint32_t i = 0U; i < sizeof(dilations) / sizeof(dilations[0]); ++i) {
    x = add_block(&net, x, i, dilations[i]);
  }
  pinna_plan_output(plan, "logits", add_conv(&net, x, "leave", &leave, 0U));
}

PinnaStatus
pinna_asr_small_init(PinnaAsrSmall** const self, PinnaArena* const arena,
                     const PinnaRunnerConfig* const config) {
  *self = NULL;
  PinnaKaldiConfig features = pinna_kaldi_config(PINNA_KALDI_FBANK);
  features.num_mel_bins = PINNA_ASR_SMALL_N_MELS;
  features.low_freq = 60.0;
  features.high_freq = 7600.0;
  features.use_log_fbank = false;

  PinnaAsrSmall* const small = PINNA_TAKE(arena, 1U, PinnaAsrSmall);
  float* const sound = PINNA_TAKE(arena, PINNA_ASR_SMALL_PAST + PINNA_ASR_SMALL_CHUNK, float);
  PinnaKaldi*  kaldi = NULL;
  PinnaRunner* runner = NULL;
  PinnaStatus  status = pinna_kaldi_init(&kaldi, arena, &features);
  if (!status) {
    status = pinna_runner_init(&runner, arena, config);
  }
  if (status) {
    return status;
  }
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  *small = (PinnaAsrSmall){kaldi, runner, pinna_runner_tensor(runner, "x"),
                           pinna_runner_tensor(runner, "logits"), sound};
  if (!small->x || !small->logits) {
    return PINNA_STATUS_BAD_ARG;
  }
  *self = small;
  return PINNA_STATUS_OK;
}
