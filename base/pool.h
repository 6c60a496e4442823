// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_POOL_H
#define PINNA_BASE_POOL_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

// Worker threads of the process, for work that is too long for the audio thread
//
// An audio thread owns a job, submits it, looks at later blocks whether it is idle again, and
// decides what to do if it is late. One pool serves all plugins of a process, even when each bundle
// carries its own copy of this code, so that ten plugins do not start ten times as many threads.
//
// To wake a thread is a system call, which an audio thread must not make. A job that comes at a
// steady pace is therefore watched: its kick only writes, and one worker, the watcher, sleeps until
// the next kick of any such job is expected. All others sleep until they are woken.

typedef struct PinnaPoolImpl PinnaPool;
typedef struct PinnaJobImpl  PinnaJob;

/// What a worker calls. It may take its time, but must not wait for another job of the pool.
typedef void (*PinnaJobFunc)(void* handle);

/// Jobs that may exist at once
#define PINNA_POOL_MAX_JOBS 256U

/// Join the pool of this process; the first call starts its threads: one less than the cores this
/// process may use, at least one, at most the environment variable PINNA_WORKERS. They block all
/// signals and flush denormals. A worker runs a job as the thread that kicked it is scheduled: an
/// ordinary thread's as an ordinary thread, a realtime thread's before ordinary threads and after
/// that one (see base/pool_class.h). Any thread, not realtime.
/// @return NULL if no thread can be started
PINNA_API PinnaPool* pinna_pool_acquire(void);

/// Leave the pool; the last call ends its threads. Free your jobs before. NULL is allowed.
PINNA_API void pinna_pool_release(PinnaPool* pool);

/// Threads of the pool
PINNA_API uint32_t pinna_pool_n_workers(const PinnaPool* pool);

/// A job that calls `func(handle)` each time it is submitted. Any thread, not realtime.
/// @return NULL if there are PINNA_POOL_MAX_JOBS
PINNA_API PinnaJob* pinna_job_new(PinnaPool* pool, PinnaJobFunc func, void* handle);

/// Wait until the job is idle and give it back. Not realtime. NULL is allowed.
PINNA_API void pinna_job_free(PinnaJob* job);

/// From now on no kick of this job enters the kernel, because workers look for it by themselves:
/// when its pace of late says that it is due again, and every `grain` from there on; after two
/// seconds without a kick every 50 ms or 8 grains, after a minute every 100 ms. Not realtime.
/// @param period Time between two kicks, as a rule [ns]; 0: kicks wake a worker again
/// @param grain  How late a kick may be noticed [ns]
PINNA_API void pinna_job_watch(PinnaJob* job, uint64_t period, uint64_t grain);

/// Queue an idle job. What the caller wrote before is seen by the worker. Never blocks; it enters
/// the kernel only to wake a waiting worker (FUTEX_WAKE). One submitting thread per job.
/// @param due When the result is needed, in ns of CLOCK_MONOTONIC; the earliest job runs first
/// @return false if the job is still queued or running
PINNA_API bool pinna_job_submit(PinnaJob* job, uint64_t due) PINNA_RT;

/// Queue a job, or have it run once more when it is running: whatever was written before is seen by
/// a run that begins after. For jobs that take their work from a ring. Realtime if the job is
/// watched, else as pinna_job_submit(). One kicking thread per job.
/// @param now The time [ns of CLOCK_MONOTONIC]
/// @param due As above; a job that is queued already takes it over
PINNA_API void pinna_job_kick(PinnaJob* job, uint64_t now, uint64_t due) PINNA_RT;

/// From within the job: run it once more, others that are due earlier first. Realtime.
PINNA_API void pinna_job_again(PinnaJob* job, uint64_t due) PINNA_RT;

/// True if the job is not queued or running; then what the worker wrote is seen here. Realtime.
PINNA_API bool pinna_job_is_idle(const PinnaJob* job) PINNA_RT;

/// Sleep until the job is idle, and let no watched job wait meanwhile: for offline rendering and
/// for teardown. Not realtime.
PINNA_API void pinna_job_wait(PinnaJob* job);

#endif // PINNA_BASE_POOL_H
