// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_MATVEC_KERNEL_H
#define PINNA_NN_CPU_MATVEC_KERNEL_H

#include "base/attributes.h"
#include "nn/cpu/matvec.h"

#include <stddef.h>
#include <stdint.h>

// The loops of the matrix-vector product, one table for each instruction set
//
// Weights come in blocks of 64 rows, filled up with 0: float and half as [column][64], int8 as
// [column / 4][64][4]. One block gives 64 sums.

#define PINNA_MATVEC_ROWS PINNA_MATVEC_BLOCK

/// Greatest whole number, 127 * 128: the high digit stays below 128, sums below 2^31
#define PINNA_MATVEC_GREATEST 16256

/// What digits count from
#define PINNA_MATVEC_ZERO 16384

/// Vectors of int8 products are whole numbers of 15 bits, in two forms
typedef struct {
  const int16_t* whole; ///< [n_columns, filled up to 4], +-PINNA_MATVEC_GREATEST
  const uint8_t* high;  ///< (whole + PINNA_MATVEC_ZERO) / 256
  const uint8_t* low;   ///< (whole + PINNA_MATVEC_ZERO) % 256
} PinnaMatvecDigits;

typedef struct {
  void (*f32)(const float* w, const float* x, uint32_t n_columns, float* sums) PINNA_RT;
  void (*f16)(const uint16_t* w, const float* x, uint32_t n_columns, float* sums) PINNA_RT;
  /// x [n_columns] in whole numbers, 0 for what is no number. @return What one is worth
  float (*digits)(const float* x, uint32_t n_columns, int16_t* whole, uint8_t* high,
                  uint8_t* low) PINNA_RT;
  /// Sums of w * whole. `shift` [64] is PINNA_MATVEC_ZERO times each row's sum, for who sums high
  /// and low.
  void (*int8)(const int8_t* w, const PinnaMatvecDigits* x, uint32_t n_quads, const int32_t* shift,
               int32_t* sums) PINNA_RT;
} PinnaMatvecKernel;

extern const PinnaMatvecKernel pinna_matvec_kernel_c;
extern const PinnaMatvecKernel pinna_matvec_kernel_avx2;
extern const PinnaMatvecKernel pinna_matvec_kernel_avx512;

/// Only its int8: for processors with AVX-512 VNNI
extern const PinnaMatvecKernel pinna_matvec_kernel_vnni;

#endif // PINNA_NN_CPU_MATVEC_KERNEL_H
