// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/spectrogram.h"

#include "base/status.h"
#include "dsp/fft.h"
#include "dsp/spectrogram_impl.h"

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Overlap-add of inverted frames, and the division by what their windows add up to

size_t
pinna_spectrogram_length(const PinnaSpectrogram* const self, const size_t n_frames) {
  const size_t all = n_frames ? self->config.n_fft + self->config.hop_length * (n_frames - 1U) : 0U;
  const size_t edges = 2U * pinna_spectrogram_edge(self);
  return all > edges ? all - edges : 0U;
}

static void
add_row(const PinnaSpectrogram* const self, const float* const row, const size_t index,
        const size_t from, const size_t n, float* const out) {
  const size_t at = index * self->config.hop_length + self->start;
  const size_t skip = at < from ? from - at : 0U;
  if (skip >= self->config.win_length || at + skip - from >= n) {
    return;
  }
  float* const       to = out + (at + skip - from);
  const float* const x = row + skip;
  const size_t       left = n - (at + skip - from);
  const size_t       m = self->config.win_length - skip;
  for (size_t i = 0U; i < (m < left ? m : left); ++i) {
    to[i] += x[i];
  }
}

// Frames that lanes do not serve, one by one
static void
add_slowly(PinnaSpectrogram* const self, const float* const columns, const size_t first,
           const uint32_t n_frames, const size_t from, const size_t n, float* const out) {
  const size_t lanes = self->lanes->kernel->lanes;
  for (uint32_t l = 0U; l < n_frames; ++l) {
    for (uint32_t k = 0U; k <= self->config.n_fft / 2U; ++k) {
      self->bins[k] = columns[2U * k * lanes + l] + I * columns[(2U * k + 1U) * lanes + l];
    }
    pinna_fft_real_inverse(self->fft, self->bins, self->frame);
    for (uint32_t i = 0U; i < self->config.win_length; ++i) {
      self->rows[i] = self->frame[self->start + i] * self->back[i];
    }
    add_row(self, self->rows, first + l, from, n, out);
  }
}

void
pinna_spectrogram_add_columns(PinnaSpectrogram* const self, float* const columns,
                              const size_t first, const uint32_t n_frames, const size_t from,
                              const size_t n, float* const out) {
  PinnaLanes* const             lanes = self->lanes;
  const PinnaLanesKernel* const kernel = lanes->kernel;
  if (!lanes->plan.n) {
    add_slowly(self, columns, first, n_frames, from, n, out);
    return;
  }

  float* const z = columns == lanes->a ? lanes->b : lanes->a;
  float* const other = z == lanes->a ? lanes->b : lanes->a;
  float*       rows[PINNA_LANES_MAX];
  kernel->merge(&lanes->plan, columns, z);
  const float* const frames = kernel->transform(&lanes->plan, z, other);
  for (uint32_t l = 0U; l < n_frames; ++l) {
    rows[l] = self->rows + l * ((size_t)self->config.n_fft + 2U);
  }
  kernel->store(frames + (size_t)self->start * kernel->lanes, self->config.win_length, self->back,
                n_frames, rows);
  for (uint32_t l = 0U; l < n_frames; ++l) {
    add_row(self, rows[l], first + l, from, n, out);
  }
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

// Samples that every frame which could reach them does reach: the sum repeats with the hop.
// @return The first sample that was not divided, or n
static size_t
divide_inner(const PinnaSpectrogram* const self, const size_t from, const size_t begin,
             const size_t end, float* const out) {
  const size_t hop = self->config.hop_length;
  size_t       phase = (from + begin - self->start) % hop;
  for (size_t i = begin; i < end;) {
    const size_t       run = end - i < hop - phase ? end - i : hop - phase;
    const float* const w = self->periodic + phase;
    float              least = 1.0f;
    for (size_t k = 0U; k < run; ++k) {
      out[i + k] *= w[k];
      least = w[k] < least ? w[k] : least;
    }
    if (least <= 0.0f) {
      return i;
    }
    i += run;
    phase = 0U;
  }
  return end;
}

static bool
divide_outer(const PinnaSpectrogram* const self, const size_t n_frames, const size_t from,
             const size_t begin, const size_t end, float* const out) {
  for (size_t i = begin; i < end; ++i) {
    const double energy = energy_at(self, from + i, n_frames);
    if (energy < PINNA_SPECTROGRAM_LEAST) {
      return false;
    }
    out[i] = (float)(out[i] / energy);
  }
  return true;
}

PinnaStatus
pinna_spectrogram_normalise(const PinnaSpectrogram* const self, const size_t n_frames,
                            const size_t from, const size_t n, float* const out) {
  const size_t hop = self->config.hop_length;
  const size_t all = self->config.n_fft + hop * (n_frames - 1U);
  const size_t reached = all > from ? (all - from < n ? all - from : n) : 0U;
  const size_t full = self->start + self->config.win_length - 1U;
  const size_t over = n_frames * hop + self->start;
  size_t       begin = full > from ? full - from : 0U;
  size_t       end = over > from ? over - from : 0U;
  begin = begin < reached ? begin : reached;
  end = end < reached ? end : reached;
  end = self->periodic && end > begin ? end : begin;
  if (divide_inner(self, from, begin, end, out) != end) {
    return PINNA_STATUS_BAD_ARG;
  }

  return divide_outer(self, n_frames, from, 0U, begin, out) &&
                 divide_outer(self, n_frames, from, end, reached, out)
             ? PINNA_STATUS_OK
             : PINNA_STATUS_BAD_ARG;
}

PinnaStatus
pinna_spectrogram_inverse(PinnaSpectrogram* const self, const float complex* const in,
                          const size_t n_frames, const size_t length, float* const out) {
  const uint32_t lanes = self->lanes->kernel->lanes;
  const uint32_t n_bins = pinna_spectrogram_n_bins(self);
  const size_t   from = pinna_spectrogram_edge(self) + (length ? self->config.pad : 0U);
  const size_t   n = length ? length : pinna_spectrogram_length(self, n_frames);
  if (!n_frames || !n) {
    return PINNA_STATUS_BAD_ARG;
  }

  memset(out, 0, n * sizeof(float));
  for (size_t f = 0U; f < n_frames; f += lanes) {
    const uint32_t count = n_frames - f < lanes ? (uint32_t)(n_frames - f) : lanes;
    const float*   rows[PINNA_LANES_MAX];
    for (uint32_t l = 0U; l < lanes; ++l) {
      rows[l] = (const float*)(in + (f + (l < count ? l : 0U)) * n_bins);
    }
    self->lanes->kernel->load(rows, self->ones, 2U * (self->config.n_fft / 2U + 1U),
                              self->lanes->a);
    pinna_spectrogram_add_columns(self, self->lanes->a, f, count, from, n, out);
  }
  return pinna_spectrogram_normalise(self, n_frames, from, n, out);
}
