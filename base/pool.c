// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/pool.h"

#include "base/pool_impl.h"

// Worker pool, realtime side

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

// Each way out is a read-modify-write of the state, which a run that begins later reads from
void
pinna_job_kick(PinnaJob* const job, const uint64_t due) PINNA_RT {
  atomic_store_explicit(&job->due, due, memory_order_relaxed);
  unsigned state = atomic_load_explicit(&job->state, memory_order_relaxed);
  unsigned next;
  do {
    next = state == JOB_RUNNING ? JOB_AGAIN : state == JOB_IDLE ? JOB_QUEUED : state;
  } while (!atomic_compare_exchange_weak(&job->state, &state, next));
  if (state == JOB_IDLE) {
    sem_post(&job->pool->queued);
  }
}

bool
pinna_job_is_idle(const PinnaJob* const job) PINNA_RT {
  return atomic_load_explicit(&job->state, memory_order_acquire) == JOB_IDLE;
}
