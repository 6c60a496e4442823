// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_STFT_KERNEL_H
#define PINNA_DSP_STFT_KERNEL_H

#include <math.h>
#include <stdint.h>

// The streaming transform's loops over samples. Their text is here; each instruction set compiles
// it with its own flags, and as nothing is contracted, all give the same bits.

typedef struct {
  /// dst = src, but 0 for what is no number or beyond 1e9
  void (*copy_sound)(float* restrict dst, const float* restrict src, uint32_t n);
  /// dst = a * b
  void (*multiply)(float* restrict dst, const float* restrict a, const float* restrict b,
                   uint32_t n);
  /// dst += a * b
  void (*multiply_add)(float* restrict dst, const float* restrict a, const float* restrict b,
                       uint32_t n);
} PinnaStftKernel;

extern const PinnaStftKernel pinna_stft_kernel_c;
extern const PinnaStftKernel pinna_stft_kernel_avx2;

static inline void
pinna_stft_copy_sound(float* const restrict dst, const float* const restrict src,
                      const uint32_t n) {
  for (uint32_t i = 0U; i < n; ++i) {
    dst[i] = fabsf(src[i]) <= 1e9f ? src[i] : 0.0f;
  }
}

static inline void
pinna_stft_multiply(float* const restrict dst, const float* const restrict a,
                    const float* const restrict b, const uint32_t n) {
  for (uint32_t i = 0U; i < n; ++i) {
    dst[i] = a[i] * b[i];
  }
}

static inline void
pinna_stft_multiply_add(float* const restrict dst, const float* const restrict a,
                        const float* const restrict b, const uint32_t n) {
  for (uint32_t i = 0U; i < n; ++i) {
    dst[i] += a[i] * b[i];
  }
}

#define PINNA_STFT_KERNEL                                                                          \
  { pinna_stft_copy_sound, pinna_stft_multiply, pinna_stft_multiply_add }

#endif // PINNA_DSP_STFT_KERNEL_H
