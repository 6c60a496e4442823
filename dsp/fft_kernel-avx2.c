// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/fft_kernel.h"

#include <complex.h>
#include <immintrin.h>
#include <stdint.h>

// Four pairs at once

static __m256
reversed(const __m256 v) {
  return _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(v), 0x1B));
}

void
pinna_fft_pairs_avx2(float complex* const z, const float complex* const twiddle, const uint32_t h,
                     const float scale) {
  const __m256 conj = _mm256_castsi256_ps(_mm256_set1_epi64x((int64_t)0x8000000000000000U));
  const __m256 scales = _mm256_set1_ps(scale);

  uint32_t k = 1U;
  for (; 2U * k + 6U < h; k += 4U) {
    float* const up = (float*)(z + k);
    float* const down = (float*)(z + (h - k - 3U));
    const __m256 a = _mm256_loadu_ps(up);
    const __m256 b = _mm256_xor_ps(conj, reversed(_mm256_loadu_ps(down)));
    const __m256 w = _mm256_loadu_ps((const float*)(twiddle + k));
    const __m256 d = _mm256_sub_ps(a, b);
    const __m256 s = _mm256_mul_ps(scales, _mm256_add_ps(a, b));
    const __m256 crossed = _mm256_mul_ps(_mm256_movehdup_ps(w), _mm256_permute_ps(d, 0xB1));
    const __m256 t = _mm256_fmaddsub_ps(_mm256_moveldup_ps(w), d, crossed);
    _mm256_storeu_ps(up, _mm256_add_ps(s, t));
    _mm256_storeu_ps(down, reversed(_mm256_xor_ps(conj, _mm256_sub_ps(s, t))));
  }
  for (; k < h - k; ++k) {
    pinna_fft_pair((float*)(z + k), (float*)(z + (h - k)), (const float*)(twiddle + k), scale);
  }
}
