// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "base/cpu.h"
#include "base/pool.h"
#include "nn/cpu/pair.h"
#include "tests/tap.h"

#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// Rows shared with a worker: the bits of one thread, whatever the worker does

#define N_ROWS 323U
#define N_COLUMNS 131U
#define N_OFFERS 2U

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_matvec_init((PinnaMatvec**)object, arena, (const PinnaMatvecConfig*)config);
}

static PinnaMatvec*
make(void** const memory, const uint32_t n_rows, const uint32_t n_columns,
     const PinnaPrecision precision, unsigned* const seed) {
  const size_t n = (size_t)n_rows * n_columns;
  float* const w = (float*)malloc(n * sizeof(float));
  void*        object = NULL;
  for (size_t i = 0U; w && i < n; ++i) {
    w[i] = tap_noise(seed);
  }
  const PinnaMatvecConfig config = {w,         NULL,      n_columns,      n_rows,
                                    n_columns, precision, pinna_cpu_isa()};
  if (!w || pinna_arena_build(memory, &object, build, &config)) {
    abort();
  }
  free(w);
  return (PinnaMatvec*)object;
}

static void
rest(const long us) {
  const struct timespec time = {0, 1000L * us};
  nanosleep(&time, NULL);
}

/// Samples of a walk: each product's result is the next one's vector, as in a recurrent network
static void
walk(PinnaPair* const pair, PinnaMatvec* const* const matvecs, float* const x, float* const y,
     const uint32_t n_samples, const long pause_us) {
  for (uint32_t sample = 0U; sample < n_samples; ++sample) {
    for (uint32_t i = 0U; i < N_OFFERS; ++i) {
      float* const       own = y + (size_t)i * N_ROWS;
      const float* const from = x + (size_t)i * N_COLUMNS;
      pinna_matvec_take(matvecs[i], from);
      if (pair) {
        pinna_pair_offer(pair, i, matvecs[i], pinna_matvec_n_blocks(matvecs[i]), own);
      } else {
        pinna_matvec_blocks(matvecs[i], 0U, pinna_matvec_n_blocks(matvecs[i]), own);
      }
    }
    if (pause_us) {
      rest(pause_us);
    }
    for (uint32_t i = 0U; i < N_OFFERS; ++i) {
      if (pair) {
        pinna_pair_finish(pair, i);
      }
      for (uint32_t k = 0U; k < N_COLUMNS; ++k) {
        const float sum = y[i * N_ROWS + k] + y[i * N_ROWS + N_COLUMNS + k];
        x[i * N_COLUMNS + k] = 0.5F * x[i * N_COLUMNS + k] + sum / (1.0F + sum * sum);
      }
    }
  }
}

/// @param pause_us Between offer and need: the worker has time to do it all, or to go home
static void
test_walks(PinnaPair* const pair, const PinnaPrecision precision, const uint32_t n_walks,
           const uint32_t n_samples, const long pause_us, const char* const text) {
  static float x[2][N_OFFERS * N_COLUMNS];
  static float y[2][N_OFFERS * N_ROWS];
  unsigned     seed = 5U;
  void*        memory[N_OFFERS];
  PinnaMatvec* matvecs[N_OFFERS];
  for (uint32_t i = 0U; i < N_OFFERS; ++i) {
    matvecs[i] = make(&memory[i], N_ROWS, N_COLUMNS, precision, &seed);
  }
  for (uint32_t i = 0U; i < N_OFFERS * N_COLUMNS; ++i) {
    x[0][i] = x[1][i] = tap_noise(&seed);
  }
  for (uint32_t i = 0U; i < n_walks; ++i) {
    pinna_pair_enter(pair);
    walk(pair, matvecs, x[0], y[0], n_samples, pause_us);
    pinna_pair_leave(pair);
  }
  walk(NULL, matvecs, x[1], y[1], n_walks * n_samples, 0);
  tap_all_equal(x[0], x[1], N_OFFERS * N_COLUMNS, "%s: what is made of the rows", text);
  tap_all_equal(y[0], y[1], N_OFFERS * N_ROWS, "%s: the rows themselves", text);
  for (uint32_t i = 0U; i < N_OFFERS; ++i) {
    pinna_arena_free(memory[i]);
  }
}

typedef struct {
  sem_t held;
  sem_t gate;
} Blocker;

static void
hold(void* const data) {
  Blocker* const blocker = (Blocker*)data;
  sem_post(&blocker->held);
  sem_wait(&blocker->gate);
}

/// Every worker is busy with something else: the caller does it all, and does not wait for them
static void
test_blocked(PinnaPair* const pair) {
  static Blocker   blockers[64];
  PinnaPool* const pool = pinna_pool_acquire();
  const uint32_t   n = pinna_pool_n_workers(pool);
  PinnaJob*        jobs[64];
  for (uint32_t i = 0U; i < n; ++i) {
    sem_init(&blockers[i].held, 0, 0U);
    sem_init(&blockers[i].gate, 0, 0U);
    jobs[i] = pinna_job_new(pool, hold, &blockers[i]);
    pinna_job_submit(jobs[i], 0U);
  }
  for (uint32_t i = 0U; i < n; ++i) {
    sem_wait(&blockers[i].held);
  }
  const uint64_t n_given = pinna_pair_n_given(pair);
  test_walks(pair, PINNA_PRECISION_INT8, 3U, 20U, 0, "all workers busy");
  tap_int((long long)pinna_pair_n_given(pair), (long long)n_given, "nobody helped");
  for (uint32_t i = 0U; i < n; ++i) {
    sem_post(&blockers[i].gate);
    pinna_job_free(jobs[i]);
    sem_destroy(&blockers[i].held);
    sem_destroy(&blockers[i].gate);
  }
  pinna_pool_release(pool);
}

/// Blocks that take so long that a worker who has one in hand seems stuck: it is sent home
static void
test_slow(PinnaPair* const pair) {
  enum { COLUMNS = 80000, ROWS = 128 };
  unsigned           seed = 9U;
  void*              memory;
  PinnaMatvec* const slow = make(&memory, ROWS, COLUMNS, PINNA_PRECISION_F32, &seed);
  float* const       x = (float*)calloc(COLUMNS, sizeof(float));
  float              y[2][ROWS];
  x[7] = 1.0F;
  pinna_matvec_run(slow, x, y[0]);
  for (int round = 0; round < 24; ++round) {
    memset(y[1], 0, sizeof(y[1]));
    pinna_pair_enter(pair);
    pinna_matvec_take(slow, x);
    pinna_pair_offer(pair, 3U, slow, 2U, y[1]);
    rest(200);
    pinna_pair_finish(pair, 3U);
    pinna_pair_leave(pair);
    if (memcmp(y[0], y[1], sizeof(y[0])) != 0) {
      break;
    }
  }
  tap_all_equal(y[1], y[0], ROWS, "a worker that does not get on is waited for");
  free(x);
  pinna_arena_free(memory);
}

int
main(void) {
  PinnaPair* const pair = pinna_pair_new();
  if (!tap_ok(pair, "a worker can be had")) {
    return tap_done();
  }
  test_walks(pair, PINNA_PRECISION_F32, 4U, 250U, 0, "float");
  test_walks(pair, PINNA_PRECISION_F16, 4U, 250U, 0, "half");
  test_walks(pair, PINNA_PRECISION_INT8, 8U, 500U, 0, "int8");
  test_walks(pair, PINNA_PRECISION_INT8, 200U, 1U, 0, "many short walks");
  test_walks(pair, PINNA_PRECISION_INT8, 2U, 10U, 3000, "offers that wait");
  uint64_t n_given = 0U;
  for (int i = 0; i < 50 && !n_given; ++i) { // A full machine may send no worker for a while
    test_walks(pair, PINNA_PRECISION_F32, 1U, 20U, 20000, "until somebody helps");
    n_given = pinna_pair_n_given(pair);
  }
  tap_at_least((double)n_given, 1.0, "blocks by the worker");
  test_blocked(pair);
  test_slow(pair);
  test_walks(pair, PINNA_PRECISION_INT8, 40U, 10U, 0, "after a lonely time");
  pinna_pair_free(pair);
  pinna_pair_free(NULL);
  return tap_done();
}
