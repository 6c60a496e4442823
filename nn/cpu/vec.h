// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_VEC_H
#define PINNA_NN_CPU_VEC_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

// Vectors as wide as the instruction set that this is compiled for, and functions of them

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

#define VEC_INLINE static inline __attribute__((always_inline))

// VEC_MIN and VEC_MAX of what is no number are b
#if defined(__AVX512F__)
#define VEC_FMA(a, b, c) ((Vec)_mm512_fmadd_ps((__m512)(a), (__m512)(b), (__m512)(c)))
#define VEC_SQRT(a) ((Vec)_mm512_sqrt_ps((__m512)(a)))
#define VEC_ALL(x) ((Vec)_mm512_set1_ps(x))
#define VEC_MIN(a, b) ((Vec)_mm512_min_ps((__m512)(a), (__m512)(b)))
#define VEC_MAX(a, b) ((Vec)_mm512_max_ps((__m512)(a), (__m512)(b)))
#elif defined(__AVX2__)
#define VEC_FMA(a, b, c) ((Vec)_mm256_fmadd_ps((__m256)(a), (__m256)(b), (__m256)(c)))
#define VEC_SQRT(a) ((Vec)_mm256_sqrt_ps((__m256)(a)))
#define VEC_ALL(x) ((Vec)_mm256_set1_ps(x))
#define VEC_MIN(a, b) ((Vec)_mm256_min_ps((__m256)(a), (__m256)(b)))
#define VEC_MAX(a, b) ((Vec)_mm256_max_ps((__m256)(a), (__m256)(b)))
#else
#define VEC_FMA(a, b, c) ((a) * (b) + (c))
#define VEC_SQRT(a)                                                                                \
  ((Vec){__builtin_sqrtf((a)[0]), __builtin_sqrtf((a)[1]), __builtin_sqrtf((a)[2]),                \
         __builtin_sqrtf((a)[3])})
#define VEC_ALL(x) ((Vec){(x), (x), (x), (x)})
#define VEC_MIN(a, b) vec_pick((a) < (b), (a), (b))
#define VEC_MAX(a, b) vec_pick((a) > (b), (a), (b))
#endif

VEC_INLINE Vec
vec_load(const float* const p) {
  return (Vec) * (const VecAnywhere*)p;
}

VEC_INLINE void
vec_store(float* const p, const Vec v) {
  *(VecAnywhere*)p = (VecAnywhere)v;
}

/// The first n <= VEC_LANES values, 0 behind them; nothing behind them is touched
VEC_INLINE Vec
vec_load_some(const float* const p, const size_t n) {
#if defined(__AVX512F__)
  return (Vec)_mm512_maskz_loadu_ps((__mmask16)((1U << n) - 1U), p);
#elif defined(__AVX2__)
  const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return (Vec)_mm256_maskload_ps(p, _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), lanes));
#else
  Vec v = {0};
  memcpy(&v, p, n * sizeof(float));
  return v;
#endif
}

VEC_INLINE void
vec_store_some(float* const p, const Vec v, const size_t n) {
#if defined(__AVX512F__)
  _mm512_mask_storeu_ps(p, (__mmask16)((1U << n) - 1U), (__m512)v);
#elif defined(__AVX2__)
  const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  _mm256_maskstore_ps(p, _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), lanes), (__m256)v);
#else
  memcpy(p, &v, n * sizeof(float));
#endif
}

/// As many half values, from anywhere, as floats
#if defined(__AVX512F__)
#define VEC_HALVES(p) ((Vec)_mm512_cvtph_ps(_mm256_loadu_si256((const __m256i*)(const void*)(p))))
#elif defined(__AVX2__)
#define VEC_HALVES(p) ((Vec)_mm256_cvtph_ps(_mm_loadu_si128((const __m128i*)(const void*)(p))))
#else
/// Four halves: the exponent is moved by a product, which also rights the subnormal ones
VEC_INLINE Vec
vec_halves(const uint16_t* const p) {
  const VecInt bits = {p[0], p[1], p[2], p[3]};
  const Vec size = (Vec)((bits & 0x7FFF) << 13) * VEC_ALL(0x1p112F);
  return (Vec)((VecInt)size | ((bits & 0x8000) * -65536));
}
#define VEC_HALVES(p) vec_halves(p)
#endif

VEC_INLINE Vec
vec_pick(const VecInt mask, const Vec yes, const Vec no) {
  return (Vec)((mask & (VecInt)yes) | (~mask & (VecInt)no));
}

/// Four rows of four values each, wherever they are, to four columns `pitch` apart
VEC_INLINE void
vec_turn(const float* const* const rows, const size_t first, float* const out, const size_t pitch) {
  typedef float Four __attribute__((vector_size(16)));
  typedef float FourAnywhere __attribute__((vector_size(16), aligned(4), may_alias));
  const Four    a = (Four) * (const FourAnywhere*)(rows[0] + first);
  const Four    b = (Four) * (const FourAnywhere*)(rows[1] + first);
  const Four    c = (Four) * (const FourAnywhere*)(rows[2] + first);
  const Four    d = (Four) * (const FourAnywhere*)(rows[3] + first);
  const Four    ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  const Four    cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  const Four    ab2 = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const Four    cd2 = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  *(FourAnywhere*)out = (FourAnywhere)__builtin_shufflevector(ab, cd, 0, 1, 4, 5);
  *(FourAnywhere*)(out + pitch) = (FourAnywhere)__builtin_shufflevector(ab, cd, 2, 3, 6, 7);
  *(FourAnywhere*)(out + 2U * pitch) = (FourAnywhere)__builtin_shufflevector(ab2, cd2, 0, 1, 4, 5);
  *(FourAnywhere*)(out + 3U * pitch) = (FourAnywhere)__builtin_shufflevector(ab2, cd2, 2, 3, 6, 7);
}

/// The greatest of n >= 1 values
VEC_INLINE float
vec_top(const float* const x, const size_t n) {
  Vec    tops = VEC_ALL(x[0]);
  float  lanes[VEC_LANES];
  size_t i = 0U;
  for (; i + VEC_LANES <= n; i += VEC_LANES) {
    const Vec v = vec_load(x + i);
    tops = vec_pick(v > tops, v, tops);
  }
  vec_store(lanes, tops);
  float top = lanes[0];
  for (uint32_t lane = 1U; lane < VEC_LANES; ++lane) {
    top = lanes[lane] > top ? lanes[lane] : top;
  }
  for (; i < n; ++i) {
    top = x[i] > top ? x[i] : top;
  }
  return top;
}

VEC_INLINE float
vec_sum(const Vec v) {
  float sum[VEC_LANES];
  vec_store(sum, v);
  for (uint32_t half = VEC_LANES / 2U; half; half /= 2U) {
    for (uint32_t i = 0U; i < half; ++i) {
      sum[i] += sum[i + half];
    }
  }
  return sum[0];
}

/// exp, to 2 ulp (Cephes expf); arguments beyond +-87 are held there, NaN stays
VEC_INLINE Vec
vec_exp(const Vec argument) {
  const Vec most = VEC_ALL(87.0F);
  Vec       x = vec_pick(argument > most, most, argument);
  x = vec_pick(x < -most, -most, x);
  // Round x log2(e) by adding and taking away 1.5 * 2^23
  const Vec magic = VEC_ALL(12582912.0F);
  const Vec shifted = VEC_FMA(x, VEC_ALL(1.44269504088896341F), magic);
  const Vec n = shifted - magic;
  x = VEC_FMA(n, VEC_ALL(-0.693359375F), x);
  x = VEC_FMA(n, VEC_ALL(2.12194440e-4F), x);
  Vec y = VEC_ALL(1.9875691500e-4F);
  y = VEC_FMA(y, x, VEC_ALL(1.3981999507e-3F));
  y = VEC_FMA(y, x, VEC_ALL(8.3334519073e-3F));
  y = VEC_FMA(y, x, VEC_ALL(4.1665795894e-2F));
  y = VEC_FMA(y, x, VEC_ALL(1.6666665459e-1F));
  y = VEC_FMA(y, x, VEC_ALL(5.0000001201e-1F));
  y = VEC_FMA(y, x * x, x + 1.0F);
  const VecInt power = ((VecInt)shifted << 23) + (127 << 23);
  return y * (Vec)power;
}

VEC_INLINE Vec
vec_sigmoid(const Vec x) {
  return 1.0F / (1.0F + vec_exp(-x));
}

/// x / 2 (1 + erf(x / sqrt(2))): erf to 4e-7 as a ratio of polynomials (Eigen's erf of floats)
VEC_INLINE Vec
vec_gelu(const Vec x) {
  const Vec most = VEC_ALL(4.0F);
  Vec       z = x * 0.70710678118654752F;
  z = vec_pick(z > most, most, z);
  z = vec_pick(z < -most, -most, z);
  const Vec square = z * z;
  Vec       p = VEC_ALL(-2.72614225801306e-10F);
  p = VEC_FMA(p, square, VEC_ALL(2.77068142495902e-08F));
  p = VEC_FMA(p, square, VEC_ALL(-2.10102402082508e-06F));
  p = VEC_FMA(p, square, VEC_ALL(-5.69250639462346e-05F));
  p = VEC_FMA(p, square, VEC_ALL(-7.34990630326855e-04F));
  p = VEC_FMA(p, square, VEC_ALL(-2.95459980854025e-03F));
  p = VEC_FMA(p, square, VEC_ALL(-1.60960333262415e-02F));
  Vec q = VEC_ALL(-1.45660718464996e-05F);
  q = VEC_FMA(q, square, VEC_ALL(-2.13374055278905e-04F));
  q = VEC_FMA(q, square, VEC_ALL(-1.68282697438203e-03F));
  q = VEC_FMA(q, square, VEC_ALL(-7.37332916720468e-03F));
  q = VEC_FMA(q, square, VEC_ALL(-1.42647390514189e-02F));
  const Vec half = 0.5F * x;
  return VEC_FMA(half, p * z / q, half);
}

/// tanh (Cephes tanhf): a polynomial near 0, else by exp
VEC_INLINE Vec
vec_tanh(const Vec x) {
  const Vec z = x * x;
  Vec       near = VEC_ALL(-5.70498872745e-3F);
  near = VEC_FMA(near, z, VEC_ALL(2.06390887954e-2F));
  near = VEC_FMA(near, z, VEC_ALL(-5.37397155531e-2F));
  near = VEC_FMA(near, z, VEC_ALL(1.33314422036e-1F));
  near = VEC_FMA(near, z, VEC_ALL(-3.33332819422e-1F));
  near = VEC_FMA(near * z, x, x);
  const Vec far = 1.0F - 2.0F / (vec_exp(x + x) + 1.0F);
  return vec_pick(z < 0.390625F, near, far);
}

#endif // PINNA_NN_CPU_VEC_H
