// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_POOL_IMPL_H
#define PINNA_BASE_POOL_IMPL_H

#include "base/pool.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <sys/types.h>

// What the submitting side, the workers and the set-up of the pool share

/// JOB_AGAIN: running, and to be queued once more after that
enum { JOB_FREE, JOB_IDLE, JOB_QUEUED, JOB_RUNNING, JOB_AGAIN };

/// The thread that kicks a job, as the worker that runs it knows it
typedef struct {
  uint64_t asked; ///< When [ns], 0: never
  pid_t    tid;
  int      priority; ///< Of a worker that works for it, 0: an ordinary thread's
} PinnaPoolKicker;

/// A slot of the pool's table; it outlives the job, so that workers may look at it at any time
struct PinnaJobImpl {
  alignas(64) atomic_uint state;
  _Atomic(uint64_t)  due;
  _Atomic(uint64_t)  period; ///< Longest time between two kicks; 0: not watched
  _Atomic(uint64_t)  grain;
  _Atomic(uint64_t)  kicked;      ///< Time of the last kick
  _Atomic(uint64_t)  pace;        ///< From the last but one, bursts apart
  _Atomic(uint64_t)  pace_before; ///< The same before that
  _Atomic(uintptr_t) kicker;      ///< pthread_self() of who kicked it, 0: nobody yet
  PinnaPool*         pool;
  PinnaJobFunc       func;
  void*              handle;
  PinnaPoolKicker    heard; ///< Of who runs the job
};

typedef struct {
  PinnaPool* pool;
  pthread_t  thread;
  atomic_int priority; ///< As it is scheduled, 0: an ordinary thread
} PinnaPoolWorker;

struct PinnaPoolImpl {
  PinnaJob    jobs[PINNA_POOL_MAX_JOBS];
  atomic_uint n_slots;   ///< Slots that were ever used
  atomic_uint n_watched; ///< Jobs that are watched

  sem_t       queued; ///< Posted once for each job that is queued and not watched, and for a change
  atomic_bool has_watcher;
  atomic_bool quit;

  pthread_mutex_t mutex; ///< Of what follows, and of taking and giving back slots
  pthread_cond_t  finished;
  atomic_uint     n_waiting; ///< Threads in pinna_job_wait()

  int             wish; ///< Priority that workers may have, 0: an ordinary thread's
  uint32_t        n_workers;
  PinnaPoolWorker workers[64];
};

/// What a thread of the pool does; `worker` is a PinnaPoolWorker
void* pinna_pool_work(void* worker);

#endif // PINNA_BASE_POOL_IMPL_H
