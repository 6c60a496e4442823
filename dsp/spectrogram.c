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

size_t
pinna_spectrogram_n_frames(const PinnaSpectrogram* const self, const size_t n_samples) {
  const size_t       n = n_samples + 2U * (size_t)self->config.pad;
  const PinnaPadMode mode = self->config.pad_mode;
  const size_t       least = mode == PINNA_PAD_REFLECT    ? pinna_spectrogram_edge(self) + 1U
                             : mode == PINNA_PAD_CIRCULAR ? pinna_spectrogram_edge(self)
                                                          : 1U;
  const size_t       padded = n + 2U * pinna_spectrogram_edge(self);
  return (pinna_spectrogram_edge(self) && n < least) || padded < self->config.n_fft
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

uint32_t
pinna_spectrogram_lanes(const PinnaSpectrogram* const self) {
  return self->lanes->kernel->lanes;
}

// The samples of a frame: where they are, or gathered with the edges around them
static const float*
find_frame(const PinnaSpectrogram* const self, const float* const in, const size_t n_samples,
           const size_t index, float* const gathered) {
  const uint32_t  n = self->config.win_length;
  const ptrdiff_t pad = self->config.pad;
  const ptrdiff_t from = (ptrdiff_t)(index * self->config.hop_length + self->start) -
                         (ptrdiff_t)pinna_spectrogram_edge(self);
  if (from >= pad && from + (ptrdiff_t)n <= pad + (ptrdiff_t)n_samples) {
    return in + (from - pad);
  }
  for (uint32_t i = 0U; i < n; ++i) {
    gathered[i] = sample_at(self, in, (ptrdiff_t)n_samples, from + (ptrdiff_t)i);
  }
  return gathered;
}

void
pinna_spectrogram_one(PinnaSpectrogram* const self, const float* const in) {
  memset(self->frame, 0, self->config.n_fft * sizeof(float));
  for (uint32_t i = 0U; i < self->config.win_length; ++i) {
    self->frame[self->start + i] = in[i] * self->window[i];
  }
  pinna_fft_real_forward(self->fft, self->frame, self->bins);
}

// A group through the lanes. @return The half transform; *other is the buffer left over
static float*
transform_group(PinnaSpectrogram* const self, const float* const* const rows, float** const other) {
  PinnaLanes* const lanes = self->lanes;
  const size_t      n_lanes = lanes->kernel->lanes;
  const size_t      end = self->start + self->config.win_length;
  memset(lanes->a, 0, self->start * n_lanes * sizeof(float));
  memset(lanes->a + end * n_lanes, 0, (self->config.n_fft - end) * n_lanes * sizeof(float));
  lanes->kernel->load(rows, self->window, self->config.win_length,
                      lanes->a + self->start * n_lanes);
  float* const z = lanes->kernel->transform(&lanes->plan, lanes->a, lanes->b);
  *other = z == lanes->a ? lanes->b : lanes->a;
  return z;
}

static void
find_group(const PinnaSpectrogram* const self, const float* const in, const size_t n_samples,
           const size_t first, const uint32_t n_frames, const float** const rows) {
  const uint32_t n_lanes = self->lanes->kernel->lanes;
  for (uint32_t l = 0U; l < n_lanes; ++l) {
    float* const gathered = self->rows + (size_t)l * (self->config.n_fft + 2U);
    rows[l] = l < n_frames ? find_frame(self, in, n_samples, first + l, gathered) : rows[0];
  }
}

float*
pinna_spectrogram_columns(PinnaSpectrogram* const self, const float* const in,
                          const size_t n_samples, const size_t first, const uint32_t n_frames,
                          const bool root) {
  const PinnaLanesKernel* const kernel = self->lanes->kernel;
  const float*                  rows[PINNA_LANES_MAX];
  find_group(self, in, n_samples, first, n_frames, rows);
  if (self->lanes->plan.n) {
    float*       out = NULL;
    float* const z = transform_group(self, rows, &out);
    kernel->energy(&self->lanes->plan, z, self->scale, root, out);
    return out;
  }

  for (uint32_t l = 0U; l < n_frames; ++l) {
    pinna_spectrogram_one(self, rows[l]);
    for (uint32_t k = 0U; k <= self->config.n_fft / 2U; ++k) {
      const float re = crealf(self->bins[k]) * self->scale;
      const float im = cimagf(self->bins[k]) * self->scale;
      const float energy = re * re + im * im;
      self->lanes->a[k * kernel->lanes + l] = root ? sqrtf(energy) : energy;
    }
  }
  return self->lanes->a;
}

float*
pinna_spectrogram_bin_columns(PinnaSpectrogram* const self, const float* const in,
                              const size_t n_samples, const size_t first, const uint32_t n_frames) {
  const PinnaLanesKernel* const kernel = self->lanes->kernel;
  const float*                  rows[PINNA_LANES_MAX];
  find_group(self, in, n_samples, first, n_frames, rows);
  if (self->lanes->plan.n) {
    float*       bins = NULL;
    float* const z = transform_group(self, rows, &bins);
    kernel->split(&self->lanes->plan, z, self->scale, bins);
    return bins;
  }

  for (uint32_t l = 0U; l < n_frames; ++l) {
    pinna_spectrogram_one(self, rows[l]);
    for (uint32_t k = 0U; k <= self->config.n_fft / 2U; ++k) {
      self->lanes->a[2U * k * kernel->lanes + l] = crealf(self->bins[k]) * self->scale;
      self->lanes->a[(2U * k + 1U) * kernel->lanes + l] = cimagf(self->bins[k]) * self->scale;
    }
  }
  return self->lanes->a;
}

static uint32_t
group_size(const PinnaSpectrogram* const self, const size_t left) {
  const uint32_t n = self->lanes->kernel->lanes;
  return left < n ? (uint32_t)left : n;
}

PinnaStatus
pinna_spectrogram_forward(PinnaSpectrogram* const self, const float* const in,
                          const size_t n_samples, float complex* const out) {
  const size_t   n_frames = pinna_spectrogram_n_frames(self, n_samples);
  const uint32_t n_bins = pinna_spectrogram_n_bins(self);
  const uint32_t n_half = self->config.n_fft / 2U + 1U;
  uint32_t       n = 0U;
  for (size_t f = 0U; f < n_frames; f += n) {
    float* rows[PINNA_LANES_MAX];
    n = group_size(self, n_frames - f);
    for (uint32_t l = 0U; l < n; ++l) {
      rows[l] = (float*)(out + (f + l) * n_bins);
    }
    const float* const bins = pinna_spectrogram_bin_columns(self, in, n_samples, f, n);
    self->lanes->kernel->store(bins, 2U * n_half, NULL, n, rows);
  }
  for (size_t f = 0U; n_bins > n_half && f < n_frames; ++f) {
    float complex* const row = out + f * n_bins;
    for (uint32_t k = n_half; k < n_bins; ++k) {
      row[k] = conjf(row[self->config.n_fft - k]);
    }
  }
  return n_frames ? PINNA_STATUS_OK : PINNA_STATUS_BAD_ARG;
}

static void
finish_power(const PinnaSpectrogram* const self, const float power, const size_t n_frames,
             float* const out) {
  const uint32_t n_bins = pinna_spectrogram_n_bins(self);
  const uint32_t n_half = self->config.n_fft / 2U + 1U;
  const bool     is_other = power != 2.0f && power != 1.0f;
  for (size_t f = 0U; (is_other || n_bins > n_half) && f < n_frames; ++f) {
    float* const row = out + f * n_bins;
    for (uint32_t k = 0U; is_other && k < n_half; ++k) {
      row[k] = powf(row[k], 0.5f * power);
    }
    for (uint32_t k = n_half; k < n_bins; ++k) {
      row[k] = row[self->config.n_fft - k];
    }
  }
}

PinnaStatus
pinna_spectrogram_power(PinnaSpectrogram* const self, const float* const in, const size_t n_samples,
                        const float power, float* const out) {
  const size_t   n_frames = pinna_spectrogram_n_frames(self, n_samples);
  const uint32_t n_bins = pinna_spectrogram_n_bins(self);
  uint32_t       n = 0U;
  if (!n_frames || !(power > 0.0f)) {
    return PINNA_STATUS_BAD_ARG;
  }

  for (size_t f = 0U; f < n_frames; f += n) {
    float* rows[PINNA_LANES_MAX];
    n = group_size(self, n_frames - f);
    for (uint32_t l = 0U; l < n; ++l) {
      rows[l] = out + (f + l) * n_bins;
    }
    const float* const columns =
        pinna_spectrogram_columns(self, in, n_samples, f, n, power == 1.0f);
    self->lanes->kernel->store(columns, self->config.n_fft / 2U + 1U, NULL, n, rows);
  }
  finish_power(self, power, n_frames, out);
  return PINNA_STATUS_OK;
}
