// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/pool.h"
#include "nn/engine.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// Results come when they are due and not before, the same in every mode; a stalled worker leaves no
// backlog and the counters say what happened

enum { CHUNK = 96, N_OUT = 3, N_CHUNKS = 200, N = N_CHUNKS * CHUNK, RATE = 48000 };

/// A model with a memory: out = running sum, last sample, chunks since it was told to forget
typedef struct {
  float       sum;
  float       n_since;
  uint64_t    n_lost;
  unsigned    n_skips;
  atomic_uint n_runs;
  atomic_bool is_stuck; ///< Runs wait at the gate
  sem_t       gate;
  useconds_t  sleep_us;
} Model;

static void
run_model(void* const handle, const float* const in, float* const out) {
  Model* const model = (Model*)handle;
  if (atomic_load(&model->is_stuck)) {
    sem_wait(&model->gate);
  }
  if (model->sleep_us) {
    usleep(model->sleep_us);
  }
  for (uint32_t i = 0U; i < CHUNK; ++i) {
    model->sum = 0.9f * model->sum + in[i] - 0.5f * in[CHUNK + i];
  }
  model->n_since += 1.0f;
  out[0] = model->sum;
  out[1] = in[CHUNK - 1U];
  out[2] = model->n_since;
  atomic_fetch_add(&model->n_runs, 1U);
}

static void
skip_model(void* const handle, const uint64_t chunk, const uint64_t n_lost) {
  Model* const model = (Model*)handle;
  (void)chunk;
  model->sum = 0.0f;
  model->n_since = 0.0f;
  model->n_lost += n_lost;
  ++model->n_skips;
}

static PinnaNnEngine*
make(Model* const model, const PinnaNnEngineMode mode, const uint32_t budget,
     const uint32_t max_lag) {
  PinnaNnEngine*            engine = NULL;
  const PinnaNnEngineConfig config = {.model = {model, run_model, skip_model},
                                      .n_channels = 2U,
                                      .chunk = CHUNK,
                                      .n_out = N_OUT,
                                      .rate = RATE,
                                      .budget = budget,
                                      .max_lag = max_lag,
                                      .mode = mode};
  pinna_nn_engine_new(&engine, &config);
  return engine;
}

static float sound[2][N];

static void
push(PinnaNnEngine* const engine, const uint32_t from, const uint32_t n) {
  pinna_nn_engine_push(engine, (const float*[]){sound[0] + from, sound[1] + from}, n);
}

/// Wait until the workers have done all that was pushed
static void
settle(PinnaNnEngine* const engine) {
  for (int i = 0; i < 5000 && pinna_nn_engine_health(engine).lag; ++i) {
    usleep(1000);
    push(engine, 0U, 0U);
  }
}

/// What somebody hears who reads, at each hop of 32 samples, what is due: [N / 32][N_OUT + 1]
static void
listen(PinnaNnEngine* const engine, float* const heard, unsigned seed, const bool waits) {
  uint32_t at = 0U;
  while (at < N) {
    uint32_t n = 1U + (uint32_t)((tap_noise(&seed) * 0.5f + 0.5f) * 150.0f);
    n = n < N - at ? n : N - at;
    while (n) {
      const uint32_t step = n < 32U - at % 32U ? n : 32U - at % 32U;
      push(engine, at, step);
      at += step;
      n -= step;
      if (at % 32U == 0U) {
        float* const   row = heard + (size_t)(at / 32U - 1U) * (N_OUT + 1U);
        const uint64_t n_due = pinna_nn_engine_n_due(engine);
        row[N_OUT] = (float)n_due;
        if (n_due) {
          pinna_nn_engine_read(engine, n_due - 1U, 0U, row);
        }
      }
      if (waits) {
        settle(engine);
      }
    }
  }
}

static void
test_modes(void) {
  enum { ROWS = N / 32 * (N_OUT + 1) };
  static const struct {
    const char*       name;
    PinnaNnEngineMode mode;
    bool              offline;
  } runs[] = {{"inline", PINNA_NN_ENGINE_INLINE, false},
              {"a worker in time", PINNA_NN_ENGINE_ASYNC, false},
              {"offline", PINNA_NN_ENGINE_ASYNC, true}};
  float* const first = (float*)calloc(ROWS, sizeof(float));
  for (uint32_t budget = 0U; budget <= 200U; budget += 100U) {
    for (unsigned r = 0U; r < sizeof(runs) / sizeof(runs[0]); ++r) {
      if (!budget && r == 1U) {
        continue; // Nobody is in time for a budget of nothing
      }
      Model                model = {0};
      PinnaNnEngine* const engine = make(&model, runs[r].mode, budget, 0U);
      float* const         heard = (float*)calloc(ROWS, sizeof(float));
      pinna_nn_engine_set_offline(engine, runs[r].offline);
      for (unsigned again = 0U; again < 2U; ++again) {
        memset(r ? heard : first, 0, ROWS * sizeof(float));
        pinna_nn_engine_reset(engine);
        listen(engine, r ? heard : first, 7U + r + again, r == 1U);
      }
      const PinnaNnEngineHealth health = pinna_nn_engine_health(engine);
      tap_int(health.n_late + health.n_gaps, 0, "%s, budget %u: nothing is late or lost",
              runs[r].name, budget);
      if (r) {
        tap_all_equal(heard, first, ROWS, "%s gives what inline gives, when it does", runs[r].name);
      }
      tap_int((long long)pinna_nn_engine_n_due(engine), (N - budget) / CHUNK,
              "the last result is due a budget behind its chunk");
      pinna_nn_engine_free(engine);
      free(heard);
    }
  }
  free(first);
}

/// A worker hangs for two seconds of sound, then goes on
static void
test_stall(void) {
  enum { BUDGET = 2 * CHUNK, LAG = 8, BEFORE = 20, STUCK = 120 };
  Model model = {.is_stuck = false};
  sem_init(&model.gate, 0, 0U);
  PinnaNnEngine* const engine = make(&model, PINNA_NN_ENGINE_ASYNC, BUDGET, LAG);
  for (uint32_t c = 0U; c < BEFORE; ++c) {
    push(engine, c * CHUNK, CHUNK);
    settle(engine);
  }
  tap_int(pinna_nn_engine_health(engine).n_late, 0, "nothing is late before the stall");

  float out[N_OUT];
  atomic_store(&model.is_stuck, true);
  for (uint32_t c = BEFORE; c < BEFORE + STUCK; ++c) {
    push(engine, c * CHUNK, CHUNK);
  }
  const uint64_t n_due = pinna_nn_engine_n_due(engine);
  tap_int(pinna_nn_engine_health(engine).n_late, STUCK - 2, "each missing result counts as late");
  tap_int(pinna_nn_engine_read(engine, n_due - 1U, 3U, out), UINT32_MAX,
          "nothing stale is given while the worker hangs");
  tap_int(pinna_nn_engine_read(engine, BEFORE + 2U, 3U, out), 3,
          "but what is three chunks old may be held");

  atomic_store(&model.is_stuck, false);
  sem_post(&model.gate);
  settle(engine);
  const PinnaNnEngineHealth health = pinna_nn_engine_health(engine);
  tap_int(health.n_done + health.n_gaps, BEFORE + STUCK, "each chunk was run or counts as a gap");
  tap_at_most(atomic_load(&model.n_runs), BEFORE + 3.0,
              "only what ran and the newest are run: no backlog");
  uint32_t n_late = 0U; // Once those of the stall are due
  for (uint32_t c = BEFORE + STUCK; c < BEFORE + STUCK + 20U; ++c) {
    push(engine, c * CHUNK, CHUNK);
    settle(engine);
    n_late = c == BEFORE + STUCK + 2U ? pinna_nn_engine_health(engine).n_late : n_late;
  }
  tap_int((long long)model.n_lost, health.n_gaps, "the model was told how many it missed");
  tap_int(pinna_nn_engine_read(engine, pinna_nn_engine_n_due(engine) - 1U, 0U, out), 0,
          "afterwards results are there in time");
  tap_near((double)out[1], (double)sound[0][(pinna_nn_engine_n_due(engine)) * CHUNK - 1U], 0.0,
           "and of the right chunk");
  tap_int(pinna_nn_engine_health(engine).n_late, n_late, "and none is late any more");
  pinna_nn_engine_free(engine);
  sem_destroy(&model.gate);
}

static void
test_reset(void) {
  Model model = {.sleep_us = 3000};
  sem_init(&model.gate, 0, 0U);
  PinnaNnEngine* const engine = make(&model, PINNA_NN_ENGINE_ASYNC, CHUNK, 0U);
  push(engine, 0U, 5U * CHUNK);
  pinna_nn_engine_reset(engine); // Chunks are queued, and one runs
  push(engine, 50U * CHUNK, CHUNK);
  settle(engine);
  push(engine, 51U * CHUNK, CHUNK);
  float    out[N_OUT];
  uint64_t chunk = 99U;
  tap_ok(pinna_nn_engine_next(engine, &chunk, out) && !chunk && out[2] == 1.0f,
         "after a reset, the first result is of the first chunk, in a state that forgot");
  tap_near((double)out[1], (double)sound[0][51U * CHUNK - 1U], 0.0, "of the new sound");
  tap_ok(!pinna_nn_engine_next(engine, &chunk, out), "once");
  pinna_nn_engine_free(engine);
  sem_destroy(&model.gate);
}

/// In order, each once, gaps jumped over
static void
test_next(void) {
  Model model = {0};
  sem_init(&model.gate, 0, 0U);
  PinnaNnEngine* const engine = make(&model, PINNA_NN_ENGINE_ASYNC, CHUNK, 4U);
  uint64_t             last = UINT64_MAX;
  unsigned             n_bad = 0U;
  unsigned             n_told = 0U;
  for (uint32_t c = 0U; c < 60U; ++c) {
    atomic_store(&model.is_stuck, c >= 20U && c < 40U);
    if (c == 40U) {
      sem_post(&model.gate);
    }
    push(engine, c * CHUNK, CHUNK);
    if (c < 20U || c >= 40U) {
      settle(engine);
    }
    uint64_t chunk;
    float    out[N_OUT];
    while (pinna_nn_engine_next(engine, &chunk, out)) {
      n_bad +=
          (last != UINT64_MAX && chunk <= last) || out[1] != sound[0][(chunk + 1U) * CHUNK - 1U];
      last = chunk;
      ++n_told;
    }
  }
  const PinnaNnEngineHealth health = pinna_nn_engine_health(engine);
  tap_int(n_bad, 0, "results are told in order, once, with their numbers");
  tap_near((double)n_told, 58.5 - health.n_gaps, 0.5,
           "all but the lost ones, the one not yet due, and the one that hung too long");
  tap_int((long long)last, 58, "up to the newest that is due");
  pinna_nn_engine_free(engine);
  sem_destroy(&model.gate);
}

static void
test_choice(void) {
  const PinnaNnEngineConfig config = {.block_s = 64.0 / 48000.0};
  unsetenv("PINNA_ENGINE");
  tap_int(pinna_nn_engine_choose(&config, 0.24 * config.block_s), PINNA_NN_ENGINE_INLINE,
          "cheap models run in the audio thread");
  tap_int(pinna_nn_engine_choose(&config, 0.26 * config.block_s), PINNA_NN_ENGINE_ASYNC,
          "others in a worker");
  tap_int(pinna_nn_engine_budget(48000.0, 0.01, 0.02), 1440, "a budget is a block and a time");
  Model                slow = {.sleep_us = 2000};
  PinnaNnEngine* const engine = make(&slow, PINNA_NN_ENGINE_AUTO, 0U, 0U);
  tap_int(pinna_nn_engine_health(engine).mode, PINNA_NN_ENGINE_ASYNC, "cost is measured");
  tap_near((double)slow.n_since, 0.0, 0.0, "and trial runs are forgotten");
  pinna_nn_engine_free(engine);
  PinnaNnEngine* none = NULL;
  tap_int(pinna_nn_engine_new(&none, &config), PINNA_STATUS_BAD_ARG, "no model, no engine");
}

static void
play(void* const handle) {
  PinnaNnEngine* const engine = (PinnaNnEngine*)handle;
  float                out[N_OUT];
  uint64_t             chunk;
  for (uint32_t at = 0U; at + 64U < N / 4U; at += 64U) {
    push(engine, at, 64U);
    pinna_nn_engine_next(engine, &chunk, out);
    pinna_nn_engine_read(engine, 3U, 2U, out);
  }
  pinna_nn_engine_reset(engine);
}

static void
test_realtime(void) {
  static const PinnaNnEngineMode modes[] = {PINNA_NN_ENGINE_INLINE, PINNA_NN_ENGINE_ASYNC};
  for (unsigned m = 0U; m < 2U; ++m) {
    Model                model = {0};
    PinnaNnEngine* const engine = make(&model, modes[m], 64U, 0U);
    rt_trap_reset();
    rt_trap_enter();
    play(engine);
    rt_trap_leave();
    rt_trap_check("pushing and reading is realtime, %s", m ? "beside a worker" : "inline");
    rt_trap_check_seccomp(play, engine, "and makes no system call");
    pinna_nn_engine_free(engine);
  }
}

int
main(void) {
  unsigned seed = (unsigned)time(NULL);
  tap_diag("seed %u", seed);
  for (uint32_t i = 0U; i < N; ++i) {
    sound[0][i] = tap_noise(&seed);
    sound[1][i] = tap_noise(&seed);
  }
  test_choice();
  test_modes();
  test_stall();
  test_reset();
  test_next();
  test_realtime();
  return tap_done();
}
