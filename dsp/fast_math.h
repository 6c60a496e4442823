// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_FAST_MATH_H
#define PINNA_DSP_FAST_MATH_H

#include <stdint.h>
#include <string.h>

// Logarithm, exponential and exponential integral without branches, so that loops become vectors

/// ln(x) for normal x > 0; absolute error below 1e-7 near 1, relative error below 2e-7 elsewhere;
/// exactly 0 at 1
static inline float
pinna_fast_log(const float x) {
  int32_t bits;
  memcpy(&bits, &x, sizeof(bits));
  const int32_t shifted = bits - 0x3F3504F3; // m from sqrt(1/2) to sqrt(2)
  const int32_t mantissa = (shifted & 0x007FFFFF) + 0x3F3504F3;
  const float   e = (float)(shifted >> 23);
  float         m;
  memcpy(&m, &mantissa, sizeof(m));

  const float t = m - 1.0f;
  const float z = t * t;
  float       y = 7.0376836292e-2f; // Cephes logf
  y = y * t - 1.1514610310e-1f;
  y = y * t + 1.1676998740e-1f;
  y = y * t - 1.2420140846e-1f;
  y = y * t + 1.4249322787e-1f;
  y = y * t - 1.6668057665e-1f;
  y = y * t + 2.0000714765e-1f;
  y = y * t - 2.4999993993e-1f;
  y = y * t + 3.3333331174e-1f;
  y = y * t * z + e * -2.12194440e-4f - 0.5f * z;
  return t + y + e * 0.693359375f;
}

/// exp(x), relative error below 2e-7; x is held within -87 and 88; exactly 1 at 0
static inline float
pinna_fast_exp(const float x) {
  const float magic = 12582912.0f; // 1.5 * 2^23: adding it rounds
  const float below = x < 88.0f ? x : 88.0f;
  const float held = below > -87.0f ? below : -87.0f;
  const float shifted = held * 1.44269504f + magic;
  const float n = shifted - magic;
  const float r = (held - n * 0.693359375f) - n * -2.12194440e-4f;
  float       y = 1.9875691500e-4f; // Cephes expf
  y = y * r + 1.3981999507e-3f;
  y = y * r + 8.3334519073e-3f;
  y = y * r + 4.1665795894e-2f;
  y = y * r + 1.6666665459e-1f;
  y = y * r + 5.0000001201e-1f;
  y = y * r * r + r + 1.0f;

  int32_t bits;
  float   scale;
  memcpy(&bits, &shifted, sizeof(bits));
  bits = (bits - 0x4B400000 + 127) << 23;
  memcpy(&scale, &bits, sizeof(scale));
  return y * scale;
}

/// E1(v) = integral of exp(-t) / t from v to infinity, given exp(-v) and ln(v), v > 0; relative
/// error below 2e-6 (Abramowitz & Stegun 5.1.53 and 5.1.56)
static inline float
pinna_fast_e1(const float v, const float exp_minus_v, const float log_v) {
  const float near0 =
      -0.57721566f +
      v * (0.99999193f +
           v * (-0.24991055f + v * (0.05519968f + v * (-0.00976004f + v * 0.00107857f)))) -
      log_v;
  const float top =
      0.2677737343f + v * (8.6347608925f + v * (18.0590169730f + v * (8.5733287401f + v)));
  const float low =
      3.9584969228f + v * (21.0996530827f + v * (25.6329561486f + v * (9.5733223454f + v)));
  const float far = exp_minus_v * top / (low * v);
  return v <= 1.0f ? near0 : far;
}

#endif // PINNA_DSP_FAST_MATH_H
