// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/svf.h"
#include "tests/tap.h"

#include <math.h>
#include <stdint.h>

// Any stable biquad keeps its response as a state-variable filter, and survives any modulation

#define PI 3.14159265358979323846

static double
between(unsigned* const seed, const double low, const double high) {
  return low + 0.5 * (1.0 + (double)tap_noise(seed)) * (high - low);
}

static void
test_conversion(void) {
  unsigned seed = 4U;
  double   worst = 0.0;
  double   worst_time = 0.0;
  for (uint32_t trial = 0U; trial < 500U; ++trial) {
    // Two real poles, or a pair
    const double      r = between(&seed, -0.97, 0.97);
    const double      s = between(&seed, -0.97, 0.97);
    const bool        pair = trial % 2U;
    const PinnaBiquad f = {between(&seed, -2.0, 2.0), between(&seed, -2.0, 2.0),
                           between(&seed, -2.0, 2.0),
                           pair ? -2.0 * fabs(r) * cos(PI * s) : -(r + s), pair ? r * r : r * s};
    const PinnaSvf    svf = pinna_svf_from_biquad(&f);
    const PinnaBiquad back = pinna_svf_to_biquad(&svf);
    worst = fmax(worst, fabs(back.b0 - f.b0) + fabs(back.b1 - f.b1) + fabs(back.b2 - f.b2) +
                            fabs(back.a1 - f.a1) + fabs(back.a2 - f.a2));
    PinnaSvfState state = {0.0, 0.0};
    double        x[3] = {0.0, 0.0, 0.0};
    double        y[3] = {0.0, 0.0, 0.0};
    for (uint32_t i = 0U; i < 200U; ++i) {
      x[0] = (double)tap_noise(&seed);
      y[0] = f.b0 * x[0] + f.b1 * x[1] + f.b2 * x[2] - f.a1 * y[1] - f.a2 * y[2];
      double got = 0.0;
      pinna_svf_run(&state, &svf, &x[0], &got, 1U);
      worst_time = fmax(worst_time, fabs(got - y[0]) / (1.0 + fabs(y[0])));
      x[2] = x[1];
      x[1] = x[0];
      y[2] = y[1];
      y[1] = y[0];
    }
  }
  tap_at_most(worst, 1e-9, "biquad to state variables and back: %.1e", worst);
  tap_at_most(worst_time, 1e-9, "direct form and state variables sound the same: %.1e", worst_time);
}

static void
test_modulation(void) {
  unsigned      seed = 8U;
  PinnaSvfState state = {0.0, 0.0};
  double        peak = 0.0;
  bool          finite = true;
  for (uint32_t i = 0U; i < 2000000U; ++i) {
    const double   f = exp(between(&seed, log(10.0), log(23500.0)));
    const double   k = 1.0 / exp(between(&seed, log(0.05), log(40.0)));
    const double   a = pow(10.0, between(&seed, -0.6, 0.6));
    const PinnaSvf svf = {tan(PI * f / 48000.0), k / a, 1.0, k / a * (a * a - 1.0), 0.0};
    const double   x = (double)tap_noise(&seed);
    double         y = 0.0;
    pinna_svf_run_moving(&state, &svf, &x, &y, 1U);
    finite = finite && isfinite(y);
    peak = fmax(peak, fabs(y));
  }
  tap_ok(finite, "a new bell at every sample stays finite");
  tap_at_most(peak, 1e4, "and bounded: %.1f", peak);
}

static void
test_response(void) {
  const PinnaBiquadSpec spec = {48000.0, 10.0, 0.0, 0.7071};
  const PinnaBiquad     f = pinna_biquad_lowpass(&spec);
  const PinnaSvf        svf = pinna_svf_from_biquad(&f);
  double                a[2], b[2];
  double                worst = 0.0;
  for (uint32_t i = 0U; i < 100U; ++i) {
    const double freq = 1.0 * pow(20000.0, i / 99.0);
    pinna_biquad_response(&f, 48000.0, freq, a);
    pinna_svf_response(&svf, tan(PI * freq / 48000.0), b);
    worst = fmax(worst, hypot(a[0] - b[0], a[1] - b[1]));
  }
  tap_at_most(worst, 1e-8, "both forms have one response: %.1e", worst);
  pinna_svf_response(&svf, tan(PI / 2.0), b);
  tap_at_most(hypot(b[0], b[1]), 1e-12, "a low pass is silent at half the sample rate");
}

int
main(void) {
  test_conversion();
  test_modulation();
  test_response();
  return tap_done();
}
