// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/histogram.h"

#include <stdatomic.h>

// Logarithmic bins: the position of the highest bit and the four bits below it

static uint32_t
bin_of(const uint64_t ns) {
  if (ns < 16U) {
    return (uint32_t)ns;
  }

  const uint32_t octave = 63U - (uint32_t)__builtin_clzll(ns);
  const uint32_t bin = (octave - 3U) * 16U + ((uint32_t)(ns >> (octave - 4U)) & 15U);
  return bin < PINNA_HISTOGRAM_BINS ? bin : PINNA_HISTOGRAM_BINS - 1U;
}

static double
middle_of(const uint32_t bin) {
  if (bin < 16U) {
    return bin;
  }

  const uint32_t octave = bin / 16U + 3U;
  return ((double)(16U + bin % 16U) + 0.5) * (double)(1ULL << (octave - 4U));
}

void
pinna_histogram_add(PinnaHistogram* const histogram, const uint64_t ns) PINNA_RT {
  // One writer: separate loads and stores are enough, and cheaper than locked additions
  atomic_uint_least32_t* const bin = histogram->bins + bin_of(ns);
  atomic_store_explicit(bin, atomic_load_explicit(bin, memory_order_relaxed) + 1U,
                        memory_order_relaxed);
  atomic_store_explicit(&histogram->sum,
                        atomic_load_explicit(&histogram->sum, memory_order_relaxed) + ns,
                        memory_order_relaxed);
  if (ns > atomic_load_explicit(&histogram->worst, memory_order_relaxed)) {
    atomic_store_explicit(&histogram->worst, ns, memory_order_relaxed);
  }
  atomic_store_explicit(&histogram->count,
                        atomic_load_explicit(&histogram->count, memory_order_relaxed) + 1U,
                        memory_order_relaxed);
}

void
pinna_histogram_clear(PinnaHistogram* const histogram) PINNA_RT {
  for (uint32_t i = 0U; i < PINNA_HISTOGRAM_BINS; ++i) {
    atomic_store_explicit(histogram->bins + i, 0U, memory_order_relaxed);
  }
  atomic_store_explicit(&histogram->count, 0U, memory_order_relaxed);
  atomic_store_explicit(&histogram->sum, 0U, memory_order_relaxed);
  atomic_store_explicit(&histogram->worst, 0U, memory_order_relaxed);
}

double
pinna_histogram_quantile(const PinnaHistogram* const histogram, const double share) {
  uint64_t total = 0U;
  for (uint32_t i = 0U; i < PINNA_HISTOGRAM_BINS; ++i) {
    total += atomic_load_explicit(histogram->bins + i, memory_order_relaxed);
  }

  uint64_t below = 0U;
  for (uint32_t i = 0U; i < PINNA_HISTOGRAM_BINS; ++i) {
    below += atomic_load_explicit(histogram->bins + i, memory_order_relaxed);
    if (below && (double)below >= share * (double)total) {
      return middle_of(i);
    }
  }

  return 0.0;
}
