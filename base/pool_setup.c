// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/pool.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/pool_impl.h"

#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// Worker pool: its one instance, its threads, jobs, waiting

#define LEAST_GRAIN 100000U ///< [ns]

/// The pool of the process, and how many joined
typedef struct {
  pthread_mutex_t mutex;
  PinnaPool*      pool;
  unsigned        n_users;
} Home;

// Unique in the process: see base/pool_home.c
PINNA_API extern Home pinna_pool_home_3;
_Static_assert(sizeof(Home) <= 128U, "home fits in its section");

static uint32_t
count_wanted(void) {
  cpu_set_t cores;
  int       n = sched_getaffinity(0, sizeof(cores), &cores) ? 2 : CPU_COUNT(&cores);
  n = n > 2 ? n - 1 : 1;

  const char* const wish = getenv("PINNA_WORKERS");
  const int         most = wish ? atoi(wish) : n;
  n = most > 0 && most < n ? most : n;
  return n < 64 ? (uint32_t)n : 64U;
}

static void
start_workers(PinnaPool* const pool) {
  sigset_t all;
  sigset_t old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  const uint32_t n = count_wanted();
  pthread_mutex_lock(&pool->mutex); // Held until all are there: they read how many and who
  for (bool good = true; good && pool->n_workers < n;) {
    PinnaPoolWorker* const worker = &pool->workers[pool->n_workers];
    worker->pool = pool;
    atomic_init(&worker->priority, -1);
    good = !pthread_create(&worker->thread, NULL, pinna_pool_work, worker);
    if (good) {
      pthread_setname_np(worker->thread, "pinna-worker");
      ++pool->n_workers;
    }
  }
  pthread_mutex_unlock(&pool->mutex);
  pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static void
destroy(PinnaPool* const pool) {
  atomic_store(&pool->quit, true);
  for (uint32_t i = 0U; i < pool->n_workers; ++i) {
    sem_post(&pool->queued);
  }
  for (uint32_t i = 0U; i < pool->n_workers; ++i) {
    pthread_join(pool->workers[i].thread, NULL);
  }
  pthread_cond_destroy(&pool->finished);
  pthread_mutex_destroy(&pool->mutex);
  sem_destroy(&pool->queued);
  free(pool);
}

static PinnaPool*
create(void) {
  const size_t     align = PINNA_ARENA_ALIGN;
  PinnaPool* const pool =
      (PinnaPool*)aligned_alloc(align, (sizeof(PinnaPool) + align - 1U) / align * align);
  if (!pool) {
    return NULL;
  }

  memset(pool, 0, sizeof(*pool));
  sem_init(&pool->queued, 0, 0U);
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->finished, NULL);
  const char* const wish = getenv("PINNA_WORKER_PRIORITY");
  pool->wish = wish ? atoi(wish) : sched_get_priority_min(SCHED_FIFO);
  start_workers(pool);
  if (!pool->n_workers) {
    destroy(pool);
    return NULL;
  }
  return pool;
}

PinnaPool*
pinna_pool_acquire(void) {
  Home* const home = &pinna_pool_home_3;
  pthread_mutex_lock(&home->mutex);
  if (!home->pool) {
    home->pool = create();
  }
  home->n_users += home->pool != NULL;
  PinnaPool* const pool = home->pool;
  pthread_mutex_unlock(&home->mutex);
  return pool;
}

void
pinna_pool_release(PinnaPool* const pool) {
  Home* const home = &pinna_pool_home_3;
  if (pool) {
    pthread_mutex_lock(&home->mutex);
    if (!--home->n_users) {
      destroy(pool);
      home->pool = NULL;
    }
    pthread_mutex_unlock(&home->mutex);
  }
}

uint32_t
pinna_pool_n_workers(const PinnaPool* const pool) {
  return pool->n_workers;
}

PinnaJob*
pinna_job_new(PinnaPool* const pool, const PinnaJobFunc func, void* const handle) {
  PinnaJob* job = NULL;
  pthread_mutex_lock(&pool->mutex);
  for (uint32_t i = 0U; i < PINNA_POOL_MAX_JOBS && !job; ++i) {
    if (atomic_load(&pool->jobs[i].state) == JOB_FREE) {
      job = &pool->jobs[i];
      job->pool = pool;
      job->func = func;
      job->handle = handle;
      job->heard = (PinnaPoolKicker){0};
      atomic_store(&job->kicker, (uintptr_t)0);
      atomic_store(&job->state, JOB_IDLE);
      if (i >= atomic_load(&pool->n_slots)) {
        atomic_store(&pool->n_slots, i + 1U);
      }
    }
  }
  pthread_mutex_unlock(&pool->mutex);
  return job;
}

void
pinna_job_free(PinnaJob* const job) {
  if (job) {
    pinna_job_wait(job);
    pinna_job_watch(job, 0U, 0U);
    pthread_mutex_lock(&job->pool->mutex);
    atomic_store(&job->state, JOB_FREE);
    pthread_mutex_unlock(&job->pool->mutex);
  }
}

// A kick that saw the old period was queued before the new one was stored, so that the worker that
// is posted to finds it
void
pinna_job_watch(PinnaJob* const job, const uint64_t period, const uint64_t grain) {
  PinnaPool* const pool = job->pool;
  pthread_mutex_lock(&pool->mutex);
  const bool was = atomic_load(&job->period) != 0U;
  atomic_store(&job->grain, grain > LEAST_GRAIN ? grain : LEAST_GRAIN);
  atomic_store(&job->kicked, pinna_clock_ns());
  atomic_store(&job->pace, period);
  atomic_store(&job->pace_before, period);
  atomic_store(&job->period, period);
  if (was != (period != 0U)) {
    atomic_fetch_add(&pool->n_watched, was ? -1U : 1U);
  }
  pthread_mutex_unlock(&pool->mutex);
  sem_post(&pool->queued); // Somebody has to watch, or to watch otherwise
}

void
pinna_job_wait(PinnaJob* const job) {
  PinnaPool* const pool = job->pool;
  if (pinna_job_is_idle(job)) {
    return;
  }
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->n_waiting, 1U);
  sem_post(&pool->queued); // It may be watched, and not be looked for at once
  while (atomic_load(&job->state) != JOB_IDLE) {
    pthread_cond_wait(&pool->finished, &pool->mutex);
  }
  atomic_fetch_sub(&pool->n_waiting, 1U);
  pthread_mutex_unlock(&pool->mutex);
}
