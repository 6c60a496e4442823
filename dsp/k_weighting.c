// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/k_weighting.h"

#include "dsp/biquad_design.h"

#include <math.h>

// Moves the standard's 48 kHz filters to another rate

static const double standard_rate = 48000.0;

/// BS.1770-4, tables 1 and 2
static const PinnaBiquad shelf_48k = {1.53512485958697, -2.69169618940638, 1.19839281085285,
                                      -1.69065929318241, 0.73248077421585};
static const PinnaBiquad pass_48k = {1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621};

/// The denominator whose complex poles keep their frequency and decay
static PinnaBiquad
move_poles(const PinnaBiquad* const from, const double ratio) {
  const double radius = sqrt(from->a2);
  const double angle = acos(-0.5 * from->a1 / radius);
  const double moved = pow(radius, ratio);
  return (PinnaBiquad){.a1 = -2.0 * moved * cos(angle * ratio), .a2 = moved * moved};
}

static double
power_at(const PinnaBiquad* const filter, const double rate, const double hz) {
  double h[2];
  pinna_biquad_response(filter, rate, hz, h);
  return h[0] * h[0] + h[1] * h[1];
}

/// |B|^2 = p0 (1 - s) + p1 s + 4 p2 s (1 - s) with s = sin^2(w / 2), at three frequencies (Vicanek)
static void
fit_shelf(PinnaBiquad* const filter, const double rate) {
  const double hz[2] = {fmin(0.15 * rate, 7200.0), fmin(0.5 * rate, 20000.0)};
  double       s[2];
  double       target[2];
  filter->b0 = 1.0;
  const double p0 = power_at(&shelf_48k, standard_rate, 0.0) / power_at(filter, rate, 0.0);
  for (int i = 0; i < 2; ++i) {
    s[i] = pow(sin(M_PI * hz[i] / rate), 2.0);
    target[i] = power_at(&shelf_48k, standard_rate, hz[i]) / power_at(filter, rate, hz[i]) -
                p0 * (1.0 - s[i]);
  }
  const double c0 = 4.0 * s[0] * (1.0 - s[0]);
  const double c1 = 4.0 * s[1] * (1.0 - s[1]);
  const double p1 = (target[0] * c1 - target[1] * c0) / (s[0] * c1 - s[1] * c0);
  const double p2 = (s[0] * target[1] - s[1] * target[0]) / (s[0] * c1 - s[1] * c0);
  const double w = 0.5 * (sqrt(p0) + sqrt(p1));
  filter->b0 = 0.5 * (w + sqrt(w * w + p2));
  filter->b1 = 0.5 * (sqrt(p0) - sqrt(p1));
  filter->b2 = -p2 / (4.0 * filter->b0);
}

void
pinna_k_weighting(const double sample_rate, PinnaBiquad sections[PINNA_K_WEIGHTING_SECTIONS]) {
  sections[0] = shelf_48k;
  sections[1] = pass_48k;
  if (sample_rate != standard_rate) {
    const double ratio = standard_rate / sample_rate;
    sections[0] = move_poles(&shelf_48k, ratio);
    fit_shelf(&sections[0], sample_rate);

    sections[1] = move_poles(&pass_48k, ratio);
    sections[1].b0 = sections[1].b2 = 1.0;
    sections[1].b1 = -2.0;
    const double gain = sqrt(power_at(&pass_48k, standard_rate, 1000.0) /
                             power_at(&sections[1], sample_rate, 1000.0));
    sections[1].b0 *= gain;
    sections[1].b1 *= gain;
    sections[1].b2 *= gain;
  }
}
