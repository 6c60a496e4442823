// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/asr_live.h"

#include "base/arena.h"
#include "base/status.h"
#include "models/asr_live_impl.h"

#include <math.h>
#include <string.h>

// A model and all that is around it; what the worker does with a chunk

#define MOST_CHUNK_S 0.2 ///< Handed over at once
#define ALLOWED_S 0.1    ///< For a worker, beside the longest block, or the network's own chunk
#define MOST_LAG_S 1.5
#define BLOCK_S (1024.0 / 48000.0)
#define N_TOLD 32U ///< Captions that may wait for the audio thread
#define MAX_CHANNELS 64U

/// A partial may be lost where nobody takes captions, a final one waits for room behind it
static void
take_caption(void* const handle, const PinnaCaption* const caption) {
  PinnaAsrLive* const self = (PinnaAsrLive*)handle;
  const uint32_t      size = (uint32_t)sizeof(*caption);
  const bool          is_partial = caption->kind == PINNA_CAPTION_PARTIAL;
  if (!is_partial || pinna_ring_space(self->told) > N_TOLD / 2U * size) {
    pinna_ring_push(self->told, (uint32_t)caption->kind, caption, size);
  }
}

static void
run_chunk(void* const handle, const float* const in, float* const out) {
  PinnaAsrLive* const self = (PinnaAsrLive*)handle;
  const PinnaAsrSink  sink = {self, take_caption};
  (void)out;
  pinna_asr_stream_push(self->stream, in, self->chunk, &sink);
}

static void
skip(void* const handle, const uint64_t chunk, const uint64_t n_lost) {
  PinnaAsrLive* const self = (PinnaAsrLive*)handle;
  const PinnaAsrSink  sink = {self, take_caption};
  (void)chunk;
  if (n_lost) {
    pinna_asr_stream_skip(self->stream, n_lost * self->chunk, &sink);
  } else {
    pinna_asr_stream_reset(self->stream);
  }
}

/// Seconds of sound that are handed over at once: what the network takes, or an even part of it
static double
chunk_seconds(const PinnaAsrModel* const model) {
  const PinnaAcoustic* const acoustic = pinna_asr_model_acoustic(model);
  const double               whole = (double)acoustic->chunk / acoustic->rate;
  return whole / ceil(whole / MOST_CHUNK_S - 1e-9);
}

typedef struct {
  const PinnaAsrLiveConfig* config;
  PinnaAsrModel*            model;
} Parts;

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const data) {
  const Parts* const              parts = (const Parts*)data;
  const PinnaAsrLiveConfig* const c = parts->config;
  const double                    chunk_s = chunk_seconds(parts->model);
  PinnaAsrLive                    live = {
                         .config = *c, .model = parts->model, .chunk = (uint32_t)lrint(chunk_s * c->rate)};
  const PinnaAsrStreamConfig stream = {parts->model, c->rate, live.chunk};
  PinnaAsrLive* const        self = PINNA_TAKE(arena, 1U, PinnaAsrLive);
  PinnaStatus                status =
      pinna_ring_init(&live.told, arena, N_TOLD * ((uint32_t)sizeof(PinnaCaption) + 8U));
  status = status ? status : pinna_asr_stream_init(&live.stream, arena, &stream);
  if (status) {
    return status;
  }
  live.mono = PINNA_TAKE(arena, PINNA_ASR_LIVE_PIECE, float);
  live.caption = PINNA_TAKE(arena, 1U, PinnaCaption);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  live.config.model = live.config.hotwords = NULL; // Of the caller
  *self = live;
  *object = self;
  return PINNA_STATUS_OK;
}

static PinnaStatus
add_engine(PinnaAsrLive* const self) {
  const PinnaAsrLiveConfig* const c = &self->config;
  const double                    block_s = c->longest_block_s > 0.0 ? c->longest_block_s : BLOCK_S;
  const PinnaAcoustic* const      acoustic = pinna_asr_model_acoustic(self->model);
  const double                    whole_s = (double)acoustic->chunk / acoustic->rate;
  const PinnaNnEngineConfig       engine = {
            .model = {self, run_chunk, skip},
            .n_channels = 1U,
            .chunk = self->chunk,
            .rate = c->rate,
            .budget = pinna_nn_engine_budget(c->rate, block_s, fmax(ALLOWED_S, whole_s)),
            .max_lag = (uint32_t)ceil(fmax(MOST_LAG_S, 2.0 * whole_s) * c->rate / self->chunk),
            .mode = c->mode == PINNA_NN_ENGINE_INLINE ? PINNA_NN_ENGINE_INLINE : PINNA_NN_ENGINE_ASYNC};
  return pinna_nn_engine_new(&self->engine, &engine);
}

PinnaStatus
pinna_asr_live_open(PinnaAsrLive** const self, const PinnaAsrLiveConfig* const config,
                    PinnaError* const error) {
  const PinnaAsrModelConfig model = {.name = config->model, .hotwords = config->hotwords};
  Parts                     parts = {config, NULL};
  void*                     memory = NULL;
  void*                     object = NULL;
  *self = NULL;
  if (!(config->rate >= 8000.0) || !(config->rate <= 384000.0) || !config->n_channels ||
      config->n_channels > MAX_CHANNELS) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "no captions for %u channels at %g Hz",
                      config->n_channels, config->rate);
  }
  PinnaStatus status = pinna_asr_model_open(&parts.model, &model, error);
  if (!status) {
    status = pinna_arena_build(&memory, &object, build, &parts);
  }
  if (!status) {
    ((PinnaAsrLive*)object)->memory = memory;
    status = add_engine((PinnaAsrLive*)object);
  }
  if (status) {
    pinna_arena_free(memory);
    pinna_asr_model_close(parts.model);
    return pinna_fail(error, status, "%s", pinna_strerror(status));
  }
  *self = (PinnaAsrLive*)object;
  pinna_asr_live_reset(*self);
  return PINNA_STATUS_OK;
}

void
pinna_asr_live_close(PinnaAsrLive* const self) {
  if (self) {
    PinnaAsrModel* const model = self->model;
    pinna_nn_engine_free(self->engine);
    pinna_arena_free(self->memory);
    pinna_asr_model_close(model);
  }
}

void
pinna_asr_live_rest(PinnaAsrLive* const self, const bool rests) {
  pinna_nn_engine_rest(self->engine, rests);
}
