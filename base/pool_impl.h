// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_POOL_IMPL_H
#define PINNA_BASE_POOL_IMPL_H

#include "base/pool.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdalign.h>
#include <stdatomic.h>

// What the submitting side, the workers and the set-up of the pool share

/// JOB_AGAIN: running, and to be queued once more after that
enum { JOB_FREE, JOB_IDLE, JOB_QUEUED, JOB_RUNNING, JOB_AGAIN };

/// A slot of the pool's table; it outlives the job, so that workers may look at it at any time
struct PinnaJobImpl {
  alignas(64) atomic_uint state;
  _Atomic(uint64_t) due;
  PinnaPool*        pool;
  PinnaJobFunc      func;
  void*             handle;
};

struct PinnaPoolImpl {
  PinnaJob    jobs[PINNA_POOL_MAX_JOBS];
  atomic_uint n_slots; ///< Slots that were ever used

  sem_t       queued; ///< One post per queued job
  atomic_bool quit;

  pthread_mutex_t mutex; ///< Of what follows, and of taking and giving back slots
  pthread_cond_t  finished;
  atomic_uint     n_waiting; ///< Threads in pinna_job_wait()

  uint32_t  n_workers;
  pthread_t workers[64];
};

#endif // PINNA_BASE_POOL_IMPL_H
