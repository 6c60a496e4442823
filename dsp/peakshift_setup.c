// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/peakshift.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/envelope.h"
#include "dsp/peakshift_impl.h"
#include "dsp/stft.h"
#include "dsp/tract.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

// Sizes, windows, interpolators and memory

#define ATTACK_SECONDS 0.0213 ///< Attacks are shorter than about a quarter of this
#define OVERLAP 6U            ///< Frames that each output sample is made of

static const double pi = 3.14159265358979323846;

typedef struct {
  uint32_t hop;
  uint32_t n_synthesis;
  uint32_t n_fft;
} Sizes;

static bool
is_smooth(uint32_t n) {
  for (uint32_t p = 2U; p <= 7U; ++p) {
    while (n % p == 0U) {
      n /= p;
    }
  }
  return n == 1U;
}

// The hop is the longest that keeps the latency, the transform the next length FFTW likes
static Sizes
find_sizes(const PinnaPeakshiftConfig* const config) {
  Sizes sizes;
  sizes.hop = (uint32_t)(config->latency * config->sample_rate / OVERLAP + 1e-6);
  sizes.n_synthesis = sizes.hop * OVERLAP;
  sizes.n_fft = (uint32_t)ceil(sizes.n_synthesis * config->memory / 4.0) * 4U;
  while (!is_smooth(sizes.n_fft)) {
    sizes.n_fft += 4U;
  }
  return sizes;
}

uint32_t
pinna_peakshift_latency_of(const PinnaPeakshiftConfig* const config) {
  return find_sizes(config).n_synthesis;
}

static double
hann_rise(const double x) {
  return 0.5 - 0.5 * cos(pi * x);
}

/// A slow rise, a fall within half the synthesis window
static double
analysis_at(const Sizes sizes, const uint32_t i) {
  const double fall = sizes.n_synthesis / 2U;
  const double rise = sizes.n_fft - fall;
  return i < rise ? hann_rise(i / rise) : hann_rise((sizes.n_fft - i) / fall);
}

static void
make_windows(const Sizes sizes, float* const analysis, float* const synthesis) {
  for (uint32_t i = 0U; i < sizes.n_fft; ++i) {
    analysis[i] = (float)analysis_at(sizes, i);
  }
  for (uint32_t i = 0U; i < sizes.n_synthesis; ++i) {
    synthesis[i] = (float)hann_rise(2.0 * i / sizes.n_synthesis);
  }
}

// Worst energy of a tone's sidelobe at a distance, 6 dB to spare
static void
make_leak(PinnaPeakshift* const self, const Sizes sizes) {
  const uint32_t stride = 1U + sizes.n_fft / 1024U;
  double         top = 0.0;
  float          worst = 0.0f;
  for (uint32_t i = 0U; i < sizes.n_fft; i += stride) {
    top += analysis_at(sizes, i);
  }
  for (uint32_t q = 4U * (PEAKSHIFT_REACH + 1U); q-- > 0U;) {
    const double x = 0.25 * q - 0.5;
    double       re = 0.0;
    double       im = 0.0;
    for (uint32_t i = 0U; i < sizes.n_fft; i += stride) {
      re += analysis_at(sizes, i) * cos(2.0 * pi * x * i / sizes.n_fft);
      im += analysis_at(sizes, i) * sin(2.0 * pi * x * i / sizes.n_fft);
    }
    worst = fmaxf(worst, (float)(4.0 * (re * re + im * im) / (top * top)));
    if (q % 4U == 0U) {
      self->leak[q / 4U] = worst;
    }
  }
}

/// Sum over the heard part of the frame of its weight times cos(2 pi x t / n)
static double
correlation(const Sizes sizes, const double x) {
  const int    half = (int)(sizes.n_synthesis / 2U);
  const int    stride = 1 + half / 128;
  const double fall = half;
  double       sum = 0.0;
  for (int t = 0; t < half; t += stride) {
    const double w = hann_rise(1.0 - t / fall);
    sum += (t ? 2.0 : 1.0) * (w * w + 1e-5) * cos(2.0 * pi * x * t / sizes.n_fft);
  }
  return sum;
}

// Solve a x = b in place for a symmetric positive definite matrix (Cholesky without roots)
static void
solve(double a[PEAKSHIFT_TAPS][PEAKSHIFT_TAPS], double b[PEAKSHIFT_TAPS]) {
  for (uint32_t i = 0U; i < PEAKSHIFT_TAPS; ++i) {
    for (uint32_t j = i + 1U; j < PEAKSHIFT_TAPS; ++j) {
      const double f = a[j][i] / a[i][i];
      for (uint32_t k = i; k < PEAKSHIFT_TAPS; ++k) {
        a[j][k] -= f * a[i][k];
      }
      b[j] -= f * b[i];
    }
  }
  for (uint32_t i = PEAKSHIFT_TAPS; i-- > 0U;) {
    for (uint32_t k = i + 1U; k < PEAKSHIFT_TAPS; ++k) {
      b[i] -= a[i][k] * b[k];
    }
    b[i] /= a[i][i];
  }
}

// Taps for a shift by mu in [0, 1): in time they are exp(2 pi j mu t / n), best where it is heard.
// The tap of index m moves a bin up by m - (PEAKSHIFT_TAPS / 2 - 1).
static void
make_taps(float* const taps, const Sizes sizes) {
  const int origin = (int)PEAKSHIFT_TAPS / 2 - 1;
  double    lag[PEAKSHIFT_TAPS];
  for (uint32_t m = 0U; m < PEAKSHIFT_TAPS; ++m) {
    lag[m] = correlation(sizes, m);
  }
  for (uint32_t f = 0U; f <= PEAKSHIFT_FRACTIONS; ++f) {
    double       a[PEAKSHIFT_TAPS][PEAKSHIFT_TAPS];
    double       b[PEAKSHIFT_TAPS];
    const double mu = (double)f / PEAKSHIFT_FRACTIONS;
    for (uint32_t i = 0U; i < PEAKSHIFT_TAPS; ++i) {
      b[i] = correlation(sizes, (int)i - origin - mu);
      for (uint32_t j = 0U; j < PEAKSHIFT_TAPS; ++j) {
        a[i][j] = lag[i > j ? i - j : j - i];
      }
    }
    solve(a, b);
    for (uint32_t i = 0U; i < PEAKSHIFT_TAPS; ++i) {
      const bool is_whole = f % PEAKSHIFT_FRACTIONS == 0U;
      const bool is_one = (int)i == origin + (f ? 1 : 0);
      taps[f * PEAKSHIFT_TAPS + i] = is_whole ? (is_one ? 1.0f : 0.0f) : (float)b[i];
    }
  }
}

static void
fill(PinnaPeakshift* const self, const Sizes sizes) {
  const uint32_t origin = sizes.n_fft - sizes.n_synthesis / 2U;
  for (uint32_t k = 0U; k < self->n_bins; ++k) {
    const uint64_t turns = (uint64_t)k * origin % sizes.n_fft;
    const double   angle = 2.0 * pi * (double)turns / sizes.n_fft;
    self->turn[k] = peakshift_complex((float)cos(angle), (float)sin(angle));
  }
  self->lag = (uint32_t)fmax(2.0, rint(sizes.n_fft / (ATTACK_SECONDS * self->sample_rate)));
  make_leak(self, sizes);
  make_taps(self->taps, sizes);
}

static void
take_all(PinnaPeakshift* const self, PinnaArena* const arena) {
  self->turn = PINNA_TAKE(arena, self->n_bins, float complex);
  self->taps = PINNA_TAKE(arena, (PEAKSHIFT_FRACTIONS + 1U) * PEAKSHIFT_TAPS, float);
  self->energy = PINNA_TAKE(arena, self->n_bins, float);
  self->previous = PINNA_TAKE(arena, self->n_bins, float);
  self->theta = PINNA_TAKE(arena, self->n_bins, float);
  self->theta_next = PINNA_TAKE(arena, self->n_bins, float);
  self->peaks = PINNA_TAKE(arena, self->n_bins, PeakshiftPeak);
  self->patch = PINNA_TAKE(arena, self->n_bins + 4U * PEAKSHIFT_TAPS, float complex);
  self->source = PINNA_TAKE(arena, self->n_channels, float complex*);
  self->before = PINNA_TAKE(arena, self->n_channels, float complex*);
  for (uint32_t c = 0U; c < self->n_channels; ++c) {
    float complex* const source = PINNA_TAKE(arena, self->n_bins, float complex);
    float complex* const before = PINNA_TAKE(arena, self->n_bins, float complex);
    if (!pinna_arena_state(arena)) {
      self->source[c] = source;
      self->before[c] = before;
    }
  }
}

static bool
is_valid(const PinnaPeakshiftConfig* const c) {
  return c->sample_rate >= 8000.0 && c->sample_rate <= 192000.0 && c->n_channels &&
         c->n_channels <= PEAKSHIFT_MAX_CHANNELS && c->latency >= 0.008 && c->latency <= 0.25 &&
         c->memory >= 1.0 && c->memory <= 4.0;
}

PinnaStatus
pinna_peakshift_init(PinnaPeakshift** const shift, PinnaArena* const arena,
                     const PinnaPeakshiftConfig* const config) {
  *shift = NULL;
  if (!is_valid(config)) {
    return PINNA_STATUS_BAD_ARG;
  }

  const Sizes           sizes = find_sizes(config);
  PinnaPeakshift        parts = {.sample_rate = config->sample_rate,
                                 .n_channels = config->n_channels,
                                 .hop = sizes.hop,
                                 .n_fft = sizes.n_fft,
                                 .n_bins = sizes.n_fft / 2U + 1U};
  PinnaPeakshift* const self = PINNA_TAKE(arena, 1U, PinnaPeakshift);
  float* const          analysis = PINNA_TAKE(arena, sizes.n_fft, float);
  float* const          synthesis = PINNA_TAKE(arena, sizes.n_synthesis, float);
  take_all(&parts, arena);
  const PinnaStatus state = pinna_arena_state(arena);
  if (!state) {
    make_windows(sizes, analysis, synthesis);
  }

  const PinnaStftConfig stft = {
      .n_in = config->n_channels,
      .n_out = config->n_channels,
      .n_fft = sizes.n_fft,
      .hop_length = sizes.hop,
      .synthesis_length = sizes.n_synthesis,
      .analysis = state ? NULL : analysis,
      .synthesis = state ? NULL : synthesis,
  };
  const PinnaEnvelopeConfig envelope = {config->sample_rate, parts.n_bins};
  PinnaStatus               status = pinna_stft_init(&parts.stft, arena, &stft);
  status = status ? status : pinna_envelope_init(&parts.envelope, arena, &envelope);
  status = status ? status : pinna_tract_init(&parts.tract, arena);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }
  fill(&parts, sizes);
  *self = parts;
  self->target = (PinnaPeakshiftTarget){1.0, 1.0, false, 0.5, 0.004};
  pinna_peakshift_set(self, &self->target);
  pinna_peakshift_reset(self);
  *shift = self;
  return PINNA_STATUS_OK;
}
