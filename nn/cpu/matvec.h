// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_MATVEC_H
#define PINNA_NN_CPU_MATVEC_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/cpu.h"
#include "base/status.h"
#include "nn/plan.h"

#include <stddef.h>
#include <stdint.h>

// One matrix times one vector after another, bound by reading the matrix: float, half or int8
//
// For networks that walk sample by sample, where every value of every weight is read for each
// sample. int8 weights have one scale a row; the vector is taken as 15 bits with one scale, so that
// only the weights are coarse, and the sums are whole numbers: the same bits on every processor.

#define PINNA_MATVEC_INT8_COLUMNS 1024U
#define PINNA_MATVEC_BLOCK 64U ///< Rows that are summed together

typedef struct PinnaMatvecImpl PinnaMatvec;

typedef struct {
  const float*   w;    ///< [n_rows x n_columns], rows w_stride floats apart; F32: NULL for 0
  const float*   bias; ///< [n_rows], or NULL
  size_t         w_stride;
  uint32_t       n_rows;
  uint32_t       n_columns;
  PinnaPrecision precision;
  PinnaIsa       isa; ///< At most pinna_cpu_isa(), which is the one to use
} PinnaMatvecConfig;

/// Pack the matrix; `w` and `bias` may be freed afterwards, and may be NULL while measuring. Not
/// realtime. @return BAD_ARG (no rows or columns, too many columns for int8), NO_MEM
PINNA_API PinnaStatus pinna_matvec_init(PinnaMatvec** self, PinnaArena* arena,
                                        const PinnaMatvecConfig* config);

/// y [n_rows] = W x + bias. `y` must not overlap `x` [n_columns]. Realtime.
PINNA_API void pinna_matvec_run(PinnaMatvec* self, const float* x, float* y) PINNA_RT;

/// The vector of the products that follow; float and half keep only the pointer. Realtime.
PINNA_API void pinna_matvec_take(PinnaMatvec* self, const float* x) PINNA_RT;

/// Rows in blocks of PINNA_MATVEC_BLOCK, the last one what is left. Realtime, any thread.
PINNA_API uint32_t pinna_matvec_n_blocks(const PinnaMatvec* self) PINNA_RT;

/// Some blocks of what pinna_matvec_run() gives for the vector that was taken: the same bits.
/// Realtime; several threads may each do their own blocks at once.
/// @param y Receives the rows of the blocks, at their places in [n_rows]
PINNA_API void pinna_matvec_blocks(const PinnaMatvec* self, uint32_t first, uint32_t n_blocks,
                                   float* y) PINNA_RT;

/// Other weights [n_rows] for a column of an F32 matrix. Realtime.
PINNA_API void pinna_matvec_set_column(PinnaMatvec* self, uint32_t column,
                                       const float* values) PINNA_RT;

/// Bytes of weights that one product reads. Realtime.
PINNA_API size_t pinna_matvec_bytes(const PinnaMatvec* self) PINNA_RT;

#endif // PINNA_NN_CPU_MATVEC_H
