// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_MVDR_KERNEL_H
#define PINNA_DSP_MVDR_KERNEL_H

#include <stddef.h>
#include <stdint.h>

// Beamforming's loops over time

typedef struct {
  /// sums[e] += sum_t mask[t] a[t] conj(b[e][t]) for e = 0 to n_b - 1. Complex numbers are pairs.
  void (*products)(const double* a, const double* const* b, uint32_t n_b, const double* mask,
                   size_t n_time, double* sums);
  /// out[t] = sum_c conj(w[c]) x[c][t]
  void (*combine)(const double* const* x, const double* w, uint32_t n_ch, size_t n_time,
                  double* out);
} PinnaMvdrKernel;

extern const PinnaMvdrKernel pinna_mvdr_kernel_c;
extern const PinnaMvdrKernel pinna_mvdr_kernel_avx2;
extern const PinnaMvdrKernel pinna_mvdr_kernel_avx512;

#endif // PINNA_DSP_MVDR_KERNEL_H
