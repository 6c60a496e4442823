// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/bundles/plugin.h"

#include <math.h>

// Peak of the input so far, length of the last run, resets so far; breaks when run in place

typedef struct {
  Ports ports;
  float peak;
  float n_resets;
} Meter;

static LV2_Handle
make(const LV2_Descriptor* const d, const double rate, const char* const path,
     const LV2_Feature* const* const features) {
  (void)d;
  (void)rate;
  (void)path;
  (void)features;
  return calloc(1U, sizeof(Meter));
}

static void
run(const LV2_Handle handle, const uint32_t n) {
  Meter* const       meter = (Meter*)handle;
  const float* const in = audio(handle, 0U);
  float* const       out = audio(handle, 1U);
  memset(out, 0, n * sizeof(float));
  if (control(handle, 2U) > 0.0F) {
    meter->peak = 0.0F;
    meter->n_resets += 1.0F;
  }
  for (uint32_t i = 0U; i < n; ++i) {
    out[i] = in[i];
    meter->peak = fmaxf(meter->peak, fabsf(in[i]));
  }
  report(handle, 3U, meter->peak);
  report(handle, 4U, (float)n);
  report(handle, 5U, meter->n_resets);
}

TEST_PLUGIN("meter", make, NULL, run, free, NULL)
