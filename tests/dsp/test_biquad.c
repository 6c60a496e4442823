// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/biquad.h"
#include "tests/tap.h"

#include <complex.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

// Designs have the gains their names promise; cascades and difference equations their responses

#define PI 3.14159265358979323846

static double
gain_db(const PinnaBiquad* const f, const double rate, const double freq) {
  double h[2];
  pinna_biquad_response(f, rate, freq, h);
  return 20.0 * log10(hypot(h[0], h[1]));
}

static void
test_landmarks(void) {
  const PinnaBiquadSpec spec = {48000.0, 1000.0, 6.0, 2.0};
  const PinnaBiquad     bell = pinna_biquad_equalizer(&spec);
  const PinnaBiquad     bass = pinna_biquad_bass(&spec);
  const PinnaBiquad     treble = pinna_biquad_treble(&spec);
  const PinnaBiquad     low = pinna_biquad_lowpass(&spec);
  const PinnaBiquad     skirt = pinna_biquad_bandpass_skirt(&spec);
  const PinnaBiquad     band = pinna_biquad_bandpass(&spec);
  const PinnaBiquad     all = pinna_biquad_allpass(&spec);
  tap_near(gain_db(&bell, 48000.0, 1000.0), 6.0, 1e-9, "a bell has its gain at the centre");
  tap_near(gain_db(&bass, 48000.0, 0.0), 6.0, 1e-6, "a low shelf at 0 Hz");
  tap_near(gain_db(&bass, 48000.0, 1000.0), 3.0, 1e-9, "and half of it at the centre");
  tap_near(gain_db(&treble, 48000.0, 24000.0), 6.0, 1e-6, "a high shelf at the top");
  tap_near(gain_db(&low, 48000.0, 1000.0), 20.0 * log10(2.0), 1e-9, "a low pass has Q at its edge");
  tap_near(gain_db(&skirt, 48000.0, 1000.0), 20.0 * log10(2.0), 1e-9, "constant skirt: Q on top");
  tap_near(gain_db(&band, 48000.0, 1000.0), 0.0, 1e-9, "constant peak: 0 dB on top");
  tap_near(gain_db(&all, 48000.0, 777.0), 0.0, 1e-9, "an all pass passes all");
}

/// The curves of the standards, which tables and fits only approach
static void
test_standards(void) {
  static const double rates[] = {32000.0, 44100.0, 48000.0, 88200.0, 96000.0, 176400.0, 192000.0};
  for (uint32_t r = 0U; r < 7U; ++r) {
    const PinnaBiquadSpec spec = {rates[r], 0.0, 0.0, 1.0};
    const PinnaBiquad     riaa = pinna_biquad_riaa(&spec);
    const PinnaBiquad     deemph = pinna_biquad_deemph(&spec);
    double                off[2] = {0.0, 0.0};
    for (double freq = 20.0; freq < fmin(20000.0, 0.45 * rates[r]); freq *= 1.1) {
      const double complex s = 2.0 * I * PI * freq;
      const double complex k = 2.0 * I * PI * 1000.0;
      const double vinyl = cabs((1.0 + s * 318e-6) / (1.0 + s * 3180e-6) / (1.0 + s * 75e-6)) /
                           cabs((1.0 + k * 318e-6) / (1.0 + k * 3180e-6) / (1.0 + k * 75e-6));
      const double disc = cabs((1.0 + s * 15e-6) / (1.0 + s * 50e-6));
      off[0] = fmax(off[0], fabs(gain_db(&riaa, rates[r], freq) - 20.0 * log10(vinyl)));
      off[1] = fmax(off[1], fabs(gain_db(&deemph, rates[r], freq) - 20.0 * log10(disc)));
    }
    tap_at_most(off[0], 0.6, "RIAA at %.0f Hz is %.2f dB off at most", rates[r], off[0]);
    tap_at_most(off[1], 0.3, "de-emphasis at %.0f Hz is %.2f dB off", rates[r], off[1]);
  }
}

static void
test_cascade(void) {
  enum { LENGTH = 4000 };
  static float          x[LENGTH];
  static float          y[LENGTH];
  const PinnaBiquadSpec spec = {8000.0, 500.0, -5.0, 1.1};
  const PinnaBiquad     f[2] = {pinna_biquad_highpass(&spec), pinna_biquad_equalizer(&spec)};
  PinnaBiquadState      states[2] = {{0.0, 0.0}, {0.0, 0.0}};
  x[0] = 1.0F;
  pinna_biquad_run(f, states, 2U, x, y, 100U);
  pinna_biquad_run(f, states, 2U, x + 100, y + 100, LENGTH - 100U);
  double worst = 0.0;
  for (double freq = 20.0; freq < 4000.0; freq *= 1.3) {
    double complex h = 0.0;
    for (uint32_t i = 0U; i < LENGTH; ++i) {
      h += (double)y[i] * cexp(-2.0 * I * PI * freq * i / 8000.0);
    }
    double a[2], b[2];
    pinna_biquad_response(&f[0], 8000.0, freq, a);
    pinna_biquad_response(&f[1], 8000.0, freq, b);
    worst = fmax(worst, cabs(h - (a[0] + I * a[1]) * (b[0] + I * b[1])));
  }
  tap_at_most(worst, 1e-5, "a cascade's impulse response has the product of responses: %.1e",
              worst);
}

static void
test_equations(void) {
  const double a[3] = {1.0, 0.0, 0.0};
  const double b[3] = {0.5, 0.25, -0.125};
  double       state[2] = {0.0, 0.0};
  double       x[6] = {1.0, 0.0, 0.0, 8.0, 0.0, 0.0};
  double       y[6];
  pinna_lfilter(a, b, 2U, state, false, x, y, 6U);
  tap_ok(y[0] == 0.5 && y[1] == 0.25 && y[2] == -0.125 && y[3] == 4.0 && y[5] == -1.0,
         "a finite response is its coefficients");
  memset(state, 0, sizeof(state));
  pinna_lfilter(a, b, 2U, state, true, x, x, 6U);
  tap_ok(x[3] == 1.0 && x[0] == 0.5, "clamped in place");
  tap_int(pinna_filtfilt(a, b, 65U, false, x, y, 0U), PINNA_STATUS_BAD_ARG,
          "65 orders are refused");
  tap_ok(!pinna_biquad_design_by_name("nonsense", false), "an unknown name has no design");
  tap_ok(pinna_biquad_design_by_name("band", true) == pinna_biquad_band_noise,
         "band has a variant");
}

int
main(void) {
  test_landmarks();
  test_standards();
  test_cascade();
  test_equations();
  return tap_done();
}
