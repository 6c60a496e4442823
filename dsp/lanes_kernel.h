// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_LANES_KERNEL_H
#define PINNA_DSP_LANES_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

// Loops over several frames at once: frame l of a group is lane l of every vector
//
// A "column" array [n][lanes] holds value i of all frames side by side, a "row" array is one
// frame's values. A complex array is [n][2][lanes]: real parts, imaginary parts, and so on; a
// real signal in columns is at the same time the complex array of its even and odd samples.

#define PINNA_LANES_MAX 16U ///< Lanes of the widest kernel
#define PINNA_LANES_MAX_PASSES 24U

/// A mixed-radix transform of n complex values (Stockham's order)
typedef struct {
  uint32_t     n;
  uint32_t     n_passes;
  uint32_t     radix[PINNA_LANES_MAX_PASSES]; ///< 2, 3, 4, 5
  const float* twiddle; ///< Per pass [n / product of radices so far][radix - 1][re, im]
  const float* pairs;   ///< [n / 2 + 1][re, im]: -j / 2 exp(-pi j k / n)
} PinnaLanesPlan;

/// A filter's weights without the zeros around them
typedef struct {
  uint32_t first;   ///< Index of the first bin
  uint32_t n;       ///< Weights
  uint32_t weights; ///< Index of the first weight
} PinnaBand;

typedef struct {
  uint32_t lanes;
  /// Rows [lanes] of n samples, times `window`, to columns [n][lanes]
  void (*load)(const float* const* rows, const float* window, uint32_t n, float* out);
  /// Columns [n][lanes] to the first n_rows rows, times `window` [n] unless NULL
  void (*store)(const float* in, uint32_t n, const float* window, uint32_t n_rows,
                float* const* rows);
  /// Transform `z`, destroying it, with scratch `y` [n][2][lanes]. @return Where the result is
  float* (*transform)(const PinnaLanesPlan* plan, float* z, float* y);
  /// Half transform [n][2][lanes] to bins [n + 1][2][lanes] of the real signal, times scale
  void (*split)(const PinnaLanesPlan* plan, const float* z, float scale, float* bins);
  /// The same to |bin|^2 or, if `root`, |bin| [n + 1][lanes]
  void (*energy)(const PinnaLanesPlan* plan, const float* z, float scale, bool root, float* out);
  /// Bins to the conjugate of the half transform whose transform is 2n times the signal,
  /// odd samples negated
  void (*merge)(const PinnaLanesPlan* plan, const float* bins, float* z);
  /// Filters over columns [n_bins][lanes] to [n_bands][lanes]
  void (*bands)(const PinnaBand* bands, uint32_t n_bands, const float* weights, const float* in,
                float* out);
  /// Matrix [n_in][n_out] over columns [n_in][lanes] to [n_out][lanes]
  void (*matrix)(const float* matrix, uint32_t n_in, uint32_t n_out, const float* in, float* out);
  /// a ln(max(x, least) + offset), in place over n floats, n a multiple of lanes
  void (*log)(float* x, uint32_t n, float least, float offset, float a);
  /// sum k x[k] and sum x[k] over columns: [2][lanes]
  void (*moments)(const float* in, uint32_t n, float* out);
  /// Griffin-Lim: a = bins - momentum * last, last = bins, bins = magnitude * a / |a|; over
  /// columns [n_bins][2][lanes], magnitudes [n_bins][lanes]
  void (*griffin)(float* bins, float* last, const float* magnitude, float momentum,
                  uint32_t n_bins);
  /// Phase vocoder, rows of n_bins complex numbers; phasors [n_bins up to lanes][2][lanes]
  void (*stretch)(const float* before, const float* after, float alpha, bool is_first,
                  float* phasors, uint32_t n_bins, float* out);
} PinnaLanesKernel;

extern const PinnaLanesKernel pinna_lanes_kernel_c;
extern const PinnaLanesKernel pinna_lanes_kernel_avx2;
extern const PinnaLanesKernel pinna_lanes_kernel_avx512;

#endif // PINNA_DSP_LANES_KERNEL_H
