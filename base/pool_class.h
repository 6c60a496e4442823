// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_POOL_CLASS_H
#define PINNA_BASE_POOL_CLASS_H

#include "base/pool_impl.h"

#include <stdint.h>

// How a worker is scheduled: as its audio thread is, and after it
//
// A worker at realtime priority is before all ordinary threads, an ordinary audio thread among
// them: on two cores it would take the sound's own. So it takes SCHED_FIFO only for a thread that
// is scheduled in realtime itself, at the lowest priority there is (1), or at the environment
// variable PINNA_WORKER_PRIORITY (0: never), and always below that thread's. Higher ones would
// outrank the kernel's own threads that serve a sound card's interrupts (50). Where realtime
// threads are killed that compute for long (RLIMIT_RTTIME, as rtkit sets it), and on a single core,
// it stays ordinary.
//
// The audio thread says who it is by pthread_self(), a plain read, because gettid() is a system
// call. Which thread of the kernel that is, workers find out: every thread's list of robust mutexes
// lies in what pthread_self() points to, at the same distance, and the kernel tells where.

/// What a worker's priority is to be for a job that it has claimed, 0: an ordinary thread's. The
/// kernel is asked again when a second has passed. Workers only.
/// @param now The time [ns]
int pinna_pool_priority(const PinnaPoolWorker* worker, PinnaJob* job, uint64_t now);

/// Schedule the calling worker so, as far as the system allows
void pinna_pool_adopt(PinnaPoolWorker* worker, int priority);

#endif // PINNA_BASE_POOL_CLASS_H
