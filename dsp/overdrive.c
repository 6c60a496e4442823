// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/overdrive.h"

#include <math.h>
#include <stddef.h>

// x - x^3 / 3, then a DC block

void
pinna_overdrive_run(PinnaOverdrive* const self, const float* const in, const size_t n,
                    const float gain, const float colour, float* const out) {
  const float ratio = (float)pow(10.0, (double)gain / 20.0);
  const float offset = colour / 200.0F;
  float       last_in = self->last_in;
  float       last_out = self->last_out;
  for (size_t i = 0U; i < n; ++i) {
    const float x = in[i];
    const float v = x * ratio + offset;
    const float t = v < -1.0F  ? -2.0F / 3.0F
                    : v > 1.0F ? 2.0F / 3.0F
                               : v - v * v * v * (1.0F / 3.0F);
    last_out = t - last_in + 0.995F * last_out;
    last_in = t;
    out[i] = fmaxf(-1.0F, fminf(1.0F, x * 0.5F + last_out * 0.75F));
  }
  self->last_in = last_in;
  self->last_out = last_out;
}
