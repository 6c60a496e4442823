// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/bundles/plugin.h"

// Copies its input, if a host gets so far

typedef struct {
  Ports ports;
} Copy;

static LV2_Handle
make(const LV2_Descriptor* const d, const double rate, const char* const path,
     const LV2_Feature* const* const features) {
  (void)d;
  (void)rate;
  (void)path;
  (void)features;
  return calloc(1U, sizeof(Copy));
}

static void
run(const LV2_Handle handle, const uint32_t n) {
  memmove(audio(handle, 1U), audio(handle, 0U), n * sizeof(float));
}

TEST_PLUGIN("broken", make, NULL, run, free, NULL)
