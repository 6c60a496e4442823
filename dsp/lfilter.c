// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/lfilter.h"

#include "base/status.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Recursion in double precision

PinnaStatus
pinna_lfilter_init(PinnaLfilter* const self, const double* const a, const double* const b,
                   const uint32_t n_coeffs) {
  if (!n_coeffs || n_coeffs > PINNA_LFILTER_MAX_ORDER + 1U || a[0] == 0.0) {
    return PINNA_STATUS_BAD_ARG;
  }
  memset(self, 0, sizeof(*self));
  self->order = n_coeffs - 1U;
  for (uint32_t k = 0U; k < n_coeffs; ++k) {
    self->a[k] = a[k] / a[0];
    self->b[k] = b[k] / a[0];
  }
  return PINNA_STATUS_OK;
}

static double
step(PinnaLfilter* const self, const double x) {
  const double y = self->b[0] * x + self->z[0];
  for (uint32_t k = 0U; k < self->order; ++k) {
    self->z[k] = self->z[k + 1U] + self->b[k + 1U] * x - self->a[k + 1U] * y;
  }
  return y;
}

static float
limit(const double y, const bool clamp) {
  return (float)(clamp ? fmax(-1.0, fmin(1.0, y)) : y);
}

void
pinna_lfilter_run(PinnaLfilter* const self, const float* const in, const size_t n, const bool clamp,
                  float* const out) {
  for (size_t i = 0U; i < n; ++i) {
    out[i] = limit(step(self, in[i]), clamp);
  }
}

void
pinna_lfilter_filtfilt(PinnaLfilter* const self, const float* const in, const size_t n,
                       const bool clamp, float* const out) {
  memset(self->z, 0, sizeof(self->z));
  pinna_lfilter_run(self, in, n, false, out);
  memset(self->z, 0, sizeof(self->z));
  for (size_t i = n; i-- > 0U;) {
    out[i] = limit(step(self, out[i]), clamp);
  }
}
