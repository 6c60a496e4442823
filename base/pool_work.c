// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/clock.h"
#include "base/denormal.h"
#include "base/pool_class.h"
#include "base/pool_impl.h"

#include <time.h>

// The life of a worker: takes the job that is due first, runs it, watches or sleeps

#define LIVELY_NS 2000000000U  ///< So long after its last kick a job may be kicked at any moment
#define FORGOT_NS 60000000000U ///< So long after it nobody counts on it
#define SELDOM_NS 100000000U   ///< Between two looks then
#define IDLE_GRAINS 8U
#define IDLE_NS 50000000U ///< Between two looks at a job that pauses, if its grains are finer
#define MOST_PERIODS 8U   ///< That a kick may come late because the blocks of audio are long

static uint64_t
read_time(const _Atomic(uint64_t)* const time) {
  return atomic_load_explicit(time, memory_order_relaxed);
}

/// @param n_queued Receives how many were seen waiting, this one included
/// @return NULL: none is queued
static PinnaJob*
claim_job(PinnaPool* const pool, uint32_t* const n_queued) {
  for (;;) {
    PinnaJob*      best = NULL;
    uint64_t       best_due = 0U;
    const uint32_t n = atomic_load_explicit(&pool->n_slots, memory_order_acquire);
    *n_queued = 0U;
    for (uint32_t i = 0U; i < n; ++i) {
      PinnaJob* const job = &pool->jobs[i];
      if (atomic_load_explicit(&job->state, memory_order_acquire) == JOB_QUEUED) {
        const uint64_t due = read_time(&job->due);
        ++*n_queued;
        if (!best || due < best_due) {
          best = job;
          best_due = due;
        }
      }
    }

    unsigned expected = JOB_QUEUED;
    if (!best || atomic_compare_exchange_strong(&best->state, &expected, JOB_RUNNING)) {
      return best;
    }
  }
}

/// When a watched job is to be looked for, seen from now
static uint64_t
next_look(const PinnaJob* const job, const uint64_t now) {
  const uint64_t period = read_time(&job->period);
  const uint64_t grain = read_time(&job->grain);
  const uint64_t kicked = read_time(&job->kicked);
  const uint64_t pace = read_time(&job->pace);
  const uint64_t before = read_time(&job->pace_before);
  const uint64_t steady = pace < before ? pace : before; // One of them may be a pause
  const uint64_t wait = steady < MOST_PERIODS * period ? steady : period;
  const uint64_t expected = kicked + (wait > grain ? wait : grain) + grain / 4U;
  if (expected > now) {
    return expected;
  }
  const uint64_t age = now - kicked;
  const uint64_t coarse = IDLE_GRAINS * grain > IDLE_NS ? IDLE_GRAINS * grain : IDLE_NS;
  return now + (age < LIVELY_NS ? grain : age < FORGOT_NS ? coarse : SELDOM_NS);
}

static struct timespec
first_look(const PinnaPool* const pool) {
  const uint64_t now = pinna_clock_ns();
  const uint32_t n = atomic_load_explicit(&pool->n_slots, memory_order_acquire);
  uint64_t       first = now + FORGOT_NS;
  for (uint32_t i = 0U; i < n; ++i) {
    if (read_time(&pool->jobs[i].period)) {
      const uint64_t look = next_look(&pool->jobs[i], now);
      first = look < first ? look : first;
    }
  }
  return (struct timespec){(time_t)(first / 1000000000U), (long)(first % 1000000000U)};
}

/// Sleep until somebody posts or, for the one who watches, until a watched job may be there
static void
rest(PinnaPool* const pool) {
  bool nobody = false;
  if (atomic_load(&pool->n_watched) &&
      atomic_compare_exchange_strong(&pool->has_watcher, &nobody, true)) {
    const struct timespec until = first_look(pool);
    sem_clockwait(&pool->queued, CLOCK_MONOTONIC, &until);
    atomic_store(&pool->has_watcher, false);
  } else {
    sem_wait(&pool->queued);
  }
}

/// Another has to take what else is queued, or the watch over jobs besides this one
static bool
needs_help(PinnaPool* const pool, const PinnaJob* const job, const uint32_t n_queued) {
  return pool->n_workers > 1U &&
         (n_queued > 1U || (atomic_load(&pool->n_watched) > (read_time(&job->period) != 0U) &&
                            !atomic_load(&pool->has_watcher)));
}

static void
run_job(PinnaPoolWorker* const self, PinnaJob* const job) {
  PinnaPool* const pool = self->pool;
  pinna_pool_adopt(self, pinna_pool_priority(self, job, pinna_clock_ns()));
  job->func(job->handle);
  unsigned expected = JOB_RUNNING; // Idle, its owner may free it: only the pool is touched below
  if (!atomic_compare_exchange_strong(&job->state, &expected, JOB_IDLE)) {
    atomic_store(&job->state, JOB_QUEUED); // Kicked meanwhile; this worker takes another look
  }
  if (atomic_load(&pool->n_waiting)) {
    pthread_mutex_lock(&pool->mutex);
    pthread_cond_broadcast(&pool->finished);
    pthread_mutex_unlock(&pool->mutex);
  }
}

void*
pinna_pool_work(void* const worker) {
  PinnaPoolWorker* const self = (PinnaPoolWorker*)worker;
  PinnaPool* const       pool = self->pool;
  pthread_mutex_lock(&pool->mutex); // All are there
  pthread_mutex_unlock(&pool->mutex);
  pinna_denormal_enter();
  pinna_pool_adopt(self, 0); // Who started it may be scheduled otherwise
  while (!atomic_load(&pool->quit)) {
    uint32_t        n_queued = 0U;
    PinnaJob* const job = claim_job(pool, &n_queued);
    if (!job) {
      rest(pool);
      continue;
    }
    if (needs_help(pool, job, n_queued)) {
      sem_post(&pool->queued);
    }
    run_job(self, job);
  }
  return NULL;
}
