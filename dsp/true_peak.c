// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/true_peak.h"

#include <math.h>
#include <string.h>

// Polyphase interpolation, then parabolas

#define BLOCK 256U
#define TAPS PINNA_TRUE_PEAK_TAPS

static const double kaiser_beta = 6.0;

static double
bessel_i0(const double x) {
  double term = 1.0;
  double sum = 1.0;
  for (int k = 1; k < 40; ++k) {
    term *= x * x / (4.0 * k * k);
    sum += term;
  }
  return sum;
}

void
pinna_true_peak_init(PinnaTruePeak* const self, const double sample_rate) {
  *self = (PinnaTruePeak){.factor = sample_rate < 96000.0 ? 4U : sample_rate < 192000.0 ? 2U : 1U};
  for (uint32_t phase = 1U; phase < self->factor; ++phase) {
    double taps[TAPS];
    double sum = 0.0;
    for (uint32_t t = 0U; t < TAPS; ++t) {
      const double x = (double)t - (TAPS / 2U - 1U) - (double)phase / self->factor;
      const double place = 2.0 * x / TAPS;
      taps[t] = sin(M_PI * x) / (M_PI * x) * bessel_i0(kaiser_beta * sqrt(1.0 - place * place));
      sum += taps[t];
    }
    for (uint32_t t = 0U; t < TAPS; ++t) {
      self->taps[phase - 1U][t] = (float)(taps[t] / sum);
    }
  }
}

void
pinna_true_peak_reset(PinnaTruePeak* const self) {
  memset(self->history, 0, sizeof(self->history));
  self->before[0] = self->before[1] = self->peak = 0.0f;
}

/// Interpolated values behind two older ones. `x` [n + TAPS], out [2 + n * factor]
static void
interpolate(const PinnaTruePeak* const self, const float* const x, const uint32_t n,
            float* const out) {
  const uint32_t factor = self->factor;
  float          sums[BLOCK];
  for (uint32_t i = 0U; i < n; ++i) {
    out[i * factor] = x[i + TAPS / 2U];
  }
  for (uint32_t phase = 1U; phase < factor; ++phase) {
    const float* const taps = self->taps[phase - 1U];
    memset(sums, 0, n * sizeof(float));
    for (uint32_t t = 0U; t < TAPS; t += 8U) {
      for (uint32_t i = 0U; i < n; ++i) {
        float sum = sums[i];
        for (uint32_t k = 0U; k < 8U; ++k) { // Unrolled, for vectors over i
          sum += taps[t + k] * x[i + t + k + 1U];
        }
        sums[i] = sum;
      }
    }
    for (uint32_t i = 0U; i < n; ++i) {
      out[i * factor + phase] = sums[i];
    }
  }
}

/// The crest of the parabola through three magnitudes, the middle one being the greatest
static float
crest(const float left, const float middle, const float right) {
  const float bend = 2.0f * middle - left - right;
  const float slope = right - left;
  return bend > 0.0f ? middle + slope * slope / (8.0f * bend) : middle;
}

static float
greatest(const float* const y, const uint32_t n, const float known) {
  float peak = 0.0f;
  for (uint32_t i = 0U; i < n; ++i) {
    const float magnitude = fabsf(y[i]);
    peak = magnitude > peak ? magnitude : peak;
  }
  if (1.25f * peak <= known) { // No parabola reaches further
    return known;
  }
  float best = known;
  for (uint32_t i = 1U; i + 1U < n; ++i) {
    const float sign = y[i] < 0.0f ? -1.0f : 1.0f;
    const float middle = sign * y[i];
    if (1.25f * middle > best && middle >= sign * y[i - 1U] && middle >= sign * y[i + 1U]) {
      const float value = crest(sign * y[i - 1U], middle, sign * y[i + 1U]);
      best = value > best ? value : best;
    }
  }
  return best;
}

void
pinna_true_peak_run(PinnaTruePeak* const self, const float* const in, const uint32_t n) {
  float x[BLOCK + TAPS];
  float y[2U + 4U * BLOCK];
  for (uint32_t at = 0U; at < n; at += BLOCK) {
    const uint32_t chunk = n - at < BLOCK ? n - at : BLOCK;
    memcpy(x, self->history, sizeof(self->history));
    memcpy(x + TAPS, in + at, chunk * sizeof(float));
    memcpy(y, self->before, sizeof(self->before));
    interpolate(self, x, chunk, y + 2);
    const uint32_t n_values = chunk * self->factor;
    self->peak = greatest(y, n_values + 2U, self->peak);
    memcpy(self->before, y + n_values, sizeof(self->before));
    memcpy(self->history, x + chunk, sizeof(self->history));
  }
}

float
pinna_true_peak_value(const PinnaTruePeak* const self) {
  return self->peak;
}
