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

bool
pinna_job_is_idle(const PinnaJob* const job) PINNA_RT {
  return atomic_load_explicit(&job->state, memory_order_acquire) == JOB_IDLE;
}
