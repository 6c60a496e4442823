// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/bundles/plugin.h"

// Never starts

static LV2_Handle
make(const LV2_Descriptor* const d, const double rate, const char* const path,
     const LV2_Feature* const* const features) {
  (void)d;
  (void)rate;
  (void)path;
  (void)features;
  return NULL;
}

static void
run(const LV2_Handle handle, const uint32_t n) {
  (void)handle;
  (void)n;
}

TEST_PLUGIN("refuse", make, NULL, run, free, NULL)
