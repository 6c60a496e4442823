// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/vocoder_small.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/filterbank.h"
#include "dsp/phase_steps.h"
#include "models/embedded.h"
#include "models/vocoder_small_impl.h"
#include "nn/plan.h"
#include "nn/session.h"
#include "nn/weights.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// The network's layers and the memory of one stream

#define N_WIDTH 256U
#define N_HIDDEN 512U
#define N_TAPS 5U
#define N_BINS PINNA_VOCODER_SMALL_BINS
#define N_MELS PINNA_VOCODER_SMALL_MELS

static const uint32_t dilations[] = {1U, 1U, 2U, 1U, 2U, 4U};

typedef struct {
  PinnaPlan*          plan;
  const PinnaWeights* weights;
} Maker;

static PinnaRef
weight(const Maker* const m, const char* const layer, const char* const what, const uint64_t n_out,
       const uint64_t n_in, const uint64_t n_taps) {
  const uint64_t shape[] = {n_out, n_in, n_taps};
  char           name[64];
  snprintf(name, sizeof(name), "%s.%s", layer, what);
  return pinna_plan_weight(m->plan, m->weights, name, n_taps ? 3U : n_in ? 2U : 1U, shape);
}

static PinnaRef
linear(const Maker* const m, const PinnaRef x, const char* const layer, const uint32_t n_out,
       const PinnaAct act) {
  PinnaConvConfig conv = pinna_conv_config(n_out);
  conv.act = act;
  return pinna_plan_conv(m->plan, x, &conv,
                         weight(m, layer, "weight", n_out, pinna_plan_shape(m->plan, x).c, 0U),
                         weight(m, layer, "bias", n_out, 0U, 0U));
}

static PinnaRef
norm(const Maker* const m, const PinnaRef x, const char* const layer) {
  return pinna_plan_norm(m->plan, x, PINNA_NORM_CHANNELS, 1U, 1e-5F,
                         weight(m, layer, "weight", N_WIDTH, 0U, 0U),
                         weight(m, layer, "bias", N_WIDTH, 0U, 0U));
}

/// x + down(silu(up(norm(depthwise(x)))))
static PinnaRef
add_block(const Maker* const m, const PinnaRef x, const uint32_t i) {
  PinnaConvConfig conv = pinna_conv_config(N_WIDTH);
  char            depth[32];
  char            layer[32];
  conv.kernel[0] = N_TAPS;
  conv.dilation[0] = dilations[i];
  conv.groups = N_WIDTH;
  snprintf(depth, sizeof(depth), "blocks.%u.depth", i);
  PinnaRef y = pinna_plan_history(m->plan, x, (N_TAPS - 1U) * dilations[i], depth);
  y = pinna_plan_conv(m->plan, y, &conv, weight(m, depth, "weight", N_WIDTH, 1U, N_TAPS),
                      weight(m, depth, "bias", N_WIDTH, 0U, 0U));
  snprintf(layer, sizeof(layer), "blocks.%u.norm", i);
  y = norm(m, y, layer);
  snprintf(layer, sizeof(layer), "blocks.%u.up", i);
  y = linear(m, y, layer, N_HIDDEN, PINNA_ACT_SILU);
  snprintf(layer, sizeof(layer), "blocks.%u.down", i);
  return pinna_plan_add(m->plan, linear(m, y, layer, N_WIDTH, PINNA_ACT_NONE), x);
}

void
pinna_vocoder_small_describe(PinnaPlan* const plan, const PinnaWeights* const weights) {
  const Maker     m = {plan, weights};
  PinnaConvConfig inner = pinna_conv_config(N_WIDTH);
  inner.kernel[0] = N_TAPS;
  const PinnaRef mel = pinna_plan_history(
      plan, pinna_plan_input(plan, "mel", (PinnaShape){1U, 1U, N_MELS}), N_TAPS - 1U, "mels");
  PinnaRef x =
      pinna_plan_conv(plan, mel, &inner, weight(&m, "inner", "weight", N_WIDTH, N_MELS, N_TAPS),
                      weight(&m, "inner", "bias", N_WIDTH, 0U, 0U));
  for (uint32_t i = 0U; i < sizeof(dilations) / sizeof(dilations[0]); ++i) {
    x = add_block(&m, x, i);
  }
  x = linear(&m, norm(&m, x, "norm"), "head", 5U * N_BINS, PINNA_ACT_NONE);
  const PinnaRef now = pinna_plan_rows(plan, mel, N_TAPS - 2U, 1U);
  pinna_plan_output(plan, "magnitude",
                    pinna_plan_add(plan, linear(&m, now, "skip", N_BINS, PINNA_ACT_NONE),
                                   pinna_plan_channels(plan, x, 0U, N_BINS)));
  pinna_plan_output(plan, "head", x);
}

/// A session for the network of these weights
static PinnaStatus
open_network(PinnaVocoderSmall* const v, const PinnaWeights* const weights,
             const char* const device, PinnaError* const error) {
  PinnaPlan* const plan = pinna_plan_new();
  if (!plan) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "no memory for a plan");
  }
  pinna_vocoder_small_describe(plan, weights);
  PinnaStatus status = pinna_plan_finish(plan, error);
  if (!status) {
    const PinnaSessionConfig session = {.plan = plan, .device = device};
    v->macs = pinna_plan_facts(plan).macs;
    status = pinna_session_open(&v->session, &session, error);
  }
  pinna_plan_free(plan);
  return status;
}

static PinnaStatus
build_steps(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_phase_steps_init((PinnaPhaseSteps**)object, arena,
                                (const PinnaPhaseStepsConfig*)config);
}

static PinnaStatus
open_steps(PinnaVocoderSmall* const v, PinnaError* const error) {
  const PinnaVocoderFeatures  f = pinna_vocoder_small_features();
  const PinnaFilterbankConfig bank = {.n_filters = f.n_mels,
                                      .sample_rate = f.sample_rate,
                                      .f_min = (double)f.f_min,
                                      .f_max = (double)f.f_max,
                                      .scale = PINNA_SCALE_SLANEY,
                                      .norm = PINNA_FILTER_NORM_SLANEY};
  const PinnaPhaseStepsConfig config = pinna_phase_steps_config(f.n_fft, &bank);
  const PinnaStatus status = pinna_arena_build(&v->memory, (void**)&v->steps, build_steps, &config);
  return status ? pinna_fail(error, status, "phases: %s", pinna_strerror(status)) : status;
}

PinnaStatus
pinna_vocoder_small_open(PinnaVocoderSmall** const self, const PinnaWeights* const weights,
                         const char* const device, PinnaError* const error) {
  PinnaWeights* own = NULL;
  PinnaStatus   status = PINNA_STATUS_OK;
  *self = NULL;
  if (!weights) {
    status = pinna_embedded_open(&own, "vocoder_small", error);
    if (status) {
      return status;
    }
  }
  PinnaVocoderSmall* const v = (PinnaVocoderSmall*)calloc(1U, sizeof(PinnaVocoderSmall));
  if (!v) {
    pinna_weights_free(own);
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "no memory for a vocoder");
  }
  status = open_network(v, weights ? weights : own, device, error);
  pinna_weights_free(own);
  status = status ? status : open_steps(v, error);
  if (status) {
    pinna_vocoder_small_close(v);
    return status;
  }
  v->mel = pinna_session_tensor(v->session, "mel");
  v->magnitude = pinna_session_tensor(v->session, "magnitude");
  v->head = pinna_session_tensor(v->session, "head");
  pinna_vocoder_small_vocoder(v).reset(v);
  *self = v;
  return PINNA_STATUS_OK;
}

void
pinna_vocoder_small_close(PinnaVocoderSmall* const self) {
  if (self) {
    pinna_session_close(self->session);
    pinna_arena_free(self->memory);
    free(self);
  }
}
