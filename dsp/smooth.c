// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/smooth.h"

#include <math.h>

// Three one-poles driven by a constant target have a closed form: no step is an approximation

PinnaSmoothStep
pinna_smooth_plan(const double tau, const double sample_rate, const uint32_t n_samples) {
  const double rate = 1.0 / (tau * sample_rate);
  return (PinnaSmoothStep){exp(-rate * n_samples), rate * n_samples, rate};
}

void
pinna_smooth_run(PinnaSmooth* const smooth, const PinnaSmoothStep* const step,
                 const double tolerance, float* const values, const uint32_t n) {
  for (uint32_t i = 0U; i < n; ++i) {
    if (pinna_smooth_is_near(smooth, tolerance)) {
      pinna_smooth_snap(smooth, smooth->target);
    } else {
      pinna_smooth_advance(smooth, step);
    }
    values[i] = (float)pinna_smooth_value(smooth);
  }
}
