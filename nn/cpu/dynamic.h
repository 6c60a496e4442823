// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_DYNAMIC_H
#define PINNA_NN_CPU_DYNAMIC_H

#include "base/cpu.h"
#include "nn/cpu/kernels.h"

#include <stddef.h>
#include <stdint.h>

// Products of int8 weights and of columns that become 8 bits as they come: PINNA_PRECISION_DYNAMIC
//
// A row of weights is whole numbers of +-127 and a scale. A column (all values under a kernel's
// taps) is measured, then is 8 bits, of which one is exactly 0: x is about unit (digit - zero) with
//   unit = (most - least) / 255,  zero = -round(least / unit),
//   digit = zero + min(round(x / unit), 255 - zero),
// where least <= 0 <= most. Sums are whole numbers of 32 bits and so the same on every processor;
// only bias, activation and what is added are floats. A column that holds what is no number gives
// anything. All are realtime.

/// Longest row whose sums cannot overflow
#define PINNA_DYNAMIC_MOST 65536U

/// Bytes of a column that lie together: what one column has of 256 or 512 values
#define PINNA_DYNAMIC_BLOCK 512U

typedef struct {
  /// The product of kernels.h: of g->bytes, [panel][value / group][16][group]. `pack` is the room.
  void (*gemm)(const PinnaGemm* g, const float* x, float* y);
  uint32_t group; ///< Values of a row of weights that lie together; the last are filled up with 0
  uint32_t digit; ///< Bytes of a value of a column
} PinnaDynamicKernel;

extern const PinnaDynamicKernel pinna_dynamic_kernel_c;
extern const PinnaDynamicKernel pinna_dynamic_kernel_avx2;

/// For processors with AVX-512 VNNI
extern const PinnaDynamicKernel pinna_dynamic_kernel_vnni;

/// The quickest one that an instruction set allows
const PinnaDynamicKernel* pinna_dynamic_kernel(PinnaIsa isa);

/// Columns of g that become digits together
uint32_t pinna_dynamic_batch(const PinnaDynamicKernel* kernel, const PinnaGemm* g);

/// Floats of `pack` for a batch of columns
size_t pinna_dynamic_room(const PinnaDynamicKernel* kernel, const PinnaGemm* g);

#endif // PINNA_NN_CPU_DYNAMIC_H
