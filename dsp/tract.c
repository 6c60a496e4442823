// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/tract.h"

#include "dsp/fast_math.h"
#include "dsp/tract_impl.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// Climbs to the most probable resonances from where the last call left off and from other vowels

#define N PINNA_TRACT_FORMANTS
#define N_STARTS 9U
#define N_CHANCES 3U     ///< Calls in which a try has to come up
#define N_STEPS 2U       ///< From the last state
#define N_OTHER_STEPS 4U ///< From another vowel

/// What voices have in common: where resonances are, by how many nepers they differ
static const double usual_freq[N] = {500.0, 1500.0, 2550.0, 3550.0, 4550.0};
static const double spread_freq[N] = {0.45, 0.4, 0.2, 0.15, 0.15};
static const double spread_width = 0.45;
static const double usual_slope = 0.9; // Of amplitude, as a power of frequency, downwards
static const double spread_slope = 0.5;
static const double spread_level = 0.115; // Nepers by which a partial may be off: 1 dB
static const double least_gap = 1.12;     // Neighbours are hardly nearer, as a ratio
static const double spread_gap = 0.05;

/// By which a newcomer must be likelier
static const double least_lead = 1.0;

/// Partials weigh less the weaker they are, down to nothing here, nepers
static const float span = 7.0f;

static const float middle = 500.0f; // Hz

/// First two formants of vowels to start from, Hz
static const double starts[N_STARTS][2] = {{500.0, 1400.0}, {300.0, 2300.0}, {750.0, 1200.0},
                                           {300.0, 800.0},  {500.0, 2000.0}, {500.0, 900.0},
                                           {750.0, 1700.0}, {300.0, 1600.0}, {300.0, 2650.0}};

static double
usual_width(const double freq) {
  return 70.0 + freq / 50.0;
}

/// Add a resonance to levels; with `rows` fill its derivatives by the logarithms of both values
static void
add_resonance(const float freq, const float width, const float* const freqs, float* const gains,
              float* const by_freq, float* const by_width, const uint32_t n) {
  const float a = 0.25f * width * width;
  const float f2 = freq * freq;
  const float top = f2 + a;
  const float flat = 2.0f * f2 / top;
  const float wide = 2.0f * a / top;
  for (uint32_t i = 0U; i < n; ++i) {
    const float below = freqs[i] - freq;
    const float above = freqs[i] + freq;
    const float near = 1.0f / (below * below + a);
    const float far = 1.0f / (above * above + a);
    gains[i] *= (top * near) * (top * far);
    by_freq[i] = flat + freq * (below * near - above * far);
    by_width[i] = wide - a * (near + far);
  }
}

/// Deviation of each partial and its derivatives, weighted
static void
fill_rows(PinnaTract* const self, const double* const x) {
  const uint32_t n = self->n;
  float* const   off = self->rows[TRACT_VALUES];
  float          gains[PINNA_TRACT_PARTIALS];
  for (uint32_t i = 0U; i < n; ++i) {
    gains[i] = 1.0f;
  }
  for (uint32_t k = 0U; k < N; ++k) {
    add_resonance((float)exp(x[k]), (float)exp(x[N + k]), self->freqs, gains, self->rows[k],
                  self->rows[N + k], n);
  }
  const float slope = (float)x[TRACT_SLOPE];
  const float offset = (float)x[TRACT_OFFSET];
  for (uint32_t i = 0U; i < n; ++i) {
    const float model =
        0.5f * pinna_fast_log(gains[i] + 1e-37f) - slope * self->octaves[i] + offset;
    off[i] = self->levels[i] - model;
    self->rows[TRACT_SLOPE][i] = -self->octaves[i];
    self->rows[TRACT_OFFSET][i] = 1.0f;
  }
  for (uint32_t k = 0U; k <= TRACT_VALUES; ++k) {
    for (uint32_t i = 0U; i < n; ++i) {
      self->rows[k][i] *= self->weights[i];
    }
  }
}

static double
dot(const float* const a, const float* const b, const uint32_t n) {
  float sums[8] = {0.0f};
  for (uint32_t i = 0U; i < n; i += 8U) {
    for (uint32_t j = 0U; j < 8U; ++j) {
      sums[j] += a[i + j] * b[i + j];
    }
  }
  return ((double)sums[0] + (double)sums[4]) + ((double)sums[1] + (double)sums[5]) +
         ((double)sums[2] + (double)sums[6]) + ((double)sums[3] + (double)sums[7]);
}

static void
add_belief(TractGuess* const guess, const uint32_t value, const double usual, const double spread) {
  const double off = (guess->x[value] - usual) / spread;
  guess->cost += off * off;
  guess->normal[value][value] += 1.0 / (spread * spread);
  guess->pull[value] -= off / spread;
}

/// Cost, gradient and bend at `x`
static void
weigh(PinnaTract* const self, TractGuess* const guess) {
  const double scale = 1.0 / (spread_level * spread_level);
  const float* off = self->rows[TRACT_VALUES];
  fill_rows(self, guess->x);
  for (uint32_t k = 0U; k < TRACT_VALUES; ++k) {
    for (uint32_t j = 0U; j <= k; ++j) {
      const double sum = scale * dot(self->rows[k], self->rows[j], self->n);
      guess->normal[k][j] = sum;
      guess->normal[j][k] = sum;
    }
    guess->pull[k] = scale * dot(self->rows[k], off, self->n);
  }
  guess->misfit = dot(off, off, self->n);
  guess->cost = scale * guess->misfit;
  for (uint32_t k = 0U; k < N; ++k) {
    add_belief(guess, k, log(usual_freq[k]), spread_freq[k]);
    add_belief(guess, N + k, log(usual_width(exp(guess->x[k]))), spread_width);
    const double ratio = k ? exp(guess->x[k] - guess->x[k - 1U]) : least_gap;
    const double lack = fmax(0.0, least_gap - ratio) / spread_gap;
    guess->cost += lack * lack;
  }
  add_belief(guess, TRACT_SLOPE, usual_slope, spread_slope);
}

/// Solve (normal + damping times its diagonal) step = pull by Cholesky without roots
static void
solve(const TractGuess* const guess, const double damping, double step[TRACT_VALUES]) {
  double a[TRACT_VALUES][TRACT_VALUES];
  memcpy(a, guess->normal, sizeof(a));
  memcpy(step, guess->pull, TRACT_VALUES * sizeof(double));
  for (uint32_t i = 0U; i < TRACT_VALUES; ++i) {
    a[i][i] += damping * guess->normal[i][i] + 1e-9;
  }
  for (uint32_t i = 0U; i < TRACT_VALUES; ++i) {
    for (uint32_t j = i + 1U; j < TRACT_VALUES; ++j) {
      const double f = a[j][i] / a[i][i];
      for (uint32_t k = i; k < TRACT_VALUES; ++k) {
        a[j][k] -= f * a[i][k];
      }
      step[j] -= f * step[i];
    }
  }
  for (uint32_t i = TRACT_VALUES; i-- > 0U;) {
    for (uint32_t k = i + 1U; k < TRACT_VALUES; ++k) {
      step[i] -= a[i][k] * step[k];
    }
    step[i] /= a[i][i];
  }
}

static double
hold(const double value, const double most) {
  return value >= -most ? (value <= most ? value : most) : -most;
}

static void
climb(PinnaTract* const self, TractGuess* const guess, const uint32_t n_steps) {
  double damping = 0.01;
  weigh(self, guess);
  for (uint32_t s = 0U; s < n_steps; ++s) {
    double step[TRACT_VALUES];
    solve(guess, damping, step);
    for (uint32_t k = 0U; k < TRACT_VALUES; ++k) {
      const double most = k < N ? 0.15 : (k < 2U * N ? 0.4 : 50.0);
      self->next.x[k] = guess->x[k] + hold(step[k], most);
    }
    weigh(self, &self->next);
    if (self->next.cost < guess->cost) {
      *guess = self->next;
      damping *= 0.3;
    } else {
      damping *= 8.0;
    }
  }
}

/// The offset at which deviations cancel
static void
centre(PinnaTract* const self, TractGuess* const guess) {
  fill_rows(self, guess->x);
  const float* const ones = self->rows[TRACT_OFFSET];
  guess->x[TRACT_OFFSET] +=
      dot(self->rows[TRACT_VALUES], ones, self->n) / (dot(ones, ones, self->n) + 1e-9);
}

static void
start_from(TractGuess* const guess, const double first, const double second) {
  const double freqs[N] = {first, second, fmax(2500.0, second + 500.0),
                           fmax(3500.0, second + 1300.0), fmax(4500.0, second + 2200.0)};
  for (uint32_t k = 0U; k < N; ++k) {
    guess->x[k] = log(freqs[k]);
    guess->x[N + k] = log(usual_width(freqs[k]));
  }
  guess->x[TRACT_SLOPE] = usual_slope;
  guess->x[TRACT_OFFSET] = 0.0;
}

static void
take(PinnaTract* const self, const float* const freqs, const float* const levels,
     const uint32_t n) {
  float top = -1e30f;
  self->n = 0U;
  while (self->n < n && self->n < PINNA_TRACT_PARTIALS &&
         (double)freqs[self->n] <= PINNA_TRACT_HIGHEST) {
    const uint32_t i = self->n++;
    self->freqs[i] = freqs[i];
    self->levels[i] = levels[i];
    self->octaves[i] = logf(freqs[i] / middle);
    top = fmaxf(top, levels[i] + 0.5f * self->octaves[i]);
  }
  self->total_weight = 0.0;
  for (uint32_t i = 0U; i < PINNA_TRACT_PARTIALS; ++i) {
    const bool  is_there = i < self->n;
    const float depth = is_there ? top - levels[i] - 0.5f * self->octaves[i] : span;
    self->weights[i] = depth < span ? 1.0f - depth / span : 0.0f;
    if (!is_there) {
      self->freqs[i] = middle;
      self->levels[i] = 0.0f;
      self->octaves[i] = 0.0f;
    }
    self->total_weight += (double)(self->weights[i] * self->weights[i]);
  }
  self->n = (self->n + 7U) / 8U * 8U;
}

void
pinna_tract_follow(PinnaTract* const self, const float* const freqs, const float* const levels,
                   const uint32_t n) {
  take(self, freqs, levels, n);
  if (!self->n) {
    return;
  }
  if (!self->n_calls) {
    start_from(&self->best, starts[0][0], starts[0][1]);
  }
  if (self->n_calls++ % N_CHANCES == 0U) {
    const double* const start = starts[self->n_calls / N_CHANCES % N_STARTS];
    start_from(&self->other, start[0], start[1]);
  }
  centre(self, &self->best);
  centre(self, &self->other);
  climb(self, &self->best, N_STEPS);
  climb(self, &self->other, N_OTHER_STEPS);
  if (self->other.cost < self->best.cost - least_lead) {
    const TractGuess was = self->best;
    self->best = self->other;
    self->other = was;
  }
  self->misfit = (float)sqrt(self->best.misfit / self->total_weight);
  for (uint32_t k = 0U; k < N; ++k) {
    self->formants[k] =
        (PinnaFormant){(float)exp(self->best.x[k]), (float)exp(self->best.x[N + k])};
  }
}

void
pinna_tract_reset(PinnaTract* const self) {
  memset(self, 0, sizeof(*self));
  self->misfit = INFINITY;
  start_from(&self->best, starts[0][0], starts[0][1]);
  for (uint32_t k = 0U; k < N; ++k) {
    self->formants[k] =
        (PinnaFormant){(float)exp(self->best.x[k]), (float)exp(self->best.x[N + k])};
  }
}

const PinnaFormant*
pinna_tract_formants(const PinnaTract* const self) {
  return self->formants;
}

float
pinna_tract_slope(const PinnaTract* const self) {
  return (float)self->best.x[TRACT_SLOPE];
}

float
pinna_tract_misfit(const PinnaTract* const self) {
  return self->misfit;
}

void
pinna_tract_levels(const PinnaTract* const self, const float* const freqs, float* const levels,
                   const uint32_t n) {
  const float slope = (float)self->best.x[TRACT_SLOPE];
  for (uint32_t i = 0U; i < n; ++i) {
    float gain = 1.0f;
    for (uint32_t k = 0U; k < N; ++k) {
      const float freq = self->formants[k].freq;
      const float a = 0.25f * self->formants[k].width * self->formants[k].width;
      const float top = freq * freq + a;
      const float below = freqs[i] - freq;
      const float above = freqs[i] + freq;
      gain *= top / (below * below + a) * (top / (above * above + a));
    }
    levels[i] = 0.5f * pinna_fast_log(gain + 1e-37f) -
                slope * pinna_fast_log((freqs[i] > 1.0f ? freqs[i] : 1.0f) / middle);
  }
}
