// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/rt_trap.h"
#include "tests/rt_trap_impl.h"
#include "tests/tap.h"

#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// A forked child under a seccomp filter: the first system call ends it and is told to the parent

/// Shared with the child, which can tell its story without a system call
typedef struct {
  volatile int  installed;
  volatile int  finished;
  volatile int  caught;
  RtTrapOffence offence;
} Report;

static Report* report;

static void
on_trap(const int number, siginfo_t* const info, void* const context) {
  (void)number;
  (void)context;
  rt_trap_fill(&report->offence, NULL, info->si_syscall);
  report->caught = 1;
  _exit(0);
}

#define LOAD(field)                                                                                \
  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)offsetof(struct seccomp_data, field))
#define JUMP_IF(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)(value), yes, no)
#define GIVE(action) BPF_STMT(BPF_RET | BPF_K, (action))

static bool
install_filter(void) {
  const unsigned wake =
      rt_trap_wake_is_allowed() ? (unsigned)SECCOMP_RET_ALLOW : (unsigned)SECCOMP_RET_TRAP;
  struct sock_filter code[] = {
      LOAD(nr),
      JUMP_IF(SYS_exit_group, 7, 0),
      JUMP_IF(SYS_clock_gettime, 6, 0),
      JUMP_IF(SYS_futex, 0, 4),
      LOAD(args[1]),
      BPF_STMT(BPF_ALU | BPF_AND | BPF_K, (unsigned)FUTEX_CMD_MASK),
      JUMP_IF(FUTEX_WAKE, 0, 1),
      GIVE(wake),
      GIVE(SECCOMP_RET_TRAP),
      GIVE(SECCOMP_RET_ALLOW),
  };
  const struct sock_fprog program = {sizeof(code) / sizeof(code[0]), code};
  return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
         !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

_Noreturn static void
run_child(const RtTrapFunc func, void* const handle) {
  struct sigaction    action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO};
  const struct rlimit limit = {30U, 30U};
  sigaction(SIGSYS, &action, NULL);
  setrlimit(RLIMIT_CPU, &limit);
  report->installed = 1;
  if (!install_filter()) {
    report->installed = 0;
    _exit(0);
  }

  func(handle);
  report->finished = 1;
  _exit(0);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static const bool is_sanitized = true; // Its runtime makes system calls at any time
#else
static const bool is_sanitized = false;
#endif

RtTrapVerdict
rt_trap_seccomp(const RtTrapFunc func, void* const handle, int* const syscall_nr) {
  *syscall_nr = -1;
  if (!report && !is_sanitized) {
    void* const page =
        mmap(NULL, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    report = page == MAP_FAILED ? NULL : (Report*)page;
  }
  if (!report) {
    return RT_TRAP_UNAVAILABLE;
  }

  memset(report, 0, sizeof(*report));
  const pid_t child = fork();
  if (!child) {
    run_child(func, handle);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !report->installed) {
    return child < 0 || !report->installed ? RT_TRAP_UNAVAILABLE : RT_TRAP_CRASHED;
  }

  *syscall_nr = report->caught ? report->offence.syscall_nr : -1;
  return report->caught                          ? RT_TRAP_CAUGHT
         : report->finished && WIFEXITED(status) ? RT_TRAP_CLEAN
                                                 : RT_TRAP_CRASHED;
}

bool
rt_trap_check_seccomp(const RtTrapFunc func, void* const handle, const char* const format, ...) {
  char    title[256];
  va_list args;
  va_start(args, format);
  vsnprintf(title, sizeof(title), format, args);
  va_end(args);

  int                 syscall_nr = -1;
  const RtTrapVerdict verdict = rt_trap_seccomp(func, handle, &syscall_nr);
  if (verdict == RT_TRAP_UNAVAILABLE) {
    tap_skip("no seccomp filter here, or a sanitizer build", "%s", title);
    return true;
  }

  const bool ok = tap_ok(verdict == RT_TRAP_CLEAN, "%s", title);
  if (verdict == RT_TRAP_CAUGHT) {
    rt_trap_print(&report->offence);
  } else if (verdict == RT_TRAP_CRASHED) {
    tap_diag("the child died before its end");
  }
  return ok;
}
