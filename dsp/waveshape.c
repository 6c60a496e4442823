// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/waveshape.h"

#include <math.h>
#include <stddef.h>

// Sample by sample

void
pinna_contrast(const float* const in, const size_t n, const float enhancement_amount,
               float* const out) {
  const float contrast = enhancement_amount / 750.0F;
  for (size_t i = 0U; i < n; ++i) {
    const float x = in[i] * (float)M_PI_2;
    out[i] = sinf(x + contrast * sinf(x * 4.0F));
  }
}

static float
clip(const float x, const float low, const float high) {
  return x < low ? low : x > high ? high : x;
}

void
pinna_dcshift(const float* const in, const size_t n, const float shift, const float limiter_gain,
              float* const out) {
  const float side = shift < 0.0F ? -1.0F : 1.0F;
  const float threshold = 1.0F - (fabsf(shift) - limiter_gain);
  const float press = limiter_gain / (1.0F - threshold);
  const int   limits = limiter_gain >= 0.0F && shift != 0.0F;
  for (size_t i = 0U; i < n; ++i) {
    const float x = side * in[i]; // Both sides alike
    const float y = limits && x > threshold
                        ? fminf((x - threshold) * press + threshold + fabsf(shift), threshold)
                        : clip(x + fabsf(shift), -1.0F, 1.0F);
    out[i] = side * y;
  }
}

void
pinna_gain(const float* const in, const size_t n, const float gain_db, float* const out) {
  const float ratio = (float)pow(10.0, (double)gain_db / 20.0);
  for (size_t i = 0U; i < n; ++i) {
    out[i] = in[i] * ratio;
  }
}
