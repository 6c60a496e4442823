// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_KALDI_KERNEL_H
#define PINNA_DSP_KALDI_KERNEL_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

// Energies of real frames in double precision, a few frames at once: frame l is lane l
//
// Logarithms of a Kaldi spectrogram go down to 1e-7, 160 dB below a loud frame's peak: single
// precision's noise is louder than that.

#define PINNA_KALDI_LANES 4U
#define PINNA_KALDI_MAX_PASSES 24U

/// Half as many complex numbers as samples, in Stockham's order, any radix
typedef struct {
  uint32_t      n; ///< Complex numbers
  uint32_t      n_passes;
  uint32_t      radix[PINNA_KALDI_MAX_PASSES]; ///< 4, 2 or an odd prime
  const double* twiddle; ///< Per pass [what is left of n / radix][radix - 1][re, im]
  const double* roots;   ///< Per pass [radix][re, im]
  const double* pairs;   ///< [n + 1][re, im]: exp(-pi j k / n)
} PinnaKaldiPlan;

/// |bin|^2 or, if `root`, |bin|, of columns [2 n][lanes] of samples
/// @param z   Columns, destroyed
/// @param y   Scratch of the same size
/// @param out Columns [n + 1][lanes]
typedef void (*PinnaKaldiKernel)(const PinnaKaldiPlan* plan, double* z, double* y, bool root,
                                 double* out);

void pinna_kaldi_kernel_c(const PinnaKaldiPlan* plan, double* z, double* y, bool root,
                          double* out) PINNA_RT;
void pinna_kaldi_kernel_avx2(const PinnaKaldiPlan* plan, double* z, double* y, bool root,
                             double* out) PINNA_RT;

#endif // PINNA_DSP_KALDI_KERNEL_H
