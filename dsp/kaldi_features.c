// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/kaldi_features.h"

#include "base/status.h"
#include "dsp/filterbank_impl.h"
#include "dsp/kaldi_features_impl.h"
#include "dsp/random.h"
#include "dsp/spectrogram_impl.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Frames are prepared one by one, then transformed and filtered in groups

uint32_t
pinna_kaldi_n_cols(const PinnaKaldi* const self) {
  return self->n_cols;
}

void
pinna_kaldi_frame_size(const PinnaKaldi* const self, uint32_t* const size, uint32_t* const shift) {
  *size = self->size;
  *shift = self->shift;
}

size_t
pinna_kaldi_n_frames(const PinnaKaldi* const self, const size_t n_samples) {
  if (n_samples < self->size ||
      (double)n_samples < self->config.min_duration * self->config.sample_frequency) {
    return 0U;
  }
  return self->config.snip_edges ? 1U + (n_samples - self->size) / self->shift
                                 : (n_samples + self->shift / 2U) / self->shift;
}

/// A frame's samples, mirrored at the ends with the end sample twice
static void
gather(const PinnaKaldi* const self, const float* const in, const size_t n_samples,
       const size_t index, float* const row) {
  const ptrdiff_t n = (ptrdiff_t)n_samples;
  const ptrdiff_t before =
      self->config.snip_edges ? 0 : (ptrdiff_t)(self->size / 2U) - (ptrdiff_t)(self->shift / 2U);
  const ptrdiff_t from = (ptrdiff_t)(index * self->shift) - before;
  if (from >= 0 && from + (ptrdiff_t)self->size <= n) {
    memcpy(row, in + from, self->size * sizeof(float));
    return;
  }
  for (ptrdiff_t i = 0; i < (ptrdiff_t)self->size; ++i) {
    const ptrdiff_t k = from + i;
    row[i] = in[k < 0 ? -1 - k : k < n ? k : 2 * n - 1 - k];
  }
}

/// Sums in sixteen lanes, which compilers vectorise and which round less than one
static float
sum_of(const float* const x, const uint32_t n, const bool squares) {
  float    sums[16] = {0};
  uint32_t i = 0U;
  for (; i + 16U <= n; i += 16U) {
    for (uint32_t k = 0U; k < 16U; ++k) {
      sums[k] += squares ? x[i + k] * x[i + k] : x[i + k];
    }
  }
  double sum = 0.0;
  for (uint32_t k = 0U; k < 16U; ++k) {
    sum += (double)sums[k];
  }
  for (; i < n; ++i) {
    sum += squares ? (double)x[i] * x[i] : (double)x[i];
  }
  return (float)sum;
}

static float
log_energy(const PinnaKaldi* const self, const float* const x) {
  const float energy = sum_of(x, self->size, true);
  return fmaxf(self->floor, logf(fmaxf(energy, PINNA_KALDI_EPSILON)));
}

static float
windowed_log_energy(const PinnaKaldi* const self, const float* const x) {
  double energy = 0.0;
  for (uint32_t i = 0U; i < self->size; ++i) {
    const float v = x[i] * self->window[i];
    energy += (double)v * v;
  }
  return fmaxf(self->floor, logf(fmaxf((float)energy, PINNA_KALDI_EPSILON)));
}

/// All that comes before the window. @return The frame's log energy
static float
prepare(const PinnaKaldi* const self, const uint64_t index, float* const x) {
  const uint32_t n = self->size;
  const float    pre = (float)self->config.preemphasis_coefficient;
  if (self->config.dither != 0.0) {
    pinna_random_add_normal(x, n, (float)self->config.dither, self->config.seed, index);
  }
  if (self->config.remove_dc_offset) {
    const float mean = sum_of(x, n, false) / (float)n;
    for (uint32_t i = 0U; i < n; ++i) {
      x[i] -= mean;
    }
  }
  const float raw = self->config.raw_energy ? log_energy(self, x) : 0.0f;
  if (pre != 0.0f) {
    for (uint32_t i = n - 1U; i > 0U; --i) {
      x[i] -= pre * x[i - 1U];
    }
    x[0] -= pre * x[0];
  }
  return self->config.raw_energy ? raw : windowed_log_energy(self, x);
}

/// Features of a group, [n_cols][lanes]
static const float*
finish(PinnaKaldi* const self, const uint32_t n_frames, const float* const energies) {
  const PinnaKaldiConfig* const c = &self->config;
  const PinnaLanesKernel* const kernel = self->spectrogram->lanes->kernel;
  const uint32_t                lanes = kernel->lanes;
  const bool                    is_spectrogram = c->kind == PINNA_KALDI_SPECTROGRAM;
  const bool                    is_mfcc = c->kind == PINNA_KALDI_MFCC;
  float* const                  power =
      pinna_spectrogram_columns(self->spectrogram, self->rows, (size_t)lanes * self->n_fft, 0U,
                                n_frames, c->kind == PINNA_KALDI_FBANK && !c->use_power);
  if (is_spectrogram) {
    kernel->log(power, self->n_bins * lanes, PINNA_KALDI_EPSILON, 0.0f, 1.0f);
    memcpy(power, energies, lanes * sizeof(float));
    return power;
  }

  const bool   is_first = c->use_energy && !c->htk_compat && !is_mfcc;
  float* const bands = self->bands + (is_first ? lanes : 0U);
  kernel->bands(self->bank->bands, c->num_mel_bins, self->bank->weights, power, bands);
  if (c->use_log_fbank || is_mfcc) {
    kernel->log(bands, c->num_mel_bins * lanes, PINNA_KALDI_EPSILON, 0.0f, 1.0f);
  }
  float* const out = is_mfcc ? self->columns : self->bands;
  if (is_mfcc) {
    kernel->matrix(self->dct, c->num_mel_bins, self->n_cols, bands, out);
  }
  if (c->use_energy) {
    memcpy(out + (c->htk_compat ? (self->n_cols - 1U) * lanes : 0U), energies,
           lanes * sizeof(float));
  }
  return out;
}

static void
subtract_mean(float* const x, const size_t n_frames, const uint32_t n_cols) {
  for (uint32_t c = 0U; c < n_cols; ++c) {
    double sum = 0.0;
    for (size_t f = 0U; f < n_frames; ++f) {
      sum += (double)x[f * n_cols + c];
    }
    const float mean = (float)(sum / (double)n_frames);
    for (size_t f = 0U; f < n_frames; ++f) {
      x[f * n_cols + c] -= mean;
    }
  }
}

PinnaStatus
pinna_kaldi_run(PinnaKaldi* const self, const float* const in, const size_t n_samples,
                float* const out) {
  const PinnaLanesKernel* const kernel = self->spectrogram->lanes->kernel;
  const size_t                  n_frames = pinna_kaldi_n_frames(self, n_samples);
  float                         energies[PINNA_LANES_MAX] = {0};
  float*                        to[PINNA_LANES_MAX];
  for (size_t f = 0U; f < n_frames; f += kernel->lanes) {
    const uint32_t n = n_frames - f < kernel->lanes ? (uint32_t)(n_frames - f) : kernel->lanes;
    for (uint32_t l = 0U; l < n; ++l) {
      float* const row = self->rows + (size_t)l * self->n_fft;
      gather(self, in, n_samples, f + l, row);
      energies[l] = prepare(self, f + l, row);
      to[l] = out + (f + l) * self->n_cols;
    }
    kernel->store(finish(self, n, energies), self->n_cols, NULL, n, to);
  }
  if (self->config.subtract_mean) {
    subtract_mean(out, n_frames, self->n_cols);
  }
  return n_frames ? PINNA_STATUS_OK : PINNA_STATUS_BAD_ARG;
}

void
pinna_kaldi_frame(PinnaKaldi* const self, const float* const in, float* const out) {
  const PinnaLanesKernel* const kernel = self->spectrogram->lanes->kernel;
  float                         energies[PINNA_LANES_MAX] = {0};
  float*                        to[PINNA_LANES_MAX] = {out};
  memcpy(self->rows, in, self->size * sizeof(float));
  energies[0] = prepare(self, self->n_live++, self->rows);
  kernel->store(finish(self, 1U, energies), self->n_cols, NULL, 1U, to);
}
