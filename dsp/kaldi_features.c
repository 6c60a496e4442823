// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/kaldi_features.h"

#include "base/status.h"
#include "dsp/filterbank_impl.h"
#include "dsp/kaldi_features_impl.h"
#include "dsp/random.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Frames are prepared one by one, then transformed and filtered in groups, in double precision

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

static double
log_energy(const PinnaKaldi* const self, const double* const x) {
  double energy = 0.0;
  for (uint32_t i = 0U; i < self->size; ++i) {
    energy += x[i] * x[i];
  }
  return fmax(self->floor, log(fmax(energy, PINNA_KALDI_EPSILON)));
}

/// What pads frames, and lanes without a frame
static void
clear_columns(const PinnaKaldi* const self) {
  memset(self->columns, 0, (size_t)self->n_fft * PINNA_KALDI_LANES * sizeof(double));
}

/// self->row becomes a column of windowed samples. @return The frame's log energy
static double
prepare(const PinnaKaldi* const self, const uint64_t index, const uint32_t lane) {
  const uint32_t n = self->size;
  const double   pre = self->config.preemphasis_coefficient;
  double* const  x = self->frame;
  double         sum = 0.0;
  if (self->config.dither != 0.0) {
    pinna_random_add_normal(self->row, n, (float)self->config.dither, self->config.seed, index);
  }
  for (uint32_t i = 0U; i < n; ++i) {
    sum += (double)self->row[i];
  }
  const double mean = self->config.remove_dc_offset ? sum / n : 0.0;
  for (uint32_t i = 0U; i < n; ++i) {
    x[i] = (double)self->row[i] - mean;
  }
  const double raw = self->config.raw_energy ? log_energy(self, x) : 0.0;
  for (uint32_t i = n - 1U; i > 0U; --i) {
    x[i] = (x[i] - pre * x[i - 1U]) * self->window[i];
  }
  x[0] = (x[0] - pre * x[0]) * self->window[0];
  for (uint32_t i = 0U; i < n; ++i) {
    self->columns[(size_t)i * PINNA_KALDI_LANES + lane] = x[i];
  }
  return self->config.raw_energy ? raw : log_energy(self, x);
}

static double
log_of(const double energy) {
  return log(fmax(energy, PINNA_KALDI_EPSILON));
}

/// Mel bands of all lanes, as logarithms if asked for
static void
filter(const PinnaKaldi* const self) {
  const bool is_log = self->config.use_log_fbank || self->config.kind == PINNA_KALDI_MFCC;
  for (uint32_t b = 0U; b < self->config.num_mel_bins; ++b) {
    const PinnaBand* const band = &self->bank->bands[b];
    const float* const     weights = self->bank->weights + band->weights;
    double                 sums[PINNA_KALDI_LANES] = {0.0};
    for (uint32_t i = 0U; i < band->n; ++i) {
      const double* const power = self->power + ((size_t)band->first + i) * PINNA_KALDI_LANES;
      for (uint32_t l = 0U; l < PINNA_KALDI_LANES; ++l) {
        sums[l] += (double)weights[i] * power[l];
      }
    }
    for (uint32_t l = 0U; l < PINNA_KALDI_LANES; ++l) {
      self->bands[(size_t)b * PINNA_KALDI_LANES + l] = is_log ? log_of(sums[l]) : sums[l];
    }
  }
}

static void
put_spectrogram(const PinnaKaldi* const self, const uint32_t lane, float* const out) {
  for (uint32_t k = 1U; k < self->n_cols; ++k) {
    out[k] = (float)log_of(self->power[(size_t)k * PINNA_KALDI_LANES + lane]);
  }
}

static void
put_bands(const PinnaKaldi* const self, const uint32_t lane, float* const out) {
  for (uint32_t b = 0U; b < self->config.num_mel_bins; ++b) {
    out[b] = (float)self->bands[(size_t)b * PINNA_KALDI_LANES + lane];
  }
}

static void
put_cepstrum(const PinnaKaldi* const self, const uint32_t lane, float* const out) {
  for (uint32_t c = 0U; c < self->n_cols; ++c) {
    double sum = 0.0;
    for (uint32_t b = 0U; b < self->config.num_mel_bins; ++b) {
      sum += (double)self->dct[(size_t)b * self->n_cols + c] *
             self->bands[(size_t)b * PINNA_KALDI_LANES + lane];
    }
    out[c] = (float)sum;
  }
}

/// Features of the frames in the columns
static void
finish(const PinnaKaldi* const self, const uint32_t n_frames, const double* const energies,
       float* const out) {
  const PinnaKaldiConfig* const c = &self->config;
  const bool                    is_spectrogram = c->kind == PINNA_KALDI_SPECTROGRAM;
  const bool                    is_mfcc = c->kind == PINNA_KALDI_MFCC;
  const bool                    is_first = c->use_energy && !c->htk_compat && !is_mfcc;
  self->kernel(&self->plan, self->columns, self->scratch,
               c->kind == PINNA_KALDI_FBANK && !c->use_power, self->power);
  if (!is_spectrogram) {
    filter(self);
  }
  for (uint32_t l = 0U; l < n_frames; ++l) {
    float* const row = out + (size_t)l * self->n_cols;
    if (is_spectrogram) {
      put_spectrogram(self, l, row);
    } else if (is_mfcc) {
      put_cepstrum(self, l, row);
    } else {
      put_bands(self, l, row + (is_first ? 1U : 0U));
    }
    if (is_spectrogram || c->use_energy) {
      row[!is_spectrogram && c->htk_compat ? self->n_cols - 1U : 0U] = (float)energies[l];
    }
  }
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
  const size_t n_frames = pinna_kaldi_n_frames(self, n_samples);
  double       energies[PINNA_KALDI_LANES] = {0};
  for (size_t f = 0U; f < n_frames; f += PINNA_KALDI_LANES) {
    const uint32_t n =
        n_frames - f < PINNA_KALDI_LANES ? (uint32_t)(n_frames - f) : PINNA_KALDI_LANES;
    clear_columns(self);
    for (uint32_t l = 0U; l < n; ++l) {
      gather(self, in, n_samples, f + l, self->row);
      energies[l] = prepare(self, f + l, l);
    }
    finish(self, n, energies, out + f * self->n_cols);
  }
  if (self->config.subtract_mean) {
    subtract_mean(out, n_frames, self->n_cols);
  }
  return n_frames ? PINNA_STATUS_OK : PINNA_STATUS_BAD_ARG;
}

void
pinna_kaldi_frame(PinnaKaldi* const self, const float* const in, float* const out) {
  clear_columns(self);
  memcpy(self->row, in, self->size * sizeof(float));
  const double energy = prepare(self, self->n_live++, 0U);
  finish(self, 1U, &energy, out);
}
