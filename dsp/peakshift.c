// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/peakshift.h"

#include "dsp/envelope.h"
#include "dsp/fast_math.h"
#include "dsp/peakshift_impl.h"
#include "dsp/smooth.h"
#include "dsp/stft.h"
#include "dsp/tract.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// A frame: find peaks, decide how far and with which phase each one moves, move its region

/// Formants change no bin further, nepers: what is almost nothing is not made something
static const float most_boost = 4.6f; // 40 dB
static const float most_cut = 6.9f;   // 60 dB

/// Where no fundamental is known [Hz]; above which a voice's partials tell too little
static const double usual_f0 = 220.0;
static const double highest_voice = 450.0;

/// Bins moved at once: whole vectors
#define BLOCK 8U

/// Two bins, anywhere
typedef float Four __attribute__((vector_size(16), aligned(4), may_alias));

static const float two_pi = 6.28318530717958647692f;

static inline float
wrap(const float angle) {
  return angle - two_pi * rintf(angle / two_pi);
}

static void
take_spectra(PinnaPeakshift* const self, float complex* const* const bins) {
  float* const swap = self->previous;
  self->previous = self->energy;
  self->energy = swap;
  memset(self->energy, 0, self->n_bins * sizeof(float));
  for (uint32_t c = 0U; c < self->n_channels; ++c) {
    float complex* const source = self->before[c];
    self->before[c] = self->source[c];
    self->source[c] = source;
    const float* const bin = (const float*)bins[c];
    const float* const turn = (const float*)self->turn;
    float* const       to = (float*)source;
    for (uint32_t k = 0U; k < self->n_bins; ++k) {
      const float re = bin[2U * k] * turn[2U * k] - bin[2U * k + 1U] * turn[2U * k + 1U];
      const float im = bin[2U * k] * turn[2U * k + 1U] + bin[2U * k + 1U] * turn[2U * k];
      to[2U * k] = re;
      to[2U * k + 1U] = im;
      self->energy[k] += re * re + im * im;
    }
  }
}

/// Frequency of a peak in bins, from the turn of its phase since the last frame
static float
find_frequency(const PinnaPeakshift* const self, const PeakshiftPeak* const peak) {
  float complex cross = 0.0f;
  for (uint32_t c = 0U; c < self->n_channels; ++c) {
    cross += peakshift_times(self->source[c][peak->bin], conjf(self->before[c][peak->bin]));
  }
  const float per_hop = (float)self->n_fft / (float)self->hop;
  const float whole = (float)((uint64_t)peak->bin * self->hop % self->n_fft) / self->n_fft;
  const float turns = cargf(cross) / two_pi - whole;
  return (float)peak->bin + per_hop * (turns - rintf(turns));
}

/// Frequency of a peak in bins, from the parabola through three logarithms
static float
fit_frequency(const PinnaPeakshift* const self, const uint32_t k) {
  const float a = logf(self->energy[k - 1U] + 1e-30f);
  const float b = logf(self->energy[k] + 1e-30f);
  const float c = logf(self->energy[k + 1U] + 1e-30f);
  const float bend = a - 2.0f * b + c;
  return (float)k + (bend < -1e-6f ? 0.5f * (a - c) / bend : 0.0f);
}

/// Turn of phase per bin in a region: minus its group delay
static float
find_slope(const PinnaPeakshift* const self, const PeakshiftPeak* const peak) {
  float complex cross = 0.0f;
  for (uint32_t c = 0U; c < self->n_channels; ++c) {
    for (uint32_t k = peak->first; k < peak->last; ++k) {
      cross += peakshift_times(self->source[c][k + 1U], conjf(self->source[c][k]));
    }
  }
  return cargf(cross);
}

static bool
is_attack(const PinnaPeakshift* const self, const uint32_t k) {
  const float* const p = self->previous;
  const float        before = fmaxf(p[k], fmaxf(p[k - 1U], p[k + 1U]));
  const float        t = (float)self->target.transients;
  const float        threshold = t > 0.0f ? 1.5f + 3.0f / (t * t) : 1e6f;
  return self->energy[k] > threshold * before;
}

/// Add a region, moved by `shift` bins and turned, to a spectrum; below zero it is mirrored
static void
move_region(const PinnaPeakshift* const self, const PeakshiftPeak* const peak,
            const float complex* const source, const float shift, const float complex turn,
            float complex* const target) {
  const float    floor_shift = floorf(shift);
  const float    position = (shift - floor_shift) * PEAKSHIFT_FRACTIONS;
  const uint32_t fraction = (uint32_t)position;
  const float    share = position - (float)fraction;
  const float*   low = self->taps + fraction * PEAKSHIFT_TAPS;
  float          taps[PEAKSHIFT_TAPS];
  for (uint32_t m = 0U; m < PEAKSHIFT_TAPS; ++m) {
    taps[m] = low[m];
    if (fraction < PEAKSHIFT_FRACTIONS) {
      taps[m] += share * (low[m + PEAKSHIFT_TAPS] - low[m]);
    }
  }

  const uint32_t       pad = PEAKSHIFT_TAPS - 1U;
  const uint32_t       n = peak->last - peak->first + 1U;
  float complex* const patch = self->patch;
  memset(patch, 0, pad * sizeof(float complex));
  memset(patch + pad + n, 0, (pad + BLOCK) * sizeof(float complex));
  const float* const from = (const float*)(source + peak->first); // As C11 lays complex numbers out
  float* const       turned = (float*)(patch + pad);
  const float        turn_re = crealf(turn);
  const float        turn_im = cimagf(turn);
  for (uint32_t i = 0U; i < 2U * n; i += 2U) {
    turned[i] = from[i] * turn_re - from[i + 1U] * turn_im;
    turned[i + 1U] = from[i] * turn_im + from[i + 1U] * turn_re;
  }

  const int32_t start =
      (int32_t)peak->first + (int32_t)floor_shift - ((int32_t)PEAKSHIFT_TAPS / 2 - 1);
  for (uint32_t i = 0U; i < n + pad; i += BLOCK) {
    Four sum[BLOCK / 2U] = {{0.0f}};
    for (uint32_t m = 0U; m < PEAKSHIFT_TAPS; ++m) {
      const Four* const place = (const Four*)(patch + pad + i - m);
      for (uint32_t k = 0U; k < BLOCK / 2U; ++k) {
        sum[k] += taps[m] * place[k];
      }
    }
    const float* const sums = (const float*)sum;
    const uint32_t     left = n + pad - i;
    for (uint32_t k = 0U; k < BLOCK && k < left; ++k) {
      const int32_t to = start + (int32_t)(i + k);
      float* const  bin = (float*)target + 2 * (to < 0 ? -to : to);
      if (to > -(int32_t)self->n_bins && to < (int32_t)self->n_bins) {
        bin[0] += sums[2U * k];
        bin[1] += to < 0 ? -sums[2U * k + 1U] : sums[2U * k + 1U];
      }
    }
  }
}

/// Gain from the envelope at a bin, which need not be whole, to what it is to have once moved
static float
reshape(const PinnaPeakshift* const self, const float bin, const float ratio) {
  const float change = pinna_envelope_at(self->envelope, bin * ratio / self->formant) -
                       pinna_envelope_at(self->envelope, bin);
  return pinna_fast_exp(fmaxf(-most_cut, fminf(most_boost, change)));
}

static void
shift_peak(PinnaPeakshift* const self, const PeakshiftPeak* const peak, const double ratio,
           float complex* const* const bins) {
  const double mean = 0.5 * (ratio + self->ratio) - 1.0;
  float        frequency = find_frequency(self, peak);
  float        theta;
  if (is_attack(self, peak->bin) || self->passed[pinna_peakshift_band_of(self, peak->bin)] ||
      fabsf(frequency - (float)peak->bin) > 2.0f) {
    frequency = fit_frequency(self, peak->bin);
    theta = (float)(ratio - 1.0) * frequency * find_slope(self, peak);
  } else {
    const double turns = mean * (double)frequency * self->hop / self->n_fft;
    theta = self->theta[peak->bin] + two_pi * (float)(turns - rint(turns));
  }
  theta = wrap(theta);
  for (uint32_t k = peak->first; k <= peak->last; ++k) {
    self->theta_next[k] = theta;
  }
  const float         shift = (float)((ratio - 1.0) * (double)frequency);
  const float         gain = self->shapes ? reshape(self, frequency, (float)ratio) : 1.0f;
  const float complex turn = peakshift_complex(gain * cosf(theta), gain * sinf(theta));
  for (uint32_t c = 0U; c < self->n_channels; ++c) {
    move_region(self, peak, self->source[c], shift, turn, bins[c]);
  }
}

/// At ratio 1 rotations fade. Returns whether none is left.
static bool
fade_rotations(PinnaPeakshift* const self) {
  float most = 0.0f;
  for (uint32_t k = 0U; k < self->n_bins; ++k) {
    self->theta[k] *= 0.75f;
    most = fmaxf(most, fabsf(self->theta[k]));
  }
  if (most < 1e-3f) {
    memset(self->theta, 0, self->n_bins * sizeof(float));
    return true;
  }
  return false;
}

static double
next_value(PinnaSmooth* const smooth, const PinnaSmoothStep* const step) {
  pinna_smooth_advance(smooth, step);
  if (pinna_smooth_is_near(smooth, 1e-6)) {
    pinna_smooth_snap(smooth, smooth->target);
  }
  return exp2(pinna_smooth_value(smooth));
}

/// Move all peaks of the bands from `band` to before `end`, which are no attacks
static void
move_bands(PinnaPeakshift* const self, const uint32_t band, const uint32_t end, const double ratio,
           float complex* const* const bins) {
  const uint32_t start = pinna_peakshift_band_start(self, band);
  const uint32_t stop =
      end < PEAKSHIFT_BANDS ? pinna_peakshift_band_start(self, end) : self->n_bins;
  uint32_t at = 0U;
  uint32_t n = 0U;
  while (at < self->n_peaks && self->peaks[at].bin < start) {
    ++at;
  }
  while (at + n < self->n_peaks && self->peaks[at + n].bin < stop) {
    ++n;
  }
  pinna_peakshift_find_regions(self, at, n, start, stop);
  for (uint32_t i = at; i < at + n; ++i) {
    shift_peak(self, &self->peaks[i], ratio, bins);
  }
}

static void
pass_band(PinnaPeakshift* const self, const uint32_t band, float complex* const* const bins) {
  for (uint32_t k = pinna_peakshift_band_start(self, band);
       k < pinna_peakshift_band_start(self, band + 1U); ++k) {
    self->theta_next[k] = 0.0f;
    for (uint32_t c = 0U; c < self->n_channels; ++c) {
      bins[c][k] += self->source[c][k];
    }
  }
}

static void
move_all(PinnaPeakshift* const self, const double ratio, float complex* const* const bins) {
  pinna_peakshift_find_attacks(self);
  pinna_peakshift_find_peaks(self);
  for (uint32_t b = 0U; b < PEAKSHIFT_BANDS;) {
    uint32_t end = b;
    while (end < PEAKSHIFT_BANDS && !self->passes[end]) {
      ++end;
    }
    if (end > b) {
      move_bands(self, b, end, ratio, bins);
    } else {
      pass_band(self, end++, bins);
    }
    b = end;
  }
}

/// Scale each bin to the envelope it is to have: nothing moved
static void
shape(PinnaPeakshift* const self, float complex* const* const bins) {
  for (uint32_t k = 0U; k < self->n_bins; ++k) {
    const float gain = reshape(self, (float)k, 1.0f);
    for (uint32_t c = 0U; c < self->n_channels; ++c) {
      bins[c][k] = peakshift_complex(gain * crealf(bins[c][k]), gain * cimagf(bins[c][k]));
    }
  }
}

static void
find_envelope(PinnaPeakshift* const self) {
  const bool is_voice = self->f0 > 0.0 && self->f0 < highest_voice;
  pinna_envelope_run(self->envelope, self->energy, self->f0 > 0.0 ? self->f0 : usual_f0,
                     is_voice ? self->tract : NULL);
}

/// Move what is to be moved and return to the transform's time origin
static void
shift_frame(PinnaPeakshift* const self, const double ratio, float complex* const* const bins) {
  for (uint32_t c = 0U; c < self->n_channels; ++c) {
    memset(bins[c], 0, self->n_bins * sizeof(float complex));
  }
  memcpy(self->theta_next, self->theta, self->n_bins * sizeof(float));
  move_all(self, ratio, bins);
  for (uint32_t c = 0U; c < self->n_channels; ++c) {
    float* const       bin = (float*)bins[c];
    const float* const turn = (const float*)self->turn;
    for (uint32_t k = 0U; k < 2U * self->n_bins; k += 2U) {
      const float re = bin[k] * turn[k] + bin[k + 1U] * turn[k + 1U];
      bin[k + 1U] = bin[k + 1U] * turn[k] - bin[k] * turn[k + 1U];
      bin[k] = re;
    }
  }
  float* const swap = self->theta;
  self->theta = self->theta_next;
  self->theta_next = swap;
}

static void
run_frame(void* const handle, float complex* const* const bins) {
  PinnaPeakshift* const self = (PinnaPeakshift*)handle;
  const double          ratio = next_value(&self->log_ratio, &self->ratio_step);
  const double          formant = next_value(&self->log_formant, &self->formant_step);
  const bool            is_unity = ratio == 1.0 && self->ratio == 1.0;
  take_spectra(self, bins);
  self->shapes = fabs(formant - ratio) > 1e-5 * ratio;
  self->formant = (float)formant;
  if (self->shapes) {
    find_envelope(self);
  }
  if (!is_unity || !fade_rotations(self)) {
    shift_frame(self, ratio, bins);
  } else if (self->shapes) {
    shape(self, bins);
  }
  self->ratio = ratio;
}

void
pinna_peakshift_set(PinnaPeakshift* const self, const PinnaPeakshiftTarget* const target) {
  if (self->ratio_step.rate == 0.0 || target->glide != self->target.glide) {
    const double rate = 1.0 / (target->glide * self->sample_rate);
    self->ratio_step = (PinnaSmoothStep){exp(-rate * self->hop), rate * self->hop, rate};
    self->formant_step = self->ratio_step;
  }
  self->target = *target;
  pinna_smooth_set(&self->log_ratio, log2(target->ratio));
  const double formant = target->preserve ? target->formant : target->formant * target->ratio;
  pinna_smooth_set(&self->log_formant, log2(formant));
}

void
pinna_peakshift_set_f0(PinnaPeakshift* const self, const double f0) {
  self->f0 = f0;
}

void
pinna_peakshift_snap(PinnaPeakshift* const self) {
  pinna_smooth_snap(&self->log_ratio, self->log_ratio.target);
  pinna_smooth_snap(&self->log_formant, self->log_formant.target);
  self->ratio = exp2(self->log_ratio.target);
}

void
pinna_peakshift_run(PinnaPeakshift* const self, const float* const* const in,
                    float* const* const out, const uint32_t n_frames) {
  pinna_stft_run(self->stft, in, out, n_frames, run_frame, self);
}

void
pinna_peakshift_reset(PinnaPeakshift* const self) {
  pinna_stft_reset(self->stft);
  pinna_peakshift_snap(self);
  memset(self->energy, 0, self->n_bins * sizeof(float));
  memset(self->theta, 0, self->n_bins * sizeof(float));
  memset(self->passes, 0, sizeof(self->passes));
  pinna_tract_reset(self->tract);
  for (uint32_t c = 0U; c < self->n_channels; ++c) {
    memset(self->source[c], 0, self->n_bins * sizeof(float complex));
  }
}

uint32_t
pinna_peakshift_latency(const PinnaPeakshift* const self) {
  return pinna_stft_latency(self->stft);
}
