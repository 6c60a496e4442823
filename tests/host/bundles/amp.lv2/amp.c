// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/bundles/plugin.h"

#include <math.h>

// Gain with one control of every kind: out = in * gain^repeat, inverted or muted

typedef struct {
  Ports ports;
} Amp;

static LV2_Handle
make(const LV2_Descriptor* const d, const double rate, const char* const path,
     const LV2_Feature* const* const features) {
  (void)d;
  (void)rate;
  (void)path;
  (void)features;
  return calloc(1U, sizeof(Amp));
}

static void
run(const LV2_Handle handle, const uint32_t n) {
  const float* const in = audio(handle, 0U);
  float* const       out = audio(handle, 1U);
  const float        signs[] = {1.0F, -1.0F, 0.0F};
  const float        gain = control(handle, 4U) > 0.0F
                                ? signs[(int)control(handle, 3U)] *
                               powf(10.0F, 0.05F * control(handle, 2U) * control(handle, 5U))
                                : 1.0F;
  for (uint32_t i = 0U; i < n; ++i) {
    out[i] = in[i] * gain;
  }
}

TEST_PLUGIN("amp", make, NULL, run, free, NULL)
