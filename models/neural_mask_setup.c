// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/neural_mask.h"

#include "base/arena.h"
#include "models/embedded.h"
#include "models/neural_mask_impl.h"
#include "nn/session.h"
#include "nn/weights.h"

#include <math.h>
#include <string.h>

// Weights to a network, resampler and engine around it

static const double allowed_s = 0.008; // For a worker

static PinnaResampleConfig
resample_config(const double rate) {
  return (PinnaResampleConfig){.rate_in = (uint32_t)(rate + 0.5),
                               .rate_out = NEURAL_MASK_RATE,
                               .n_ch = 1U,
                               .quality = PINNA_RESAMPLE_FAST};
}

static PinnaStatus
build_resampler(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_resample_init((PinnaResample**)object, arena, (const PinnaResampleConfig*)config);
}

static double
resampler_delay(const double rate) {
  const PinnaResampleConfig config = resample_config(rate);
  void*                     memory = NULL;
  void*                     resample = NULL;
  double                    delay_s = 0.0;
  if (!pinna_arena_build(&memory, &resample, build_resampler, &config)) {
    delay_s = pinna_resample_latency((const PinnaResample*)resample) / rate;
  }
  pinna_arena_free(memory);
  return delay_s;
}

const float*
pinna_neural_mask_hz(void) {
  static float hz[PINNA_NEURAL_MASK_BANDS];
  for (uint32_t k = 0U; k < PINNA_NEURAL_MASK_BANDS; ++k) {
    hz[k] = (float)k * ((float)NEURAL_MASK_RATE / (float)NEURAL_MASK_N_FFT);
  }
  return hz;
}

/// The frame nearest to a sample is complete a hop and a half later; then the sample at 16 kHz
uint32_t
pinna_neural_mask_latency(const double rate) {
  const double hops_s = (1.5 * NEURAL_MASK_HOP + 1.0) / NEURAL_MASK_RATE;
  return (uint32_t)ceil((hops_s + resampler_delay(rate)) * rate) + 2U;
}

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const data) {
  const PinnaNeuralMaskConfig* const config = (const PinnaNeuralMaskConfig*)data;
  const PinnaResampleConfig          resample = resample_config(config->rate);
  PinnaNeuralMask                    mask = {.config = *config};
  PinnaNeuralMask* const             self = PINNA_TAKE(arena, 1U, PinnaNeuralMask);
  PinnaStatus                        status = pinna_resample_init(&mask.resample, arena, &resample);
  status = status ? status : pinna_fft_plan(&mask.fft, PINNA_FFT_REAL, NEURAL_MASK_N_FFT);
  mask.mono = PINNA_TAKE(arena, NEURAL_MASK_PUSH, float);
  mask.low = PINNA_TAKE(arena, NEURAL_MASK_ROOM, float);
  mask.window = PINNA_TAKE(arena, NEURAL_MASK_N_FFT, float);
  mask.past = PINNA_TAKE(arena, NEURAL_MASK_N_FFT, float);
  mask.frame = PINNA_TAKE(arena, NEURAL_MASK_N_FFT, float);
  mask.bins = PINNA_TAKE(arena, PINNA_NEURAL_MASK_BANDS, float complex);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }
  for (uint32_t i = 0U; i < NEURAL_MASK_N_FFT; ++i) {
    mask.window[i] = (float)sin(M_PI * i / NEURAL_MASK_N_FFT); // Root of a periodic Hann window
  }
  mask.config.path = NULL; // Of the caller
  mask.delay_s = pinna_resample_latency(mask.resample) / config->rate;
  *self = mask;
  *object = self;
  return PINNA_STATUS_OK;
}

static PinnaStatus
add_engine(PinnaNeuralMask* const self) {
  PinnaNnEngineConfig config = {
      .model = {self, pinna_neural_mask_run, pinna_neural_mask_skip},
      .n_channels = 1U,
      .chunk = NEURAL_MASK_HOP,
      .n_out = PINNA_NEURAL_MASK_BANDS,
      .rate = NEURAL_MASK_RATE,
      .is_eager = true,
      .block_s = self->config.block_s,
      .mode = self->config.mode,
  };
  if ((self->net.sessions[0] || self->net.sessions[1]) && config.mode == PINNA_NN_ENGINE_AUTO) {
    config.mode = PINNA_NN_ENGINE_ASYNC; // A device is waited for
  }
  if (config.mode == PINNA_NN_ENGINE_AUTO) {
    config.mode = pinna_nn_engine_choose(&config, pinna_nn_engine_cost(&config));
  }
  if (config.mode == PINNA_NN_ENGINE_ASYNC) {
    const double longest =
        self->config.longest_block_s > 0.0 ? self->config.longest_block_s : 256.0 / 48000.0;
    config.budget = pinna_nn_engine_budget(config.rate, longest, allowed_s);
  }
  self->lag_hops = (double)config.budget / NEURAL_MASK_HOP;
  return pinna_nn_engine_new(&self->engine, &config);
}

static PinnaStatus
open_net(PinnaNeuralMask* const self, const PinnaWeights* const weights, const char* const path,
         PinnaError* const error) {
  for (const NeuralMaskKind* kind = pinna_neural_mask_kinds; kind->name; ++kind) {
    if (pinna_weights_find(weights, kind->tensor)) {
      self->kind = kind;
      return kind->open(&self->net, weights, error);
    }
  }
  return pinna_fail(error, PINNA_STATUS_UNSUPPORTED,
                    "%s: no mask for noisy speech: neither GTCRN's tensors, nor DTLN's, nor ours",
                    path ? path : "built-in weights");
}

PinnaStatus
pinna_neural_mask_open(PinnaNeuralMask** const mask, const PinnaNeuralMaskConfig* const config,
                       PinnaError* const error) {
  *mask = NULL;
  if (!(config->rate >= 8000.0) || !(config->rate <= 384000.0) || !config->n_channels) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "%g Hz, %u channels: no mask for those",
                      config->rate, config->n_channels);
  }
  PinnaWeights* weights = NULL;
  void*         memory = NULL;
  void*         object = NULL;
  PinnaStatus   status = config->path && *config->path
                             ? pinna_weights_open(&weights, config->path, error)
                             : pinna_embedded_open(&weights, "denoise_mask", error);
  status = status ? status : pinna_arena_build(&memory, &object, build, config);
  PinnaNeuralMask* const self = (PinnaNeuralMask*)object;
  if (!status) {
    self->memory = memory;
    status = open_net(self, weights, config->path, error);
  }
  status = status ? status : add_engine(self);
  pinna_weights_free(weights);
  if (status) {
    pinna_neural_mask_close(self);
    return pinna_fail(error, status, "the mask cannot be set up: %s", pinna_strerror(status));
  }
  *mask = self;
  return PINNA_STATUS_OK;
}

void
pinna_neural_mask_close(PinnaNeuralMask* const mask) {
  if (mask) {
    pinna_nn_engine_free(mask->engine);
    pinna_session_close(mask->net.sessions[0]);
    pinna_session_close(mask->net.sessions[1]);
    pinna_arena_free(mask->net.memory);
    pinna_arena_free(mask->memory);
  }
}

const char*
pinna_neural_mask_name(const PinnaNeuralMask* const mask) {
  return mask->kind->name;
}

void
pinna_neural_mask_rest(PinnaNeuralMask* const mask, const bool rests) {
  pinna_nn_engine_rest(mask->engine, rests);
}
