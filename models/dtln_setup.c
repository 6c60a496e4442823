// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/dtln.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/fft.h"
#include "models/dtln_impl.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "nn/weights.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

// The network's layers from Keras's layouts, and the memory of one stream

#define N_HIDDEN 128U
#define N_ENCODED 256U
#define N_LARGEST (PINNA_DTLN_N_BINS * 4U * N_HIDDEN)

typedef struct {
  PinnaPlan*          plan;
  const PinnaWeights* weights;
  uint32_t*           index; ///< [N_LARGEST] for turning matrices round; NULL: no memory
} Net;

static PinnaRef
vector(const Net* const net, const char* const name, const uint64_t n) {
  return pinna_plan_weight(net->plan, net->weights, name, 1U, &n);
}

/// Keras's [n_in x n_out], or [1 x n_in x n_out] of a convolution, as torch's [n_out x n_in]
static PinnaRef
matrix(const Net* const net, const char* const name, const uint32_t n_in, const uint32_t n_out,
       const bool is_conv) {
  const uint64_t shape[] = {1U, n_in, n_out};
  const PinnaRef w = pinna_plan_weight(net->plan, net->weights, name, is_conv ? 3U : 2U,
                                       is_conv ? shape : shape + 1);
  if (!net->index) {
    return 0U;
  }
  for (uint32_t o = 0U; o < n_out; ++o) {
    for (uint32_t i = 0U; i < n_in; ++i) {
      net->index[o * n_in + i] = i * n_out + o;
    }
  }
  return pinna_plan_rearrange(net->plan, w, (size_t)n_in * n_out, net->index);
}

/// "instant" layer norm: over the channels of one frame
static PinnaRef
norm(const Net* const net, const PinnaRef x, const char* const name, const uint32_t n) {
  char path[128];
  snprintf(path, sizeof(path), "%s/%s/gamma", name, name);
  const PinnaRef gamma = vector(net, path, n);
  snprintf(path, sizeof(path), "%s/%s/beta", name, name);
  return pinna_plan_norm(net->plan, x, PINNA_NORM_CHANNELS, 1U, 1e-7F, gamma, vector(net, path, n));
}

/// Layer `number` of lstm, lstm_1, lstm_2, lstm_3
static PinnaRef
lstm(const Net* const net, const PinnaRef x, const unsigned number) {
  const uint32_t    n_in = pinna_plan_shape(net->plan, x).c;
  char              suffix[8] = "";
  char              layer[64];
  char              path[96];
  PinnaRef          w[3];
  const char* const parts[] = {"kernel", "recurrent_kernel", "bias"};
  if (number) {
    snprintf(suffix, sizeof(suffix), "_%u", number);
  }
  snprintf(layer, sizeof(layer), "lstm%s/lstm%s/lstm_cell%s", suffix, suffix, suffix);
  for (unsigned i = 0U; i < 3U; ++i) {
    snprintf(path, sizeof(path), "%s/%s", layer, parts[i]);
    w[i] = i < 2U ? matrix(net, path, i ? N_HIDDEN : n_in, 4U * N_HIDDEN, false)
                  : vector(net, path, (uint64_t)4U * N_HIDDEN);
  }
  const PinnaRnnConfig config = {N_HIDDEN, false, layer};
  return pinna_plan_lstm(net->plan, x, &config, w[0], w[1], w[2], 0U);
}

static PinnaRef
dense(const Net* const net, const PinnaRef x, const char* const name, const uint32_t n_out) {
  PinnaConvConfig conv = pinna_conv_config(n_out);
  char            path[64];
  conv.act = PINNA_ACT_SIGMOID;
  snprintf(path, sizeof(path), "%s/%s/kernel", name, name);
  const PinnaRef w = matrix(net, path, N_HIDDEN, n_out, false);
  snprintf(path, sizeof(path), "%s/%s/bias", name, name);
  return pinna_plan_conv(net->plan, x, &conv, w, vector(net, path, n_out));
}

static void
describe_spectrum(const Net* const net) {
  PinnaRef x = pinna_plan_input(net->plan, "features", (PinnaShape){1U, 1U, PINNA_DTLN_N_BINS});
  x = norm(net, x, "instant_layer_normalization", PINNA_DTLN_N_BINS);
  x = lstm(net, lstm(net, x, 0U), 1U);
  pinna_plan_output(net->plan, "mask", dense(net, x, "dense", PINNA_DTLN_N_BINS));
}

static void
describe_sound(const Net* const net) {
  const PinnaConvConfig enter = pinna_conv_config(N_ENCODED);
  const PinnaConvConfig leave = pinna_conv_config(PINNA_DTLN_N_FFT);
  const PinnaRef        frame =
      pinna_plan_input(net->plan, "frame", (PinnaShape){1U, 1U, PINNA_DTLN_N_FFT});
  const PinnaRef encoded =
      pinna_plan_conv(net->plan, frame, &enter,
                      matrix(net, "conv1d/conv1d/kernel", PINNA_DTLN_N_FFT, N_ENCODED, true), 0U);
  PinnaRef x = norm(net, encoded, "instant_layer_normalization_1", N_ENCODED);
  x = lstm(net, lstm(net, x, 2U), 3U);
  x = pinna_plan_mul(net->plan, encoded, dense(net, x, "dense_1", N_ENCODED));
  pinna_plan_output(
      net->plan, "decoded",
      pinna_plan_conv(net->plan, x, &leave,
                      matrix(net, "conv1d_1/conv1d_1/kernel", N_ENCODED, PINNA_DTLN_N_FFT, true),
                      0U));
}

void
pinna_dtln_describe(PinnaPlan* const spectrum, PinnaPlan* const sound,
                    const PinnaWeights* const weights) {
  uint32_t* const index = (uint32_t*)malloc(N_LARGEST * sizeof(uint32_t));
  describe_spectrum(&(Net){spectrum, weights, index});
  describe_sound(&(Net){sound, weights, index});
  free(index);
}

static PinnaStatus
init_runners(PinnaDtln* const parts, PinnaArena* const arena, const PinnaDtlnConfig* const config) {
  const PinnaRunnerConfig spectrum = {config->spectrum, config->isa};
  const PinnaRunnerConfig sound = {config->sound, config->isa};
  PinnaStatus             status = pinna_runner_init(&parts->spectrum.runner, arena, &spectrum);
  status = status ? status : pinna_runner_init(&parts->sound.runner, arena, &sound);
  return status ? status : pinna_fft_plan(&parts->fft, PINNA_FFT_REAL, PINNA_DTLN_N_FFT);
}

static bool
find_tensors(PinnaDtln* const dtln) {
  dtln->features = pinna_net_run_tensor(&dtln->spectrum, "features");
  dtln->mask = pinna_net_run_tensor(&dtln->spectrum, "mask");
  dtln->masked = pinna_net_run_tensor(&dtln->sound, "frame");
  dtln->decoded = pinna_net_run_tensor(&dtln->sound, "decoded");
  return dtln->features && dtln->mask && dtln->masked && dtln->decoded;
}

PinnaStatus
pinna_dtln_init(PinnaDtln** const self, PinnaArena* const arena,
                const PinnaDtlnConfig* const config) {
  *self = NULL;
  PinnaDtln* const  dtln = PINNA_TAKE(arena, 1U, PinnaDtln);
  PinnaDtln         parts = {.past = PINNA_TAKE(arena, PINNA_DTLN_N_FFT, float),
                             .frame = PINNA_TAKE(arena, PINNA_DTLN_N_FFT, float),
                             .bins = PINNA_TAKE(arena, PINNA_DTLN_N_BINS, float complex),
                             .sum = PINNA_TAKE(arena, PINNA_DTLN_N_FFT, float),
                             .hop = PINNA_TAKE(arena, PINNA_DTLN_HOP, float)};
  const PinnaStatus status = init_runners(&parts, arena, config);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }
  if (!find_tensors(&parts)) {
    return PINNA_STATUS_BAD_ARG;
  }
  *dtln = parts;
  *self = dtln;
  return PINNA_STATUS_OK;
}

bool
pinna_dtln_use(PinnaDtln* const self, PinnaSession* const spectrum, PinnaSession* const sound) {
  self->spectrum.session = spectrum;
  self->sound.session = sound;
  return find_tensors(self);
}
