// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/clock.h"
#include "base/pool.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// The pool runs every submitted job once, the earliest first, sleeps when idle, and is one per
// process

enum { N_OWNERS = 3, N_JOBS = 7, N_ROUNDS = 2000 };

typedef struct {
  PinnaJob*   job;
  unsigned    n_runs;    // Not atomic: the job's hand-over must protect it
  unsigned    n_submits; // Of the owner
  atomic_uint n_inside;
  bool        overlapped;
} Work;

static void
run_work(void* const handle) {
  Work* const work = (Work*)handle;
  work->overlapped |= atomic_fetch_add(&work->n_inside, 1U) != 0U;
  ++work->n_runs;
  atomic_fetch_sub(&work->n_inside, 1U);
}

static void*
own_jobs(void* const handle) {
  PinnaPool* const pool = (PinnaPool*)handle;
  Work*            works = (Work*)calloc(N_JOBS, sizeof(Work));
  uintptr_t        n_bad = 0U;
  for (unsigned i = 0U; i < N_JOBS; ++i) {
    works[i].job = pinna_job_new(pool, run_work, &works[i]);
  }
  for (unsigned round = 0U; round < N_ROUNDS; ++round) {
    for (unsigned i = 0U; i < N_JOBS; ++i) {
      if (pinna_job_is_idle(works[i].job)) {
        n_bad += works[i].n_runs != works[i].n_submits;
        n_bad += !pinna_job_submit(works[i].job, (round * 7U + i * 3U) % 11U);
        ++works[i].n_submits;
      }
    }
    if (round % 64U == 0U) {
      pinna_job_wait(works[round % N_JOBS].job);
    }
    sched_yield();
  }
  for (unsigned i = 0U; i < N_JOBS; ++i) {
    pinna_job_free(works[i].job);
    n_bad += works[i].n_runs != works[i].n_submits || works[i].overlapped || !works[i].n_runs;
  }
  free(works);
  return (void*)n_bad;
}

static void
test_many(PinnaPool* const pool) {
  pthread_t owners[N_OWNERS];
  for (unsigned i = 0U; i < N_OWNERS; ++i) {
    pthread_create(&owners[i], NULL, own_jobs, pool);
  }
  for (unsigned i = 0U; i < N_OWNERS; ++i) {
    void* n_bad = NULL;
    pthread_join(owners[i], &n_bad);
    tap_int((long long)(uintptr_t)n_bad, 0, "owner %u: every submit ran once, results were seen",
            i);
  }
}

typedef struct {
  sem_t*       gate;
  atomic_uint* turn;
  unsigned     my_turn;
} Step;

static void
pass_gate(void* const handle) {
  Step* const step = (Step*)handle;
  while (step->gate && sem_wait(step->gate)) {
  }
  step->my_turn = atomic_fetch_add(step->turn, 1U);
}

// Each worker is kept at a gate; what is queued meanwhile runs in the order of its deadline
static void
test_order(PinnaPool* const pool) {
  static const uint64_t due[] = {30U, 10U, 20U};
  const uint32_t        n_workers = pinna_pool_n_workers(pool);
  sem_t                 gate;
  atomic_uint           turn = 0U;
  Step                  gated[64];
  PinnaJob*             blockers[64];
  sem_init(&gate, 0, 0U);
  for (uint32_t i = 0U; i < n_workers; ++i) {
    gated[i] = (Step){&gate, &turn, 0U};
    blockers[i] = pinna_job_new(pool, pass_gate, &gated[i]);
    pinna_job_submit(blockers[i], 0U);
  }

  Step      steps[3];
  PinnaJob* jobs[3];
  for (unsigned i = 0U; i < 3U; ++i) {
    steps[i] = (Step){NULL, &turn, 0U};
    jobs[i] = pinna_job_new(pool, pass_gate, &steps[i]);
    tap_ok(pinna_job_submit(jobs[i], due[i]), "job due at %u is queued", (unsigned)due[i]);
  }
  tap_ok(!pinna_job_is_idle(jobs[0]) && !pinna_job_submit(jobs[0], 1U), "and not queued twice");

  sem_post(&gate); // One worker goes on and does them all
  for (unsigned i = 0U; i < 3U; ++i) {
    pinna_job_wait(jobs[i]);
    pinna_job_free(jobs[i]);
  }
  tap_ok(steps[1].my_turn < steps[2].my_turn && steps[2].my_turn < steps[0].my_turn,
         "the earliest runs first");
  for (uint32_t i = 0U; i < n_workers; ++i) {
    sem_post(&gate);
  }
  for (uint32_t i = 0U; i < n_workers; ++i) {
    pinna_job_free(blockers[i]);
  }
  sem_destroy(&gate);
}

static void
test_capacity(PinnaPool* const pool) {
  static PinnaJob* jobs[PINNA_POOL_MAX_JOBS + 1U];
  Work             work = {0};
  unsigned         n = 0U;
  while (n <= PINNA_POOL_MAX_JOBS && (jobs[n] = pinna_job_new(pool, run_work, &work))) {
    ++n;
  }
  tap_int(n, PINNA_POOL_MAX_JOBS, "there are so many jobs, and then no more");
  pinna_job_free(jobs[17]);
  jobs[17] = pinna_job_new(pool, run_work, &work);
  tap_ok(jobs[17] != NULL, "a freed one can be had again");
  while (n) {
    pinna_job_free(jobs[--n]);
  }
}

static double
cpu_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void
test_idle(void) {
  const double before = cpu_seconds();
  nanosleep(&(struct timespec){0, 200000000}, NULL);
  tap_at_most(cpu_seconds() - before, 0.02, "0.2 s of waiting cost nothing");
}

static void
test_realtime(PinnaPool* const pool) {
  Work work = {0};
  work.job = pinna_job_new(pool, run_work, &work);
  rt_trap_allow_wake(true);
  for (unsigned i = 0U; i < 500U; ++i) {
    rt_trap_enter();
    work.n_submits += pinna_job_is_idle(work.job) && pinna_job_submit(work.job, i);
    rt_trap_leave();
    sched_yield();
  }
  rt_trap_check("submitting is realtime, with a wake as the only system call");
  rt_trap_allow_wake(false);
  pinna_job_free(work.job);
  tap_int(work.n_runs, work.n_submits, "%u jobs ran", work.n_submits);
}

/// Times that the workers went to sleep until now
static long
count_sleeps(void) {
  long           n = 0;
  DIR* const     tasks = opendir("/proc/self/task");
  struct dirent* entry;
  while (tasks && (entry = readdir(tasks))) {
    char path[64];
    char line[128];
    bool is_worker = false;
    snprintf(path, sizeof(path), "/proc/self/task/%.20s/status", entry->d_name);
    FILE* const file = fopen(path, "r");
    while (file && fgets(line, sizeof(line), file)) {
      is_worker = is_worker || !strcmp(line, "Name:\tpinna-worker\n");
      if (is_worker && !strncmp(line, "voluntary_ctxt_switches:", 24U)) {
        n += strtol(line + 24, NULL, 10);
      }
    }
    if (file) {
      fclose(file);
    }
  }
  if (tasks) {
    closedir(tasks);
  }
  return n;
}

static void
sleep_ms(const long ms) {
  nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

// Kicks that come at a steady pace, faster and slower than said, and after a pause, are all seen;
// none enters the kernel
static void
test_watch(PinnaPool* const pool) {
  enum { N = 40, PERIOD = 10000000, GRAIN = 1000000 };
  static const long paces[] = {10, 3, 14, 1};
  Work              work = {0};
  work.job = pinna_job_new(pool, run_work, &work);
  pinna_job_watch(work.job, PERIOD, GRAIN);
  for (unsigned p = 0U; p < 4U; ++p) {
    unsigned n_late = 0U;
    for (unsigned i = 0U; i < N; ++i) {
      const uint64_t now = pinna_clock_ns();
      rt_trap_enter();
      pinna_job_kick(work.job, now, now + PERIOD);
      rt_trap_leave();
      ++work.n_submits;
      sleep_ms(paces[p]);
      n_late += !pinna_job_is_idle(work.job);
      pinna_job_wait(work.job);
    }
    tap_diag("every %ld ms: %u of %u not done by the next", paces[p], n_late, N);
    tap_int(work.n_runs, work.n_submits, "%u kicks every %ld ms, all of them run", N, paces[p]);
  }
  rt_trap_check("kicking a watched job is realtime, and no system call");

  sleep_ms(2100);
  const long   before = count_sleeps();
  const double cpu = cpu_seconds();
  sleep_ms(1000);
  const double spent = cpu_seconds() - cpu;
  const long   n_idle = count_sleeps() - before;
  tap_diag("watching in vain: %ld looks and %.0f us in a second", n_idle, 1e6 * spent);
  tap_at_most((double)n_idle, 40.0, "a job that pauses is looked for every 50 ms");
  tap_at_most(spent, 0.01, "which costs next to nothing [s]");
  const uint64_t now = pinna_clock_ns();
  pinna_job_kick(work.job, now, now);
  for (int i = 0; i < 500 && !pinna_job_is_idle(work.job); ++i) {
    sleep_ms(1);
  }
  tap_int(work.n_runs, ++work.n_submits, "and found when it comes again");

  pinna_job_watch(work.job, 0U, 0U);
  sleep_ms(50);
  const long rested = count_sleeps();
  sleep_ms(500);
  tap_at_most((double)(count_sleeps() - rested), 1.0, "without anything to watch nobody wakes up");
  pinna_job_kick(work.job, pinna_clock_ns(), 0U);
  pinna_job_wait(work.job);
  tap_int(work.n_runs, ++work.n_submits, "until it is woken");
  pinna_job_free(work.job);
}

static void
test_modules(const int n, char** const paths) {
  PinnaPool* pools[2] = {NULL, NULL};
  for (int i = 0; i < 2 && i < n; ++i) {
    void* const module = dlopen(paths[i], RTLD_NOW | RTLD_LOCAL);
    PinnaPool* (*const acquire)(void) =
        module ? (PinnaPool * (*)(void)) dlsym(module, "pool_module_acquire") : NULL;
    pools[i] = acquire ? acquire() : NULL;
  }
  if (tap_ok(pools[0] && pools[1], "two modules with their own copies load")) {
    tap_ok(pools[0] == pools[1], "and share one pool");
    pinna_pool_release(pools[0]);
    pinna_pool_release(pools[1]);
  } else {
    tap_diag("%s", n < 2 ? "usage: test_pool MODULE MODULE" : dlerror());
  }
}

int
main(const int argc, char** const argv) {
  PinnaPool* const pool = pinna_pool_acquire();
  if (!tap_ok(pool != NULL, "the pool starts")) {
    return tap_done();
  }

  tap_at_least(pinna_pool_n_workers(pool), 1, "it has a worker");
  PinnaPool* const again = pinna_pool_acquire();
  tap_ok(again == pool, "a second user gets the same pool");
  pinna_pool_release(again);

  test_many(pool);
  test_order(pool);
  test_capacity(pool);
  test_idle();
  test_realtime(pool);
  test_watch(pool);
  test_modules(argc - 1, argv + 1);
  pinna_pool_release(pool);
  pinna_pool_release(pinna_pool_acquire());
  tap_ok(true, "it stops, starts and stops again");
  return tap_done();
}
