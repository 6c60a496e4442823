// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_FUZZ_FUZZ_H
#define PINNA_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

// What a fuzz target provides, for libFuzzer and for the plain driver of the normal check

/// Try one input; must neither crash nor leak whatever it holds. Returns 0.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

/// Good inputs to start from, closed by one of size 0
typedef struct {
  const char* data;
  size_t      size;
} PinnaFuzzSeed;

extern const PinnaFuzzSeed pinna_fuzz_seeds[];

#endif // PINNA_TESTS_FUZZ_FUZZ_H
