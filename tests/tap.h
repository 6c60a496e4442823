// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_TAP_H
#define PINNA_TESTS_TAP_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>

// Test Anything Protocol: every check is one reported case that prints both operands on failure

/// Report one case. Returns `pass`, so that a test can stop early.
bool tap_ok(bool pass, const char* format, ...) PINNA_PRINTF(2, 3);

/// |actual - expected| <= tolerance, and both finite
bool tap_near(double actual, double expected, double tolerance, const char* format, ...)
    PINNA_PRINTF(4, 5);

/// actual <= limit, and finite: for errors, ratios, decibels
bool tap_at_most(double actual, double limit, const char* format, ...) PINNA_PRINTF(3, 4);

/// actual >= limit, and finite
bool tap_at_least(double actual, double limit, const char* format, ...) PINNA_PRINTF(3, 4);

/// Integers are equal
bool tap_int(long long actual, long long expected, const char* format, ...) PINNA_PRINTF(3, 4);

/// Strings are equal
bool tap_string(const char* actual, const char* expected, const char* format, ...)
    PINNA_PRINTF(3, 4);

/// max |actual - expected| <= tolerance over n values; prints the worst index
bool tap_all_near(const float* actual, const float* expected, size_t n, double tolerance,
                  const char* format, ...) PINNA_PRINTF(5, 6);

/// n floats are equal bit for bit; prints the first difference
bool tap_all_equal(const float* actual, const float* expected, size_t n, const char* format, ...)
    PINNA_PRINTF(4, 5);

/// Print a line for the reader, not a case
void tap_diag(const char* format, ...) PINNA_PRINTF(1, 2);

/// One case that could not be tried here, and why
void tap_skip(const char* reason, const char* format, ...) PINNA_PRINTF(2, 3);

/// The whole file cannot be tried here: prints the plan and exits with 0
_Noreturn void tap_skip_all(const char* format, ...) PINNA_PRINTF(1, 2);

/// Print the plan. Returns the exit status: 0 if all passed.
int tap_done(void);

/// Uniform in [-1, 1), from a small reproducible generator; `*seed` moves on
float tap_noise(unsigned* seed);

#endif // PINNA_TESTS_TAP_H
