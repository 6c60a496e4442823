// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/backend_impl.h"

#include "base/arena.h"
#include "host/audio_thread.h"
#include "host/pace.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

// Silence in, nothing out: a clock in real time, or as fast as possible

typedef struct {
  PinnaBackend       base;
  PinnaBackendClient client;
  pthread_t          thread;
  bool               has_thread;
  bool               clocked;
  uint64_t           n_left; ///< UINT64_MAX: endless
  const float**      in;
  float**            out;
  atomic_bool        stop;
  atomic_bool        finished;
} PinnaNullBackend;

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const argument) {
  const PinnaBackendConfig* const config = (const PinnaBackendConfig*)argument;
  const uint32_t                  block = config->block ? config->block : 1024U;
  PinnaNullBackend* const         null = PINNA_TAKE(arena, 1, PinnaNullBackend);
  const float** const             in = PINNA_TAKE(arena, config->n_inputs, const float*);
  float** const                   out = PINNA_TAKE(arena, config->n_outputs, float*);
  float* const samples = PINNA_TAKE(arena, (size_t)block * (config->n_outputs + 1U), float);
  if (pinna_arena_state(arena) != PINNA_STATUS_OK) {
    return pinna_arena_result(arena);
  }

  for (uint32_t c = 0U; c < config->n_inputs; ++c) {
    in[c] = samples;
  }
  for (uint32_t c = 0U; c < config->n_outputs; ++c) {
    out[c] = samples + (size_t)block * (c + 1U);
  }
  null->base.sample_rate = config->sample_rate > 0.0 ? config->sample_rate : 48000.0;
  null->base.max_block = block;
  null->base.n_inputs = config->n_inputs;
  null->base.n_outputs = config->n_outputs;
  null->base.length = config->n_frames;
  null->clocked = config->clocked;
  null->n_left = config->n_frames ? config->n_frames : UINT64_MAX;
  null->in = in;
  null->out = out;
  *object = null;
  return PINNA_STATUS_OK;
}

static PinnaStatus
null_open(PinnaBackend** const backend, const PinnaBackendConfig* const config,
          PinnaError* const error) {
  void*             memory = NULL;
  void*             object = NULL;
  const PinnaStatus status = pinna_arena_build(&memory, &object, build, config);
  *backend = (PinnaBackend*)object;
  return status ? pinna_fail(error, status, "No memory for the null backend") : PINNA_STATUS_OK;
}

static void
null_close(PinnaBackend* const backend) {
  pinna_arena_free(backend); // The backend is the first slice of its block
}

static void*
run(void* const handle) {
  PinnaNullBackend* const         null = (PinnaNullBackend*)handle;
  const PinnaBackendClient* const client = &null->client;
  PinnaPace                       pace;
  pinna_pace_start(&pace, null->base.sample_rate);
  while (null->n_left && !atomic_load_explicit(&null->stop, memory_order_acquire)) {
    const uint32_t n =
        null->n_left < null->base.max_block ? (uint32_t)null->n_left : null->base.max_block;
    client->process(client->handle, null->in, null->out, n);
    null->n_left -= null->n_left == UINT64_MAX ? 0U : n;
    if (null->clocked && !pinna_pace_wait(&pace, n) && client->xrun) {
      client->xrun(client->handle);
    }
  }

  atomic_store_explicit(&null->finished, !null->n_left, memory_order_release);
  return NULL;
}

static PinnaStatus
null_start(PinnaBackend* const backend, const PinnaBackendClient* const client,
           PinnaError* const error) {
  PinnaNullBackend* const null = (PinnaNullBackend*)backend;
  if (null->has_thread) {
    return pinna_fail(error, PINNA_STATUS_BUSY, "The null backend is already running");
  }

  null->client = *client;
  atomic_store(&null->stop, false);
  const PinnaStatus status =
      pinna_audio_thread_start(&null->thread, run, null, null->clocked, error);
  null->has_thread = !status;
  return status;
}

static void
null_stop(PinnaBackend* const backend) {
  PinnaNullBackend* const null = (PinnaNullBackend*)backend;
  if (null->has_thread) {
    atomic_store_explicit(&null->stop, true, memory_order_release);
    pthread_join(null->thread, NULL);
    null->has_thread = false;
  }
}

static PinnaBackendState
null_poll(PinnaBackend* const backend, PinnaError* const error) {
  const PinnaNullBackend* const null = (const PinnaNullBackend*)backend;
  (void)error;
  return atomic_load_explicit(&null->finished, memory_order_acquire) ? PINNA_BACKEND_FINISHED
         : null->has_thread                                          ? PINNA_BACKEND_RUNNING
                                                                     : PINNA_BACKEND_STOPPED;
}

const PinnaBackendType pinna_backend_null = {
    .kind = "null",
    .open = null_open,
    .close = null_close,
    .start = null_start,
    .stop = null_stop,
    .poll = null_poll,
};
