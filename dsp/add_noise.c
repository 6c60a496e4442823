// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/add_noise.h"

#include <math.h>
#include <stddef.h>

// Two energies

static double
energy(const float* const x, const size_t n) {
  double sum = 0.0;
  for (size_t i = 0U; i < n; ++i) {
    sum += (double)x[i] * x[i];
  }
  return sum;
}

void
pinna_add_noise(const float* const signal, const float* const noise, const size_t n,
                const size_t n_valid, const double snr, float* const out) {
  const double ratio = energy(signal, n_valid) / energy(noise, n_valid);
  const float  scale = (float)(sqrt(ratio) * pow(10.0, -snr / 20.0));
  for (size_t i = 0U; i < n; ++i) {
    out[i] = signal[i] + scale * noise[i];
  }
}
