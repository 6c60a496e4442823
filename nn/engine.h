// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_ENGINE_H
#define PINNA_NN_ENGINE_H

#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

// A model beside the audio thread: whole chunks go to a worker, results come back by their deadline
//
// The clock is the count of samples pushed. Chunk c holds samples [c * chunk, (c + 1) * chunk) and
// its result is due, and never shown earlier, when (c + 1) * chunk + budget samples were pushed:
// what the owner hears depends on that count alone, not on when the worker was done, so that live
// and offline give the same bits as long as nothing is late.
//
// - inline: the audio thread runs the chunk in the push that completes it (models that are cheap);
// - async: a worker of the process-wide pool (base/pool.h) looks for the next chunk when it should
//   be there, and finds it at most a sixteenth of the budget late, earliest deadline first: the
//   audio thread need not wake anybody, which would be a system call. A chunk that missed its
//   deadline is counted as late; it is still run, because a state goes on through it. Once a chunk
//   is more than `max_lag` chunks old, it and all that wait behind it but the newest are dropped,
//   counted as gaps, and the model is told: no backlog lasts;
// - offline: a freewheeling host waits, nothing is late.
//
// Which one is chosen by measurement: inline if the worst chunk takes less than a quarter of the
// shortest block. The environment variable PINNA_ENGINE (inline, async) decides instead, where set.
//
// Latency to declare: a sample's result is out chunk + budget samples after it at the latest. For
// async work choose budget = longest block + time allowed, pinna_nn_engine_budget(); 0 for inline.

typedef struct PinnaNnEngineImpl PinnaNnEngine;

typedef enum {
  PINNA_NN_ENGINE_AUTO = 0, ///< By measured cost
  PINNA_NN_ENGINE_INLINE,
  PINNA_NN_ENGINE_ASYNC, ///< For what waits (a GPU's fence) or must not be run for a trial
  PINNA_NN_ENGINE_OFFLINE
} PinnaNnEngineMode;

/// What a chunk is done with; all are called by one thread at a time, a worker or the audio thread
typedef struct {
  void* handle;

  /// Run one chunk. Realtime if it is to run inline.
  /// @param in  Samples [n_channels][chunk]
  /// @param out Receives [n_out]
  void (*run)(void* handle, const float* in, float* out);

  /// Before the next run: it does not follow the one before it. NULL: nothing to forget.
  /// @param chunk  Number of the chunk that comes next; its first sample is chunk * config.chunk
  /// @param n_lost Chunks that were dropped before it; 0: a new stream, after
  ///               pinna_nn_engine_reset()
  void (*skip)(void* handle, uint64_t chunk, uint64_t n_lost);
} PinnaNnEngineModel;

typedef struct {
  PinnaNnEngineModel model;
  uint32_t           n_channels; ///< 1 or more
  uint32_t           chunk;      ///< Samples of a channel, 1 or more
  uint32_t           n_out;      ///< Floats of a result, 0 or more
  double             rate;       ///< Of the samples pushed [Hz]
  uint32_t           budget;     ///< Samples from the end of a chunk to its result
  bool               is_eager;   ///< Offline, a result is due with its chunk: no budget
  uint32_t           max_lag;    ///< Chunks that may wait, 1 to 4096; 0: half a second's
  double block_s;         ///< Shortest block that the audio thread runs [s]; 0: 64 frames, 48 kHz
  PinnaNnEngineMode mode; ///< AUTO, INLINE or ASYNC
} PinnaNnEngineConfig;

/// Health since pinna_nn_engine_reset()
typedef struct {
  uint32_t          n_done;  ///< Chunks run
  uint32_t          n_late;  ///< Results that were not there when due
  uint32_t          n_gaps;  ///< Chunks dropped, which the model never saw
  uint32_t          lag;     ///< Chunks pushed and not yet run
  float             worst_s; ///< Longest run of one chunk
  PinnaNnEngineMode mode;    ///< As it runs at present, never AUTO
} PinnaNnEngineHealth;

/// Longest of several trial chunks of `model` on quiet noise [s], each the calmest of six rounds;
/// then skip(0, 0). Not realtime.
PINNA_API double pinna_nn_engine_cost(const PinnaNnEngineConfig* config);

/// What AUTO means for such a cost: INLINE or ASYNC. Any thread.
PINNA_API PinnaNnEngineMode pinna_nn_engine_choose(const PinnaNnEngineConfig* config,
                                                   double                     cost_s);

/// Samples for `budget`: the longest block and the time a worker may take. Any thread.
PINNA_API uint32_t pinna_nn_engine_budget(double rate, double longest_block_s, double allowed_s);

/// Measure (if AUTO), allocate, join the pool (if ASYNC). Not realtime.
/// @return BAD_ARG, NO_MEM, UNSUPPORTED (no worker can be had)
PINNA_API PinnaStatus pinna_nn_engine_new(PinnaNnEngine**            engine,
                                          const PinnaNnEngineConfig* config);

/// Wait for a chunk that runs, then free. Not realtime. NULL is allowed.
PINNA_API void pinna_nn_engine_free(PinnaNnEngine* engine);

/// Forget all audio and results; the clock starts at 0. Chunks in the hands of a worker are let go.
/// Realtime.
PINNA_API void pinna_nn_engine_reset(PinnaNnEngine* engine) PINNA_RT;

/// While it rests no worker looks for its chunks, so that a stream that stands still costs nothing;
/// a push would have to wake one. A new engine does not rest. Not realtime.
PINNA_API void pinna_nn_engine_rest(PinnaNnEngine* engine, bool rests);

/// While `offline`, push waits for the results: only for freewheeling hosts. Realtime, if false.
PINNA_API void pinna_nn_engine_set_offline(PinnaNnEngine* engine, bool offline) PINNA_RT;

/// The next samples. Realtime (unless offline), without a system call. Results of the last 8 +
/// max_lag + budget / chunk chunks are kept: push less at once.
/// @param in Channels [n_channels][n_frames]
PINNA_API void pinna_nn_engine_push(PinnaNnEngine* engine, const float* const* in,
                                    uint32_t n_frames) PINNA_RT;

/// Chunks whose results are due by now: 0 to this number less 1 may be read. Realtime.
PINNA_API uint64_t pinna_nn_engine_n_due(const PinnaNnEngine* engine) PINNA_RT;

/// For what is heard: the newest result up to chunk `chunk`, if that is not older than `max_age`
/// chunks (0: this one or none). Realtime.
/// @param out Receives [n_out]; untouched if there is none
/// @return How old it is, in chunks; UINT32_MAX: there is none, or `chunk` is not due
PINNA_API uint32_t pinna_nn_engine_read(const PinnaNnEngine* engine, uint64_t chunk,
                                        uint32_t max_age, float* out) PINNA_RT;

/// For what is told: each result once, in order, when due or as soon as it comes. Realtime.
/// @param chunk Receives its number: one more than the last, unless some were lost
/// @param out   Receives [n_out]
/// @return false: none at present
PINNA_API bool pinna_nn_engine_next(PinnaNnEngine* engine, uint64_t* chunk, float* out) PINNA_RT;

/// Realtime, the pushing thread
PINNA_API PinnaNnEngineHealth pinna_nn_engine_health(const PinnaNnEngine* engine) PINNA_RT;

#endif // PINNA_NN_ENGINE_H
