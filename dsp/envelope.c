// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/envelope.h"

#include "dsp/envelope_impl.h"

#include <math.h>
#include <stdint.h>

// Finds a partial per stretch and draws straight lines between them

static const float floor_energy = 1e-24f;

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

/// Fill the curve from bin `at` to before `to.bin`. Returns the next bin.
static uint32_t
draw(PinnaEnvelope* const self, const Point from, const Point to, uint32_t at) {
  const float width = to.bin - from.bin;
  const float slope = width > 0.0f ? (to.level - from.level) / width : 0.0f;
  for (; at < self->n_bins && (float)at < to.bin; ++at) {
    self->curve[at] = from.level + slope * ((float)at - from.bin);
  }
  return at;
}

void
pinna_envelope_run(PinnaEnvelope* const self, const float* const energy, const double f0) {
  const double held = fmax(60.0, fmin(800.0, f0));
  const double width = held * 2.0 * (self->n_bins - 1U) / self->sample_rate;
  uint32_t     at = 0U;
  Point        last = {0.0f, 0.0f};
  for (uint32_t i = 1U;; ++i) {
    const uint32_t first = (uint32_t)ceil((i - 0.5) * width);
    const uint32_t end = (uint32_t)ceil((i + 0.5) * width);
    if (end >= self->n_bins || end <= first) {
      break;
    }
    const Point point = find_point(self, energy, first, end - 1U);
    at = draw(self, i == 1U ? (Point){0.0f, point.level} : last, point, at);
    last = point;
  }
  draw(self, last, (Point){(float)self->n_bins, last.level}, at);
}

float
pinna_envelope_at(const PinnaEnvelope* const self, const float bin) {
  const float    last = (float)(self->n_bins - 1U);
  const float    held = bin > 0.0f ? (bin < last ? bin : last) : 0.0f;
  const uint32_t i = (uint32_t)held < self->n_bins - 1U ? (uint32_t)held : self->n_bins - 2U;
  return self->curve[i] + (held - (float)i) * (self->curve[i + 1U] - self->curve[i]);
}
