// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/rt_trap_impl.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

// The kernel's trap of one thread's sections: syscall user dispatch, switched by one byte

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#define PR_SYS_DISPATCH_ON 1
#endif

enum { SYSCALL_LENGTH = 2, SA_OWN_RESTORER = 0x04000000 };

/// What rt_sigaction() of the kernel takes (the C library's has its own layout and restorer)
typedef struct {
  void (*handler)(int, siginfo_t*, void*);
  unsigned long flags;
  void (*restorer)(void);
  unsigned long mask;
} KernelAction;

static _Thread_local volatile unsigned char blocked; // 1: system calls of this thread are trapped
static _Thread_local bool                   asked;
static _Thread_local bool                   is_open;

// The way out of the handler, a system call itself, lies in the range that is never trapped
void rt_trap_restore(void);
void rt_trap_restore_end(void);
__asm__(".text\n"
        ".type rt_trap_restore, @function\n"
        "rt_trap_restore: mov $15, %eax\n"
        "syscall\n"
        "rt_trap_restore_end:\n");

static long
raw_syscall(const greg_t* const r) {
  long          result = r[REG_RAX];
  register long r10 __asm__("r10") = r[REG_R10];
  register long r8 __asm__("r8") = r[REG_R8];
  register long r9 __asm__("r9") = r[REG_R9];
  __asm__ volatile("syscall"
                   : "+a"(result)
                   : "D"(r[REG_RDI]), "S"(r[REG_RSI]), "d"(r[REG_RDX]), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

static void
on_trap(const int number, siginfo_t* const info, void* const context) {
  (void)number;
  greg_t* const r = ((ucontext_t*)context)->uc_mcontext.gregs;
  blocked = 0U;
  if (rt_trap_is_allowed(info->si_syscall, r[REG_RSI])) {
    r[REG_RAX] = raw_syscall(r);
    blocked = 1U;
  } else {
    rt_trap_record(NULL, info->si_syscall);
    r[REG_RAX] = info->si_syscall;
    r[REG_RIP] -= SYSCALL_LENGTH; // Done again, for real
  }
}

// The kernel clears the dispatch of a forked child
static void
forget(void) {
  asked = false;
  is_open = false;
}

__attribute__((constructor)) static void
watch_forks(void) {
  pthread_atfork(NULL, NULL, forget);
}

bool
rt_trap_kernel_open(void) {
  if (!asked) {
    asked = true;
    const KernelAction action = {on_trap, SA_SIGINFO | SA_NODEFER | SA_OWN_RESTORER,
                                 rt_trap_restore, 0U};
    const uintptr_t    start = (uintptr_t)rt_trap_restore;
    is_open = !syscall(SYS_rt_sigaction, SIGSYS, &action, NULL, sizeof(action.mask)) &&
              !prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, start,
                     (uintptr_t)rt_trap_restore_end - start + 1U, &blocked);
  }
  return is_open;
}

void
rt_trap_kernel_arm(const bool on) {
  atomic_signal_fence(memory_order_seq_cst);
  blocked = on && is_open;
  atomic_signal_fence(memory_order_seq_cst);
}

#else

bool
rt_trap_kernel_open(void) {
  return false;
}

void
rt_trap_kernel_arm(const bool on) {
  (void)on;
}

#endif
