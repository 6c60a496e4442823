// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_LANES_VECTOR_H
#define PINNA_DSP_LANES_VECTOR_H

#include <stddef.h>
#include <stdint.h>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

// Vectors as wide as the instruction set that this is compiled for, and complex pairs of them

#if defined(__AVX512F__)
#define VEC_LANES 16U
#elif defined(__AVX2__)
#define VEC_LANES 8U
#else
#define VEC_LANES 4U
#endif

typedef float   Vec __attribute__((vector_size(4U * VEC_LANES)));
typedef float   VecAnywhere __attribute__((vector_size(4U * VEC_LANES), aligned(4), may_alias));
typedef int32_t VecInt __attribute__((vector_size(4U * VEC_LANES)));

#define VEC_ALL(x) ((Vec){0} + (x))

#if defined(__AVX512F__)
#define VEC_FMA(a, b, c) ((Vec)_mm512_fmadd_ps((__m512)(a), (__m512)(b), (__m512)(c)))
#define VEC_SQRT(a) ((Vec)_mm512_sqrt_ps((__m512)(a)))
#elif defined(__AVX2__)
#define VEC_FMA(a, b, c) ((Vec)_mm256_fmadd_ps((__m256)(a), (__m256)(b), (__m256)(c)))
#define VEC_SQRT(a) ((Vec)_mm256_sqrt_ps((__m256)(a)))
#else
#define VEC_FMA(a, b, c) ((a) * (b) + (c))
#define VEC_SQRT(a)                                                                                \
  ((Vec){__builtin_sqrtf((a)[0]), __builtin_sqrtf((a)[1]), __builtin_sqrtf((a)[2]),                \
         __builtin_sqrtf((a)[3])})
#endif

static inline Vec
vec_load(const float* const p) {
  return (Vec) * (const VecAnywhere*)p;
}

static inline void
vec_store(float* const p, const Vec v) {
  *(VecAnywhere*)p = (VecAnywhere)v;
}

static inline Vec
vec_pick(const VecInt mask, const Vec yes, const Vec no) {
  return (Vec)((mask & (VecInt)yes) | (~mask & (VecInt)no));
}

static inline Vec
vec_max(const Vec a, const Vec b) {
  return vec_pick(a > b, a, b);
}

/// Natural logarithm of normal numbers above 0, within 1 ulp or so (Cephes logf)
static inline Vec
vec_log(const Vec x) {
  const VecInt       bits = (VecInt)x;
  const VecInt       small = ((bits & 0x007FFFFF) < 0x003504F3); // Mantissa below sqrt(2)
  const VecInt       exponent = (bits >> 23) - 126 + small;
  const Vec          m = (Vec)((bits & 0x007FFFFF) | (0x3F000000 + (small & 0x00800000)));
  const Vec          f = m - 1.0F;
  const Vec          e = __builtin_convertvector(exponent, Vec);
  const Vec          z = f * f;
  static const float c[] = {7.0376836292e-2F,  -1.1514610310e-1F, 1.1676998740e-1F,
                            -1.2420140846e-1F, 1.4249322787e-1F,  -1.6668057665e-1F,
                            2.0000714765e-1F,  -2.4999993993e-1F, 3.3333331174e-1F};
  Vec                y = VEC_ALL(c[0]);
  for (int i = 1; i < 9; ++i) {
    y = VEC_FMA(y, f, VEC_ALL(c[i]));
  }
  y = y * f * z;
  y = VEC_FMA(e, VEC_ALL(-2.12194440e-4F), y);
  y = VEC_FMA(z, VEC_ALL(-0.5F), y);
  return VEC_FMA(e, VEC_ALL(0.693359375F), f + y);
}

// Exchange of blocks of b between rows b apart: log2(lanes) such stages transpose a square
#define VEC_LOW(j, b) (((j) & (b)) ? (int)VEC_LANES + (j) - (b) : (j))
#define VEC_HIGH(j, b) (((j) & (b)) ? (int)VEC_LANES + (j) : (j) + (b))
#define VEC_MASK4(F, b, o) F(o, b), F(o + 1, b), F(o + 2, b), F(o + 3, b)
#if defined(__AVX512F__)
#define VEC_MASK(F, b)                                                                             \
  VEC_MASK4(F, b, 0), VEC_MASK4(F, b, 4), VEC_MASK4(F, b, 8), VEC_MASK4(F, b, 12)
#elif defined(__AVX2__)
#define VEC_MASK(F, b) VEC_MASK4(F, b, 0), VEC_MASK4(F, b, 4)
#else
#define VEC_MASK(F, b) VEC_MASK4(F, b, 0)
#endif

#define VEC_STAGE(v, b)                                                                            \
  _Pragma("GCC unroll 16") for (uint32_t i = 0U; i < VEC_LANES; ++i) {                             \
    if (!(i & (b))) {                                                                              \
      const Vec low = __builtin_shufflevector((v)[i], (v)[i + (b)], VEC_MASK(VEC_LOW, b));         \
      (v)[i + (b)] = __builtin_shufflevector((v)[i], (v)[i + (b)], VEC_MASK(VEC_HIGH, b));         \
      (v)[i] = low;                                                                                \
    }                                                                                              \
  }

static inline __attribute__((always_inline)) void
vec_transpose(Vec* const v) {
#if defined(__AVX512F__)
  VEC_STAGE(v, 8)
#endif
#if defined(__AVX2__)
  VEC_STAGE(v, 4)
#endif
  VEC_STAGE(v, 2)
  VEC_STAGE(v, 1)
}

typedef struct {
  Vec re;
  Vec im;
} Cvec;

static inline Cvec
cload(const Vec* const x, const size_t i) {
  return (Cvec){x[2U * i], x[2U * i + 1U]};
}

static inline void
cstore(Vec* const y, const size_t i, const Cvec a) {
  y[2U * i] = a.re;
  y[2U * i + 1U] = a.im;
}

static inline Cvec
cadd(const Cvec a, const Cvec b) {
  return (Cvec){a.re + b.re, a.im + b.im};
}

static inline Cvec
csub(const Cvec a, const Cvec b) {
  return (Cvec){a.re - b.re, a.im - b.im};
}

/// a - j b
static inline Cvec
csub_j(const Cvec a, const Cvec b) {
  return (Cvec){a.re + b.im, a.im - b.re};
}

/// a + j b
static inline Cvec
cadd_j(const Cvec a, const Cvec b) {
  return (Cvec){a.re - b.im, a.im + b.re};
}

static inline Cvec
cconj(const Cvec a) {
  return (Cvec){a.re, -a.im};
}

static inline Cvec
cscale(const Cvec a, const float s) {
  return (Cvec){a.re * s, a.im * s};
}

/// a + s b
static inline Cvec
caxpy(const Cvec a, const Cvec b, const float s) {
  return (Cvec){VEC_FMA(b.re, VEC_ALL(s), a.re), VEC_FMA(b.im, VEC_ALL(s), a.im)};
}

/// a (w[0] + j w[1])
static inline Cvec
cmul(const Cvec a, const float* const w) {
  return (Cvec){VEC_FMA(a.re, VEC_ALL(w[0]), -(a.im * w[1])),
                VEC_FMA(a.im, VEC_ALL(w[0]), a.re * w[1])};
}

/// a (w[0] - j w[1])
static inline Cvec
cmul_conj(const Cvec a, const float* const w) {
  return (Cvec){VEC_FMA(a.re, VEC_ALL(w[0]), a.im * w[1]),
                VEC_FMA(a.im, VEC_ALL(w[0]), -(a.re * w[1]))};
}

#endif // PINNA_DSP_LANES_VECTOR_H
