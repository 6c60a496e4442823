// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_HISTOGRAM_H
#define PINNA_HOST_HISTOGRAM_H

#include "base/attributes.h"

#include <stdatomic.h>
#include <stdint.h>

// Times of one thread, counted in logarithmic bins that another thread may read at any time

/// 16 bins an octave from 16 ns to 2^40 ns (18 minutes): every value is known within 6.25 %
#define PINNA_HISTOGRAM_BINS (16U * 38U)

/// Zero-initialise. One thread adds, any thread reads.
typedef struct {
  atomic_uint_least32_t bins[PINNA_HISTOGRAM_BINS];
  atomic_uint_least64_t count;
  atomic_uint_least64_t sum;
  atomic_uint_least64_t worst;
} PinnaHistogram;

/// Count one time. Adding thread only, realtime.
void pinna_histogram_add(PinnaHistogram* histogram, uint64_t ns) PINNA_RT;

/// Forget everything. Adding thread only, realtime.
void pinna_histogram_clear(PinnaHistogram* histogram) PINNA_RT;

/// The time that `share` (0 to 1) of all runs did not exceed, in nanoseconds; 0 when empty
double pinna_histogram_quantile(const PinnaHistogram* histogram, double share);

#endif // PINNA_HOST_HISTOGRAM_H
