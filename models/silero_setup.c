// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/silero.h"

#include "base/arena.h"
#include "base/status.h"
#include "models/net_run.h"
#include "models/silero_impl.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "nn/weights.h"

#include <stdbool.h>
#include <stdio.h>

// The network's layers

#define N_CONTEXT 64U
#define N_FFT 256U
#define N_BINS (N_FFT / 2U + 1U)
#define N_HIDDEN 128U

static PinnaRef
weight(PinnaPlan* const plan, const PinnaWeights* const weights, const char* const layer,
       const char* const what, const uint64_t n_out, const uint64_t n_in, const uint64_t kernel) {
  const uint64_t shape[] = {n_out, n_in, kernel};
  char           name[64];
  snprintf(name, sizeof(name), "%s.%s", layer, what);
  return pinna_plan_weight(plan, weights, name, kernel ? 3U : n_in ? 2U : 1U, shape);
}

/// Three taps along t with one row of 0 on both sides, then ReLU
static PinnaRef
add_conv(PinnaPlan* const plan, const PinnaWeights* const weights, const PinnaRef x,
         const char* const layer, const uint32_t n_out, const uint32_t stride) {
  const PinnaPad  pad = {{1U, 1U}, {0U, 0U}, false};
  PinnaConvConfig conv = pinna_conv_config(n_out);
  conv.kernel[0] = 3U;
  conv.stride[0] = stride;
  conv.act = PINNA_ACT_RELU;
  return pinna_plan_conv(
      plan, pinna_plan_pad(plan, x, &pad), &conv,
      weight(plan, weights, layer, "weight", n_out, pinna_plan_shape(plan, x).c, 3U),
      weight(plan, weights, layer, "bias", n_out, 0U, 0U));
}

void
pinna_silero_describe(PinnaPlan* const plan, const PinnaWeights* const weights) {
  const PinnaPad       mirror = {{0U, N_CONTEXT}, {0U, 0U}, true};
  const PinnaRnnConfig lstm = {N_HIDDEN, false, "lstm"};
  PinnaConvConfig      stft = pinna_conv_config(2U * N_BINS);
  PinnaConvConfig      last = pinna_conv_config(1U);
  stft.kernel[0] = N_FFT;
  stft.stride[0] = N_FFT / 2U;
  last.act = PINNA_ACT_SIGMOID;

  PinnaRef x = pinna_plan_input(plan, "x", (PinnaShape){PINNA_SILERO_CHUNK, 1U, 1U});
  x = pinna_plan_history(plan, x, N_CONTEXT, "context");
  x = pinna_plan_pad(plan, x, &mirror);
  x = pinna_plan_conv(plan, x, &stft,
                      weight(plan, weights, "stft_conv", "weight", 2U * N_BINS, 1U, N_FFT), 0U);
  x = pinna_plan_magnitude(plan, x);
  x = add_conv(plan, weights, x, "conv1", 128U, 1U);
  x = add_conv(plan, weights, x, "conv2", 64U, 2U);
  x = add_conv(plan, weights, x, "conv3", 64U, 2U);
  x = add_conv(plan, weights, x, "conv4", N_HIDDEN, 1U);
  x = pinna_plan_lstm(plan, x, &lstm,
                      weight(plan, weights, "lstm_cell", "weight_ih", 512U, N_HIDDEN, 0U),
                      weight(plan, weights, "lstm_cell", "weight_hh", 512U, N_HIDDEN, 0U),
                      weight(plan, weights, "lstm_cell", "bias_ih", 512U, 0U, 0U),
                      weight(plan, weights, "lstm_cell", "bias_hh", 512U, 0U, 0U));
  x = pinna_plan_act(plan, x, PINNA_ACT_RELU, 0.0F);
  x = pinna_plan_conv(plan, x, &last,
                      weight(plan, weights, "final_conv", "weight", 1U, N_HIDDEN, 1U),
                      weight(plan, weights, "final_conv", "bias", 1U, 0U, 0U));
  pinna_plan_output(plan, "p", x);
}

static bool
find_tensors(PinnaSilero* const silero) {
  silero->x = pinna_net_run_tensor(&silero->net, "x");
  silero->p = pinna_net_run_tensor(&silero->net, "p");
  return silero->x && silero->p;
}

PinnaStatus
pinna_silero_init(PinnaSilero** const self, PinnaArena* const arena,
                  const PinnaRunnerConfig* const config) {
  PinnaRunner* runner = NULL;
  *self = NULL;
  PinnaSilero* const silero = PINNA_TAKE(arena, 1U, PinnaSilero);
  const PinnaStatus  status = pinna_runner_init(&runner, arena, config);
  if (status) {
    return status;
  }
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  silero->net.runner = runner;
  if (!find_tensors(silero)) {
    return PINNA_STATUS_BAD_ARG;
  }
  *self = silero;
  return PINNA_STATUS_OK;
}

bool
pinna_silero_use(PinnaSilero* const self, PinnaSession* const session) {
  self->net.session = session;
  return find_tensors(self);
}
