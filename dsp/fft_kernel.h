// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_FFT_KERNEL_H
#define PINNA_DSP_FFT_KERNEL_H

#include <complex.h>
#include <stdint.h>

// The pass between the transform of n / 2 complex numbers and that of n real ones

/// For the pairs k, h - k with k = 1 to (h - 1) / 2:
///   s = scale * (z[k] + conj(z[h - k])), t = twiddle[k] * (z[k] - conj(z[h - k])),
///   z[k] = s + t, z[h - k] = conj(s - t).
/// Bins 0, h / 2 and h are the caller's. Realtime.
typedef void (*PinnaFftPairsFunc)(float complex* z, const float complex* twiddle, uint32_t h,
                                  float scale);

void pinna_fft_pairs_c(float complex* z, const float complex* twiddle, uint32_t h, float scale);

void pinna_fft_pairs_avx2(float complex* z, const float complex* twiddle, uint32_t h, float scale);

/// One pair, for what does not fill a vector
static inline void
pinna_fft_pair(float* const a, float* const b, const float* const w, const float scale) {
  const float s_re = scale * (a[0] + b[0]);
  const float s_im = scale * (a[1] - b[1]);
  const float d_re = a[0] - b[0];
  const float d_im = a[1] + b[1];
  const float t_re = w[0] * d_re - w[1] * d_im;
  const float t_im = w[0] * d_im + w[1] * d_re;
  a[0] = s_re + t_re;
  a[1] = s_im + t_im;
  b[0] = s_re - t_re;
  b[1] = t_im - s_im;
}

#endif // PINNA_DSP_FFT_KERNEL_H
