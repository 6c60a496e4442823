// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/pool_class.h"

#include "base/clock.h"
#include "base/pool.h"
#include "tests/tap.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>

// A worker is scheduled like the thread it works for, and after it

/// What a job saw of the thread that ran it
typedef struct {
  PinnaJob* job;
  int       policy;
  int       priority;
} Seen;

static void
look(void* const handle) {
  Seen* const        seen = (Seen*)handle;
  struct sched_param param = {0};
  seen->policy = sched_getscheduler(0);
  sched_getparam(0, &param);
  seen->priority = param.sched_priority;
}

/// A thread of audio: kicks once, waits until the job has run
static void*
kick(void* const handle) {
  Seen* const    seen = (Seen*)handle;
  const uint64_t time = pinna_clock_ns();
  seen->policy = -1;
  pinna_job_kick(seen->job, time, time);
  pinna_job_wait(seen->job);
  return NULL;
}

/// @return false: threads may not be scheduled so here
static bool
kick_as(Seen* const seen, const int policy, const int priority) {
  const struct sched_param param = {.sched_priority = priority};
  pthread_attr_t           attributes;
  pthread_t                thread;
  pthread_attr_init(&attributes);
  pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
  pthread_attr_setschedpolicy(&attributes, policy);
  pthread_attr_setschedparam(&attributes, &param);
  const bool good = !pthread_create(&thread, &attributes, kick, seen);
  pthread_attr_destroy(&attributes);
  if (good) {
    pthread_join(thread, NULL);
  }
  return good;
}

static unsigned
count_cores(void) {
  cpu_set_t cores;
  return sched_getaffinity(0, sizeof(cores), &cores) ? 1U : (unsigned)CPU_COUNT(&cores);
}

typedef struct {
  const char* wish; ///< PINNA_WORKER_PRIORITY, or NULL
  const char* name;
  int         policy;
  int         priority;
  int         wanted; ///< Priority of the worker, 0: an ordinary thread's
} Case;

static void
try_case(const Case* const c) {
  if (c->wish) {
    setenv("PINNA_WORKER_PRIORITY", c->wish, 1);
  } else {
    unsetenv("PINNA_WORKER_PRIORITY");
  }
  PinnaPool* const pool = pinna_pool_acquire();
  for (int is_watched = 0; is_watched < 2; ++is_watched) {
    Seen seen = {NULL, -1, -1}; // Another job, which has not heard of any thread
    seen.job = pinna_job_new(pool, look, &seen);
    pinna_job_watch(seen.job, is_watched ? 1000000U : 0U, 1000000U);
    if (!kick_as(&seen, c->policy, c->priority)) {
      tap_skip("realtime threads are not permitted", "%s", c->name);
    } else if (c->wanted && count_cores() < 2U) {
      tap_int(seen.policy, SCHED_OTHER, "%s: on one core an ordinary worker", c->name);
    } else {
      tap_int(seen.policy, c->wanted ? SCHED_FIFO : SCHED_OTHER, "%s: policy of the worker",
              c->name);
      tap_int(seen.priority, c->wanted, "and its priority");
    }
    pinna_job_free(seen.job);
  }
  pinna_pool_release(pool);
}

/// One pool, its worker changes with the thread it works for
static void
test_turns(void) {
  unsetenv("PINNA_WORKER_PRIORITY");
  PinnaPool* const pool = pinna_pool_acquire();
  Seen             seen[2] = {{0}};
  bool             good = count_cores() > 1U;
  for (int i = 0; i < 2; ++i) {
    seen[i].job = pinna_job_new(pool, look, &seen[i]);
  }
  for (int round = 0; round < 3 && good; ++round) {
    good = kick_as(&seen[0], SCHED_RR, 20);
    kick(&seen[1]);
    if (good) {
      tap_int(seen[0].policy, SCHED_FIFO, "for a realtime thread");
      tap_int(seen[1].policy, SCHED_OTHER, "then for an ordinary one");
    }
  }
  for (int i = 0; i < 2; ++i) {
    pinna_job_free(seen[i].job);
  }
  pinna_pool_release(pool);
}

int
main(void) {
  static const Case cases[] = {
      {NULL, "an ordinary audio thread", SCHED_OTHER, 0, 0},
      {NULL, "one at FIFO 60", SCHED_FIFO, 60, 1},
      {NULL, "one at RR 2", SCHED_RR, 2, 1},
      {NULL, "one at FIFO 1, below which there is nothing", SCHED_FIFO, 1, 0},
      {"0", "FIFO 60, and workers may not", SCHED_FIFO, 60, 0},
      {"10", "FIFO 60, and workers may have 10", SCHED_FIFO, 60, 10},
      {"10", "FIFO 5, and workers may have 10", SCHED_FIFO, 5, 4},
      {"10", "an ordinary thread, and workers may have 10", SCHED_OTHER, 0, 0},
  };
  for (unsigned i = 0U; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    try_case(&cases[i]);
  }
  test_turns();
  return tap_done();
}
