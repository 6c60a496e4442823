// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/biquad_design.h"

#include <math.h>

// Filters that keep the analogue magnitude up to half the sample rate, after M. Vicanek (2016)

#define PI 3.14159265358979323846

/// Denominator, its powers at 0 and pi (A0, A1) and cross term A2, and the fit angle's phi0 to phi2
typedef struct {
  double a1, a2;
  double power[3];
  double phi[3];
} Poles;

/// Poles of an analogue section at angle w_pole with quality q_pole; the numerator is fitted at
/// w_fit
static Poles
match_poles(const double w_pole, const double q_pole, const double w_fit) {
  const double zeta = 0.5 / q_pole;
  const double w = fmin(w_pole, PI); // above, sampled poles would fold back
  const double r = exp(-zeta * w);
  const double spread = sqrt(fabs(1.0 - zeta * zeta)) * w;
  const double c = zeta <= 1.0 ? cos(spread) : cosh(spread);
  const double far = 1.0 - r;
  const double half = zeta <= 1.0 ? sin(0.5 * spread) : sinh(0.5 * spread);
  // 1 + a1 + a2 as a sum of small terms, not as a difference of large ones
  const double dc = far * far + (zeta <= 1.0 ? 4.0 : -4.0) * r * half * half;
  const double top = 1.0 + 2.0 * r * c + r * r;
  const double s = sin(0.5 * w_fit);

  Poles p = {-2.0 * r * c, r * r, {dc * dc, top * top, -4.0 * r * r}, {0.0, 0.0, 0.0}};
  p.phi[1] = s * s;
  p.phi[0] = 1.0 - p.phi[1];
  p.phi[2] = 4.0 * p.phi[0] * p.phi[1];
  return p;
}

static double
power_at_fit(const Poles* const p) {
  return p->power[0] * p->phi[0] + p->power[1] * p->phi[1] + p->power[2] * p->phi[2];
}

/// The minimum-phase numerator with squared magnitudes B0 (0), B1 (pi) and cross term B2
static PinnaBiquad
factor(const Poles* const p, const double b0_power, const double b1_power, const double b2_power) {
  const double root0 = sqrt(fmax(b0_power, 0.0));
  const double root1 = sqrt(fmax(b1_power, 0.0));
  const double w = 0.5 * (root0 + root1);
  const double b0 = 0.5 * (w + sqrt(fmax(w * w + b2_power, 0.0)));
  const double b2 = b0 > 0.0 ? -0.25 * b2_power / b0 : 0.0;
  return (PinnaBiquad){b0, 0.5 * (root0 - root1), b2, p->a1, p->a2};
}

static double
angle(const PinnaBiquadSpec* const spec) {
  return 2.0 * PI * spec->freq_hz / spec->sample_rate;
}

PinnaBiquad
pinna_biquad_matched_lowpass(const PinnaBiquadSpec* const spec) {
  const Poles  p = match_poles(angle(spec), spec->q, angle(spec));
  const double at_fit = power_at_fit(&p) * spec->q * spec->q;
  const double root0 = sqrt(p.power[0]);
  const double root1 = sqrt(fmax((at_fit - p.power[0] * p.phi[0]) / p.phi[1], 0.0));
  const double b0 = 0.5 * (root0 + root1);
  return (PinnaBiquad){b0, root0 - b0, 0.0, p.a1, p.a2};
}

PinnaBiquad
pinna_biquad_matched_highpass(const PinnaBiquadSpec* const spec) {
  const Poles  p = match_poles(angle(spec), spec->q, angle(spec));
  const double b = sqrt(fmax(power_at_fit(&p), 0.0)) * spec->q / (4.0 * p.phi[1]);
  return (PinnaBiquad){b, -2.0 * b, b, p.a1, p.a2};
}

PinnaBiquad
pinna_biquad_matched_bell(const PinnaBiquadSpec* const spec) {
  const double a = pow(10.0, spec->gain_db / 40.0);
  const double gain2 = a * a * a * a;
  const Poles  p = match_poles(angle(spec), a * spec->q, angle(spec));
  const double tilt = p.phi[0] - p.phi[1];
  const double r1 = power_at_fit(&p) * gain2;
  const double r2 = (p.power[1] - p.power[0] + 4.0 * tilt * p.power[2]) * gain2;
  const double b2 = (r1 - r2 * p.phi[1] - p.power[0]) / (4.0 * p.phi[1] * p.phi[1]);
  return factor(&p, p.power[0], r2 + p.power[0] - 4.0 * tilt * b2, b2);
}

/// |H|^2 of the analogue low shelf at x times its centre
static double
shelf_power(const double a, const double q, const double x) {
  const double side = a * x * x / (q * q);
  const double n = a - x * x;
  const double d = 1.0 - a * x * x;
  return a * a * (n * n + side) / (d * d + side);
}

/// `power` is |H|^2 at a multiple of the centre; poles lie at w_pole, all Q are the cookbook's
static PinnaBiquad
matched_shelf(const double w0, const double w_pole, const double a, const double q,
              const bool high) {
  const double w_fit = fmin(w0, 0.8 * PI);
  const Poles  p = match_poles(w_pole, q, w_fit);
  const double x_fit = w_fit / w0;
  const double x_top = PI / w0;
  const double a4 = a * a * a * a;
  const double at_fit = high ? shelf_power(a, q, 1.0 / x_fit) : shelf_power(a, q, x_fit);
  const double at_top = high ? shelf_power(a, q, 1.0 / x_top) : shelf_power(a, q, x_top);
  const double b0 = (high ? 1.0 : a4) * p.power[0];
  const double b1 = at_top * p.power[1];
  const double b2 = (at_fit * power_at_fit(&p) - b0 * p.phi[0] - b1 * p.phi[1]) / p.phi[2];
  return factor(&p, b0, b1, b2);
}

PinnaBiquad
pinna_biquad_matched_low_shelf(const PinnaBiquadSpec* const spec) {
  const double a = pow(10.0, spec->gain_db / 40.0);
  return matched_shelf(angle(spec), angle(spec) / sqrt(a), a, spec->q, false);
}

PinnaBiquad
pinna_biquad_matched_high_shelf(const PinnaBiquadSpec* const spec) {
  const double a = pow(10.0, spec->gain_db / 40.0);
  return matched_shelf(angle(spec), angle(spec) * sqrt(a), a, spec->q, true);
}

PinnaBiquad
pinna_biquad_matched_lowpass1(const PinnaBiquadSpec* const spec) {
  const double w = angle(spec);
  const double pole = exp(-w);
  const double x = PI / w;
  // Analogue magnitude at 0 and at half the sample rate
  const double top = (1.0 + pole) / sqrt(1.0 + x * x);
  const double dc = 1.0 - pole;
  return (PinnaBiquad){0.5 * (dc + top), 0.5 * (dc - top), 0.0, -pole, 0.0};
}

PinnaBiquad
pinna_biquad_matched_highpass1(const PinnaBiquadSpec* const spec) {
  const double w = angle(spec);
  const double pole = exp(-w);
  const double x = PI / w;
  const double b = 0.5 * (1.0 + pole) * x / sqrt(1.0 + x * x);
  return (PinnaBiquad){b, -b, 0.0, -pole, 0.0};
}
