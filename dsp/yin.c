// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/yin.h"

#include "dsp/fft.h"
#include "dsp/yin_impl.h"

#include <complex.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

// Difference function, its cumulative mean, the dip, and the dip's exact place

static const double pi = 3.14159265358979323846;

/// Newest sample first: what is compared with its past is the newest half
static void
unroll(PinnaYin* const self) {
  const uint32_t n = 2U * self->tau_max;
  uint32_t       from = self->at;
  for (uint32_t i = n; i-- > 0U;) {
    self->frame[i] = self->ring[from];
    from = from + 1U < n ? from + 1U : 0U;
  }
  memset(self->frame + n, 0, (self->n_fft - n) * sizeof(float));
  memcpy(self->half, self->frame, self->tau_max * sizeof(float));
  memset(self->half + self->tau_max, 0, (self->n_fft - self->tau_max) * sizeof(float));
}

/// Correlation of the newer half with the frame, at lags 0 to tau_max, times n_fft
static const float*
correlate(PinnaYin* const self) {
  pinna_fft_real_forward(self->fft, self->frame, self->spectrum);
  pinna_fft_real_forward(self->fft, self->half, self->other);
  float* const       product = (float*)self->spectrum; // Real and imaginary parts in turns
  const float* const other = (const float*)self->other;
  for (uint32_t k = 0U; k <= self->n_fft; k += 2U) {
    const float re = product[k] * other[k] + product[k + 1U] * other[k + 1U];
    product[k + 1U] = product[k + 1U] * other[k] - product[k] * other[k + 1U];
    product[k] = re;
  }
  pinna_fft_real_inverse(self->fft, self->spectrum, self->half);
  return self->half;
}

/// Energy of `tau_max` samples, or 0 if there is no sound
static double
fill_difference(PinnaYin* const self) {
  double energy = 0.0;
  unroll(self);
  for (uint32_t i = 0U; i < self->tau_max; ++i) {
    energy += (double)self->frame[i] * (double)self->frame[i];
  }
  const float* const r = correlate(self);
  const double       scale = 1.0 / self->n_fft;
  const double       first = energy;
  double             sum = 0.0;
  self->difference[0] = 1.0f;
  for (uint32_t tau = 1U; tau <= self->tau_max; ++tau) {
    const double in = (double)self->frame[tau + self->tau_max - 1U];
    const double out = (double)self->frame[tau - 1U];
    energy += in * in - out * out;
    const double d = fmax(0.0, first + energy - 2.0 * scale * (double)r[tau]);
    sum += d;
    self->difference[tau] = sum > 0.0 ? (float)(d * tau / sum) : 1.0f;
  }
  return fmax(first, energy);
}

/// Down to the bottom of the dip that holds `tau`
static uint32_t
descend(const PinnaYin* const self, uint32_t tau) {
  while (tau + 1U < self->tau_max && self->difference[tau + 1U] < self->difference[tau]) {
    ++tau;
  }
  return tau;
}

/// Lag of the dip: the first below the threshold, or the deepest, or one close to the last
static uint32_t
find_dip(const PinnaYin* const self) {
  const float* const d = self->difference;
  uint32_t           best = self->tau_min;
  for (uint32_t tau = self->tau_min; tau < self->tau_max; ++tau) {
    if (d[tau] < (float)self->threshold) {
      best = descend(self, tau);
      break;
    }
    best = d[tau] < d[best] ? tau : best;
  }

  const double last = self->result.period;
  if (last > 0.0 && self->result.confidence > 0.5) {
    const uint32_t high = (uint32_t)(last * 1.1) + 1U;
    uint32_t       near = (uint32_t)(last * 0.9);
    near = near > self->tau_min ? near : self->tau_min;
    for (uint32_t tau = near; tau <= high && tau < self->tau_max; ++tau) {
      near = d[tau] < d[near] ? tau : near;
    }
    // A longer lag is a multiple of the period unless it fits far better
    const float limit = near < best + best / 5U ? d[best] + 0.03f : 0.3f * d[best] - 0.01f;
    if (near < self->tau_max && d[near] < limit) {
      return near;
    }
  }
  return best;
}

static double
exact_difference(const PinnaYin* const self, const uint32_t tau) {
  double sum = 0.0;
  for (uint32_t i = 0U; i < self->tau_max; ++i) {
    const double x = (double)self->frame[i] - (double)self->frame[i + tau];
    sum += x * x;
  }
  return sum;
}

/// Bottom of the cosine through three lags (a parabola where lags are long): far apart for long
/// periods, which resists noise, but not so far that the dip of a sharp waveform is none any more
static double
refine(const PinnaYin* const self, const uint32_t tau, const double energy) {
  const double b = exact_difference(self, tau);
  uint32_t     step = 1U + tau / 96U;
  step = tau + step <= self->tau_max ? step : self->tau_max - tau;
  for (; step && tau > step; step /= 2U) {
    const double a = exact_difference(self, tau - step);
    const double c = exact_difference(self, tau + step);
    const double bend = a - 2.0 * b + c;
    if (step == 1U || fmax(a, c) - b < 0.03 * energy) {
      const double angle = pi * step / tau;
      const double move = bend > 0.0 ? atan((a - c) / bend * tan(angle)) / (2.0 * angle) : 0.0;
      return tau + step * fmax(-1.0, fmin(1.0, move));
    }
  }
  return tau;
}

static void
estimate(PinnaYin* const self) {
  const double energy = fill_difference(self);
  if (energy < 1e-9 * self->tau_max) {
    self->result.confidence = 0.0;
    return;
  }
  const uint32_t tau = find_dip(self);
  self->result.confidence = fmax(0.0, 1.0 - (double)self->difference[tau]);
  if (self->result.confidence > 0.5) {
    self->result.period = refine(self, tau, energy);
    self->result.f0 = self->sample_rate / self->result.period;
  }
}

void
pinna_yin_run(PinnaYin* const self, const float* const* const in, const uint32_t n_frames) {
  for (uint32_t i = 0U; i < n_frames; ++i) {
    float sum = 0.0f;
    for (uint32_t c = 0U; c < self->n_channels; ++c) {
      sum += fabsf(in[c][i]) <= 1e9f ? in[c][i] : 0.0f;
    }
    self->ring[self->at] = sum;
    self->at = self->at + 1U < 2U * self->tau_max ? self->at + 1U : 0U;
    if (!--self->wait) {
      self->wait = self->interval;
      estimate(self);
    }
  }
}

PinnaYinResult
pinna_yin_result(const PinnaYin* const self) {
  return self->result;
}

void
pinna_yin_reset(PinnaYin* const self) {
  memset(self->ring, 0, 2U * self->tau_max * sizeof(float));
  self->at = 0U;
  self->wait = self->interval;
  self->result = (PinnaYinResult){0.0, 0.0, 0.0};
}

uint32_t
pinna_yin_delay(const PinnaYin* const self) {
  return (self->tau_max + (uint32_t)self->result.period) / 2U;
}
