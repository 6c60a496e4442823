// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/bundles/plugin.h"

// Delay that reports itself as latency: may change while running

enum { SIZE = 4096 };

typedef struct {
  Ports    ports;
  float    line[SIZE];
  uint32_t at;
} Delay;

static LV2_Handle
make(const LV2_Descriptor* const d, const double rate, const char* const path,
     const LV2_Feature* const* const features) {
  (void)d;
  (void)rate;
  (void)path;
  (void)features;
  return calloc(1U, sizeof(Delay));
}

static void
activate(const LV2_Handle handle) {
  Delay* const delay = (Delay*)handle;
  memset(delay->line, 0, sizeof(delay->line));
  delay->at = 0U;
}

static void
run(const LV2_Handle handle, const uint32_t n) {
  Delay* const       delay = (Delay*)handle;
  const float* const in = audio(handle, 0U);
  float* const       out = audio(handle, 1U);
  const uint32_t     frames = (uint32_t)control(handle, 2U);
  for (uint32_t i = 0U; i < n; ++i) {
    delay->line[delay->at % SIZE] = in[i];
    out[i] = delay->line[(delay->at++ - frames) % SIZE];
  }
  report(handle, 3U, (float)frames);
}

TEST_PLUGIN("delay", make, activate, run, free, NULL)
