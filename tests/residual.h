// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_RESIDUAL_H
#define PINNA_TESTS_RESIDUAL_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

// Clicks: what a low sound has far above itself

/// Greatest sample from `from` on
static inline double
residual_peak(const float* const x, const uint32_t from, const uint32_t n) {
  double peak = 1e-12;
  for (uint32_t i = from; i < n; ++i) {
    peak = fmax(peak, fabs((double)x[i]));
  }
  return peak;
}

/// The same above 3 kHz: eighth-order Butterworth
static inline double
residual_above(const float* const x, const uint32_t from, const uint32_t n, const double rate) {
  static const double q[] = {0.50979558, 0.60134489, 0.89997622, 2.5629154};
  double* const       y = (double*)malloc(n * sizeof(double));
  const double        w = 2.0 * M_PI * 3000.0 / rate;
  double              peak = 1e-12;
  for (uint32_t i = 0U; y && i < n; ++i) {
    y[i] = (double)x[i];
  }
  for (int s = 0; y && s < 4; ++s) {
    const double alpha = sin(w) / (2.0 * q[s]);
    const double a0 = 1.0 + alpha;
    const double b0 = 0.5 * (1.0 + cos(w)) / a0;
    const double a1 = -2.0 * cos(w) / a0;
    const double a2 = (1.0 - alpha) / a0;
    double       x1 = 0.0;
    double       x2 = 0.0;
    double       y1 = 0.0;
    double       y2 = 0.0;
    for (uint32_t i = 0U; i < n; ++i) {
      const double in = y[i];
      const double out = b0 * (in - 2.0 * x1 + x2) - a1 * y1 - a2 * y2;
      x2 = x1;
      x1 = in;
      y2 = y1;
      y1 = out;
      y[i] = out;
    }
  }
  for (uint32_t i = from; y && i < n; ++i) {
    peak = fmax(peak, fabs(y[i]));
  }
  free(y);
  return peak;
}

#endif // PINNA_TESTS_RESIDUAL_H
