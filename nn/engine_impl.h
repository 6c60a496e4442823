// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_ENGINE_IMPL_H
#define PINNA_NN_ENGINE_IMPL_H

#include "base/pool.h"
#include "base/ring.h"
#include "nn/engine.h"

#include <stdatomic.h>

// A stream of chunks: what the audio thread keeps, what a worker keeps, what is between them

/// Head of a chunk and of a result; floats follow
typedef struct {
  uint64_t chunk;
  uint32_t epoch; ///< Resets before it
  float    took_s;
} PinnaNnEngineHead;

/// A result and its number
typedef struct {
  uint64_t chunk;
  bool     is_there;
} PinnaNnEngineSlot;

struct PinnaNnEngineImpl {
  PinnaNnEngineConfig config;
  void*               memory;
  PinnaPool*          pool; ///< NULL: inline
  PinnaJob*           job;
  PinnaRing*          results; ///< From the worker
  char*               places;  ///< Of chunks [n_places][place_size], by number of sent chunk
  uint32_t            n_places;
  size_t              place_size;

  // The audio thread's
  bool               offline;
  uint64_t           n_pushed; ///< Samples
  uint64_t           n_chunks; ///< Complete
  uint64_t           n_due;
  uint64_t           n_next; ///< Chunk that pinna_nn_engine_next() gives next
  uint32_t           filled; ///< Samples in `fresh`
  uint64_t           n_done; ///< Chunks up to the newest result
  PinnaNnEngineHead* fresh;  ///< The chunk that is being filled, in the place behind the last sent
  PinnaNnEngineHead* taken;  ///< A result on its way to its slot
  PinnaNnEngineSlot* slots;  ///< [n_slots]
  float*             kept;   ///< Results [n_slots][n_out]
  uint32_t           n_slots;
  uint32_t           n_run;
  uint32_t           n_late;
  uint32_t           n_dropped; ///< Did not fit
  float              worst_s;

  // Of whoever runs the model: the worker while the job is not idle, else the audio thread
  PinnaNnEngineHead* made; ///< Result of the chunk that is run
  uint32_t           run_epoch;
  uint64_t           run_next;   ///< Chunk that would follow the last one
  uint64_t           drop_until; ///< Expired up to here

  // Between them
  _Atomic uint64_t n_sent;  ///< Chunks that the audio thread gave away
  _Atomic uint64_t n_taken; ///< Chunks whose place the worker needs no longer
  _Atomic uint32_t epoch;
  _Atomic uint64_t newest;    ///< Number of the newest chunk
  _Atomic uint32_t n_expired; ///< Chunks that a worker dropped
};

/// Floats behind a head
static inline float*
pinna_nn_engine_floats(PinnaNnEngineHead* const head) {
  return (float*)(head + 1);
}

/// The place of the chunk that is sent as number `n`
static inline PinnaNnEngineHead*
pinna_nn_engine_place(const PinnaNnEngine* const self, const uint64_t n) {
  return (PinnaNnEngineHead*)(void*)(self->places +
                                     (size_t)(n % self->n_places) * self->place_size);
}

/// A PinnaJobFunc: run the chunk that waits. Realtime if the model is.
void pinna_nn_engine_work(void* handle);

#endif // PINNA_NN_ENGINE_IMPL_H
