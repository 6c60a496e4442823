// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/bundles/plugin.h"

#include <time.h>

// Copies its input and burns so many milliseconds per run

typedef struct {
  Ports ports;
} Slow;

static LV2_Handle
make(const LV2_Descriptor* const d, const double rate, const char* const path,
     const LV2_Feature* const* const features) {
  (void)d;
  (void)rate;
  (void)path;
  (void)features;
  return calloc(1U, sizeof(Slow));
}

static double
now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec * 1e-6;
}

static void
run(const LV2_Handle handle, const uint32_t n) {
  const double end = now() + (double)control(handle, 2U);
  memmove(audio(handle, 1U), audio(handle, 0U), n * sizeof(float));
  while (now() < end) {
  }
}

TEST_PLUGIN("slow", make, NULL, run, free, NULL)
