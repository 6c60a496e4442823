// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_MATVEC_KERNEL_H
#define PINNA_NN_CPU_MATVEC_KERNEL_H

#include "base/attributes.h"

#include <stddef.h>
#include <stdint.h>

// The loops of the matrix-vector product, one table for each instruction set
//
// Weights come in blocks of 64 rows, filled up with 0: float and half as [column][64], int8 as
// [column / 4][64][4]. One block gives 64 sums.

#define PINNA_MATVEC_ROWS 64U

/// Vectors of int8 products are whole numbers of 15 bits, in two forms
typedef struct {
  const int16_t* whole; ///< [n_columns, filled up to 4], -16256 to 16256
  const uint8_t* high;  ///< (whole + 16384) / 256
  const uint8_t* low;   ///< (whole + 16384) % 256
} PinnaMatvecDigits;

typedef struct {
  void (*f32)(const float* w, const float* x, uint32_t n_columns, float* sums) PINNA_RT;
  void (*f16)(const uint16_t* w, const float* x, uint32_t n_columns, float* sums) PINNA_RT;
  /// Sums of w * whole. `shift` [64] is 16384 times each row's sum, for who sums high and low.
  void (*int8)(const int8_t* w, const PinnaMatvecDigits* x, uint32_t n_quads, const int32_t* shift,
               int32_t* sums) PINNA_RT;
} PinnaMatvecKernel;

extern const PinnaMatvecKernel pinna_matvec_kernel_c;
extern const PinnaMatvecKernel pinna_matvec_kernel_avx2;
extern const PinnaMatvecKernel pinna_matvec_kernel_avx512;

/// Only its int8: for processors with AVX-512 VNNI
extern const PinnaMatvecKernel pinna_matvec_kernel_vnni;

#endif // PINNA_NN_CPU_MATVEC_KERNEL_H
