// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/window.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

// Closed forms in double precision, rounded once

static double
bessel_i0(const double x) {
  double term = 1.0;
  double sum = 1.0;
  for (int k = 1; term > sum * 1e-17; ++k) {
    term *= (x / (2.0 * k)) * (x / (2.0 * k));
    sum += term;
  }
  return sum;
}

// Value at sample i of a window whose period (or last sample) is `span`
static double
value_at(const PinnaWindow window, const double i, const double span) {
  const double phase = 2.0 * M_PI * i / span;
  const double hann = pow(sin(0.5 * phase), 2.0);
  const double ramp = 2.0 * i / span - 1.0;
  switch (window.kind) {
  case PINNA_WINDOW_HANN:
    return hann;
  case PINNA_WINDOW_SQRT_HANN:
    return fabs(sin(0.5 * phase));
  case PINNA_WINDOW_HAMMING:
    return 0.54 - 0.46 * cos(phase);
  case PINNA_WINDOW_BLACKMAN:
    return 0.42 - 0.5 * cos(phase) + 0.08 * cos(2.0 * phase);
  case PINNA_WINDOW_KAISER:
    return bessel_i0(window.beta * sqrt(fmax(0.0, 1.0 - ramp * ramp))) / bessel_i0(window.beta);
  case PINNA_WINDOW_BARTLETT:
    return 1.0 - fabs(ramp);
  case PINNA_WINDOW_POVEY:
    return pow(hann, 0.85);
  default:
    return 1.0;
  }
}

PinnaStatus
pinna_window_fill(float* const out, const uint32_t n, const PinnaWindow window) {
  const bool is_known = (unsigned)window.kind < PINNA_N_WINDOWS;
  if (!n || !is_known || !(window.beta >= 0.0f && window.beta <= 50.0f)) {
    return PINNA_STATUS_BAD_ARG;
  }

  const double span = window.symmetric ? n - 1.0 : n;
  for (uint32_t i = 0U; i < n; ++i) {
    out[i] = n == 1U ? 1.0f : (float)value_at(window, i, span);
  }
  return PINNA_STATUS_OK;
}

const char*
pinna_window_name(const PinnaWindowKind kind) {
  static const char* const names[] = {"hann",   "sqrt_hann", "hamming", "blackman",
                                      "kaiser", "bartlett",  "povey",   "rectangular"};
  return (unsigned)kind < PINNA_N_WINDOWS ? names[kind] : "unknown";
}

PinnaWindowSum
pinna_window_sum(const float* const w, const uint32_t n, const uint32_t hop, const int power) {
  PinnaWindowSum range = {HUGE_VAL, -HUGE_VAL};
  for (uint32_t i = 0U; i < hop; ++i) {
    double sum = 0.0;
    for (uint64_t k = i; k < n; k += hop) {
      sum += power == 1 ? (double)w[k] : (double)w[k] * w[k];
    }
    range.min = fmin(range.min, sum);
    range.max = fmax(range.max, sum);
  }
  return range;
}

bool
pinna_window_is_cola(const float* const w, const uint32_t n, const uint32_t hop) {
  const PinnaWindowSum sum = pinna_window_sum(w, n, hop, 1);
  return sum.min > 0.0 && sum.max - sum.min <= 1e-6 * sum.max;
}

bool
pinna_window_is_nola(const float* const w, const uint32_t n, const uint32_t hop) {
  return pinna_window_sum(w, n, hop, 2).min > 1e-10;
}

PinnaStatus
pinna_window_dual(float* const synthesis, const uint32_t n_synthesis, const float* const analysis,
                  const uint32_t n_analysis, const uint32_t hop) {
  if (!hop || hop > n_synthesis || n_synthesis > n_analysis) {
    return PINNA_STATUS_BAD_ARG;
  }

  const float* const a = analysis + (n_analysis - n_synthesis);
  double             least = HUGE_VAL;
  double             most = 0.0;
  for (int pass = 0; pass < 2; ++pass) {
    for (uint32_t i = 0U; i < hop; ++i) {
      double sum = 0.0;
      for (uint64_t k = i; k < n_synthesis; k += hop) {
        sum += (double)a[k] * synthesis[k];
      }
      least = fmin(least, sum);
      most = fmax(most, sum);
      for (uint64_t k = i; pass && k < n_synthesis; k += hop) {
        synthesis[k] = (float)(synthesis[k] / sum);
      }
    }
    if (!(least > 1e-4 * most)) {
      return PINNA_STATUS_BAD_ARG;
    }
  }
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_window_low_delay(float* const analysis, const uint32_t n_analysis, float* const synthesis,
                       const uint32_t n_synthesis) {
  if (n_synthesis % 2U || n_synthesis < 4U || n_synthesis > n_analysis) {
    return PINNA_STATUS_BAD_ARG;
  }

  const PinnaWindow shape = {PINNA_WINDOW_SQRT_HANN, false, 0.0f};
  const uint32_t    fall = n_synthesis / 2U;
  const uint32_t    rise = n_analysis - fall;
  const uint32_t    lead = n_analysis - n_synthesis;
  for (uint32_t i = 0U; i < rise; ++i) {
    analysis[i] = (float)value_at(shape, i, 2.0 * rise);
  }
  for (uint32_t i = 0U; i < n_synthesis; ++i) {
    const double half = value_at(shape, i, n_synthesis);
    if (i < fall) {
      const double whole = value_at(shape, lead + i, 2.0 * rise);
      synthesis[i] = (float)(lead ? half * half / whole : half);
    } else {
      analysis[lead + i] = synthesis[i] = (float)half;
    }
  }
  return PINNA_STATUS_OK;
}
