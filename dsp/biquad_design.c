// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/biquad_design.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

// The cookbook and its relatives, normalised to a0 = 1

#define PI 3.14159265358979323846

typedef struct {
  double sine, cosine, alpha, a;
} Prewarp;

static Prewarp
prewarp(const PinnaBiquadSpec* const spec) {
  const double w0 = 2.0 * PI * spec->freq_hz / spec->sample_rate;
  const double s = sin(w0);
  return (Prewarp){s, cos(w0), s / 2.0 / spec->q, pow(10.0, spec->gain_db / 40.0)};
}

static PinnaBiquad
normalise(const double b0, const double b1, const double b2, const double a0, const double a1,
          const double a2) {
  return (PinnaBiquad){b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0};
}

PinnaBiquad
pinna_biquad_lowpass(const PinnaBiquadSpec* const spec) {
  const Prewarp w = prewarp(spec);
  const double  half = sin(PI * spec->freq_hz / spec->sample_rate);
  const double  b = half * half; // (1 - cos) / 2 without its cancellation
  return normalise(b, 2.0 * b, b, 1.0 + w.alpha, -2.0 * w.cosine, 1.0 - w.alpha);
}

PinnaBiquad
pinna_biquad_highpass(const PinnaBiquadSpec* const spec) {
  const Prewarp w = prewarp(spec);
  const double  b = (1.0 + w.cosine) / 2.0;
  return normalise(b, -2.0 * b, b, 1.0 + w.alpha, -2.0 * w.cosine, 1.0 - w.alpha);
}

PinnaBiquad
pinna_biquad_bandpass(const PinnaBiquadSpec* const spec) {
  const Prewarp w = prewarp(spec);
  return normalise(w.alpha, 0.0, -w.alpha, 1.0 + w.alpha, -2.0 * w.cosine, 1.0 - w.alpha);
}

PinnaBiquad
pinna_biquad_bandpass_skirt(const PinnaBiquadSpec* const spec) {
  const Prewarp w = prewarp(spec);
  const double  b = w.sine / 2.0;
  return normalise(b, 0.0, -b, 1.0 + w.alpha, -2.0 * w.cosine, 1.0 - w.alpha);
}

PinnaBiquad
pinna_biquad_bandreject(const PinnaBiquadSpec* const spec) {
  const Prewarp w = prewarp(spec);
  return normalise(1.0, -2.0 * w.cosine, 1.0, 1.0 + w.alpha, -2.0 * w.cosine, 1.0 - w.alpha);
}

PinnaBiquad
pinna_biquad_allpass(const PinnaBiquadSpec* const spec) {
  const Prewarp w = prewarp(spec);
  return normalise(1.0 - w.alpha, -2.0 * w.cosine, 1.0 + w.alpha, 1.0 + w.alpha, -2.0 * w.cosine,
                   1.0 - w.alpha);
}

PinnaBiquad
pinna_biquad_equalizer(const PinnaBiquadSpec* const spec) {
  const Prewarp w = prewarp(spec);
  return normalise(1.0 + w.alpha * w.a, -2.0 * w.cosine, 1.0 - w.alpha * w.a, 1.0 + w.alpha / w.a,
                   -2.0 * w.cosine, 1.0 - w.alpha / w.a);
}

static PinnaBiquad
shelf(const double a, const double root_alpha, const double c) {
  const double m = (a - 1.0) * c;
  const double p = (a + 1.0) * c;
  return normalise(a * (a + 1.0 - m + root_alpha), 2.0 * a * (a - 1.0 - p),
                   a * (a + 1.0 - m - root_alpha), a + 1.0 + m + root_alpha, -2.0 * (a - 1.0 + p),
                   a + 1.0 + m - root_alpha);
}

PinnaBiquad
pinna_biquad_bass(const PinnaBiquadSpec* const spec) {
  const Prewarp w = prewarp(spec);
  return shelf(w.a, 2.0 * sqrt(w.a) * w.alpha, w.cosine);
}

/// z -> -z turns a low shelf into a high one
static PinnaBiquad
mirrored(const PinnaBiquad f) {
  return (PinnaBiquad){f.b0, -f.b1, f.b2, -f.a1, f.a2};
}

PinnaBiquad
pinna_biquad_treble(const PinnaBiquadSpec* const spec) {
  const Prewarp w = prewarp(spec);
  return mirrored(shelf(w.a, 2.0 * sqrt(w.a) * w.alpha, -w.cosine));
}

PinnaBiquad
pinna_biquad_band(const PinnaBiquadSpec* const spec) {
  const Prewarp w = prewarp(spec);
  const double  a2 = exp(-2.0 * PI * spec->freq_hz / spec->q / spec->sample_rate);
  const double  a1 = -4.0 * a2 / (1.0 + a2) * w.cosine;
  return (PinnaBiquad){sqrt(1.0 - a1 * a1 / (4.0 * a2)) * (1.0 - a2), 0.0, 0.0, a1, a2};
}

PinnaBiquad
pinna_biquad_band_noise(const PinnaBiquadSpec* const spec) {
  PinnaBiquad  f = pinna_biquad_band(spec);
  const double sum = 1.0 + f.a2;
  f.b0 = sqrt((sum * sum - f.a1 * f.a1) * (1.0 - f.a2) / sum);
  return f;
}

/// |1 - root / z|^2 at angle w
static double
root_power(const double root, const double w) {
  return 1.0 + root * root - 2.0 * root * cos(w);
}

/// Smaller real root of the zero whose power at `high` over that at `low` is `ratio`
static double
fitting_zero(const double ratio, const double low, const double high) {
  const double a = 1.0 - ratio;
  const double half_b = cos(high) - ratio * cos(low);
  const double root = sqrt(fmax(half_b * half_b - a * a, 0.0));
  const double q = half_b + (half_b < 0.0 ? -root : root);
  return q != 0.0 ? a / q : 0.0;
}

static double
riaa_power(const double w) {
  const double w1 = w * 3180e-6;
  const double w2 = w * 318e-6;
  const double w3 = w * 75e-6;
  return (1.0 + w2 * w2) / (1.0 + w1 * w1) / (1.0 + w3 * w3);
}

static PinnaBiquad
riaa_from_roots(const double rate, const double z0, const double z1, const double p0,
                const double p1) {
  const double w = 2.0 * PI * 1000.0 / rate;
  const double g =
      sqrt(root_power(p0, w) * root_power(p1, w) / (root_power(z0, w) * root_power(z1, w)));
  return (PinnaBiquad){g, -g * (z0 + z1), g * z0 * z1, -(p0 + p1), p0 * p1};
}

PinnaBiquad
pinna_biquad_riaa(const PinnaBiquadSpec* const spec) {
  static const double roots[4][5] = {
      {44100.0, -0.2014898, 0.9233820, 0.7083149, 0.9924091},
      {48000.0, -0.1766069, 0.9321590, 0.7396325, 0.9931330},
      {88200.0, -0.1168735, 0.9648312, 0.8590646, 0.9964002},
      {96000.0, -0.1141486, 0.9676817, 0.8699137, 0.9966946},
  };
  const double rate = spec->sample_rate;
  for (uint32_t i = 0U; i < 4U; ++i) {
    const double* const r = roots[i];
    if (rate == r[0]) {
      return riaa_from_roots(rate, r[1], r[2], r[3], r[4]);
    }
  }

  const double p0 = exp(-1.0 / (75e-6 * rate));
  const double p1 = exp(-1.0 / (3180e-6 * rate));
  const double z1 = exp(-1.0 / (318e-6 * rate));
  const double top = fmin(20000.0, 0.4 * rate);
  const double low = 2.0 * PI * fmin(1000.0, 0.1 * rate);
  const double high = 2.0 * PI * top;
  const double wl = low / rate;
  const double wh = high / rate;
  const double ratio = riaa_power(high) / riaa_power(low) * root_power(p0, wh) *
                       root_power(p1, wh) * root_power(z1, wl) /
                       (root_power(p0, wl) * root_power(p1, wl) * root_power(z1, wh));
  return riaa_from_roots(rate, fitting_zero(ratio, wl, wh), z1, p0, p1);
}

PinnaBiquad
pinna_biquad_deemph(const PinnaBiquadSpec* const spec) {
  const double rate = spec->sample_rate;
  if (rate == 44100.0 || rate == 48000.0) {
    const bool            cd = rate == 44100.0;
    const double          slope = cd ? 0.4845 : 0.479;
    const double          a = pow(10.0, (cd ? -9.477 : -9.62) / 40.0);
    const double          q = 1.0 / sqrt((a + 1.0 / a) * (1.0 / slope - 1.0) + 2.0);
    const PinnaBiquadSpec s = {rate, cd ? 5283.0 : 5356.0, cd ? -9.477 : -9.62, q};
    return pinna_biquad_treble(&s);
  }

  const double pole = exp(-1.0 / (50e-6 * rate));
  const double high = 2.0 * PI * fmin(20000.0, 0.4 * rate);
  const double wh = high / rate;
  const double power = (1.0 + high * high * 15e-6 * 15e-6) / (1.0 + high * high * 50e-6 * 50e-6);
  const double ratio = power * root_power(pole, wh) / root_power(pole, 0.0);
  const double zero = fitting_zero(ratio, 0.0, wh);
  const double g = (1.0 - pole) / (1.0 - zero);
  return (PinnaBiquad){g, -g * zero, 0.0, -pole, 0.0};
}

PinnaBiquadDesignFunc
pinna_biquad_design_by_name(const char* const name, const bool variant) {
  static const struct {
    const char*           name;
    PinnaBiquadDesignFunc plain;
    PinnaBiquadDesignFunc variant;
  } table[] = {
      {"allpass", pinna_biquad_allpass, NULL},
      {"band", pinna_biquad_band, pinna_biquad_band_noise},
      {"bandpass", pinna_biquad_bandpass, pinna_biquad_bandpass_skirt},
      {"bandreject", pinna_biquad_bandreject, NULL},
      {"bass", pinna_biquad_bass, NULL},
      {"deemph", pinna_biquad_deemph, NULL},
      {"equalizer", pinna_biquad_equalizer, NULL},
      {"highpass", pinna_biquad_highpass, NULL},
      {"lowpass", pinna_biquad_lowpass, NULL},
      {"riaa", pinna_biquad_riaa, NULL},
      {"treble", pinna_biquad_treble, NULL},
  };
  for (size_t i = 0U; i < sizeof(table) / sizeof(table[0]); ++i) {
    if (!strcmp(table[i].name, name)) {
      return variant ? table[i].variant : table[i].plain;
    }
  }
  return NULL;
}

void
pinna_biquad_response(const PinnaBiquad* const f, const double sample_rate, const double freq_hz,
                      double response[2]) {
  // Centred on 1 / z and written in sin^2(w / 2), so that low frequencies lose no digits
  const double half = sin(PI * freq_hz / sample_rate);
  const double x = 2.0 * half * half;
  const double s = sin(2.0 * PI * freq_hz / sample_rate);
  const double nr = f->b0 + f->b1 + f->b2 - (f->b0 + f->b2) * x;
  const double ni = (f->b0 - f->b2) * s;
  const double dr = 1.0 + f->a1 + f->a2 - (1.0 + f->a2) * x;
  const double di = (1.0 - f->a2) * s;
  const double d = dr * dr + di * di;
  response[0] = (nr * dr + ni * di) / d;
  response[1] = (ni * dr - nr * di) / d;
}
