// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/pool.h"

#include "base/arena.h"
#include "base/denormal.h"
#include "base/pool_impl.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

// Worker pool: its one instance, its threads, waiting

/// The pool of the process, and how many joined
typedef struct {
  pthread_mutex_t mutex;
  PinnaPool*      pool;
  unsigned        n_users;
} Home;

// Unique in the process: see base/pool_home.c
PINNA_API extern Home pinna_pool_home_2;
_Static_assert(sizeof(Home) <= 128U, "home fits in its section");

// Every token of the semaphore stands for a queued job that no other worker may claim, so one is
// there; it may take another look if a neighbour was quicker at the one we saw
static PinnaJob*
claim_job(PinnaPool* const pool) {
  for (;;) {
    PinnaJob*      best = NULL;
    uint64_t       best_due = 0U;
    const uint32_t n = atomic_load_explicit(&pool->n_slots, memory_order_acquire);
    for (uint32_t i = 0U; i < n; ++i) {
      PinnaJob* const job = &pool->jobs[i];
      if (atomic_load_explicit(&job->state, memory_order_acquire) == JOB_QUEUED) {
        const uint64_t due = atomic_load_explicit(&job->due, memory_order_relaxed);
        if (!best || due < best_due) {
          best = job;
          best_due = due;
        }
      }
    }

    unsigned expected = JOB_QUEUED;
    if (best && atomic_compare_exchange_strong(&best->state, &expected, JOB_RUNNING)) {
      return best;
    }
  }
}

static void*
work(void* const handle) {
  PinnaPool* const pool = (PinnaPool*)handle;
  pinna_denormal_enter();
  for (;;) {
    while (sem_wait(&pool->queued)) {
    }
    if (atomic_load(&pool->quit)) {
      return NULL;
    }

    PinnaJob* const job = claim_job(pool);
    job->func(job->handle);
    unsigned expected = JOB_RUNNING; // Idle, its owner may free it: only the pool is touched below
    if (!atomic_compare_exchange_strong(&job->state, &expected, JOB_IDLE)) {
      atomic_store(&job->state, JOB_QUEUED); // Kicked meanwhile
      sem_post(&pool->queued);
    }
    if (atomic_load(&pool->n_waiting)) {
      pthread_mutex_lock(&pool->mutex);
      pthread_cond_broadcast(&pool->finished);
      pthread_mutex_unlock(&pool->mutex);
    }
  }
}

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

// Late results are of no use, and a worker never takes the last core
static void
raise_priority(const pthread_t thread) {
  cpu_set_t         cores;
  const char* const wish = getenv("PINNA_WORKER_PRIORITY");
  const int         least = sched_get_priority_min(SCHED_FIFO);
  const int         priority = wish ? atoi(wish) : least;
  if (priority >= least && !sched_getaffinity(0, sizeof(cores), &cores) && CPU_COUNT(&cores) > 1) {
    const struct sched_param param = {.sched_priority = priority};
    pthread_setschedparam(thread, SCHED_FIFO, &param); // May be refused
  }
}

static void
start_workers(PinnaPool* const pool) {
  sigset_t all;
  sigset_t old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  const uint32_t n = count_wanted();
  while (pool->n_workers < n &&
         !pthread_create(&pool->workers[pool->n_workers], NULL, work, pool)) {
    raise_priority(pool->workers[pool->n_workers]);
    pthread_setname_np(pool->workers[pool->n_workers++], "pinna-worker");
  }
  pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static void
destroy(PinnaPool* const pool) {
  atomic_store(&pool->quit, true);
  for (uint32_t i = 0U; i < pool->n_workers; ++i) {
    sem_post(&pool->queued);
  }
  for (uint32_t i = 0U; i < pool->n_workers; ++i) {
    pthread_join(pool->workers[i], NULL);
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
  start_workers(pool);
  if (!pool->n_workers) {
    destroy(pool);
    return NULL;
  }
  return pool;
}

PinnaPool*
pinna_pool_acquire(void) {
  Home* const home = &pinna_pool_home_2;
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
  Home* const home = &pinna_pool_home_2;
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
    pthread_mutex_lock(&job->pool->mutex);
    atomic_store(&job->state, JOB_FREE);
    pthread_mutex_unlock(&job->pool->mutex);
  }
}

void
pinna_job_wait(PinnaJob* const job) {
  PinnaPool* const pool = job->pool;
  if (pinna_job_is_idle(job)) {
    return;
  }
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->n_waiting, 1U);
  while (atomic_load(&job->state) != JOB_IDLE) {
    pthread_cond_wait(&pool->finished, &pool->mutex);
  }
  atomic_fetch_sub(&pool->n_waiting, 1U);
  pthread_mutex_unlock(&pool->mutex);
}
