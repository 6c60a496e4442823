// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_BENCH_BENCH_H
#define PINNA_TESTS_BENCH_BENCH_H

#include <time.h>

// Time of this thread's work, which other processes' load does not count in

/// CPU time of this thread in nanoseconds
static inline double
bench_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static inline double
bench_min(const double a, const double b) {
  return a < b ? a : b;
}

#endif // PINNA_TESTS_BENCH_BENCH_H
