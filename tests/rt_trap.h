// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_RT_TRAP_H
#define PINNA_TESTS_RT_TRAP_H

#include "base/attributes.h"

#include <stdbool.h>

// Realtime proof: what a section of code asks of the C library and of the kernel is caught
//
// A section is what one thread runs between rt_trap_enter() and rt_trap_leave(); any thread may
// have one, a backend's audio callback too, and code in dlopened modules is covered. Two traps
// work at once. The C library's is one of two engines, chosen at link time (see docs/realtime.md):
// our interposer, which counts, or RealtimeSanitizer, which prints a stack and ends the process
// with status 1. The kernel's (syscall user dispatch, Linux 5.11) counts any system call but
// clock_gettime, which normally never leaves user space. In ASan and TSan builds, which need the
// C library for themselves, there is no engine: sections are free and rt_trap_check() skips.

/// "interposer", "rtsan", or NULL if this build has no engine
const char* rt_trap_engine(void);

/// True if system calls of a section are trapped, too. Needs Linux 5.11, x86-64 and an engine.
bool rt_trap_has_kernel(void);

/// Begin a realtime section on this thread. Sections may nest.
void rt_trap_enter(void);

/// End the section
void rt_trap_leave(void);

/// Let sections wake another thread (FUTEX_WAKE: sem_post() with somebody waiting), the one system
/// call that a plugin with a worker needs and that never blocks. Default: no.
void rt_trap_allow_wake(bool allow);

/// Calls caught on all threads since the last reset
unsigned rt_trap_count(void);

/// The first one: "malloc", "system call 35"; "nothing" if none
const char* rt_trap_offender(void);

/// Forget what was caught
void rt_trap_reset(void);

/// Report one TAP case: nothing was caught since the last reset. Prints the first offender with its
/// stack, then resets. Skips, saying so, if there is no engine. Not in a section.
/// @return true if it passed (or was skipped)
bool rt_trap_check(const char* format, ...) PINNA_PRINTF(1, 2);

typedef void (*RtTrapFunc)(void* handle);

typedef enum {
  RT_TRAP_CLEAN = 0,  ///< Ran to its end
  RT_TRAP_CAUGHT,     ///< Made a system call
  RT_TRAP_CRASHED,    ///< Died of something else
  RT_TRAP_UNAVAILABLE ///< The kernel refused the filter, or a sanitizer build
} RtTrapVerdict;

/// Run `func` in a forked child whose seccomp filter traps every system call (but clock_gettime and
/// allowed wakes). What `func` changes in memory is lost. Works without an engine. Not in a
/// section.
/// @param syscall_nr Receives the number of the first system call, -1 if there was none
RtTrapVerdict rt_trap_seccomp(RtTrapFunc func, void* handle, int* syscall_nr);

/// rt_trap_seccomp() as one TAP case: `func` is clean. Skips if unavailable.
bool rt_trap_check_seccomp(RtTrapFunc func, void* handle, const char* format, ...)
    PINNA_PRINTF(3, 4);

/// True if the engine or the kernel's trap catches `func` as a section, tried in a forked child:
/// for planted violations
bool rt_trap_catches(RtTrapFunc func, void* handle);

#endif // PINNA_TESTS_RT_TRAP_H
