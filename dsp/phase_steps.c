// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/phase_steps.h"

#include "dsp/fast_math.h"
#include "dsp/fft.h"
#include "dsp/filterbank.h"
#include "dsp/phase_steps_impl.h"

#include <complex.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

// Fit to the bands, solve for the phases, make consistent, add up

#define LEAST 1e-6F
#define LEAST_BAND 1e-6F
#define MOST_LOG 4.6051702F ///< A band is off by a factor of 100 at most
#define MOST_SURE 0.999F

/// Magnitudes times a factor that is smooth over the bands, so that they have those of the frame
static void
fit(PinnaPhaseSteps* const self, const PinnaPhaseFrame* const frame, float* const size) {
  const float* const share = self->share;
  pinna_filterbank_apply(self->bank, size, self->ratio);
  for (uint32_t b = 0U; b < self->n_bands; ++b) {
    const float found = fmaxf(self->ratio[b], LEAST_BAND);
    const float ratio = pinna_fast_log(fmaxf(frame->bands[b] / found, 1e-30F));
    self->ratio[b] = fminf(fmaxf(ratio, -MOST_LOG), MOST_LOG);
  }
  for (uint32_t k = 0U; k < self->n_bins; ++k) {
    const float* const two = self->ratio + self->band_of[k];
    size[k] *= pinna_fast_exp(share[k] * two[0] + share[self->n_bins + k] * two[1]);
  }
}

/// How far a direction is known whose expected unit vector has this length: kappa of von Mises
static float
concentration(const float length) {
  const float r = fminf(length, MOST_SURE);
  return r * (2.0F - r * r) / (1.0F - r * r + 1e-3F);
}

/// Weights and directions of both kinds of steps, in `solve`: the part of each row of the system
/// that is known before it is solved
static void
weigh(PinnaPhaseSteps* const self, const float* const size, const float* const steps) {
  const uint32_t n = self->n_bins;
  float* const   a = self->solve;
  float* const   t = a + n;      // a times the phase that time expects, two parts
  float* const   b = a + 3U * n; // between k - 1 and k
  float* const   f = a + 4U * n; // b times the step along frequency, two parts
  for (uint32_t k = 0U; k < n; ++k) {
    const float re = steps[k];
    const float im = steps[n + k];
    const float length = sqrtf(re * re + im * im) + 1e-9F;
    const float w = concentration(length) * size[k] * self->size[k];
    const float from_re = self->phase[k] / length;
    const float from_im = self->phase[n + k] / length;
    const float turned[4] = {re, -im, -re, im}; // times j^k: a quarter turn for each bin
    a[k] = w + 1e-12F;
    t[k] = w * (from_re * turned[k % 4U] - from_im * turned[(k + 3U) % 4U]);
    t[n + k] = w * (from_re * turned[(k + 3U) % 4U] + from_im * turned[k % 4U]);
  }
  for (uint32_t k = 0U; k < n; ++k) {
    const float re = steps[2U * n + k];
    const float im = steps[3U * n + k];
    const float length = sqrtf(re * re + im * im) + 1e-9F;
    const float w = k ? self->along_f * concentration(length) * size[k] * size[k - 1U] : 0.0F;
    b[k] = w;
    f[k] = -w * re / length;
    f[n + k] = -w * im / length;
  }
}

/// Elimination along k, where no difference is ever taken, and back
static void
solve(PinnaPhaseSteps* const self) {
  const uint32_t     n = self->n_bins;
  const float* const a = self->solve;
  float* const       t = self->solve + n;
  const float* const b = self->solve + 3U * n;
  const float* const f = self->solve + 4U * n;
  float* const       rest = self->solve + 6U * n; // The diagonal without the next row's weight
  float* const       y = self->phase;
  for (uint32_t k = 0U; k < n; ++k) {
    rest[k] = a[k];
    if (k) {
      const float scale = 1.0F / (rest[k - 1U] + b[k]);
      rest[k] += b[k] * rest[k - 1U] * scale;
      t[k] += (f[k] * t[k - 1U] - f[n + k] * t[n + k - 1U]) * scale;
      t[n + k] += (f[k] * t[n + k - 1U] + f[n + k] * t[k - 1U]) * scale;
    }
  }
  float next_re = 0.0F;
  float next_im = 0.0F;
  for (uint32_t k = n; k--;) {
    float diagonal = rest[k];
    float re = t[k];
    float im = t[n + k];
    if (k + 1U < n) {
      diagonal += b[k + 1U];
      re += f[k + 1U] * next_re + f[n + k + 1U] * next_im;
      im += f[k + 1U] * next_im - f[n + k + 1U] * next_re;
    }
    next_re = re / diagonal;
    next_im = im / diagonal;
    const float scale = 1.0F / (sqrtf(next_re * next_re + next_im * next_im) + 1e-12F);
    y[k] = next_re * scale;
    y[n + k] = next_im * scale;
  }
}

/// Bins to the frame's windowed sound
static void
sound(PinnaPhaseSteps* const self, const PinnaPhaseFrame* const frame) {
  pinna_fft_real_inverse(self->fft, self->bins, frame->sound);
  for (uint32_t i = 0U; i < self->n_fft; ++i) {
    frame->sound[i] *= self->window[i];
  }
}

/// Frame i once more, from what all frames together make of it
static void
agree(PinnaPhaseSteps* const self, const uint32_t i) {
  const PinnaPhaseFrame* const frame = &self->frames[i];
  const uint32_t               n = self->n_bins;
  float* const                 size = self->solve;
  memcpy(self->block, self->sum + (size_t)i * self->hop, self->n_fft * sizeof(float));
  for (uint32_t q = 0U; q <= self->n_ahead; ++q) {
    const uint32_t off = (q > i ? q - i : i - q) * self->hop;
    const float*   from = self->frames[q].sound + (q > i ? 0U : off);
    float* const   to = self->block + (q > i ? off : 0U);
    for (uint32_t s = 0U; s < self->n_fft - off; ++s) {
      to[s] += from[s];
    }
  }
  for (uint32_t s = 0U; s < self->n_fft; ++s) {
    self->block[s] *= self->fade[i][s];
  }
  pinna_fft_real_forward(self->fft, self->block, self->bins);
  float* const found = size + n;
  for (uint32_t k = 0U; k < n; ++k) {
    const float re = crealf(self->bins[k]);
    const float im = cimagf(self->bins[k]);
    found[k] = sqrtf(re * re + im * im);
    size[k] = pinna_fast_exp(self->mix * pinna_fast_log(frame->size[k] + LEAST) +
                             (1.0F - self->mix) * pinna_fast_log(found[k] + LEAST));
  }
  fit(self, frame, size);
  for (uint32_t k = 0U; k < n; ++k) {
    const float re = crealf(self->bins[k]) / (found[k] + 1e-9F);
    const float im = cimagf(self->bins[k]) / (found[k] + 1e-9F);
    self->bins[k] = size[k] * re + I * (size[k] * im);
    if (i == self->n_ahead) {
      self->size[k] = size[k];
      self->phase[k] = re;
      self->phase[n + k] = im;
    }
  }
  sound(self, frame);
}

/// The oldest frame joins the sum, whose first hop is done
static void
commit(PinnaPhaseSteps* const self, float* const out) {
  const PinnaPhaseFrame oldest = self->frames[0];
  const size_t          n_sum = self->n_fft + (size_t)self->n_ahead * self->hop;
  for (uint32_t s = 0U; s < self->n_fft; ++s) {
    self->sum[s] += oldest.sound[s];
  }
  for (uint32_t s = 0U; s < self->hop; ++s) {
    out[s] = self->sum[s] * self->gain;
  }
  memmove(self->sum, self->sum + self->hop, (n_sum - self->hop) * sizeof(float));
  memset(self->sum + n_sum - self->hop, 0, self->hop * sizeof(float));
  memmove(self->frames, self->frames + 1, self->n_ahead * sizeof(PinnaPhaseFrame));
  self->frames[self->n_ahead] = oldest;
}

void
pinna_phase_steps_run(PinnaPhaseSteps* const self, const float* const log_magnitude,
                      const float* const steps, const float* const bands, float* const out) {
  const PinnaPhaseFrame* const frame = &self->frames[self->n_ahead];
  const uint32_t               n = self->n_bins;
  memcpy(frame->bands, bands, self->n_bands * sizeof(float));
  for (uint32_t k = 0U; k < n; ++k) {
    frame->size[k] = pinna_fast_exp(log_magnitude[k]);
  }
  fit(self, frame, frame->size);
  fit(self, frame, frame->size);
  weigh(self, frame->size, steps);
  solve(self);
  for (uint32_t k = 0U; k < n; ++k) {
    self->size[k] = frame->size[k];
    self->bins[k] = frame->size[k] * self->phase[k] + I * (frame->size[k] * self->phase[n + k]);
  }
  sound(self, frame);
  for (uint32_t j = 0U; j < self->n_iter; ++j) {
    for (uint32_t i = self->n_empty; i <= self->n_ahead; ++i) {
      agree(self, i);
    }
  }
  commit(self, out);
  self->n_empty -= self->n_empty > 0U;
}

void
pinna_phase_steps_reset(PinnaPhaseSteps* const self) {
  for (uint32_t i = 0U; i <= self->n_ahead; ++i) {
    memset(self->frames[i].sound, 0, self->n_fft * sizeof(float));
  }
  self->n_empty = self->n_ahead;
  memset(self->sum, 0, (self->n_fft + (size_t)self->n_ahead * self->hop) * sizeof(float));
  memset(self->phase + self->n_bins, 0, self->n_bins * sizeof(float));
  for (uint32_t k = 0U; k < self->n_bins; ++k) {
    self->phase[k] = 1.0F;
    self->size[k] = 1.0F;
  }
}
