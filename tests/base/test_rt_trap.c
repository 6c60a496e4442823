// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/base/rt_plant.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// The test of the test: every planted violation is caught, clean code and free sections pass

typedef struct {
  const char*    name;
  const RtPlant* plants;
  RtTrapFunc     clean;
  RtTrapFunc     raw;
  RtTrapFunc     wake;
} Place;

static void
test_libc(const Place* const place) {
  const char* const engine = rt_trap_engine();
  const bool        is_interposer = engine && !strcmp(engine, "interposer");
  for (const RtPlant* p = place->plants; engine && p->name; ++p) {
    if (is_interposer || p->rtsan_knows || (p->enters_kernel && rt_trap_has_kernel())) {
      tap_ok(rt_trap_catches(p->deed, NULL), "%s: %s in the %s is caught", engine, p->name,
             place->name);
    }
    if (is_interposer) {
      rt_trap_enter();
      p->deed(NULL);
      rt_trap_leave();
      tap_string(rt_trap_offender(), p->name, "and named");
      rt_trap_reset();
    }
    p->deed(NULL);
    tap_int(rt_trap_count(), 0, "%s outside a section is allowed", p->name);
  }
}

static void
test_kernel(const Place* const place) {
  if (!rt_trap_has_kernel()) {
    tap_skip("no syscall user dispatch here", "a raw system call in the %s is caught", place->name);
    return;
  }

  tap_ok(rt_trap_catches(place->raw, NULL), "a raw system call in the %s is caught", place->name);
  rt_trap_enter();
  place->raw(NULL);
  rt_trap_leave();
  tap_ok(strstr(rt_trap_offender(), "system call") != NULL, "and named: %s", rt_trap_offender());
  rt_trap_reset();
  place->raw(NULL);
  tap_int(rt_trap_count(), 0, "outside a section it is allowed");
}

static void
test_seccomp(const Place* const place) {
  int nr = 0;
  if (rt_trap_seccomp(place->clean, NULL, &nr) == RT_TRAP_UNAVAILABLE) {
    tap_skip("no seccomp filter here, or a sanitizer build", "seccomp in the %s", place->name);
    return;
  }

  rt_trap_check_seccomp(place->clean, NULL, "seccomp: clean code in the %s passes", place->name);
  tap_int(rt_trap_seccomp(place->raw, NULL, &nr), RT_TRAP_CAUGHT, "a raw call is caught");
  tap_int(nr, SYS_getppid, "with its number");
  for (const RtPlant* p = place->plants; p->name; ++p) {
    if (p->enters_kernel) {
      tap_int(rt_trap_seccomp(p->deed, NULL, &nr), RT_TRAP_CAUGHT,
              "seccomp: %s in the %s is caught", p->name, place->name);
    }
  }
}

static void*
wait_for_post(void* const handle) {
  while (sem_wait((sem_t*)handle)) {
  }
  return NULL;
}

static unsigned
count_of_wake(const Place* const place) {
  sem_t     sem;
  pthread_t thread;
  sem_init(&sem, 0, 0U);
  pthread_create(&thread, NULL, wait_for_post, &sem);
  nanosleep(&(struct timespec){0, 100000000}, NULL); // Let it wait, so that the post must wake

  rt_trap_enter();
  place->wake(&sem);
  rt_trap_leave();
  const unsigned n = rt_trap_count();
  rt_trap_reset();
  pthread_join(thread, NULL);
  sem_destroy(&sem);
  return n;
}

static void
test_wake(const Place* const place) {
  if (rt_trap_has_kernel()) {
    tap_int(count_of_wake(place), 1, "waking a thread in the %s is caught", place->name);
    rt_trap_allow_wake(true);
    tap_int(count_of_wake(place), 0, "unless it is allowed");
    rt_trap_enter();
    sem_t nobody;
    sem_init(&nobody, 0, 0U);
    place->wake(&nobody);
    place->raw(NULL);
    rt_trap_leave();
    tap_int(rt_trap_count(), 1, "which allows nothing else");
    rt_trap_allow_wake(false);
    rt_trap_reset();
  }
}

static void*
run_section(void* const handle) {
  const Place* const place = (const Place*)handle;
  for (int i = 0; i < 1000; ++i) {
    rt_trap_enter();
    rt_trap_enter();
    place->clean(NULL);
    rt_trap_leave();
    place->clean(NULL);
    rt_trap_leave();
  }
  return NULL;
}

static void*
run_raw_section(void* const handle) {
  rt_trap_enter();
  ((const Place*)handle)->raw(NULL);
  rt_trap_leave();
  return NULL;
}

static void
test_threads(const Place* const place) {
  pthread_t thread;
  pthread_create(&thread, NULL, run_section, (void*)(uintptr_t)place);
  for (int i = 0; i < 1000; ++i) {
    free(malloc(100U));
    place->raw(NULL);
  }
  run_section((void*)(uintptr_t)place);
  pthread_join(thread, NULL);
  rt_trap_check("2000 clean sections in the %s, on two threads, beside a dirty one", place->name);

  if (rt_trap_has_kernel()) {
    pthread_create(&thread, NULL, run_raw_section, (void*)(uintptr_t)place);
    pthread_join(thread, NULL);
    tap_int(rt_trap_count(), 1, "another thread's section is trapped, too");
    rt_trap_reset();
  }
}

static void
test_place(const Place* const place) {
  test_threads(place);
  test_libc(place);
  test_kernel(place);
  test_seccomp(place);
  test_wake(place);
}

int
main(const int argc, char** const argv) {
  const Place program = {"program", rt_plants(), rt_plant_clean, rt_plant_syscall, rt_plant_wake};
  test_place(&program);

  void* const module = argc > 1 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
  if (!tap_ok(module != NULL, "the module loads")) {
    tap_diag("%s", argc > 1 ? dlerror() : "usage: test_rt_trap MODULE");
    return tap_done();
  }

  const RtPlant* (*const plants)(void) = (const RtPlant* (*)(void))dlsym(module, "rt_plants");
  const Place loaded = {"module", plants(), (RtTrapFunc)dlsym(module, "rt_plant_clean"),
                        (RtTrapFunc)dlsym(module, "rt_plant_syscall"),
                        (RtTrapFunc)dlsym(module, "rt_plant_wake")};
  tap_ok(loaded.clean != rt_plant_clean, "and is another copy");
  test_place(&loaded);
  dlclose(module);
  return tap_done();
}
