// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/specmask_impl.h"

#include "dsp/mask_clock.h"
#include "dsp/random.h"
#include "dsp/specmask.h"

#include <complex.h>
#include <math.h>
#include <stdatomic.h>
#include <stdint.h>

// What happens to one spectrum: gate, masks, fill

enum { NOISE_STREAM = 64 };

static float
power_of(const float complex x) {
  return crealf(x) * crealf(x) + cimagf(x) * cimagf(x);
}

/// Loudest channel of a bin, full-scale sine 1
static float
level_of(const PinnaSpecmask* const self, float complex* const* const bins, const uint32_t k) {
  float most = 0.0f;
  for (uint32_t c = 0U; c < self->n_ch; ++c) {
    most = fmaxf(most, power_of(bins[c][k]));
  }
  return self->level_scale * most;
}

/// Frequency masks as coverage of each bin, with edges two bins wide
static void
make_bands(PinnaSpecmask* const self) {
  const PinnaMaskPlan* const plan = &self->params.masks;
  const double               nyquist = 0.5 * self->rate;
  const double               bins_per_hz = (self->n_bins - 1U) / nyquist;
  for (uint32_t k = 0U; k < self->n_bins; ++k) {
    self->band[k] = 0.0f;
  }
  for (uint32_t b = 0U; b < plan->n_bands; ++b) {
    double low = 0.0;
    double high = 0.0;
    pinna_mask_clock_band(&self->clock, plan, b, nyquist, &low, &high);
    for (uint32_t k = 0U; high > low && k < self->n_bins; ++k) {
      const double above = low > 0.0 ? 0.5 * (k - low * bins_per_hz) + 0.5 : 1.0;
      const double below = high < nyquist ? 0.5 * (high * bins_per_hz - k) + 0.5 : 1.0;
      const double cover = fmin(fmax(fmin(above, below), 0.0), 1.0);
      self->band[k] = fmaxf(self->band[k], (float)cover);
    }
  }
}

static void
advance_masks(PinnaSpecmask* const self) {
  self->time_covered = pinna_mask_clock_advance(&self->clock, &self->params.masks,
                                                self->frame_seconds, self->triggered);
  self->triggered = false;
  if (self->stale || self->drawn != self->clock.drawn) {
    make_bands(self);
    self->drawn = self->clock.drawn;
    self->stale = false;
  }
  const float step = self->covered[0] < 0.0f ? 1.0f : self->band_step;
  float       sum = 0.0f;
  for (uint32_t k = 0U; k < self->n_bins; ++k) {
    const float from = fmaxf(self->covered[k], 0.0f);
    self->covered[k] = step < 1.0f ? from + step * (self->band[k] - from) : self->band[k];
    sum += self->covered[k];
  }
  self->freq_covered = sum / (float)self->n_bins;
}

/// Opens softly: 12 dB below the threshold 0.4 % open, 12 dB above 99.6 %
static void
run_gate(PinnaSpecmask* const self, float complex* const* const bins) {
  const PinnaSpecmaskGate* const gate = &self->params.gate;
  float                          before = 1e-20f;
  float                          after = 1e-20f;
  for (uint32_t k = 0U; k < self->n_bins; ++k) {
    if (!gate->enabled) {
      self->gated[k] = 1.0f;
      self->open[k] += self->attack_step * (1.0f - self->open[k]);
      continue;
    }
    const float level = level_of(self, bins, k);
    const float ratio = fminf(self->threshold[k] / (level + 1e-20f), 1e15f);
    const float soft = 1.0f / (1.0f + ratio * ratio);
    const float aim = gate->invert && self->threshold[k] > 0.0f ? 1.0f - soft : soft;
    const float step = aim > self->open[k] ? self->attack_step : self->release_step;
    self->open[k] += step * (aim - self->open[k]);
    const float gain = self->closed + (1.0f - self->closed) * self->open[k];
    self->gated[k] = gain * self->gain[k];
    before += level;
    after += level * gain * gain;
  }
  self->gate_taken = 1.0f - after / before;
}

/// Complex noise of power 1: sums of two uniform numbers a part, which overlap-add makes normal
static float complex
noise_at(const uint64_t key, const uint32_t k) {
  const uint64_t z = pinna_random_hash(key + k);
  const float    re = (float)(z & 0xFFFFU) + (float)(z >> 16U & 0xFFFFU) - 65535.0f;
  const float    im = (float)(z >> 32U & 0xFFFFU) + (float)(z >> 48U) - 65535.0f;
  return (1.7320508f / 65536.0f) * (re + im * I);
}

static float complex
fill_of(const PinnaSpecmask* const self, const float mean, const float complex x,
        const uint64_t key, const uint32_t k) {
  const PinnaSpecmaskFill fill = self->params.fill;
  if (fill == PINNA_SPECMASK_MEAN) {
    const float power = power_of(x);
    return power > 1e-30f ? x * sqrtf(mean / power) : 0.0f;
  }
  return fill == PINNA_SPECMASK_NOISE ? noise_at(key, k) * (self->noise_scale * sqrtf(mean)) : 0.0f;
}

static void
run_channel(const PinnaSpecmask* const self, const uint32_t c, float complex* const bins) {
  const PinnaSpecmaskParams* const p = &self->params;
  float* const                     mean = self->mean + (size_t)c * self->n_bins;
  const float                      step = fmaxf(self->mean_step, 1.0f / (float)self->n_mean);
  const float                      seen = 1.0f - self->time_covered;
  const uint64_t                   key = pinna_random_hash(
                        pinna_random_hash(pinna_random_hash(p->masks.seed) + NOISE_STREAM + c) + self->clock.frame);
  for (uint32_t k = 0U; k < self->n_bins; ++k) {
    const float complex x = bins[k];
    mean[k] += step * (power_of(x) - mean[k]);
    const float   m = p->depth * (1.0f - seen * (1.0f - self->covered[k]));
    float complex wet = x * (self->gated[k] * (1.0f - m));
    if (m > 0.0f) {
      wet += m * fill_of(self, mean[k], x, key, k);
    }
    bins[k] = x + p->mix * (wet - x);
  }
}

static void
show(PinnaSpecmask* const self, float complex* const* const bins) {
  const float seen = 1.0f - self->time_covered;
  float       level = 0.0f;
  float       kept = 1.0f;
  for (uint32_t i = 0U; i < PINNA_SPECMASK_N_VIEW; ++i) {
    const uint32_t from = self->view_from[i];
    const uint32_t to = self->view_from[i + 1U];
    if (to > from || !i) { // Narrow columns repeat the one before; the reader draws lines there
      level = kept = 0.0f;
      for (uint32_t k = from; k < (to > from ? to : from + 1U) && k < self->n_bins; ++k) {
        const float m = self->params.depth * (1.0f - seen * (1.0f - self->covered[k]));
        level = fmaxf(level, level_of(self, bins, k));
        kept = fmaxf(kept, self->gated[k] * (1.0f - m));
      }
    }
    const float mix = self->params.mix;
    atomic_store_explicit(&self->view_level[i], level, memory_order_relaxed);
    atomic_store_explicit(&self->view_kept[i], 1.0f + mix * (kept - 1.0f), memory_order_relaxed);
  }
  atomic_store_explicit(&self->view_drawn, self->clock.drawn, memory_order_relaxed);
  atomic_store_explicit(&self->seen, true, memory_order_relaxed);
}

void
pinna_specmask_frame(void* const handle, float complex* const* const bins) {
  PinnaSpecmask* const self = (PinnaSpecmask*)handle;
  ++self->n_mean;
  advance_masks(self);
  run_gate(self, bins);
  show(self, bins);
  for (uint32_t c = 0U; c < self->n_ch; ++c) {
    run_channel(self, c, bins[c]);
  }
}
