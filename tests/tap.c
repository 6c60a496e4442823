// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/tap.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Test Anything Protocol writer

static int n_cases;
static int n_failed;

static bool
report(const bool pass, const char* const format, va_list args) {
  ++n_cases;
  n_failed += !pass;
  printf("%sok %d - ", pass ? "" : "not ", n_cases);
  vprintf(format, args);
  printf("\n");
  return pass;
}

#define REPORT(pass)                                                                               \
  va_list args;                                                                                    \
  va_start(args, format);                                                                          \
  const bool ok = report((pass), format, args);                                                    \
  va_end(args)

bool
tap_ok(const bool pass, const char* const format, ...) {
  REPORT(pass);
  fflush(stdout);
  return ok;
}

bool
tap_near(const double actual, const double expected, const double tolerance,
         const char* const format, ...) {
  REPORT(fabs(actual - expected) <= tolerance);
  printf("# %s: %.9g, expected %.9g +- %.3g\n", ok ? "got" : "FAILED", actual, expected, tolerance);
  fflush(stdout);
  return ok;
}

bool
tap_at_most(const double actual, const double limit, const char* const format, ...) {
  REPORT(isfinite(actual) && actual <= limit);
  printf("# %s: %.6g, at most %.6g\n", ok ? "got" : "FAILED", actual, limit);
  fflush(stdout);
  return ok;
}

bool
tap_at_least(const double actual, const double limit, const char* const format, ...) {
  REPORT(isfinite(actual) && actual >= limit);
  printf("# %s: %.6g, at least %.6g\n", ok ? "got" : "FAILED", actual, limit);
  fflush(stdout);
  return ok;
}

bool
tap_int(const long long actual, const long long expected, const char* const format, ...) {
  REPORT(actual == expected);
  if (!ok) {
    printf("# FAILED: %lld, expected %lld\n", actual, expected);
  }
  fflush(stdout);
  return ok;
}

bool
tap_string(const char* const actual, const char* const expected, const char* const format, ...) {
  REPORT(actual && expected && !strcmp(actual, expected));
  if (!ok) {
    printf("# FAILED: '%s', expected '%s'\n", actual ? actual : "(null)",
           expected ? expected : "(null)");
  }
  fflush(stdout);
  return ok;
}

bool
tap_all_near(const float* const actual, const float* const expected, const size_t n,
             const double tolerance, const char* const format, ...) {
  size_t worst = 0U;
  double error = 0.0;
  for (size_t i = 0U; i < n; ++i) {
    const double e = fabs((double)actual[i] - (double)expected[i]);
    if (!(e <= error)) {
      error = isfinite(e) ? e : INFINITY;
      worst = i;
    }
  }

  REPORT(error <= tolerance);
  printf("# %s: max error %.3g at %zu, at most %.3g\n", ok ? "got" : "FAILED", error, worst,
         tolerance);
  fflush(stdout);
  return ok;
}

bool
tap_all_equal(const float* const actual, const float* const expected, const size_t n,
              const char* const format, ...) {
  size_t first = 0U;
  while (first < n && !memcmp(actual + first, expected + first, sizeof(float))) {
    ++first;
  }

  REPORT(first == n);
  if (!ok) {
    printf("# FAILED: first difference at %zu of %zu: %.9g, expected %.9g\n", first, n,
           (double)actual[first], (double)expected[first]);
  }
  fflush(stdout);
  return ok;
}

void
tap_diag(const char* const format, ...) {
  va_list args;
  va_start(args, format);
  printf("# ");
  vprintf(format, args);
  printf("\n");
  va_end(args);
  fflush(stdout);
}

void
tap_skip(const char* const reason, const char* const format, ...) {
  va_list args;
  va_start(args, format);
  printf("ok %d - ", ++n_cases);
  vprintf(format, args);
  printf(" # SKIP %s\n", reason);
  va_end(args);
  fflush(stdout);
}

void
tap_skip_all(const char* const format, ...) {
  va_list args;
  va_start(args, format);
  printf("1..0 # SKIP ");
  vprintf(format, args);
  printf("\n");
  va_end(args);
  exit(0);
}

int
tap_done(void) {
  printf("1..%d\n", n_cases);
  return n_failed || !n_cases;
}

float
tap_noise(unsigned* const seed) {
  *seed = *seed * 1664525U + 1013904223U;
  return (float)(int32_t)*seed * 0x1p-31f;
}
