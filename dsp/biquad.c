// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/biquad.h"

#include <string.h>

// Direct forms, in double

void
pinna_biquad_run(const PinnaBiquad* const sections, PinnaBiquadState* const states,
                 const uint32_t n_sections, const float* const in, float* const out,
                 const uint32_t n) {
  for (uint32_t i = 0U; i < n; ++i) {
    double x = (double)in[i];
    for (uint32_t s = 0U; s < n_sections; ++s) {
      const PinnaBiquad* const f = &sections[s];
      PinnaBiquadState* const  m = &states[s];
      const double             y = f->b0 * x + m->s1;
      m->s1 = f->b1 * x - f->a1 * y + m->s2;
      m->s2 = f->b2 * x - f->a2 * y;
      x = y;
    }
    out[i] = (float)x;
  }
}

static double
clamped(const double x) {
  return x > 1.0 ? 1.0 : x < -1.0 ? -1.0 : x;
}

/// One sample through the equation; the memory holds what is already known of the outputs to come
static double
advance(const double* const a, const double* const b, const uint32_t order, double* const state,
        const double x) {
  const double y = (b[0] * x + (order ? state[0] : 0.0)) / a[0];
  for (uint32_t k = 1U; k < order; ++k) {
    state[k - 1U] = state[k] + b[k] * x - a[k] * y;
  }
  if (order) {
    state[order - 1U] = b[order] * x - a[order] * y;
  }
  return y;
}

void
pinna_lfilter(const double* const a, const double* const b, const uint32_t order,
              double* const state, const bool clamp, const double* const in, double* const out,
              const uint32_t n) {
  for (uint32_t i = 0U; i < n; ++i) {
    const double y = advance(a, b, order, state, in[i]);
    out[i] = clamp ? clamped(y) : y;
  }
}

PinnaStatus
pinna_filtfilt(const double* const a, const double* const b, const uint32_t order, const bool clamp,
               const double* const in, double* const out, const uint32_t n) {
  double state[PINNA_LFILTER_MAX_ORDER] = {0.0};
  if (order > PINNA_LFILTER_MAX_ORDER) {
    return PINNA_STATUS_BAD_ARG;
  }

  pinna_lfilter(a, b, order, state, false, in, out, n);
  memset(state, 0, sizeof(state));
  for (uint32_t i = n; i-- > 0U;) {
    const double y = advance(a, b, order, state, out[i]);
    out[i] = clamp ? clamped(y) : y;
  }
  return PINNA_STATUS_OK;
}
