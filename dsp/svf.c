// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/svf.h"

#include <math.h>

// Conversions between biquad and state-variable form, and the plain recursion

PinnaSvf
pinna_svf_from_biquad(const PinnaBiquad* const f) {
  const double dc = 1.0 + f->a1 + f->a2;
  const double top = 1.0 - f->a1 + f->a2;
  const double g = sqrt(dc / top);
  const double k = 2.0 * (1.0 - f->a2) / (top * g);
  const double high = (f->b0 - f->b1 + f->b2) / top;
  const double mid = 2.0 * (f->b0 - f->b2) / (top * g);
  const double low = (f->b0 + f->b1 + f->b2) / dc;
  return (PinnaSvf){g, k, high, mid - high * k, low - high};
}

PinnaBiquad
pinna_svf_to_biquad(const PinnaSvf* const f) {
  const double g2 = f->g * f->g;
  const double gk = f->g * f->k;
  const double a0 = 1.0 + gk + g2;
  const double low = (f->m0 + f->m2) * g2;
  const double mid = (f->m0 * f->k + f->m1) * f->g;
  return (PinnaBiquad){(f->m0 + mid + low) / a0, 2.0 * (low - f->m0) / a0, (f->m0 - mid + low) / a0,
                       2.0 * (g2 - 1.0) / a0, (1.0 - gk + g2) / a0};
}

PinnaSvfStep
pinna_svf_step(const PinnaSvf* const f) {
  const double a1 = 1.0 / (1.0 + f->g * (f->g + f->k));
  const double a2 = f->g * a1;
  const double a3 = f->g * a2;
  return (PinnaSvfStep){2.0 * a1 - 1.0,
                        2.0 * a2,
                        2.0 * a3,
                        f->m1 * a1 + f->m2 * a2,
                        f->m2 * (1.0 - a3) - f->m1 * a2,
                        f->m0 + f->m1 * a2 + f->m2 * a3};
}

void
pinna_svf_response(const PinnaSvf* const f, const double tangent, double response[2]) {
  const double w = tangent / f->g; // s = i w
  // Divided by w above 1, so that half the sample rate (w infinite) stays finite
  const double unit = w > 1.0 ? 1.0 / w : 1.0;
  const double x = w > 1.0 ? 1.0 : w;
  const double dr = unit * unit - x * x;
  const double di = f->k * x * unit;
  const double nr = (f->m0 + f->m2) * unit * unit - f->m0 * x * x;
  const double ni = (f->m0 * f->k + f->m1) * x * unit;
  const double d = dr * dr + di * di;
  response[0] = (nr * dr + ni * di) / d;
  response[1] = (ni * dr - nr * di) / d;
}

static inline double
step(PinnaSvfState* const state, const PinnaSvfStep* const c, const double x) {
  const double s1 = state->s1;
  const double s2 = state->s2;
  const double e = x - s2;
  state->s1 = c->m * s1 + c->p * e;
  state->s2 = s2 + c->p * s1 + c->r * e;
  return c->c1 * s1 + c->c2 * s2 + c->d * x;
}

void
pinna_svf_run(PinnaSvfState* const state, const PinnaSvf* const svf, const double* const in,
              double* const out, const uint32_t n) {
  const PinnaSvfStep c = pinna_svf_step(svf);
  for (uint32_t i = 0U; i < n; ++i) {
    out[i] = step(state, &c, in[i]);
  }
}

void
pinna_svf_run_moving(PinnaSvfState* const state, const PinnaSvf* const svf, const double* const in,
                     double* const out, const uint32_t n) {
  for (uint32_t i = 0U; i < n; ++i) {
    const PinnaSvfStep c = pinna_svf_step(&svf[i]);
    out[i] = step(state, &c, in[i]);
  }
}
