// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/neural_vad.h"

#include "base/arena.h"
#include "base/cpu.h"
#include "models/net_run.h"
#include "models/neural_vad_impl.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "nn/session.h"
#include "nn/weights.h"

// Weights to a network, resampler and engine around it

static const double allowed_s = 0.016; // For a worker, besides one block

typedef struct {
  const PinnaNeuralVadConfig* config;
  PinnaRunnerConfig           runner;
} Parts;

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const data) {
  const Parts* const        parts = (const Parts*)data;
  const PinnaResampleConfig resample = {.rate_in = (uint32_t)(parts->config->rate + 0.5),
                                        .rate_out = PINNA_SILERO_RATE,
                                        .n_ch = 1U,
                                        .quality = PINNA_RESAMPLE_FAST};
  PinnaNeuralVad            vad = {.config = *parts->config};
  PinnaNeuralVad* const     self = PINNA_TAKE(arena, 1U, PinnaNeuralVad);
  PinnaStatus               status = pinna_resample_init(&vad.resample, arena, &resample);
  status = status ? status : pinna_silero_init(&vad.silero, arena, &parts->runner);
  vad.low = PINNA_TAKE(arena, NEURAL_VAD_ROOM, float);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }
  vad.config.path = NULL; // Of the caller
  *self = vad;
  *object = self;
  return PINNA_STATUS_OK;
}

/// On the device that PINNA_DEVICE names, if it is not the processor
static PinnaStatus
add_session(PinnaNeuralVad* const vad, void* const memory, const PinnaPlan* const plan,
            PinnaError* const error) {
  vad->memory = memory;
  const PinnaStatus status = pinna_net_run_open(&vad->session, plan, error);
  return status || !vad->session || pinna_silero_use(vad->silero, vad->session)
             ? status
             : PINNA_STATUS_BAD_ARG;
}

static PinnaStatus
build_all(void** const memory, void** const object, const PinnaNeuralVadConfig* const config,
          PinnaError* const error) {
  PinnaWeights*    weights = NULL;
  PinnaStatus      status = pinna_weights_open(&weights, config->path, error);
  PinnaPlan* const plan = status ? NULL : pinna_plan_new();
  if (plan) {
    const Parts parts = {config, {plan, pinna_cpu_isa()}};
    pinna_silero_describe(plan, weights);
    status = pinna_plan_finish(plan, error);
    status = status ? status : pinna_arena_build(memory, object, build, &parts);
    status = status ? status : add_session((PinnaNeuralVad*)*object, *memory, plan, error);
  } else if (!status) {
    status = PINNA_STATUS_NO_MEM;
  }
  pinna_plan_free(plan);
  pinna_weights_free(weights);
  return status;
}

PinnaStatus
pinna_neural_vad_open(PinnaNeuralVad** const vad, const PinnaNeuralVadConfig* const config,
                      PinnaError* const error) {
  *vad = NULL;
  if (!(config->rate >= 8000.0) || !(config->rate <= 384000.0) || !config->path) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "%g Hz: not a rate for Silero's detector",
                      config->rate);
  }
  void*                 memory = NULL;
  void*                 object = NULL;
  PinnaStatus           status = build_all(&memory, &object, config, error);
  PinnaNeuralVad* const self = (PinnaNeuralVad*)object;
  if (!status) {
    const PinnaNnEngineConfig engine = {
        .model = {self, pinna_neural_vad_run, pinna_neural_vad_skip},
        .n_channels = 1U,
        .chunk = PINNA_SILERO_CHUNK,
        .n_out = 1U,
        .rate = PINNA_SILERO_RATE,
        .block_s = config->block_s,
        .budget = config->mode == PINNA_NN_ENGINE_INLINE
                      ? 0U
                      : pinna_nn_engine_budget(PINNA_SILERO_RATE, config->block_s, allowed_s),
        .mode = self->session && config->mode == PINNA_NN_ENGINE_AUTO ? PINNA_NN_ENGINE_ASYNC
                                                                      : config->mode,
    };
    status = pinna_nn_engine_new(&self->engine, &engine);
  }
  if (status) {
    if (self) {
      pinna_session_close(self->session);
    }
    pinna_arena_free(memory);
    return pinna_fail(error, status, "Silero's detector cannot be set up: %s",
                      pinna_strerror(status));
  }
  *vad = self;
  return PINNA_STATUS_OK;
}

void
pinna_neural_vad_close(PinnaNeuralVad* const vad) {
  if (vad) {
    pinna_nn_engine_free(vad->engine);
    pinna_session_close(vad->session);
    pinna_arena_free(vad->memory);
  }
}

void
pinna_neural_vad_rest(PinnaNeuralVad* const vad, const bool rests) {
  pinna_nn_engine_rest(vad->engine, rests);
}
