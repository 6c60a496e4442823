// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_EQ_KNOT_H
#define PINNA_DSP_EQ_KNOT_H

#include "dsp/eq_kernel.h"

#include <stdint.h>
#include <string.h>

// Coefficients of moving sections, with exact slopes: compiled for each width of vector (VEC_BYTES)

typedef double  Vec __attribute__((vector_size(VEC_BYTES)));
typedef int64_t VecInt __attribute__((vector_size(VEC_BYTES)));

#define VEC_LANES (VEC_BYTES / 8U)

/// A quantity and its slope
typedef struct {
  Vec x, dx;
} Dual;

#define LOAD(p) (*(const Vec*)(p))

static inline __attribute__((always_inline)) void
store(double* const p, const Vec* const v) {
  *(Vec*)p = *v;
}

/// exp(x) for |x| < 700, relative error below 1e-12
static inline __attribute__((always_inline)) void
vec_exp(Vec* const y, const Vec* const x) {
  const Vec magic = (Vec){} + 0x1.8p52;
  const Vec shifted = FMA(*x, (Vec){} + 1.4426950408889634, magic);
  const Vec n = shifted - magic;
  const Vec r = FMA(n, (Vec){} - 0.69314718055994531, *x);
  const Vec r2 = r * r;
  const Vec r4 = r2 * r2;
  const Vec p01 = r + 1.0;
  const Vec p23 = FMA(r, (Vec){} + 1.0 / 6.0, (Vec){} + 0.5);
  const Vec p45 = FMA(r, (Vec){} + 1.0 / 120.0, (Vec){} + 1.0 / 24.0);
  const Vec p67 = FMA(r, (Vec){} + 1.0 / 5040.0, (Vec){} + 1.0 / 720.0);
  const Vec p89 = FMA(r, (Vec){} + 1.0 / 362880.0, (Vec){} + 1.0 / 40320.0);
  const Vec low = FMA(r2, p23, p01);
  const Vec mid = FMA(r2, p67, p45);
  const Vec high = FMA(r2, (Vec){} + 1.0 / 3628800.0, p89);
  const Vec p = FMA(r4, FMA(r4, high, mid), low);
  *y = p * (Vec)(((VecInt)shifted << 52) + ((int64_t)1023 << 52));
}

/// sin(x) for 0 <= x <= pi / 2, relative error below 1e-11
static inline __attribute__((always_inline)) void
vec_sin(Vec* const y, const Vec* const x) {
  const Vec z = *x * *x;
  const Vec z2 = z * z;
  const Vec p01 = FMA(z, (Vec){} - 1.0 / 6.0, (Vec){} + 1.0);
  const Vec p23 = FMA(z, (Vec){} - 1.0 / 5040.0, (Vec){} + 1.0 / 120.0);
  const Vec p45 = FMA(z, (Vec){} - 1.0 / 39916800.0, (Vec){} + 1.0 / 362880.0);
  const Vec p67 = FMA(z, (Vec){} - 1.0 / 1307674368000.0, (Vec){} + 1.0 / 6227020800.0);
  *y = *x * FMA(z2, FMA(z2, FMA(z2, p67, p45), p23), p01);
}

static inline void
smooth_params(PinnaEqMotion* const b, const uint32_t l, const double decay, const double ratio,
              const double rate) {
  const Vec    whole = (Vec){} + ratio;
  const Vec    half = (Vec){} + 0.5 * ratio;
  const VecInt size_bits = (VecInt){} + INT64_MAX;
  VecInt       near = ~(VecInt){};
  for (uint32_t i = 0U; i < EQ_N_PARAMS; ++i) {
    const Vec e0 = LOAD(b->error[0][i] + l);
    const Vec e1 = LOAD(b->error[1][i] + l);
    const Vec e2 = LOAD(b->error[2][i] + l);
    const Vec n2 = FMA(FMA(e0, half, e1), whole, e2) * decay;
    const Vec n1 = FMA(e0, whole, e1) * decay;
    const Vec n0 = e0 * decay;
    const Vec value = LOAD(b->target[i] + l) + n2;
    const Vec slope = (n1 - n2) * rate;
    store(b->error[0][i] + l, &n0);
    store(b->error[1][i] + l, &n1);
    store(b->error[2][i] + l, &n2);
    store(b->value[i] + l, &value);
    store(b->slope[i] + l, &slope);
    near &= (Vec)((VecInt)n0 & size_bits) <= EQ_TOLERANCE;
    near &= (Vec)((VecInt)n1 & size_bits) <= EQ_TOLERANCE;
    near &= (Vec)((VecInt)n2 & size_bits) <= EQ_TOLERANCE;
  }
  *(VecInt*)(b->near + l) = near;
}

static inline void
advance_lanes(PinnaEqMotion* const b, const uint32_t l) {
  const Vec u = LOAD(b->value[EQ_U] + l);
  const Vec v = LOAD(b->value[EQ_V] + l);
  const Vec half_v = 0.5 * v;
  const Vec du = LOAD(b->slope[EQ_U] + l);
  const Vec dv = LOAD(b->slope[EQ_V] + l);
  const Vec q_power = LOAD(b->q_power + l);
  const Vec a_power = LOAD(b->a_power + l);
  const Vec w = -(q_power * LOAD(b->value[EQ_W] + l) + a_power * v);
  const Vec dw = -(q_power * LOAD(b->slope[EQ_W] + l) + a_power * dv);

  Vec theta, sine, cosine, e, kf;
  vec_exp(&theta, &u);
  vec_exp(&e, &half_v);
  vec_exp(&kf, &w);
  const Vec rest = 1.57079632679489661923 - theta;
  vec_sin(&sine, &theta);
  vec_sin(&cosine, &rest);
  const Vec t = sine / cosine;
  const Vec dt = (1.0 + t * t) * theta * du;
  const Vec de = 0.5 * e * dv;
  const Vec ie = 1.0 / e;
  const Vec die = -0.5 * ie * dv;
  const Vec dkf = kf * dw;
  store(b->tangent[0] + l, &t);
  store(b->tangent[1] + l, &dt);
  store(b->root_a[0] + l, &e);
  store(b->root_a[1] + l, &de);
  store(b->inverse_root_a[0] + l, &ie);
  store(b->inverse_root_a[1] + l, &die);
  store(b->k_factor[0] + l, &kf);
  store(b->k_factor[1] + l, &dkf);
}

static void
advance(PinnaEqMotion* const b, const double decay, const double ratio, const double rate) {
  for (uint32_t l = 0U; l < EQ_WIDTH; l += VEC_LANES) {
    smooth_params(b, l, decay, ratio, rate);
    advance_lanes(b, l);
  }
}

/// A band's value for each lane
static inline __attribute__((always_inline)) Vec
spread(const double table[EQ_WIDTH], const VecInt* const band) {
#if VEC_BYTES == 64 && !defined(__clang__)
  return __builtin_shuffle(LOAD(table), *band);
#else
  Vec v;
  for (uint32_t i = 0U; i < VEC_LANES; ++i) {
    v[i] = table[(*band)[i]];
  }
  return v;
#endif
}

static inline __attribute__((always_inline)) Dual
spread_dual(const double table[2][EQ_WIDTH], const VecInt* const band) {
  return (Dual){spread(table[0], band), spread(table[1], band)};
}

static inline __attribute__((always_inline)) Dual
product(const Dual a, const Dual b) {
  return (Dual){a.x * b.x, FMA(a.dx, b.x, a.x * b.dx)};
}

/// The cubic from one knot to the next: value and slope fit at both ends
static inline __attribute__((always_inline)) void
lay_piece(PinnaEqGroup* const group, const uint32_t l, const uint32_t i, const Vec* const end,
          const Vec* const rise, PinnaEqPiece* const piece, const double length) {
  const double per = 1.0 / length;
  const Vec    two = (Vec){} + 2.0;
  const Vec    c = LOAD(group->value[i] + l);
  const Vec    s0 = LOAD(group->slope[i] + l);
  const Vec    s1 = *rise;
  const Vec    chord = (*end - c) * per;
  const Vec    curve = ((chord - s0) * two + (chord - s1)) * per;
  const Vec    twist = (s0 - chord + (s1 - chord)) * (per * per);
  const Vec    d = s0 + curve + twist;
  const Vec    f = twist * 6.0;
  const Vec    e = FMA(curve, two, f);
  store(piece->c[i] + l, &c);
  store(piece->d[i] + l, &d);
  store(piece->e[i] + l, &e);
  store(piece->f[i] + l, &f);
  store(group->value[i] + l, end);
  store(group->slope[i] + l, rise);
}

static inline void
segment_lanes(PinnaEqGroup* const group, const PinnaEqMotion* const b, PinnaEqPiece* const piece,
              const double length, const uint32_t l) {
  const VecInt band = *(const VecInt*)(group->band + l);
  const VecInt moving = *(const VecInt*)(group->moving + l);
  const Dual   t = spread_dual(b->tangent, &band);
  const Dual   e = spread_dual(b->root_a, &band);
  const Dual   ie = spread_dual(b->inverse_root_a, &band);
  const Dual   kf = spread_dual(b->k_factor, &band);
  const Vec    z = spread(b->value[EQ_Z], &band);
  const Vec    dz = spread(b->slope[EQ_Z], &band);
#define ROW(name) LOAD(group->form[EQ_##name] + l)

  const Dual gm = {FMA(ROW(G_IE), ie.x, FMA(ROW(G_E), e.x, ROW(G_1))),
                   FMA(ROW(G_E), e.dx, ROW(G_IE) * ie.dx)};
  Dual       g = product(t, gm);
  g.x += ROW(G_0);
  g.dx += ROW(SLOPE_G);
  const Dual k = {FMA(ROW(K_F), kf.x, ROW(K_0)), FMA(ROW(K_F), kf.dx, ROW(SLOPE_K))};
  const Dual a = {e.x * e.x, 2.0 * e.x * e.dx};
  const Dual a2 = {a.x * a.x, 2.0 * a.x * a.dx};
  const Dual bow = {FMA(ROW(M1_A2), a2.x, FMA(ROW(M1_A), a.x, ROW(M1_1))),
                    FMA(ROW(M1_A), a.dx, ROW(M1_A2) * a2.dx)};

  // Mixing weights, faded between a section that does nothing (1, 0, 0) and the band
  const Dual raw0 = {ROW(M0_1) + ROW(M0_A2) * a2.x - 1.0, ROW(SLOPE_M0) + ROW(M0_A2) * a2.dx};
  Dual       raw1 = product(k, bow);
  raw1.x += ROW(M1_0);
  raw1.dx += ROW(SLOPE_M1);
  const Dual raw2 = {ROW(M2_1) + ROW(M2_A2) * a2.x, ROW(SLOPE_M2) + ROW(M2_A2) * a2.dx};
#undef ROW
  const Dual share = {z, dz};
  const Dual m0 = product(share, raw0);
  const Dual m1 = product(share, raw1);
  const Dual m2 = product(share, raw2);

  const Vec  den = 1.0 / (1.0 + g.x * (g.x + k.x));
  const Vec  dden = -den * den * (g.dx * (2.0 * g.x + k.x) + g.x * k.dx);
  const Dual f1 = {den, dden};
  const Dual f2 = product(g, f1);
  const Dual f3 = product(g, f2);
  const Dual m1f1 = product(m1, f1);
  const Dual m1f2 = product(m1, f2);
  const Dual m2f2 = product(m2, f2);
  const Dual m2f3 = product(m2, f3);
  const Dual coefs[EQ_N_COEFS] = {
      {2.0 * f1.x - 1.0, 2.0 * f1.dx},
      {2.0 * f2.x, 2.0 * f2.dx},
      {2.0 * f3.x, 2.0 * f3.dx},
      {m1f1.x + m2f2.x, m1f1.dx + m2f2.dx},
      {m2.x - m2f3.x - m1f2.x, m2.dx - m2f3.dx - m1f2.dx},
      {1.0 + m0.x + m1f2.x + m2f3.x, m0.dx + m1f2.dx + m2f3.dx},
  };

#pragma GCC unroll 6
  for (uint32_t i = 0U; i < EQ_N_COEFS; ++i) {
    const Vec fixed = LOAD(group->fixed[i] + l);
    const Vec end = (Vec)((moving & (VecInt)coefs[i].x) | (~moving & (VecInt)fixed));
    const Vec rise = (Vec)(moving & (VecInt)coefs[i].dx);
    lay_piece(group, l, i, &end, &rise, piece, length);
  }
}

static void
segment(PinnaEqGroup* const group, const PinnaEqMotion* const b, PinnaEqPiece* const piece,
        const double length) {
  for (uint32_t l = 0U; l < EQ_WIDTH; l += VEC_LANES) {
    segment_lanes(group, b, piece, length, l);
  }
}

#undef LOAD

#endif // PINNA_DSP_EQ_KNOT_H
