// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/array_file.h"
#include "tests/fuzz/fuzz.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Geometry files of all kinds: either places that an array may have, or a sentence

#define SEED(text)                                                                                 \
  { text, sizeof(text) - 1U }

const PinnaFuzzSeed pinna_fuzz_seeds[] = {
    SEED("# four\nunit mm\n-25 0 0\n25 0 0\n0,25,0\n0; -25; 1.5e1 # last\n"),
    SEED("\xEF\xBB\xBFunit cm\r\n1 2 3\r\n4 5 6\r\n7 8 9\r\n-1 -2 -3"),
    SEED("0 0 0\n.05 0 0\n0.1 0 0\n+0.15 0 0\n"),
    SEED("unit inch\n0 0\n1e999 nan inf\n"),
    {NULL, 0},
};

static void
check(const PinnaArray* const array, const uint32_t n_mics) {
  if (array->n_mics != n_mics) {
    abort();
  }
  for (uint32_t i = 0U; i < 3U * n_mics; ++i) {
    const double off = array->at[i / 3U][i % 3U] - array->at[0][i % 3U];
    if (!(fabs(off) <= PINNA_ARRAY_FILE_FARTHEST)) {
      abort();
    }
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size) {
  for (uint32_t n_mics = 2U; n_mics <= PINNA_ARRAY_MAX; n_mics *= 2U) {
    PinnaArray  array = {.n_mics = 99U};
    PinnaError  error = {""};
    char* const copy = (char*)malloc(size ? size : 1U); // So that a sanitizer sees its end
    memcpy(copy, data, size);
    const PinnaStatus status = pinna_array_file_parse(&array, n_mics, copy, size, "fuzz", &error);
    free(copy);
    if (!status != !error.text[0] || (status && array.n_mics != 99U)) {
      abort();
    }
    if (!status) {
      check(&array, n_mics);
    }
  }
  return 0;
}
