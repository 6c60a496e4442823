// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Activations, safe for any finite x

#include "shaders/abi/layout.h"

float
sigmoid(const float x) {
  return 1.0 / (1.0 + exp(clamp(-x, -80.0, 80.0)));
}

float
safe_tanh(const float x) {
  const float e = exp(-2.0 * min(abs(x), 20.0));
  return sign(x) * (1.0 - e) / (1.0 + e);
}

/// 1 - erf(x), Abramowitz and Stegun 7.1.26: 1.5e-7
float
erf_rest(const float x) {
  const float a = abs(x);
  const float t = 1.0 / (1.0 + 0.3275911 * a);
  const float p =
      t *
      (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const float rest = p * exp(-min(a * a, 80.0));
  return x < 0.0 ? 2.0 - rest : rest;
}

float
activate(const uint kind, const float slope, const float x) {
  switch (kind) {
  case PINNA_SHADER_ACT_RELU:
    return max(x, 0.0);
  case PINNA_SHADER_ACT_LEAKY:
    return x < 0.0 ? slope * x : x;
  case PINNA_SHADER_ACT_SIGMOID:
    return sigmoid(x);
  case PINNA_SHADER_ACT_TANH:
    return safe_tanh(x);
  case PINNA_SHADER_ACT_SILU:
    return x * sigmoid(x);
  case PINNA_SHADER_ACT_GELU:
    return 0.5 * x * erf_rest(x * -0.70710678);
  default:
    return x;
  }
}
