// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/eq.lv2/ports.h"
#include "tests/plugins/lv2_fixture.h"
#include "tests/tap.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// The built equaliser: flat is bit-exact, every type is its closed form, nothing clicks

static double rate = 48000.0;

typedef struct {
  double b[3];
  double a[3];
} Biquad;

/// From the Audio EQ Cookbook and TorchAudio 0.13.1's filtering.py, written for this test alone
static Biquad
closed_form(const int type, const double freq, const double gain, const double q) {
  const double w = 2.0 * M_PI * freq / rate;
  const double c = cos(w);
  const double s = sin(w) / (2.0 * q);
  const double A = pow(10.0, gain / 40.0);
  const double t = 2.0 * sqrt(A) * s;
  switch (type) {
  case PINNA_EQ_BELL:
  case PINNA_EQ_EQUALIZER:
    return (Biquad){{1 + s * A, -2 * c, 1 - s * A}, {1 + s / A, -2 * c, 1 - s / A}};
  case PINNA_EQ_LOW_SHELF:
  case PINNA_EQ_BASS:
    return (Biquad){{A * (A + 1 - (A - 1) * c + t), 2 * A * (A - 1 - (A + 1) * c),
                     A * (A + 1 - (A - 1) * c - t)},
                    {A + 1 + (A - 1) * c + t, -2 * (A - 1 + (A + 1) * c), A + 1 + (A - 1) * c - t}};
  case PINNA_EQ_HIGH_SHELF:
  case PINNA_EQ_TREBLE:
    return (Biquad){{A * (A + 1 + (A - 1) * c + t), -2 * A * (A - 1 + (A + 1) * c),
                     A * (A + 1 + (A - 1) * c - t)},
                    {A + 1 - (A - 1) * c + t, 2 * (A - 1 - (A + 1) * c), A + 1 - (A - 1) * c - t}};
  case PINNA_EQ_LOW_PASS:
    return (Biquad){{(1 - c) / 2, 1 - c, (1 - c) / 2}, {1 + s, -2 * c, 1 - s}};
  case PINNA_EQ_HIGH_PASS:
    return (Biquad){{(1 + c) / 2, -1 - c, (1 + c) / 2}, {1 + s, -2 * c, 1 - s}};
  case PINNA_EQ_BAND_PASS:
  case PINNA_EQ_BANDPASS:
    return (Biquad){{s, 0, -s}, {1 + s, -2 * c, 1 - s}};
  case PINNA_EQ_BANDPASS_SKIRT:
    return (Biquad){{s * q, 0, -s * q}, {1 + s, -2 * c, 1 - s}};
  case PINNA_EQ_NOTCH:
  case PINNA_EQ_BANDREJECT:
    return (Biquad){{1, -2 * c, 1}, {1 + s, -2 * c, 1 - s}};
  case PINNA_EQ_ALL_PASS:
    return (Biquad){{1 - s, -2 * c, 1 + s}, {1 + s, -2 * c, 1 - s}};
  case PINNA_EQ_BAND:
  case PINNA_EQ_BAND_NOISE: {
    const double a2 = exp(-2.0 * M_PI * freq / q / rate);
    const double a1 = -4.0 * a2 / (1.0 + a2) * c;
    const double b0 = type == PINNA_EQ_BAND
                          ? sqrt(1.0 - a1 * a1 / (4.0 * a2)) * (1.0 - a2)
                          : sqrt(((1 + a2) * (1 + a2) - a1 * a1) * (1 - a2) / (1 + a2));
    return (Biquad){{b0, 0, 0}, {1, a1, a2}};
  }
  case PINNA_EQ_RIAA:
    return (Biquad){{1, -(-0.1766069 + 0.9321590), -0.1766069 * 0.9321590},
                    {1, -(0.7396325 + 0.9931330), 0.7396325 * 0.9931330}};
  default: { // PINNA_EQ_DEEMPH: a shelf of given slope
    const double wd = 2.0 * M_PI * 5356.0 / rate;
    const double Ad = pow(10.0, -9.62 / 40.0);
    const double sd = sin(wd) / 2.0 * sqrt((Ad + 1.0 / Ad) * (1.0 / 0.479 - 1.0) + 2.0);
    const double td = 2.0 * sqrt(Ad) * sd;
    const double cd = cos(wd);
    return (Biquad){
        {Ad * (Ad + 1 + (Ad - 1) * cd + td), -2 * Ad * (Ad - 1 + (Ad + 1) * cd),
         Ad * (Ad + 1 + (Ad - 1) * cd - td)},
        {Ad + 1 - (Ad - 1) * cd + td, 2 * (Ad - 1 - (Ad + 1) * cd), Ad + 1 - (Ad - 1) * cd - td}};
  }
  }
}

static double complex
response(const Biquad* const f, const double hz) {
  const double complex z = cexp(-2.0 * M_PI * I * hz / rate);
  return (f->b[0] + z * (f->b[1] + z * f->b[2])) / (f->a[0] + z * (f->a[1] + z * f->a[2]));
}

/// Only band `band` on
static void
solo(FixturePlugin* const p, const int band) {
  fixture_defaults(p);
  for (int b = 1; b <= EQ_N_BANDS; ++b) {
    fixture_set_band(p, "enabled", b, b == band);
  }
}

/// max |measured - expected| over 200 frequencies, re the largest expected
static double
compare_response(const float* const h, const uint32_t n, const Biquad* const want,
                 const double normal) {
  double worst = 0.0;
  double peak = 0.0;
  for (int i = 0; i < 200; ++i) {
    const double         hz = 10.0 * pow(0.49 * rate / 10.0, i / 199.0);
    const double complex step = cexp(-2.0 * M_PI * I * hz / rate);
    const double complex H = response(want, hz) * normal;
    double complex       sum = 0.0;
    double complex       z = 1.0;
    for (uint32_t k = 0U; k < n; ++k, z *= step) {
      sum += (double)h[k] * z;
    }
    worst = fmax(worst, cabs(sum - H));
    peak = fmax(peak, cabs(H));
  }
  return worst / peak;
}

static void
check_types(Fixture* const fixture, const char* const uri, const double fs) {
  enum { N = 1 << 15 };
  rate = fs;
  FixturePlugin* const p = fixture_load(fixture, uri, rate);
  float** const        in = fixture_buffers(2U, N);
  float** const        out = fixture_buffers(2U, N);
  unsigned             seed = 17U + (unsigned)fs;
  in[0][0] = 1.0f;
  in[1][0] = 1.0f;
  for (int type = 0; type < PINNA_EQ_N_TYPES; ++type) {
    const bool fixed = type == PINNA_EQ_RIAA || type == PINNA_EQ_DEEMPH;
    if (fixed && rate != 48000.0) {
      continue; // Their closed forms are tables by rate
    }
    const int   band = 1 + type % EQ_N_BANDS;
    const float freq =
        300.0f * powf((float)(fmin(0.4 * rate, 20000.0) / 300.0), 0.5f + 0.5f * tap_noise(&seed));
    const float gain = 15.0f * tap_noise(&seed);
    const float q = 0.5f * powf(10.0f, 0.5f + 0.5f * tap_noise(&seed));
    solo(p, band);
    fixture_set_band(p, "type", band, type);
    fixture_set_band(p, "freq", band, (double)freq);
    fixture_set_band(p, "gain", band, (double)gain);
    fixture_set_band(p, "q", band, (double)q);
    fixture_restart(p);
    fixture_render(p, in, out, N, 1000U);
    const Biquad want = closed_form(type, (double)freq, (double)gain, (double)q);
    const double normal = type == PINNA_EQ_RIAA ? 1.0 / cabs(response(&want, 1000.0)) : 1.0;
    tap_at_most(compare_response(out[p->n_out - 1U], N, &want, normal), 1e-6,
                "%s at %.0f Hz: type %s equals its closed form", uri, rate, eq_types[type].label);
  }
  free(in);
  free(out);
  fixture_free(p);
}

static void
check_flat(Fixture* const fixture, const char* const uri, const double fs) {
  enum { N = 20000 };
  FixturePlugin* const p = fixture_load(fixture, uri, fs);
  float** const        in = fixture_buffers(2U, N);
  float** const        out = fixture_buffers(2U, N);
  unsigned             seed = (unsigned)fs;
  for (uint32_t i = 0U; i < N; ++i) {
    in[0][i] = tap_noise(&seed);
    in[1][i] = tap_noise(&seed) * 1e-6f;
  }
  fixture_render(p, in, out, N, 127U);
  for (uint32_t c = 0U; c < p->n_out; ++c) {
    tap_all_equal(out[c], in[c], N, "%s at %.0f Hz: flat is bit-exact", uri, fs);
  }

  // After wild values, back at the defaults: bit-exact again
  for (int k = 0; k < 10; ++k) {
    fixture_randomise(p, &seed);
    fixture_render(p, in, out, 1024U, 256U);
  }
  fixture_defaults(p);
  fixture_render(p, in, out, N, 1000U);
  fixture_render(p, in, out, N, 1000U);
  fixture_render(p, in, out, N, 1000U);
  for (uint32_t c = 0U; c < p->n_out; ++c) {
    tap_all_equal(out[c], in[c], N, "%s at %.0f Hz: flat again is bit-exact", uri, fs);
  }
  free(in);
  free(out);
  fixture_free(p);
}

enum { TAPS = 1023, BLOCK = 256, CLICK_FRAMES = 48000 * 2 / BLOCK * BLOCK };

/// Zeroth-order modified Bessel function
static double
bessel_i0(const double x) {
  double sum = 1.0;
  double term = 1.0;
  for (int k = 1; k < 60; ++k) {
    term *= x / (2.0 * k) * (x / (2.0 * k));
    sum += term;
  }
  return sum;
}

/// Peak of the signal above 3 kHz, in dB re the sine's peak
static double
click_level(const float* const x, const double sine_peak) {
  static double h[TAPS];
  const double  wc = 2.0 * M_PI * 3000.0 / rate;
  for (int k = 0; k < TAPS; ++k) {
    const double t = k - 0.5 * (TAPS - 1);
    const double r = t / (0.5 * (TAPS - 1));
    const double w = bessel_i0(10.06 * sqrt(fmax(0.0, 1.0 - r * r))) / bessel_i0(10.06);
    h[k] = w * ((t == 0.0 ? 1.0 : 0.0) - (t == 0.0 ? wc / M_PI : sin(wc * t) / (M_PI * t)));
  }
  double peak = 0.0;
  for (int i = 6000; i + TAPS < CLICK_FRAMES; ++i) {
    double sum = 0.0;
    for (int k = 0; k < TAPS; ++k) {
      sum += h[k] * (double)x[i + k];
    }
    peak = fmax(peak, fabs(sum));
  }
  return 20.0 * log10(peak / sine_peak + 1e-12);
}

typedef struct {
  const char* name;
  const char* symbol; ///< What moves, of band 3 unless `global`
  bool        global;
  bool        ramp; ///< Up and down once per 250 ms, else stepped
  double      low;
  double      high;
  double      freq;
  double      gain;
  double      limit; ///< dB re the sine's peak
} Click;

static void
check_click(Fixture* const fixture, const char* const uri, const Click* const click) {
  FixturePlugin* const p = fixture_load(fixture, uri, rate);
  float** const        in = fixture_buffers(2U, CLICK_FRAMES);
  float** const        out = fixture_buffers(2U, CLICK_FRAMES);
  for (uint32_t i = 0U; i < CLICK_FRAMES; ++i) {
    in[0][i] = (float)(pow(10.0, -12.0 / 20.0) * sin(2.0 * M_PI * 200.0 * i / rate));
    in[1][i] = in[0][i];
  }
  fixture_set_band(p, "freq", 3, click->freq);
  fixture_set_band(p, "gain", 3, click->gain);
  fixture_set_band(p, "q", 3, 1.0);
  fixture_restart(p);
  for (uint32_t at = 0U; at < CLICK_FRAMES; at += BLOCK) {
    const double phase = fmod(at / (0.25 * rate), 2.0);
    const double ramp = phase < 1.0 ? phase : 2.0 - phase;
    const double x = click->ramp ? ramp : phase < 1.0 ? 0.0 : 1.0;
    const double value = !strcmp(click->symbol, "freq") || !strcmp(click->symbol, "q")
                             ? click->low * pow(click->high / click->low, x)
                             : click->low + x * (click->high - click->low);
    if (click->global) {
      *fixture_control(p, click->symbol) = (float)value;
    } else {
      fixture_set_band(p, click->symbol, 3, value);
    }
    fixture_run(p, (float*[]){in[0] + at, in[1] + at}, (float*[]){out[0] + at, out[1] + at}, BLOCK);
  }
  tap_at_most(click_level(out[p->n_out - 1U], pow(10.0, -12.0 / 20.0)), click->limit, "%s: %s", uri,
              click->name);
  free(in);
  free(out);
  fixture_free(p);
}

static void
check_clicks(Fixture* const fixture, const char* const uri) {
  static const Click clicks[] = {
      {"gain steps 0 to 12 dB", "gain", false, false, 0.0, 12.0, 200.0, 0.0, -105.0},
      {"gain ramps 0 to 12 dB", "gain", false, true, 0.0, 12.0, 200.0, 0.0, -110.0},
      {"frequency steps 100 to 400 Hz", "freq", false, false, 100.0, 400.0, 100.0, 12.0, -105.0},
      {"frequency ramps 100 to 400 Hz", "freq", false, true, 100.0, 400.0, 100.0, 12.0, -110.0},
      {"Q steps 0.5 to 8", "q", false, false, 0.5, 8.0, 200.0, 12.0, -95.0},
      {"output gain steps 0 to 12 dB", "out_gain", true, false, 0.0, 12.0, 200.0, 0.0, -95.0},
      {"enabled toggles", "enabled", true, false, 0.0, 1.0, 200.0, 12.0, -95.0},
      {"a band toggles", "enabled", false, false, 0.0, 1.0, 200.0, 12.0, -95.0},
      {"the type steps from bell to high shelf", "type", false, false, 0.0, 2.0, 200.0, 12.0,
       -95.0},
      {"the type steps from bell to low pass", "type", false, false, 0.0, 3.0, 200.0, 12.0, -95.0},
      {"the shape toggles", "shape", true, false, 0.0, 1.0, 200.0, 12.0, -95.0},
  };
  for (size_t i = 0U; i < PINNA_COUNT(clicks); ++i) {
    check_click(fixture, uri, &clicks[i]);
  }
}

/// Orders of the passes against the Butterworth magnitude through the bilinear transform
static void
check_slopes(Fixture* const fixture) {
  enum { N = 1 << 15 };
  FixturePlugin* const p = fixture_load(fixture, EQ_MONO_URI, rate);
  float** const        in = fixture_buffers(1U, N);
  float** const        out = fixture_buffers(1U, N);
  in[0][0] = 1.0f;
  for (int order = 1; order <= 8; ++order) {
    double worst = 0.0;
    solo(p, 5);
    fixture_set_band(p, "type", 5, PINNA_EQ_LOW_PASS);
    fixture_set_band(p, "freq", 5, 1000.0);
    fixture_set_band(p, "slope", 5, 6.0 * order);
    fixture_restart(p);
    fixture_render(p, in, out, N, 512U);
    for (int i = 0; i < 60; ++i) {
      const double   hz = 50.0 * pow(200.0, i / 59.0);
      double complex sum = 0.0;
      for (uint32_t k = 0U; k < N; ++k) {
        sum += (double)out[0][k] * cexp(-2.0 * M_PI * I * hz / rate * k);
      }
      const double x = tan(M_PI * hz / rate) / tan(M_PI * 1000.0 / rate);
      worst = fmax(worst, fabs(cabs(sum) - 1.0 / sqrt(1.0 + pow(x, 2.0 * order))));
    }
    tap_at_most(worst, 2e-6, "low pass of %d dB/oct is Butterworth", 6 * order);
  }
  free(in);
  free(out);
  fixture_free(p);
}

int
main(void) {
  Fixture* const    fixture = fixture_open();
  const char* const uris[] = {EQ_MONO_URI, EQ_STEREO_URI};
  const double      rates[] = {8000.0, 44100.0, 48000.0, 96000.0, 192000.0};
  for (int i = 0; i < 2; ++i) {
    check_flat(fixture, uris[i], 8000.0);
    check_flat(fixture, uris[i], 44100.0);
    check_flat(fixture, uris[i], 192000.0);
    for (int r = 0; r < 5; ++r) {
      check_types(fixture, uris[i], rates[r]);
    }
    rate = 48000.0;
    check_clicks(fixture, uris[i]);
  }
  check_slopes(fixture);
  fixture_close(fixture);
  return tap_done();
}
