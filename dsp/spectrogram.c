// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/spectrogram.h"

#include "base/status.h"
#include "dsp/fft.h"
#include "dsp/spectrogram_impl.h"

#include <complex.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Framing by index arithmetic, so that no padded copy of the signal is needed

uint32_t
pinna_spectrogram_n_bins(const PinnaSpectrogram* const self) {
  return self->config.onesided ? self->config.n_fft / 2U + 1U : self->config.n_fft;
}

static size_t
edge(const PinnaSpectrogram* const self) {
  return self->config.center ? self->config.n_fft / 2U : 0U;
}

size_t
pinna_spectrogram_n_frames(const PinnaSpectrogram* const self, const size_t n_samples) {
  const size_t       n = n_samples + 2U * (size_t)self->config.pad;
  const PinnaPadMode mode = self->config.pad_mode;
  const size_t       least = mode == PINNA_PAD_REFLECT    ? edge(self) + 1U
                             : mode == PINNA_PAD_CIRCULAR ? edge(self)
                                                          : 1U;
  const size_t       padded = n + 2U * edge(self);
  return (edge(self) && n < least) || padded < self->config.n_fft
             ? 0U
             : (padded - self->config.n_fft) / self->config.hop_length + 1U;
}

// Sample i of the signal with zeros and then the centring's edges around it
static float
sample_at(const PinnaSpectrogram* const self, const float* const in, const ptrdiff_t n_samples,
          const ptrdiff_t i) {
  const ptrdiff_t pad = self->config.pad;
  const ptrdiff_t n = n_samples + 2 * pad;
  ptrdiff_t       k = i;
  switch (self->config.pad_mode) {
  case PINNA_PAD_REFLECT:
    k = i < 0 ? -i : i < n ? i : 2 * n - 2 - i;
    break;
  case PINNA_PAD_REPLICATE:
    k = i < 0 ? 0 : i < n ? i : n - 1;
    break;
  case PINNA_PAD_CIRCULAR:
    k = i < 0 ? i + n : i < n ? i : i - n;
    break;
  default:
    break;
  }
  return k >= pad && k < pad + n_samples ? in[k - pad] : 0.0f;
}

static void
run_frame(PinnaSpectrogram* const self, const float* const in, const size_t n_samples,
          const size_t index) {
  const uint32_t  n = self->config.win_length;
  const ptrdiff_t pad = self->config.pad;
  const ptrdiff_t from =
      (ptrdiff_t)(index * self->config.hop_length + self->start) - (ptrdiff_t)edge(self);
  float* const frame = self->frame + self->start;

  memset(self->frame, 0, self->config.n_fft * sizeof(float));
  if (from >= pad && from + (ptrdiff_t)n <= pad + (ptrdiff_t)n_samples) {
    const float* const x = in + (from - pad);
    for (uint32_t i = 0U; i < n; ++i) {
      frame[i] = x[i] * self->window[i];
    }
  } else {
    for (uint32_t i = 0U; i < n; ++i) {
      frame[i] = sample_at(self, in, (ptrdiff_t)n_samples, from + (ptrdiff_t)i) * self->window[i];
    }
  }
  pinna_fft_real_forward(self->fft, self->frame, self->bins);
}

PinnaStatus
pinna_spectrogram_forward(PinnaSpectrogram* const self, const float* const in,
                          const size_t n_samples, float complex* const out) {
  const size_t   n_frames = pinna_spectrogram_n_frames(self, n_samples);
  const uint32_t n_bins = pinna_spectrogram_n_bins(self);
  const uint32_t n_half = self->config.n_fft / 2U + 1U;
  for (size_t f = 0U; f < n_frames; ++f) {
    float complex* const row = out + f * n_bins;
    run_frame(self, in, n_samples, f);
    for (uint32_t k = 0U; k < n_half; ++k) {
      row[k] = self->bins[k] * self->scale;
    }
    for (uint32_t k = n_half; k < n_bins; ++k) {
      row[k] = conjf(row[self->config.n_fft - k]);
    }
  }
  return n_frames ? PINNA_STATUS_OK : PINNA_STATUS_BAD_ARG;
}

PinnaStatus
pinna_spectrogram_power(PinnaSpectrogram* const self, const float* const in, const size_t n_samples,
                        const float power, float* const out) {
  const size_t   n_frames = pinna_spectrogram_n_frames(self, n_samples);
  const uint32_t n_bins = pinna_spectrogram_n_bins(self);
  const uint32_t n_half = self->config.n_fft / 2U + 1U;
  if (!n_frames || !(power > 0.0f)) {
    return PINNA_STATUS_BAD_ARG;
  }

  for (size_t f = 0U; f < n_frames; ++f) {
    float* const row = out + f * n_bins;
    run_frame(self, in, n_samples, f);
    for (uint32_t k = 0U; k < n_half; ++k) {
      const float re = crealf(self->bins[k]) * self->scale;
      const float im = cimagf(self->bins[k]) * self->scale;
      row[k] = re * re + im * im;
    }
    for (uint32_t k = 0U; power != 2.0f && k < n_half; ++k) {
      row[k] = power == 1.0f ? sqrtf(row[k]) : powf(row[k], 0.5f * power);
    }
    for (uint32_t k = n_half; k < n_bins; ++k) {
      row[k] = row[self->config.n_fft - k];
    }
  }
  return PINNA_STATUS_OK;
}

size_t
pinna_spectrogram_length(const PinnaSpectrogram* const self, const size_t n_frames) {
  const size_t all = n_frames ? self->config.n_fft + self->config.hop_length * (n_frames - 1U) : 0U;
  return all > 2U * edge(self) ? all - 2U * edge(self) : 0U;
}

static void
invert_frame(PinnaSpectrogram* const self, const float complex* const row) {
  const float scale = 1.0f / (self->scale * (float)self->config.n_fft);
  for (uint32_t k = 0U; k <= self->config.n_fft / 2U; ++k) {
    self->bins[k] = row[k] * scale;
  }
  pinna_fft_real_inverse(self->fft, self->bins, self->frame);
}

static double
energy_at(const PinnaSpectrogram* const self, const size_t i, const size_t n_frames) {
  const size_t n = self->config.win_length;
  const size_t hop = self->config.hop_length;
  if (i < self->start) {
    return 0.0;
  }

  const size_t at = i - self->start;
  const size_t last = at / hop < n_frames ? at / hop : n_frames - 1U;
  double       sum = 0.0;
  for (size_t f = last + 1U; f-- > 0U && at - f * hop < n;) {
    sum += (double)self->window[at - f * hop] * self->window[at - f * hop];
  }
  return sum;
}

PinnaStatus
pinna_spectrogram_inverse(PinnaSpectrogram* const self, const float complex* const in,
                          const size_t n_frames, const size_t length, float* const out) {
  const size_t all = self->config.n_fft + self->config.hop_length * (n_frames - 1U);
  const size_t from = edge(self) + (length ? self->config.pad : 0U);
  const size_t n = length ? length : pinna_spectrogram_length(self, n_frames);
  if (!n_frames || !n) {
    return PINNA_STATUS_BAD_ARG;
  }

  memset(out, 0, n * sizeof(float));
  for (size_t f = 0U; f < n_frames; ++f) {
    const size_t at = f * self->config.hop_length + self->start;
    invert_frame(self, in + f * pinna_spectrogram_n_bins(self));
    for (size_t i = at < from ? from - at : 0U; i < self->config.win_length; ++i) {
      if (at + i - from >= n) {
        break;
      }
      out[at + i - from] += self->frame[self->start + i] * self->window[i];
    }
  }
  for (size_t i = 0U; i < n && from + i < all; ++i) {
    const double energy = energy_at(self, from + i, n_frames);
    if (energy < 1e-11) {
      return PINNA_STATUS_BAD_ARG;
    }
    out[i] = (float)(out[i] / energy);
  }
  return PINNA_STATUS_OK;
}
