// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/bundles/plugin.h"

// out = in * by, twice = 2 by

typedef struct {
  Ports ports;
} Cv;

static LV2_Handle
make(const LV2_Descriptor* const d, const double rate, const char* const path,
     const LV2_Feature* const* const features) {
  (void)d;
  (void)rate;
  (void)path;
  (void)features;
  return calloc(1U, sizeof(Cv));
}

static void
run(const LV2_Handle handle, const uint32_t n) {
  for (uint32_t i = 0U; i < n; ++i) {
    const float by = audio(handle, 0U)[i];
    audio(handle, 2U)[i] = audio(handle, 1U)[i] * by;
    audio(handle, 3U)[i] = 2.0F * by;
  }
}

TEST_PLUGIN("cv", make, NULL, run, free, NULL)
