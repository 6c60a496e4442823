// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/pool_class.h"

#include <dirent.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// Finds the thread that kicks a job, asks how it is scheduled, follows it

#define ASK_NS 1000000000U ///< Between two questions

#ifndef SCHED_RESET_ON_FORK
#define SCHED_RESET_ON_FORK 0x40000000
#endif
#define POLICY_DEADLINE 6 ///< SCHED_DEADLINE, before all others

/// Where a thread's list of robust mutexes is; 0: unknown. `tid` 0: the caller's.
static uintptr_t
find_list(const pid_t tid) {
  void*  head = NULL;
  size_t size = 0U;
  return syscall(SYS_get_robust_list, tid, &head, &size) ? 0U : (uintptr_t)head;
}

/// @param kicker pthread_self() of the thread. @return 0: there is none
static pid_t
find_thread(const uintptr_t kicker, const pid_t guess) {
  const uintptr_t own = find_list(0);
  const uintptr_t wanted = kicker + (own - (uintptr_t)pthread_self());
  if (!own || (guess && find_list(guess) == wanted)) {
    return own ? guess : 0;
  }
  DIR* const     tasks = opendir("/proc/self/task");
  pid_t          found = 0;
  struct dirent* entry;
  while (tasks && !found && (entry = readdir(tasks))) {
    const pid_t tid = (pid_t)strtol(entry->d_name, NULL, 10);
    found = tid > 0 && find_list(tid) == wanted ? tid : 0;
  }
  if (tasks) {
    closedir(tasks);
  }
  return found;
}

static bool
may_be_realtime(void) {
  cpu_set_t     cores;
  struct rlimit most;
  return !sched_getaffinity(0, sizeof(cores), &cores) && CPU_COUNT(&cores) > 1 &&
         !getrlimit(RLIMIT_RTTIME, &most) && most.rlim_cur == RLIM_INFINITY;
}

/// The priority of a worker for a thread that is scheduled like this
static int
below(const int policy, const int priority, const int wanted) {
  const int least = sched_get_priority_min(SCHED_FIFO);
  const int kind = policy & ~SCHED_RESET_ON_FORK;
  int       most = sched_get_priority_max(SCHED_FIFO);
  if (kind != POLICY_DEADLINE) {
    most = kind == SCHED_FIFO || kind == SCHED_RR ? priority - 1 : 0;
  }
  const int ours = wanted < most ? wanted : most;
  return ours >= least && may_be_realtime() ? ours : 0;
}

int
pinna_pool_priority(const PinnaPoolWorker* const worker, PinnaJob* const job, const uint64_t now) {
  const uintptr_t        kicker = atomic_load_explicit(&job->kicker, memory_order_relaxed);
  const PinnaPool* const pool = worker->pool;
  if (!kicker) {
    return atomic_load(&worker->priority);
  }
  for (uint32_t i = 0U; i < pool->n_workers; ++i) { // A worker's helper is as that one is
    if ((uintptr_t)pool->workers[i].thread == kicker) {
      return atomic_load(&pool->workers[i].priority);
    }
  }
  PinnaPoolKicker* const heard = &job->heard;
  if (!heard->asked || now - heard->asked >= ASK_NS) {
    struct sched_param param = {.sched_priority = 0};
    heard->asked = now;
    heard->tid = find_thread(kicker, heard->tid);
    const int policy = heard->tid ? sched_getscheduler(heard->tid) : -1;
    heard->priority = policy < 0 || sched_getparam(heard->tid, &param)
                          ? 0
                          : below(policy, param.sched_priority, pool->wish);
  }
  return heard->priority;
}

void
pinna_pool_adopt(PinnaPoolWorker* const worker, const int priority) {
  if (atomic_load(&worker->priority) != priority) {
    const struct sched_param param = {.sched_priority = priority};
    sched_setscheduler(0, priority ? SCHED_FIFO : SCHED_OTHER, &param); // May be refused
    atomic_store(&worker->priority, priority);
  }
}
