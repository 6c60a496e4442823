// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/peakshift_impl.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

// What a spectrum is made of: attacks, peaks that are no sidelobes, and the regions around them

static bool
is_sidelobe(const PeakshiftPeak* const peaks, const uint32_t n, const uint32_t at,
            const float* const leak) {
  for (uint32_t i = at; i-- > 0U && peaks[at].bin - peaks[i].bin <= PEAKSHIFT_REACH;) {
    if (peaks[at].energy < leak[peaks[at].bin - peaks[i].bin] * peaks[i].energy) {
      return true;
    }
  }
  for (uint32_t i = at + 1U; i < n && peaks[i].bin - peaks[at].bin <= PEAKSHIFT_REACH; ++i) {
    if (peaks[at].energy < leak[peaks[i].bin - peaks[at].bin] * peaks[i].energy) {
      return true;
    }
  }
  return false;
}

void
pinna_peakshift_find_peaks(PinnaPeakshift* const self) {
  const float* const   e = self->energy;
  PeakshiftPeak* const peaks = self->peaks;
  uint32_t             n = 0U;
  for (uint32_t k = 1U; k + 2U < self->n_bins; ++k) {
    const float below = k > 1U ? e[k - 2U] : 0.0f;
    const bool  rises = (e[k] > e[k - 1U]) & (e[k] > below); // No branch: it could not be foretold
    const bool  falls = (e[k] >= e[k + 1U]) & (e[k] >= e[k + 2U]);
    peaks[n] = (PeakshiftPeak){k, 0U, 0U, e[k]};
    n += rises & falls;
  }

  uint32_t kept = 0U;
  for (uint32_t i = 0U; i < n; ++i) {
    peaks[i].last = is_sidelobe(peaks, n, i, self->leak);
  }
  for (uint32_t i = 0U; i < n; ++i) {
    if (!peaks[i].last) {
      peaks[kept++] = peaks[i];
    }
  }
  self->n_peaks = kept;
}

uint32_t
pinna_peakshift_band_start(const PinnaPeakshift* const self, const uint32_t band) {
  return band * (self->n_bins - 1U) / PEAKSHIFT_BANDS;
}

uint32_t
pinna_peakshift_band_of(const PinnaPeakshift* const self, const uint32_t bin) {
  const uint32_t band = bin * PEAKSHIFT_BANDS / (self->n_bins - 1U);
  return band < PEAKSHIFT_BANDS ? band : PEAKSHIFT_BANDS - 1U;
}

/// How alike the spectrum is to itself some bins further: 1 if all energy came at one moment
static float
likeness(const PinnaPeakshift* const self, const uint32_t first, const uint32_t last,
         const uint32_t lag) {
  float re = 0.0f;
  float im = 0.0f;
  float energy = 1e-20f;
  for (uint32_t c = 0U; c < self->n_channels; ++c) {
    for (uint32_t k = first; k + lag < last; ++k) {
      const float complex cross =
          peakshift_times(self->source[c][k + lag], conjf(self->source[c][k]));
      re += crealf(cross);
      im += cimagf(cross);
    }
  }
  for (uint32_t k = first; k < last; ++k) {
    energy += self->energy[k] * (k < first + lag || k + lag >= last ? 0.5f : 1.0f);
  }
  return sqrtf(re * re + im * im) / energy;
}

/// A band whose energy came within some milliseconds is an attack. Pulses of a low tone are alike
/// over some distances only.
static bool
is_attack_band(const PinnaPeakshift* const self, const uint32_t band, const float threshold) {
  const uint32_t first = pinna_peakshift_band_start(self, band);
  const uint32_t last = pinna_peakshift_band_start(self, band + 1U);
  uint32_t       lag = self->lag;
  while (lag && likeness(self, first, last, lag) > threshold) {
    --lag;
  }
  return !lag;
}

void
pinna_peakshift_find_attacks(PinnaPeakshift* const self) {
  const float threshold = 1.1f - (float)self->target.transients;
  for (uint32_t b = 0U; b < PEAKSHIFT_BANDS; ++b) {
    self->passed[b] = self->passes[b];
    self->passes[b] = self->target.transients > 0.0 && is_attack_band(self, b, threshold);
  }
}

void
pinna_peakshift_find_regions(PinnaPeakshift* const self, const uint32_t at, const uint32_t n,
                             const uint32_t start, const uint32_t end) {
  const float* const e = self->energy;
  uint32_t           first = start;
  for (uint32_t i = at; i < at + n; ++i) {
    PeakshiftPeak* const peak = &self->peaks[i];
    uint32_t             valley = end - 1U;
    if (i + 1U < at + n) {
      valley = peak->bin;
      for (uint32_t k = peak->bin + 1U; k < self->peaks[i + 1U].bin; ++k) {
        valley = e[k] < e[valley] ? k : valley;
      }
    }
    peak->first = first;
    peak->last = valley;
    first = valley + 1U;
  }
}
