// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/psola_impl.h"
#include "dsp/tract.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// What a period tells about the vocal tract, and grains without its resonances and with them again

#define N PINNA_TRACT_FORMANTS

/// Above, the fit is not that of a voice, nepers
static const float most_misfit = 0.7f;

/// What is left of a resonance that was taken out is as wide as this, Hz: over within a millisecond
static const double left_width = 2000.0;

/// Of amplitude, as a power of frequency: as near as one pole comes to 1
static const double steepest = 0.95;

/// Resonances nearer than this to half the sample rate stay, as a share of the sample rate
static const double highest = 0.45;

static const double two_pi = 6.28318530717958647692;

/// Levels of partials: Hann's window over two periods is zero at every other one
static uint32_t
find_partials(PinnaPsola* const self, const PsolaEpoch* const epoch, float* const freqs,
              float* const levels) {
  const double   f0 = self->sample_rate / epoch->period;
  const double   most = fmin(PINNA_TRACT_HIGHEST, highest * self->sample_rate) / f0;
  const uint32_t n = (uint32_t)fmin(most, PINNA_TRACT_PARTIALS);
  const int64_t  middle = (int64_t)rint(epoch->at);
  const uint32_t reach = (uint32_t)epoch->period;
  float          turn_re[PINNA_TRACT_PARTIALS];
  float          turn_im[PINNA_TRACT_PARTIALS];
  float          re[PINNA_TRACT_PARTIALS];
  float          im[PINNA_TRACT_PARTIALS];
  float          sum_re[PINNA_TRACT_PARTIALS] = {0.0f};
  float          sum_im[PINNA_TRACT_PARTIALS] = {0.0f};
  for (uint32_t h = 0U; h < n; ++h) {
    const double angle = two_pi * (h + 1.0) / epoch->period;
    turn_re[h] = (float)cos(angle);
    turn_im[h] = (float)sin(angle);
    re[h] = 1.0f;
    im[h] = 0.0f;
  }
  for (uint32_t i = 0U; i <= reach; ++i) { // Both sides at once: the even part and the odd one
    const float window =
        (0.5f + 0.5f * cosf((float)(0.5 * two_pi * i / epoch->period))) * (i ? 1.0f : 0.5f);
    const float after = self->mono[(middle + i) & self->mask];
    const float before = self->mono[(middle - i) & self->mask];
    const float even = window * (after + before);
    const float odd = window * (after - before);
    for (uint32_t h = 0U; h < n; ++h) {
      const float next = re[h] * turn_re[h] - im[h] * turn_im[h];
      sum_re[h] += even * re[h];
      sum_im[h] += odd * im[h];
      im[h] = re[h] * turn_im[h] + im[h] * turn_re[h];
      re[h] = next;
    }
  }
  for (uint32_t h = 0U; h < n; ++h) {
    freqs[h] = (float)(f0 * (h + 1.0));
    levels[h] = 0.5f * logf(sum_re[h] * sum_re[h] + sum_im[h] * sum_im[h] + 1e-24f);
  }
  return n;
}

/// From where on a first-order slope is as steep as a power of frequency, at the lowest partials
static float
corner_of(const double slope, const double f0) {
  const double held = fmin(steepest, slope);
  return (float)(held > 0.05 ? fmin(left_width, 1.5 * f0 * sqrt(1.0 / held - 1.0)) : left_width);
}

void
pinna_psola_listen(PinnaPsola* const self, const PsolaEpoch* const epoch) {
  float          freqs[PINNA_TRACT_PARTIALS];
  float          levels[PINNA_TRACT_PARTIALS];
  const uint32_t n = find_partials(self, epoch, freqs, levels);
  pinna_tract_follow(self->tract, freqs, levels, n);
  const bool   is_voice = pinna_tract_misfit(self->tract) < most_misfit;
  const double slope = (double)pinna_tract_slope(self->tract);
  const double f0 = self->sample_rate / epoch->period;
  memcpy(self->colour.formants, pinna_tract_formants(self->tract), sizeof(self->colour.formants));
  self->colour.corners[0] = is_voice ? corner_of(slope, f0) : 0.0f;
  self->colour.corners[1] = corner_of(slope - steepest, f0);
  pinna_psola_plan_bare(self);
}

/// Coefficients of a pair of poles or zeros
static void
pair(const double freq, const double width, const double rate, double c[2]) {
  const double radius = exp(-0.5 * two_pi * width / rate);
  c[0] = -2.0 * radius * cos(two_pi * freq / rate);
  c[1] = radius * radius;
}

/// Put a colour, moved by `speed`, into pairs of `narrow`, what is left of it into `wide`
static void
make_pairs(const PinnaPsola* const self, const PsolaColour* const colour, const double speed,
           double narrow[PSOLA_PAIRS][2], double wide[PSOLA_PAIRS][2]) {
  const double per_radian = -two_pi * speed / self->sample_rate;
  for (uint32_t k = 0U; k < N; ++k) {
    const double freq = (double)colour->formants[k].freq;
    const bool   is_low = freq * fmax(1.0, speed) < highest * self->sample_rate;
    const double width = is_low ? (double)colour->formants[k].width : left_width;
    pair(freq * speed, width * speed, self->sample_rate, narrow[k]);
    pair(freq * speed, left_width * speed, self->sample_rate, wide[k]);
  }
  const double a = exp(per_radian * (double)colour->corners[0]);
  const double b = exp(per_radian * (double)colour->corners[1]);
  const double c = exp(per_radian * left_width);
  narrow[N][0] = -a - b;
  narrow[N][1] = a * b;
  wide[N][0] = -2.0 * c;
  wide[N][1] = c * c;
}

void
pinna_psola_plan_bare(PinnaPsola* const self) {
  PsolaFilter* const filter = &self->bare_filter;
  if (self->colour.corners[0] > 0.0f) {
    make_pairs(self, &self->colour, 1.0, filter->zeros, filter->poles);
  } else {
    memset(filter, 0, sizeof(*filter));
  }
}

void
pinna_psola_filter(PsolaFilter* const f, float* const x, const uint32_t n) {
  for (uint32_t i = 0U; i < n; ++i) {
    double v = (double)x[i];
    for (uint32_t k = 0U; k < PSOLA_PAIRS; ++k) {
      const double y = v + f->state[k][0];
      f->state[k][0] = f->zeros[k][0] * v - f->poles[k][0] * y + f->state[k][1];
      f->state[k][1] = f->zeros[k][1] * v - f->poles[k][1] * y;
      v = y;
    }
    x[i] = (float)v;
  }
}

void
pinna_psola_strip(const PinnaPsola* const self, const PsolaColour* const colour, float* const x,
                  const uint32_t n) {
  PsolaFilter filter = {0};
  make_pairs(self, colour, 1.0, filter.zeros, filter.poles);
  pinna_psola_filter(&filter, x, n);
}

/// Product without C's care for infinities
static inline double complex
times(const double complex a, const double complex b) {
  const double re = creal(a) * creal(b) - cimag(a) * cimag(b);
  const double im = creal(a) * cimag(b) + cimag(a) * creal(b);
  return re + I * im;
}

/// Spectrum of a grain `turns` fundamentals up, seen from its centre
static double complex
look(const float* const x, const uint32_t n, const double centre, const double half,
     const double turns) {
  const double         angle = two_pi * turns / half;
  const double complex turn = cos(angle) - I * sin(angle);
  double complex       at = cos(angle * centre) + I * sin(angle * centre);
  double complex       sum = 0.0;
  for (uint32_t i = 0U; i < n; ++i) {
    sum += (double)x[i] * at;
    at = times(at, turn);
  }
  return sum;
}

/// Add `change` to the spectrum there, nothing at 0 Hz
static void
add_tone(float* const x, const uint32_t n, const double centre, const double half,
         const double turns, const double complex change) {
  const double         angle = two_pi * turns / half;
  const double complex turn = cos(angle) + I * sin(angle);
  const double complex half_turn = cos(0.5 * two_pi / half) + I * sin(0.5 * two_pi / half);
  const double complex scaled = 2.0 / half * change;
  double               mean = 0.0;
  for (uint32_t pass = 0U; pass < 2U; ++pass) {
    double complex at = scaled * (cos(angle * centre) - I * sin(angle * centre));
    double complex lobe = cos(0.5 * two_pi * centre / half) - I * sin(0.5 * two_pi * centre / half);
    double         sum = 0.0;
    for (uint32_t i = 0U; i < n; ++i) {
      const double tone = (0.5 + 0.5 * creal(lobe)) * (creal(at) - mean);
      sum += tone;
      x[i] += pass ? (float)tone : 0.0f;
      at = times(at, turn);
      lobe = times(lobe, half_turn);
    }
    mean = sum / half;
  }
}

// The window takes partials from their neighbours on both sides; 0 Hz, where there is nothing, is
// the one of those below the fundamental. A bare grain is a pulse: they are as strong as the first.
void
pinna_psola_deepen(float* const x, const uint32_t n, const double centre, const double half,
                   const double ratio) {
  const double complex first = look(x, n, centre, half, 1.0);
  const double         sign = creal(first) < 0.0 ? -1.0 : 1.0;
  const double         phase = carg(sign * first);
  for (double turns = ratio; turns < 0.999; turns += ratio) {
    const double complex want = sign * cabs(first) * cexp(I * phase * turns);
    add_tone(x, n, centre, half, turns, want - look(x, n, centre, half, turns));
  }
}

uint32_t
pinna_psola_colour(const PinnaPsola* const self, const PsolaColour* const colour,
                   const double speed, float* const x, const uint32_t n, const uint32_t most) {
  const uint32_t part = 64U;
  PsolaFilter    filter = {0};
  float          top = 0.0f;
  uint32_t       end = n;
  make_pairs(self, colour, speed, filter.poles, filter.zeros);
  pinna_psola_filter(&filter, x, n);
  for (uint32_t i = 0U; i < n; ++i) {
    top = fmaxf(top, fabsf(x[i]));
  }
  for (float rest = top; rest > 3e-4f * top && end + part <= most; end += part) {
    rest = 0.0f;
    memset(x + end, 0, part * sizeof(float));
    pinna_psola_filter(&filter, x + end, part);
    for (uint32_t i = 0U; i < part; ++i) {
      rest = fmaxf(rest, fabsf(x[end + i]));
    }
  }
  return end;
}
