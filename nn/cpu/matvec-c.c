// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/matvec_kernel.h"

#include "nn/cpu/matvec_text.h"

// The matrix-vector product in plain C: what the others must equal

static void
matvec_int8(const int8_t* const w, const PinnaMatvecDigits* const x, const uint32_t n_quads,
            const int32_t* const shift, int32_t* const sums) {
  (void)shift;
  memset(sums, 0, PINNA_MATVEC_ROWS * sizeof(int32_t));
  for (uint32_t q = 0U; q < n_quads; ++q) {
    for (uint32_t row = 0U; row < PINNA_MATVEC_ROWS; ++row) {
      const int8_t* const four = w + ((size_t)q * PINNA_MATVEC_ROWS + row) * 4U;
      for (uint32_t i = 0U; i < 4U; ++i) {
        sums[row] += four[i] * x->whole[4U * q + i];
      }
    }
  }
}

const PinnaMatvecKernel pinna_matvec_kernel_c = {matvec_f32, matvec_f16, matvec_digits,
                                                 matvec_int8};
