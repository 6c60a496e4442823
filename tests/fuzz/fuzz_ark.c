// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/kaldi_ark.h"
#include "cli/npy.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

// Kaldi archives and NumPy arrays of all kinds: read, or refused with a message, never worse

#define SEED(text)                                                                                 \
  { text, sizeof(text) - 1U }

const PinnaFuzzSeed pinna_fuzz_seeds[] = {
    SEED("a \0BFM \4\2\0\0\0\4\1\0\0\0\0\0\200?\0\0\0@b \0BDM "
         "\4\1\0\0\0\4\1\0\0\0\0\0\0\0\0\0\360?"),
    SEED("c \0BCM \0\0\0\0\0\0\200?\2\0\0\0\1\0\0\0\0\0\1\0\2\0\3\0\20\300"),
    SEED("d \0BCM2 \0\0\0\0\0\0\200?\2\0\0\0\1\0\0\0\0\0\377\377"),
    SEED("e \0BCM3 \0\0\0\0\0\0\200?\1\0\0\0\2\0\0\0\0\377"),
    SEED("f  [\n  1 2 -3e4\n  nan 5 inf ]\ng  [ 1 ]\n"),
    SEED("\x93NUMPY\1\0\x76\0{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }"
         "                                                          \n\0\0\200?\0\0\0@"),
    SEED("\x93NUMPY\2\0\x3b\0\0\0{'descr': '<f8', 'fortran_order': True, 'shape': (1,), }     \n"
         "\0\0\0\0\0\0\360?"),
    {NULL, 0},
};

static float
sum_of(const CliMatrix* const matrix) {
  float sum = 0.0f;
  for (size_t i = 0U; i < (size_t)matrix->n_rows * matrix->n_cols; ++i) {
    sum += matrix->values[i];
  }
  return sum;
}

/// Success comes with values, failure with a reason
static void
judge(const PinnaStatus status, CliMatrix* const matrix, const PinnaError* const error) {
  static volatile float sink;
  if (status && status != PINNA_STATUS_NO_MEM && status != PINNA_STATUS_END && !error->text[0]) {
    abort();
  }
  if (!status) {
    if (!matrix->values || !matrix->n_rows || !matrix->n_cols) {
      abort();
    }
    sink = sum_of(matrix);
    (void)sink;
    free(matrix->values);
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size) {
  CliMatrix   matrix = {0};
  PinnaError  error = {""};
  char        key[CLI_ARK_MAX_KEY];
  size_t      at = 0U;
  PinnaStatus status = PINNA_STATUS_OK;
  while (!status) {
    const size_t before = at;
    status = cli_ark_next(data, size, &at, key, &matrix, &error);
    judge(status, &matrix, &error);
    if (at > size || (!status && at <= before)) {
      abort();
    }
  }
  error = (PinnaError){""};
  judge(cli_npy_read(data, size, &matrix, &error), &matrix, &error);
  return 0;
}
