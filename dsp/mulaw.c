// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/mulaw.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

// A logarithm each way

void
pinna_mulaw_encode(const float* const in, const size_t n, const uint32_t quantization_channels,
                   int32_t* const out) {
  const float mu = (float)quantization_channels - 1.0F;
  const float scale = 1.0F / log1pf(mu);
  for (size_t i = 0U; i < n; ++i) {
    const float x = copysignf(log1pf(mu * fabsf(in[i])) * scale, in[i]);
    out[i] = (int32_t)((x + 1.0F) / 2.0F * mu + 0.5F);
  }
}

void
pinna_mulaw_decode(const int32_t* const in, const size_t n, const uint32_t quantization_channels,
                   float* const out) {
  const float mu = (float)quantization_channels - 1.0F;
  const float scale = log1pf(mu);
  for (size_t i = 0U; i < n; ++i) {
    const float x = (float)in[i] / mu * 2.0F - 1.0F;
    out[i] = copysignf(expm1f(fabsf(x) * scale) / mu, x);
  }
}
