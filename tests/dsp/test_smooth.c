// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/smooth.h"
#include "tests/tap.h"

#include <math.h>
#include <stdint.h>

// A step follows the closed form of three poles, settles exactly, and never depends on block sizes

#define N 8000U

static void
test_step_response(void) {
  PinnaSmooth           s = {0};
  const PinnaSmoothStep step = pinna_smooth_plan(PINNA_SMOOTH_TAU, 48000.0, 16U);
  double                worst = 0.0;
  double                worst_slope = 0.0;
  pinna_smooth_set(&s, 2.5);
  for (uint32_t i = 1U; i < 100U; ++i) {
    pinna_smooth_advance(&s, &step);
    const double x = 16.0 * i / (0.004 * 48000.0);
    const double want = 2.5 * (1.0 - exp(-x) * (1.0 + x + 0.5 * x * x));
    const double slope = 2.5 * 0.5 * x * x * exp(-x) / (0.004 * 48000.0);
    worst = fmax(worst, fabs(pinna_smooth_value(&s) - want));
    worst_slope = fmax(worst_slope, fabs(pinna_smooth_slope(&s, &step) - slope));
  }
  tap_at_most(worst, 1e-13, "a step is 1 - exp(-x) (1 + x + x^2 / 2)");
  tap_at_most(worst_slope, 1e-15, "and its slope the derivative");
}

static void
test_settling(void) {
  static float          a[N];
  static float          b[N];
  const PinnaSmoothStep step = pinna_smooth_plan(PINNA_SMOOTH_TAU, 44100.0, 1U);
  PinnaSmooth           s = {0};
  PinnaSmooth           t = {0};
  pinna_smooth_set(&s, 0.1);
  pinna_smooth_set(&t, 0.1);
  pinna_smooth_run(&s, &step, 1e-6, a, N);
  for (uint32_t at = 0U, n = 1U; at < N; at += n, n = 1U + (n * 7U) % 211U) {
    pinna_smooth_run(&t, &step, 1e-6, b + at, n < N - at ? n : N - at);
  }
  tap_all_equal(b, a, N, "blocks of any size give the same values");
  tap_ok(pinna_smooth_is_near(&s, 0.0), "it comes to rest");
  tap_ok(pinna_smooth_value(&s) == 0.1, "exactly at the target");
  tap_near((double)a[(uint32_t)(0.0255 * 44100.0)], 0.1, 0.005, "within 5 %% after 25 ms");
  float most = 0.0F;
  for (uint32_t i = 1U; i < N; ++i) {
    most = fmaxf(most, a[i - 1U] - a[i]);
  }
  tap_at_most((double)most, 0.0, "a step up never goes down");
}

static void
test_retarget(void) {
  const PinnaSmoothStep step = pinna_smooth_plan(PINNA_SMOOTH_TAU, 48000.0, 1U);
  PinnaSmooth           s = {0};
  pinna_smooth_set(&s, 1.0);
  for (uint32_t i = 0U; i < 200U; ++i) {
    pinna_smooth_advance(&s, &step);
  }
  const double value = pinna_smooth_value(&s);
  const double slope = pinna_smooth_slope(&s, &step);
  pinna_smooth_set(&s, -3.0);
  tap_near(pinna_smooth_value(&s), value, 1e-15, "a new target keeps the value");
  tap_near(pinna_smooth_slope(&s, &step), slope, 1e-15, "and the slope");
}

int
main(void) {
  test_step_response();
  test_settling();
  test_retarget();
  return tap_done();
}
