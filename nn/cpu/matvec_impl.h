// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_MATVEC_IMPL_H
#define PINNA_NN_CPU_MATVEC_IMPL_H

#include "nn/cpu/matvec.h"
#include "nn/cpu/matvec_kernel.h"

// A packed matrix and the digits of the vector it is given

struct PinnaMatvecImpl {
  PinnaMatvecKernel kernel;
  PinnaPrecision    precision;
  uint32_t          n_rows;
  uint32_t          n_columns;
  void*             w;     ///< Blocks of PINNA_MATVEC_ROWS rows
  const float*      bias;  ///< [whole blocks]
  const float*      scale; ///< int8: of each row
  const int32_t*    shift; ///< int8: 16384 times each row's sum
  int16_t*          whole;
  uint8_t*          high;
  uint8_t*          low;
  const float*      x;    ///< Vector that was taken
  float             unit; ///< int8: what one of its whole numbers is worth
};

#endif // PINNA_NN_CPU_MATVEC_IMPL_H
