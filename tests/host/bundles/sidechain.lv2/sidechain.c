// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/bundles/plugin.h"

// Stereo, multiplied by the side chain if that is connected

typedef struct {
  Ports ports;
} Sidechain;

static LV2_Handle
make(const LV2_Descriptor* const d, const double rate, const char* const path,
     const LV2_Feature* const* const features) {
  (void)d;
  (void)rate;
  (void)path;
  (void)features;
  return calloc(1U, sizeof(Sidechain));
}

static void
run(const LV2_Handle handle, const uint32_t n) {
  const float* const key = audio(handle, 0U);
  for (uint32_t i = 0U; i < n; ++i) {
    const float gain = key ? key[i] : 1.0F;
    audio(handle, 3U)[i] = audio(handle, 1U)[i] * gain;
    audio(handle, 4U)[i] = audio(handle, 2U)[i] * gain;
  }
  report(handle, 5U, key ? 1.0F : 0.0F);
}

TEST_PLUGIN("sidechain", make, NULL, run, free, NULL)
