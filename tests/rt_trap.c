// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/rt_trap.h"

#include "tests/rt_trap_impl.h"
#include "tests/tap.h"

#include <execinfo.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Sections, the record of what was caught in them, and the report

static _Thread_local int  depth;
static _Thread_local bool recording;

static atomic_uint   n_caught;
static atomic_bool   claimed;
static atomic_bool   published;
static atomic_bool   wake_allowed;
static RtTrapOffence first;

__attribute__((constructor)) static void
warm_up(void) {
  void* frames[2];
  backtrace(frames, 2); // Loads the unwinder, which allocates
}

const char*
rt_trap_engine(void) {
  return rt_trap_engine_name;
}

bool
rt_trap_has_kernel(void) {
  return rt_trap_engine_name && rt_trap_kernel_open();
}

void
rt_trap_enter(void) {
  if (rt_trap_engine_name && !depth) {
    rt_trap_kernel_open();
    rt_trap_engine_enter();
    depth = 1;
    rt_trap_kernel_arm(true);
  } else if (rt_trap_engine_name) {
    ++depth;
  }
}

void
rt_trap_leave(void) {
  if (depth && !--depth) {
    rt_trap_kernel_arm(false);
    rt_trap_engine_leave();
  }
}

void
rt_trap_fill(RtTrapOffence* const offence, const char* const name, const int syscall_nr) {
  offence->syscall_nr = syscall_nr;
  offence->n_frames = backtrace(offence->frames, RT_TRAP_N_FRAMES);
  if (name) {
    snprintf(offence->name, sizeof(offence->name), "%s", name);
  } else {
    snprintf(offence->name, sizeof(offence->name), "system call %d", syscall_nr);
  }
}

void
rt_trap_record(const char* const name, const int syscall_nr) {
  if (recording) {
    return;
  }

  recording = true;
  rt_trap_kernel_arm(false); // The rest of the section enters the kernel because of this call
  atomic_fetch_add(&n_caught, 1U);
  if (!atomic_exchange(&claimed, true)) {
    rt_trap_fill(&first, name, syscall_nr);
    atomic_store(&published, true);
  }
  recording = false;
}

void
rt_trap_hit(const char* const name) {
  if (depth) {
    rt_trap_record(name, -1);
  }
}

void
rt_trap_allow_wake(const bool allow) {
  atomic_store(&wake_allowed, allow);
}

bool
rt_trap_wake_is_allowed(void) {
  return atomic_load(&wake_allowed);
}

bool
rt_trap_is_allowed(const long syscall_nr, const long futex_op) {
  const bool wakes = syscall_nr == SYS_futex && (futex_op & FUTEX_CMD_MASK) == FUTEX_WAKE;
  return syscall_nr == SYS_clock_gettime || (wakes && rt_trap_wake_is_allowed());
}

unsigned
rt_trap_count(void) {
  return atomic_load(&n_caught);
}

const char*
rt_trap_offender(void) {
  return atomic_load(&published) ? first.name : "nothing";
}

void
rt_trap_reset(void) {
  atomic_store(&n_caught, 0U);
  atomic_store(&published, false);
  atomic_store(&claimed, false);
}

void
rt_trap_print(const RtTrapOffence* const offence) {
  tap_diag("first offender: %s, called from", offence->name);
  char** const symbols = backtrace_symbols(offence->frames, offence->n_frames);
  for (int i = 0; symbols && i < offence->n_frames; ++i) {
    tap_diag("  %s", symbols[i]);
  }
  free(symbols);
}

bool
rt_trap_check(const char* const format, ...) {
  char    title[256];
  va_list args;
  va_start(args, format);
  vsnprintf(title, sizeof(title), format, args);
  va_end(args);

  if (!rt_trap_engine_name) {
    tap_skip("a sanitizer build has no realtime trap", "%s", title);
    return true;
  }

  const unsigned n = rt_trap_count();
  const bool     ok = tap_int(n, 0, "%s", title);
  if (!ok && atomic_load(&published)) {
    rt_trap_print(&first);
  }
  rt_trap_reset();
  return ok;
}

bool
rt_trap_catches(const RtTrapFunc func, void* const handle) {
  const pid_t child = fork();
  if (!child) {
    const int null = open("/dev/null", O_WRONLY);
    dup2(null, STDERR_FILENO);
    dup2(null, STDOUT_FILENO);
    rt_trap_reset();
    rt_trap_enter();
    func(handle);
    rt_trap_leave();
    _exit(rt_trap_count() ? 1 : 0);
  }

  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
         WEXITSTATUS(status) == 1;
}
