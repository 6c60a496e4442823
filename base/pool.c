// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/pool.h"

#include "base/pool_impl.h"

// Worker pool, realtime side

#define BURST_NS 200000U ///< Kicks that are closer come from one block of audio

bool
pinna_job_submit(PinnaJob* const job, const uint64_t due) PINNA_RT {
  if (!pinna_job_is_idle(job)) {
    return false;
  }

  atomic_store_explicit(&job->due, due, memory_order_relaxed);
  atomic_store_explicit(&job->state, JOB_QUEUED, memory_order_release);
  sem_post(&job->pool->queued);
  return true;
}

/// Each way out is a read-modify-write of the state, which a run that begins later reads from.
/// @return true if the job was idle
static bool
queue(PinnaJob* const job, const uint64_t due) {
  atomic_store_explicit(&job->due, due, memory_order_relaxed);
  unsigned state = atomic_load_explicit(&job->state, memory_order_relaxed);
  unsigned next;
  do {
    next = state == JOB_RUNNING ? JOB_AGAIN : state == JOB_IDLE ? JOB_QUEUED : state;
  } while (!atomic_compare_exchange_weak(&job->state, &state, next));
  return state == JOB_IDLE;
}

void
pinna_job_kick(PinnaJob* const job, const uint64_t now, const uint64_t due) PINNA_RT {
  const uint64_t last = atomic_load_explicit(&job->kicked, memory_order_relaxed);
  if (now - last > BURST_NS) {
    const uint64_t pace = atomic_load_explicit(&job->pace, memory_order_relaxed);
    atomic_store_explicit(&job->pace_before, pace, memory_order_relaxed);
    atomic_store_explicit(&job->pace, now - last, memory_order_relaxed);
  }
  atomic_store_explicit(&job->kicked, now, memory_order_relaxed);
  atomic_store_explicit(&job->kicker, (uintptr_t)pthread_self(), memory_order_relaxed);
  if (queue(job, due) && !atomic_load(&job->period)) { // In this order: see pinna_job_watch()
    sem_post(&job->pool->queued);
  }
}

void
pinna_job_again(PinnaJob* const job, const uint64_t due) PINNA_RT {
  queue(job, due);
}

bool
pinna_job_is_idle(const PinnaJob* const job) PINNA_RT {
  return atomic_load_explicit(&job->state, memory_order_acquire) == JOB_IDLE;
}
