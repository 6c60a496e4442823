// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/fft_kernel.h"

#include <complex.h>
#include <stdint.h>

// The reference

void
pinna_fft_pairs_c(float complex* const z, const float complex* const twiddle, const uint32_t h,
                  const float scale) {
  for (uint32_t k = 1U; k < h - k; ++k) {
    pinna_fft_pair((float*)(z + k), (float*)(z + (h - k)), (const float*)(twiddle + k), scale);
  }
}
