// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/varirate.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Varying resampler: exact latency and alignment at odd ratios, gliding ratios, no allocation

/// dB of y against 0.5 sin(w (k / ratio - late)), and the best fitting extra delay by its phase
static double
residual(const float* const y, const size_t from, const size_t to, const double w,
         const double ratio, const double late, double* const skew) {
  double a = 0.0;
  double b = 0.0;
  double error = 0.0;
  for (size_t k = from; k < to; ++k) {
    const double phase = w * ((double)k / ratio - late);
    const double d = y[k] - 0.5 * sin(phase);
    a += y[k] * cos(phase);
    b += y[k] * sin(phase);
    error += d * d;
  }
  *skew = -atan2(a, b) / w;
  return 10.0 * log10(error / (0.125 * (double)(to - from)));
}

/// Small odd blocks; the lag must be the reported one to a small part of a sample
static void
test_stream(const PinnaVarirateQuality quality, const double ratio) {
  enum { N = 30000 };
  const PinnaVarirateConfig config = {.n_ch = 2, .quality = quality, .ratio = ratio};
  PinnaVarirate*            v = NULL;
  if (!tap_int(pinna_varirate_new(&v, &config), PINNA_STATUS_OK, "new, ratio %g", ratio)) {
    return;
  }
  const double w = 0.11 * fmin(1.0, ratio);
  const size_t n_max = (size_t)(N * ratio) + 200;
  float* const x = malloc(N * sizeof(float));
  float* const y = calloc(2 * n_max, sizeof(float));
  for (int i = 0; i < N; ++i) {
    x[i] = (float)(0.5 * sin(w * i));
  }
  size_t   n_out = 0;
  double   worst = 0.0;
  unsigned seed = 3;
  for (uint32_t i = 0; i < N;) {
    tap_noise(&seed);
    const uint32_t     wish = (seed >> 9U) % 301U;
    const uint32_t     n = wish < N - i ? wish : N - i;
    const float* const in[2] = {x + i, x + i};
    float* const       to[2] = {y + n_out, y + n_max + n_out};
    uint32_t           used = 0;
    rt_trap_enter();
    n_out += pinna_varirate_run(v, in, n, &used, to, (uint32_t)(n_max - n_out), ratio);
    rt_trap_leave();
    i += used;
    worst = i ? fmax(worst, fabs((double)n_out - i * ratio)) : worst;
  }
  rt_trap_check("ratio %g: realtime in %d frames", ratio, N);
  tap_at_most(worst, 2.0 + ratio, "ratio %g: output frames owed at any time", ratio);
  double       skew = 0.0;
  const double late = pinna_varirate_latency(v);
  const double db = residual(y, n_out / 4, n_out, w, ratio, late, &skew);
  tap_at_most(fabs(skew) * fmin(1.0, ratio), 0.05, "ratio %g: latency %g is true, samples", ratio,
              late);
  tap_diag("ratio %g quality %d: latency %g, residual %.1f dB", ratio, (int)quality, late, db);
  tap_all_equal(y, y + n_max, n_out, "ratio %g: equal channels stay equal", ratio);
  pinna_varirate_free(v);
  free(x);
  free(y);
}

static void
test_whole(const PinnaVarirateQuality quality, const double ratio) {
  enum { N = 20011 };
  const PinnaVarirateConfig config = {.n_ch = 1, .quality = quality, .ratio = ratio};
  const uint64_t            n_out = pinna_varirate_whole_length(N, ratio);
  const double              w = 0.2 * fmin(1.0, ratio);
  float* const              x = malloc(N * sizeof(float));
  float* const              y = malloc((n_out + 1) * sizeof(float));
  for (int i = 0; i < N; ++i) {
    x[i] = (float)(0.5 * sin(w * i));
  }
  y[n_out] = 77.0F;
  const float* const in = x;
  float* const       out = y;
  double             skew = 0.0;
  const size_t       guard = (size_t)(300.0 * fmax(1.0, ratio));
  tap_int(pinna_varirate_whole(&config, &in, N, &out), PINNA_STATUS_OK, "whole, ratio %g", ratio);
  residual(y, guard, n_out - guard, w, ratio, 0.0, &skew);
  tap_at_most(fabs(skew) * fmin(1.0, ratio), 0.05, "whole, ratio %g: in place", ratio);
  tap_ok(y[n_out] == 77.0F, "whole, ratio %g: nothing beyond the end", ratio);
  free(x);
  free(y);
}

/// Ratio 0.9 to 1.1 in a second: the second difference stays that of the sine
static void
test_glide(const PinnaVarirateQuality quality) {
  enum { N = 48000, BLOCK = 128 };
  const PinnaVarirateConfig config = {
      .n_ch = 1, .quality = quality, .ratio = 0.9, .min_ratio = 0.8};
  PinnaVarirate* v = NULL;
  if (!tap_int(pinna_varirate_new(&v, &config), PINNA_STATUS_OK, "new")) {
    return;
  }
  const double w = 2.0 * M_PI * 200.0 / 48000.0;
  float* const x = malloc(N * sizeof(float));
  float* const y = malloc(2 * N * sizeof(float));
  uint32_t     n_out = 0;
  for (int i = 0; i < N; ++i) {
    x[i] = (float)(0.5 * sin(w * i));
  }
  for (uint32_t i = 0; i < N; i += BLOCK) {
    const float* const in = x + i;
    float* const       out = y + n_out;
    uint32_t           used = 0;
    n_out += pinna_varirate_run(v, &in, BLOCK, &used, &out, 2 * N - n_out, 0.9 + 0.2 * i / N);
  }
  double worst = 0.0;
  for (uint32_t k = 2000; k < n_out; ++k) {
    const double bend = (double)y[k] - 2.0 * y[k - 1] + y[k - 2];
    worst = fmax(worst, fabs(bend) - 0.5 * pow(w / 0.9, 2.0));
  }
  tap_at_most(worst, 0.5 * 1e-4, "gliding ratio bends no more than the sine, -80 dBc");
  pinna_varirate_free(v);
  free(x);
  free(y);
}

int
main(void) {
  static const double ratios[] = {1.0, 48000.0 / 44100.0, 0.91875, 1.0 / 3.0, M_PI, 0.7071, 6.0};
  for (int q = 0; q < PINNA_N_VARIRATE_QUALITIES; ++q) {
    for (size_t i = 0; i < sizeof(ratios) / sizeof(ratios[0]); ++i) {
      test_stream((PinnaVarirateQuality)q, ratios[i]);
      test_whole((PinnaVarirateQuality)q, ratios[i]);
    }
    test_glide((PinnaVarirateQuality)q);
  }
  static const PinnaVarirateConfig bad[] = {{.n_ch = 0, .ratio = 1.0},
                                            {.n_ch = 1, .ratio = 0.001},
                                            {.n_ch = 1, .ratio = 300.0},
                                            {.n_ch = 1, .ratio = NAN},
                                            {.n_ch = 1, .ratio = 1.0, .min_ratio = 2.0}};
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
    PinnaVarirate* v = NULL;
    tap_int(pinna_varirate_new(&v, &bad[i]), PINNA_STATUS_BAD_ARG, "bad config %zu", i);
  }
  return tap_done();
}
