// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/envelope.h"

#include "dsp/envelope_impl.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

// Finds a partial per stretch and draws straight lines between them

static const float floor_energy = 1e-24f;

/// Above, partials are not those of a voice, nepers
static const float most_misfit = 0.7f;

typedef struct {
  float bin;
  float level; ///< Natural logarithm of the magnitude
} Point;

static float
level_of(const float energy) {
  return 0.5f * logf(energy + floor_energy);
}

/// The greatest bin from `first` to `last`, and where its peak really is
static Point
find_point(const PinnaEnvelope* const self, const float* const energy, const uint32_t first,
           const uint32_t last) {
  uint32_t best = first;
  for (uint32_t k = first + 1U; k <= last; ++k) {
    best = energy[k] > energy[best] ? k : best;
  }
  Point point = {(float)best, level_of(energy[best])};
  if (best > 0U && best + 1U < self->n_bins && energy[best] >= energy[best - 1U] &&
      energy[best] >= energy[best + 1U]) {
    const float below = level_of(energy[best - 1U]);
    const float above = level_of(energy[best + 1U]);
    const float bend = below - 2.0f * point.level + above;
    const float move = bend < -1e-6f ? 0.5f * (below - above) / bend : 0.0f;
    point.level -= 0.25f * (below - above) * move;
    point.bin += move;
  }
  return point;
}

/// The greatest peak in each stretch of one fundamental
static void
find_points(PinnaEnvelope* const self, const float* const energy, const double width) {
  self->n_points = 0U;
  for (uint32_t i = 1U; i <= ENVELOPE_POINTS; ++i) {
    const uint32_t first = (uint32_t)ceil((i - 0.5) * width);
    const uint32_t end = (uint32_t)ceil((i + 0.5) * width);
    if (end >= self->n_bins || end <= first) {
      return;
    }
    const Point    point = find_point(self, energy, first, end - 1U);
    const uint32_t n = self->n_points++;
    self->bins[n] = point.bin;
    self->freqs[n] = point.bin * self->centres[1];
    self->levels[n] = point.level;
  }
}

/// Straight lines through the points, level at both ends
static void
draw(PinnaEnvelope* const self) {
  const float* const bins = self->bins;
  const float* const levels = self->levels;
  const uint32_t     n = self->n_points;
  uint32_t           k = 0U;
  for (uint32_t i = 0U; i <= n; ++i) {
    const float from = levels[i ? i - 1U : 0U];
    const float to = levels[i < n ? i : (n ? n - 1U : 0U)];
    const float start = i ? bins[i - 1U] : 0.0f;
    const float end = i < n ? bins[i] : (float)self->n_bins;
    const float slope = end > start ? (to - from) / (end - start) : 0.0f;
    for (; k < self->n_bins && (float)k < end; ++k) {
      self->curve[k] = from + slope * ((float)k - start);
    }
  }
}

void
pinna_envelope_run(PinnaEnvelope* const self, const float* const energy, const double f0,
                   PinnaTract* const tract) {
  const double held = fmax(60.0, fmin(800.0, f0));
  self->levels[0] = 0.0f;
  find_points(self, energy, held * 2.0 * (self->n_bins - 1U) / self->sample_rate);
  if (tract) {
    pinna_tract_follow(tract, self->freqs, self->levels, self->n_points);
  }
  const bool is_voice = tract && pinna_tract_misfit(tract) < most_misfit;
  if (is_voice) {
    pinna_tract_levels(tract, self->freqs, self->model, self->n_points);
    for (uint32_t i = 0U; i < self->n_points; ++i) {
      self->levels[i] -= self->model[i];
    }
  }
  draw(self);
  if (is_voice) {
    pinna_tract_levels(tract, self->centres, self->model, self->n_bins);
    for (uint32_t k = 0U; k < self->n_bins; ++k) {
      self->curve[k] += self->model[k];
    }
  }
}

float
pinna_envelope_at(const PinnaEnvelope* const self, const float bin) {
  const float    last = (float)(self->n_bins - 1U);
  const float    held = bin > 0.0f ? (bin < last ? bin : last) : 0.0f;
  const uint32_t i = (uint32_t)held < self->n_bins - 1U ? (uint32_t)held : self->n_bins - 2U;
  return self->curve[i] + (held - (float)i) * (self->curve[i + 1U] - self->curve[i]);
}
