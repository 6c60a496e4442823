// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/bundles/plugin.h"

#include <math.h>

// Copies its input; poison 1 puts a NaN, 2 an infinity in the middle of each block

typedef struct {
  Ports ports;
} Nan;

static LV2_Handle
make(const LV2_Descriptor* const d, const double rate, const char* const path,
     const LV2_Feature* const* const features) {
  (void)d;
  (void)rate;
  (void)path;
  (void)features;
  return calloc(1U, sizeof(Nan));
}

static void
run(const LV2_Handle handle, const uint32_t n) {
  const int poison = (int)control(handle, 2U);
  memmove(audio(handle, 1U), audio(handle, 0U), n * sizeof(float));
  if (poison && n) {
    audio(handle, 1U)[n / 2U] = poison == 1 ? NAN : INFINITY;
  }
}

TEST_PLUGIN("nan", make, NULL, run, free, NULL)
