// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_KERNELS_H
#define PINNA_NN_CPU_KERNELS_H

#include "base/cpu.h"
#include "nn/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The loops of the processor backend, one table for each instruction set
//
// All of them compute the same sums in the same order; those with fused multiply-add round once
// less. Nothing overlaps unless it says so. All are realtime.

/// Rows of weights that lie together: value k of rows 16 p to 16 p + 15 at [p][k][16]
#define PINNA_PANEL 16U

/// Values of columns that a product of many columns copies together: 2 MiB
#define PINNA_GEMM_PACK (512U * 1024U)

/// Weights that are near enough to be fetched for each few columns again: 256 KiB
#define PINNA_GEMM_NEAR (64U * 1024U)

/// Weights that are made floats together, where they are not: 192 KiB, behind `pack`'s columns
#define PINNA_GEMM_BLOCK (48U * 1024U)

/// Fewest columns and rows for which that copy pays
#define PINNA_GEMM_MANY_COLUMNS 17U
#define PINNA_GEMM_MANY_ROWS 96U

/// Fewest columns, and values of a row, for which 7 products of halves are quicker than 8, and
/// values for which within them again; floats of their weights at a time, and with a strip of
/// columns
#define PINNA_GEMM_FAST_COLUMNS 192U
#define PINNA_GEMM_FAST_DEPTH 128U
#define PINNA_GEMM_FAST_TWICE 512U
#define PINNA_GEMM_FAST_ROOM (128U * 1024U)
#define PINNA_GEMM_FAST_PACK (PINNA_GEMM_FAST_ROOM + 16U * 1024U)

/// Columns of a product: for o < n_outer, n < n_columns the vector
///   y[y_first + o y_outer + n y_column + m] = bias[m] + sum over taps i, k < k_tap of
///     w[m][i k_tap + k] x[x_first + o x_outer + n x_column + taps[i] + k],     m < n_rows.
/// A convolution is this with a tap for each place of its kernel, a Linear layer with one tap.
typedef struct PinnaGemmImpl PinnaGemm;

struct PinnaGemmImpl {
  const float*    w; ///< Panels, rows filled up with 0; or one of the next two, and `pack`
  const uint16_t* halves;
  const int8_t*   bytes;
  const float*    scales; ///< Of the bytes of each row [n_rows, filled up to a panel]
  const float*    bias;   ///< [n_rows, filled up to a panel]
  const int32_t*  taps;   ///< [n_taps]
  float*          pack;   ///< Room for the columns' copy, or NULL
  float*          block;  ///< Room for weights as floats, where they are not
  uint32_t        n_rows;
  uint32_t        n_taps;
  uint32_t        k_tap;
  uint32_t        n_columns;
  uint32_t        n_outer;
  size_t          x_first;
  size_t          x_outer;
  size_t          x_column;
  size_t          y_first;
  size_t          y_outer;
  size_t          y_column;
  PinnaAct        act; ///< Of the result, while it is at hand: only with `pack`, or depthwise
  float           slope;
  const float*
         plus; ///< A row for each column, added to it; NULL, too, without `pack` or if n_outer > 1
  size_t plus_column;
  bool   is_whole;        ///< Columns may depend on how many there are
  const float* values[2]; ///< Where x's values begin and end, only 0 around them; NULL: anywhere
  /// What does the product instead: of `bytes`, as dynamic.h has it; or NULL
  void (*dynamic)(const PinnaGemm* g, const float* x, float* y);
  const int32_t* sums;    ///< Of the bytes of each row, for that [n_rows, filled up to a panel]
  uint32_t       n_batch; ///< Columns that it takes together
};

/// Rows that become x scale + shift as they are read, between rows of 0
typedef struct {
  const float* x; ///< [n_rows], `pitch` apart
  const float* scale;
  const float* shift;
  size_t       pitch;
  uint32_t     n_rows;
  uint32_t     before; ///< Rows of 0 before them; as many behind as are read
} PinnaNormedRows;

typedef struct {
  /// The product above; by blocks for the caches if g->pack is there
  void (*gemm)(const PinnaGemm* g, const float* x, float* y);
  /// The same with one input channel for each output channel: w[i][n_rows], k_tap is not used
  void (*depthwise)(const PinnaGemm* g, const float* x, float* y);
  /// The same along t of such rows; g's columns are the rows of y, its taps count rows of n_rows
  /// values from the first row of 0
  void (*depthwise_normed)(const PinnaNormedRows* x, const PinnaGemm* g, float* y);
  /// y = act(x), n values; y may be x
  void (*act)(PinnaAct act, float slope, const float* x, float* y, size_t n);
  /// h = (1 - z) n + z h for n cells of torch's GRU; gx, gh [3 n]: W x + b of r, z, n; out = h
  void (*gru)(const float* gx, const float* gh, float* h, float* out, size_t n);
  /// c = f c + i g, h = o tanh(c) for n cells; gx, gh [4 n]: of i, f, g, o; out = h
  void (*lstm)(const float* gx, const float* gh, float* h, float* c, float* out, size_t n);
  /// y = x * scale + shift, n values; y may be x
  void (*affine)(const float* x, const float* scale, const float* shift, float* y, size_t n);
  void (*add)(const float* a, const float* b, float* y, size_t n);
  void (*mul)(const float* a, const float* b, float* y, size_t n);
  /// Sum of (x - mean), and of its square
  void (*moments)(const float* x, float mean, size_t n, float* sums);
  /// y = (x - mean) * gain
  void (*centre)(const float* x, float mean, float gain, float* y, size_t n);
  /// y += x^2
  void (*add_square)(const float* x, float* y, size_t n);
  /// y = sqrt(a^2 + b^2)
  void (*magnitude)(const float* a, const float* b, float* y, size_t n);
  /// y = exp(x - top). @return Their sum
  float (*exp_sum)(const float* x, float top, float* y, size_t n);
} PinnaCpuKernels;

extern const PinnaCpuKernels pinna_cpu_kernels_c;
extern const PinnaCpuKernels pinna_cpu_kernels_avx2;
extern const PinnaCpuKernels pinna_cpu_kernels_avx512;

/// The table of an instruction set
const PinnaCpuKernels* pinna_cpu_kernels(PinnaIsa isa);

#endif // PINNA_NN_CPU_KERNELS_H
