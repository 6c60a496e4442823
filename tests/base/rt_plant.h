// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_BASE_RT_PLANT_H
#define PINNA_TESTS_BASE_RT_PLANT_H

#include "base/attributes.h"

#include <stddef.h>

// One deed of every kind that is forbidden in realtime code, and some that are allowed

typedef struct {
  const char* name; ///< Of the C library's function, which the interposer reports
  void (*deed)(void* handle);
  int enters_kernel; ///< Always makes a system call
  int rtsan_knows;   ///< RealtimeSanitizer of LLVM 19 has an interceptor for it
} RtPlant;

/// Forbidden deeds, ended by a NULL name. Exported by the test module, too.
PINNA_API const RtPlant* rt_plants(void);

/// Allowed: arithmetic, libm, copies, atomics, the vDSO clock, sem_trywait()
PINNA_API void rt_plant_clean(void* handle);

/// Entered by an instruction, not through the C library
PINNA_API void rt_plant_syscall(void* handle);

/// sem_post() while somebody waits
PINNA_API void rt_plant_wake(void* handle);

#endif // PINNA_TESTS_BASE_RT_PLANT_H
