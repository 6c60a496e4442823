// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_RT_TRAP_IMPL_H
#define PINNA_TESTS_RT_TRAP_IMPL_H

#include <stdbool.h>
#include <stddef.h>

// What the parts of the realtime trap share: the engine at link time, the kernel's trap, the record

#define RT_TRAP_N_FRAMES 24

/// The first offence since the last reset, with its stack
typedef struct {
  int   syscall_nr; ///< -1 for a library call
  int   n_frames;
  void* frames[RT_TRAP_N_FRAMES];
  char  name[48];
} RtTrapOffence;

/// Each engine defines these three
extern const char* const rt_trap_engine_name;
void                     rt_trap_engine_enter(void);
void                     rt_trap_engine_leave(void);

/// An engine reports a library call of this thread; does nothing outside sections
void rt_trap_hit(const char* name);

/// Record a call of a section, by name or, with NULL, by system call number
void rt_trap_record(const char* name, int syscall_nr);

void rt_trap_fill(RtTrapOffence* offence, const char* name, int syscall_nr);
void rt_trap_print(const RtTrapOffence* offence);

/// The kernel's trap of this thread: armed between enter and leave
bool rt_trap_kernel_open(void);
void rt_trap_kernel_arm(bool on);

/// System calls that a section may make
bool rt_trap_is_allowed(long syscall_nr, long futex_op);
bool rt_trap_wake_is_allowed(void);

#endif // PINNA_TESTS_RT_TRAP_IMPL_H
