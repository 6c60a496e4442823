// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_CLOCK_H
#define PINNA_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

// Time that only goes on: CLOCK_MONOTONIC, answered by the vDSO without entering the kernel. Any
// thread, realtime.

/// @return Nanoseconds since some moment
static inline uint64_t
pinna_clock_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

/// @return The same in seconds
static inline double
pinna_clock_s(void) {
  return 1e-9 * (double)pinna_clock_ns();
}

#endif // PINNA_BASE_CLOCK_H
