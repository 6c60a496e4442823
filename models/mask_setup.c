// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/mask.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/stft.h"
#include "dsp/window.h"
#include "models/mask_impl.h"
#include "models/net_run.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "nn/weights.h"

#include <stdbool.h>
#include <stdio.h>

// The network's layers, the bands and the memory of one stream

#define N_HIDDEN 160U

static PinnaRef
weight(PinnaPlan* const plan, const PinnaWeights* const weights, const char* const layer,
       const char* const what, const uint64_t n_out, const uint64_t n_in) {
  const uint64_t shape[] = {n_out, n_in};
  char           name[64];
  snprintf(name, sizeof(name), "%s.%s", layer, what);
  return pinna_plan_weight(plan, weights, name, n_in ? 2U : 1U, shape);
}

static PinnaRef
linear(PinnaPlan* const plan, const PinnaWeights* const weights, const PinnaRef x,
       const char* const layer, const uint32_t n_out, const PinnaAct act) {
  const uint32_t  n_in = pinna_plan_shape(plan, x).c;
  PinnaConvConfig conv = pinna_conv_config(n_out);
  conv.act = act;
  return pinna_plan_conv(plan, x, &conv, weight(plan, weights, layer, "weight", n_out, n_in),
                         weight(plan, weights, layer, "bias", n_out, 0U));
}

static PinnaRef
gru(PinnaPlan* const plan, const PinnaWeights* const weights, const PinnaRef x,
    const char* const layer) {
  const PinnaRnnConfig config = {N_HIDDEN, false, layer};
  return pinna_plan_gru(plan, x, &config,
                        weight(plan, weights, layer, "weight_ih_l0", 3U * N_HIDDEN, N_HIDDEN),
                        weight(plan, weights, layer, "weight_hh_l0", 3U * N_HIDDEN, N_HIDDEN),
                        weight(plan, weights, layer, "bias_ih_l0", 3U * N_HIDDEN, 0U),
                        weight(plan, weights, layer, "bias_hh_l0", 3U * N_HIDDEN, 0U));
}

void
pinna_mask_describe(PinnaPlan* const plan, const PinnaWeights* const weights) {
  PinnaRef x = pinna_plan_input(plan, "features", (PinnaShape){1U, 1U, 3U * MASK_N_BANDS});
  x = linear(plan, weights, x, "enter", N_HIDDEN, PINNA_ACT_RELU);
  x = gru(plan, weights, x, "gru1");
  x = pinna_plan_add(plan, x, gru(plan, weights, x, "gru2"));
  pinna_plan_output(plan, "answer",
                    linear(plan, weights, x, "leave", 4U * MASK_N_BANDS, PINNA_ACT_NONE));
}

/// Band centres: each bin below 48, then ever farther apart; bins divide themselves between the two
/// nearest
static void
lay_bands(PinnaMask* const mask) {
  const uint32_t last = MASK_N_BINS - 1U;
  for (uint32_t b = 1U; b < MASK_N_BANDS; ++b) {
    const uint32_t at = mask->centre[b - 1U];
    const uint32_t next = at + (at < 48U ? 1U : at / 24U);
    mask->centre[b] = next < last ? next : last;
    for (uint32_t k = at; k <= mask->centre[b]; ++k) {
      mask->band_of[k] = b - 1U;
      mask->part[k] = (float)(k - at) / (float)(mask->centre[b] - at);
    }
  }
  for (uint32_t k = 0U; k < MASK_N_BINS; ++k) {
    mask->band_weight[mask->band_of[k]] += 1.0F - mask->part[k];
    mask->band_weight[mask->band_of[k] + 1U] += mask->part[k];
  }
  for (uint32_t b = 0U; b < MASK_N_BANDS; ++b) {
    mask->band_weight[b] = 1.0F / mask->band_weight[b];
  }
}

static bool
find_tensors(PinnaMask* const mask) {
  mask->features = pinna_net_run_tensor(&mask->net, "features");
  mask->answer = pinna_net_run_tensor(&mask->net, "answer");
  return mask->features && mask->answer;
}

PinnaStatus
pinna_mask_init(PinnaMask** const self, PinnaArena* const arena,
                const PinnaRunnerConfig* const config) {
  const PinnaStftConfig stft = {.n_in = 1U,
                                .n_out = 1U,
                                .n_fft = PINNA_MASK_N_FFT,
                                .hop_length = PINNA_MASK_HOP,
                                .window = {.kind = PINNA_WINDOW_SQRT_HANN}};
  *self = NULL;
  PinnaRunner*     runner = NULL;
  PinnaStft*       transform = NULL;
  PinnaMask* const mask = PINNA_TAKE(arena, 1U, PinnaMask);
  float* const     log_gain = PINNA_TAKE(arena, MASK_N_BINS, float);
  PinnaStatus      status = pinna_runner_init(&runner, arena, config);
  if (!status) {
    status = pinna_stft_init(&transform, arena, &stft);
  }
  if (status) {
    return status;
  }
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  mask->net.runner = runner;
  mask->stft = transform;
  mask->log_gain = log_gain;
  if (!find_tensors(mask)) {
    return PINNA_STATUS_BAD_ARG;
  }
  lay_bands(mask);
  *self = mask;
  return PINNA_STATUS_OK;
}

bool
pinna_mask_use(PinnaMask* const self, PinnaSession* const session) {
  self->net.session = session;
  return find_tensors(self);
}
