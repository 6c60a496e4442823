// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/engine.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/denormal.h"
#include "base/pool.h"
#include "base/ring.h"
#include "nn/engine_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Measures a model, takes memory, joins the pool

#define GRAINS 16.0 ///< Of a budget: so much of it may pass until a worker notices a chunk
#define LEAST_GRAIN_S 0.0005
#define MOST_GRAIN_S 0.01

static const double default_lag_s = 0.5;
static const double default_block_s = 64.0 / 48000.0;

uint32_t
pinna_nn_engine_budget(const double rate, const double longest_block_s, const double allowed_s) {
  return (uint32_t)ceil(rate * (longest_block_s + allowed_s) - 1e-6);
}

PinnaNnEngineMode
pinna_nn_engine_choose(const PinnaNnEngineConfig* const config, const double cost_s) {
  const char* const wish = getenv("PINNA_ENGINE");
  if (wish && !strcmp(wish, "inline")) {
    return PINNA_NN_ENGINE_INLINE;
  }
  if (wish && !strcmp(wish, "async")) {
    return PINNA_NN_ENGINE_ASYNC;
  }
  const double block_s = config->block_s > 0.0 ? config->block_s : default_block_s;
  return cost_s < 0.25 * block_s ? PINNA_NN_ENGINE_INLINE : PINNA_NN_ENGINE_ASYNC;
}

static double
run_timed(const PinnaNnEngineModel* const model, const float* const in, float* const out) {
  const uint64_t start = pinna_clock_ns();
  model->run(model->handle, in, out);
  return 1e-9 * (double)(pinna_clock_ns() - start);
}

double
pinna_nn_engine_cost(const PinnaNnEngineConfig* const config) {
  enum { N_ROUNDS = 6, N_RUNS = 5 };
  const PinnaNnEngineModel* const model = &config->model;
  const size_t                    n_in = (size_t)config->n_channels * config->chunk;
  float* const                    in = (float*)malloc((n_in + config->n_out) * sizeof(float));
  if (!in) {
    return INFINITY;
  }

  const PinnaFpMode mode = pinna_denormal_enter();
  uint32_t          seed = 1U;
  double calm[N_RUNS + 1] = {0.0}; // Of each chunk, the least of all rounds: others use the core
  double worst = 0.0;
  double spent = 0.0;
  for (int round = 0; round < N_ROUNDS && (spent < 0.2 || !round); ++round) {
    for (int i = 0; i <= N_RUNS; ++i) { // The first one fetches the weights
      for (size_t k = 0U; k < n_in; ++k) {
        seed = 1664525U * seed + 1013904223U;
        in[k] = 1e-2f * ((float)(seed >> 8U) / 8388608.0f - 1.0f);
      }
      const double took = run_timed(model, in, in + n_in);
      spent += took;
      calm[i] = round ? fmin(calm[i], took) : took;
    }
    if (model->skip) {
      model->skip(model->handle, 0U, 0U);
    }
  }
  for (int i = 1; i <= N_RUNS; ++i) {
    worst = fmax(worst, calm[i]);
  }
  pinna_denormal_leave(mode);
  free(in);
  return worst;
}

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const data) {
  const PinnaNnEngineConfig* const config = (const PinnaNnEngineConfig*)data;
  const size_t                     head = sizeof(PinnaNnEngineHead);
  const size_t         in = head + (size_t)config->n_channels * config->chunk * sizeof(float);
  const size_t         out = head + config->n_out * sizeof(float);
  const bool           is_async = config->mode == PINNA_NN_ENGINE_ASYNC;
  PinnaNnEngine* const self = PINNA_TAKE(arena, 1U, PinnaNnEngine);
  const size_t         waiting = config->max_lag + 2U; // One more is being run
  PinnaNnEngine parts = {.config = *config, .n_places = is_async ? (uint32_t)waiting + 1U : 1U};

  parts.n_slots = config->max_lag + config->budget / config->chunk + 10U;
  parts.slots = PINNA_TAKE(arena, parts.n_slots, PinnaNnEngineSlot);
  parts.kept = PINNA_TAKE(arena, (size_t)parts.n_slots * config->n_out, float);
  parts.place_size = (in + PINNA_ARENA_ALIGN - 1U) / PINNA_ARENA_ALIGN * PINNA_ARENA_ALIGN;
  parts.made = (PinnaNnEngineHead*)pinna_arena_take(arena, 1U, out);
  parts.taken = (PinnaNnEngineHead*)pinna_arena_take(arena, 1U, out);
  const size_t results = 2U * waiting * (out + sizeof(PinnaMessage));
  if (parts.n_places * parts.place_size > 1U << 30U || results > 1U << 30U) {
    return PINNA_STATUS_BAD_ARG;
  }
  parts.places = (char*)pinna_arena_take(arena, parts.n_places, parts.place_size);
  const PinnaStatus status =
      is_async ? pinna_ring_init(&parts.results, arena, (uint32_t)results) : PINNA_STATUS_OK;
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }
  parts.fresh = (PinnaNnEngineHead*)(void*)parts.places;
  parts.run_epoch = UINT32_MAX; // None yet: the first chunk begins a stream
  memcpy(self, &parts, sizeof(parts));
  *object = self;
  return PINNA_STATUS_OK;
}

void
pinna_nn_engine_rest(PinnaNnEngine* const engine, const bool rests) {
  const double chunk_s = engine->config.chunk / engine->config.rate;
  const double grain_s = engine->config.budget / engine->config.rate / GRAINS;
  if (engine->job) {
    pinna_job_watch(engine->job, rests ? 0U : (uint64_t)(1e9 * chunk_s) + 1U,
                    (uint64_t)(1e9 * fmin(fmax(grain_s, LEAST_GRAIN_S), MOST_GRAIN_S)));
  }
}

PinnaStatus
pinna_nn_engine_new(PinnaNnEngine** const engine, const PinnaNnEngineConfig* const config) {
  *engine = NULL;
  PinnaNnEngineConfig plan = *config;
  if (!plan.model.run || !plan.n_channels || !plan.chunk || plan.n_channels > 1024U ||
      plan.chunk > 1U << 24U || plan.n_out > 1U << 24U || !(plan.rate > 0.0) ||
      plan.mode == PINNA_NN_ENGINE_OFFLINE || plan.max_lag > 4096U) {
    return PINNA_STATUS_BAD_ARG;
  }
  if (!plan.max_lag) {
    plan.max_lag = (uint32_t)fmin(4096.0, fmax(2.0, ceil(default_lag_s * plan.rate / plan.chunk)));
  }
  if (plan.mode == PINNA_NN_ENGINE_AUTO) {
    plan.mode = pinna_nn_engine_choose(&plan, pinna_nn_engine_cost(&plan));
  }

  void*       memory = NULL;
  void*       object = NULL;
  PinnaStatus status = pinna_arena_build(&memory, &object, build, &plan);
  if (status) {
    return status;
  }
  PinnaNnEngine* const self = (PinnaNnEngine*)object;
  self->memory = memory;
  if (plan.mode == PINNA_NN_ENGINE_ASYNC) {
    self->pool = pinna_pool_acquire();
    self->job = self->pool ? pinna_job_new(self->pool, pinna_nn_engine_work, self) : NULL;
    if (!self->job) {
      pinna_nn_engine_free(self);
      return PINNA_STATUS_UNSUPPORTED;
    }
    pinna_nn_engine_rest(self, false);
  }
  *engine = self;
  return PINNA_STATUS_OK;
}

void
pinna_nn_engine_free(PinnaNnEngine* const engine) {
  if (engine) {
    pinna_job_free(engine->job);
    pinna_pool_release(engine->pool);
    pinna_arena_free(engine->memory);
  }
}
