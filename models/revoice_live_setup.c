// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/revoice_live.h"

#include "base/arena.h"
#include "base/status.h"
#include "models/revoice_live_impl.h"

#include <math.h>
#include <stdbool.h>

// Memory, the engine, and how late all of it is

#define CHUNK_S 0.01
#define FADE_S 0.005
#define MIX_S 0.02
#define ALLOWED_S 0.02 ///< For a worker, beside the longest block
#define MOST_S 1.0     ///< Of latency
#define BLOCK_S (1024.0 / 48000.0)

static void
run_chunk(void* const handle, const float* const in, float* const out) {
  PinnaRevoiceLive* const self = (PinnaRevoiceLive*)handle;
  pinna_revoice_run(self->revoice, in, out, self->chunk);
}

/// After lost chunks the voice goes on where it was: its frames are whole, its phase runs through
static void
skip(void* const handle, const uint64_t chunk, const uint64_t n_lost) {
  (void)chunk;
  if (!n_lost) {
    pinna_revoice_restart(((PinnaRevoiceLive*)handle)->revoice); // What is fed may be newer
  }
}

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const data) {
  const PinnaRevoiceLiveConfig* const config = (const PinnaRevoiceLiveConfig*)data;
  const PinnaRevoiceConfig            revoice = {(uint32_t)lrint(config->rate), config->vocoder};
  const double     block_s = config->longest_block_s > 0.0 ? config->longest_block_s : BLOCK_S;
  PinnaRevoiceLive live = {.config = *config, .mix = 1.0F, .mix_goal = 1.0F};
  PinnaRevoiceLive* const self = PINNA_TAKE(arena, 1U, PinnaRevoiceLive);
  const PinnaStatus       status = pinna_revoice_init(&live.revoice, arena, &revoice);
  if (status) {
    return status;
  }
  live.chunk = (uint32_t)lrint(CHUNK_S * config->rate);
  live.n_fade = (uint32_t)lrint(FADE_S * config->rate);
  live.budget = config->mode == PINNA_NN_ENGINE_INLINE
                    ? 0U
                    : pinna_nn_engine_budget(config->rate, block_s, ALLOWED_S);
  live.mix_part = (float)(1.0 - exp(-1.0 / (MIX_S * config->rate)));
  live.latency = live.chunk + live.budget + live.n_fade +
                 (live.revoice ? pinna_revoice_latency(live.revoice) : 0U);
  live.mono = PINNA_TAKE(arena, PINNA_REVOICE_LIVE_PIECE, float);
  live.heard = PINNA_TAKE(arena, live.chunk, float);
  live.coming = PINNA_TAKE(arena, live.chunk, float);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  if (live.latency < config->least_latency) {
    live.budget += config->least_latency - live.latency;
    live.latency = config->least_latency;
  }
  *self = live;
  *object = self;
  return PINNA_STATUS_OK;
}

static bool
is_possible(const PinnaRevoiceLiveConfig* const config) {
  return config->rate >= 8000.0 && config->rate <= 384000.0 && config->n_channels &&
         config->n_channels <= PINNA_REVOICE_LIVE_CHANNELS &&
         config->mode != PINNA_NN_ENGINE_OFFLINE;
}

static void
no_reset(void* const handle) {
  (void)handle;
}

uint32_t
pinna_revoice_live_measure(const PinnaRevoiceLiveConfig* const config) {
  PinnaRevoiceLiveConfig quiet = *config;
  void*                  memory = NULL;
  void*                  object = NULL;
  quiet.vocoder.reset = no_reset;
  if (!is_possible(config) || pinna_arena_build(&memory, &object, build, &quiet)) {
    return 0U;
  }
  const uint32_t latency = ((const PinnaRevoiceLive*)object)->latency;
  pinna_arena_free(memory);
  return latency;
}

PinnaStatus
pinna_revoice_live_new(PinnaRevoiceLive** const self, const PinnaRevoiceLiveConfig* const config) {
  void* memory = NULL;
  void* object = NULL;
  *self = NULL;
  if (!is_possible(config)) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaStatus status = pinna_arena_build(&memory, &object, build, config);
  if (status) {
    return status;
  }
  PinnaRevoiceLive* const   live = (PinnaRevoiceLive*)object;
  const PinnaNnEngineConfig engine = {.model = {live, run_chunk, skip},
                                      .n_channels = 1U,
                                      .chunk = live->chunk,
                                      .n_out = live->chunk,
                                      .rate = config->rate,
                                      .budget = live->budget,
                                      .mode = config->mode == PINNA_NN_ENGINE_INLINE
                                                  ? PINNA_NN_ENGINE_INLINE
                                                  : PINNA_NN_ENGINE_ASYNC};
  live->memory = memory;
  status = pinna_nn_engine_new(&live->engine, &engine);
  if (status) {
    pinna_arena_free(memory);
    return status;
  }
  pinna_revoice_live_reset(live);
  *self = live;
  return PINNA_STATUS_OK;
}

void
pinna_revoice_live_free(PinnaRevoiceLive* const self) {
  if (self) {
    pinna_nn_engine_free(self->engine);
    pinna_arena_free(self->memory);
  }
}

void
pinna_revoice_live_rest(PinnaRevoiceLive* const self, const bool rests) {
  pinna_nn_engine_rest(self->engine, rests);
}
