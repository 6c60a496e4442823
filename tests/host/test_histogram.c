// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/histogram.h"
#include "tests/tap.h"

#include <math.h>
#include <stdlib.h>

// Times in logarithmic bins against a sorted list

static int
compare(const void* const a, const void* const b) {
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

int
main(void) {
  enum { N = 20000 };
  static PinnaHistogram histogram;
  static double         times[N];
  static const double   shares[] = {0.01, 0.25, 0.5, 0.9, 0.99, 0.999};
  unsigned              seed = 41U;
  double                sum = 0.0;
  tap_near(pinna_histogram_quantile(&histogram, 0.5), 0.0, 0.0, "empty");
  for (int i = 0; i < N; ++i) {
    times[i] = floor(exp(14.0 + 9.0 * (double)tap_noise(&seed))); // 150 ns to 10 s
    sum += times[i];
    pinna_histogram_add(&histogram, (uint64_t)times[i]);
  }
  qsort(times, N, sizeof(times[0]), compare);
  for (size_t k = 0U; k < sizeof(shares) / sizeof(shares[0]); ++k) {
    const double exact = times[(size_t)(shares[k] * N) - 1U];
    tap_near(pinna_histogram_quantile(&histogram, shares[k]) / exact, 1.0, 0.1, "quantile %g",
             shares[k]);
  }
  tap_int((long long)atomic_load(&histogram.count), N, "count");
  tap_near((double)atomic_load(&histogram.sum), sum, 0.5, "sum");
  tap_near((double)atomic_load(&histogram.worst), times[N - 1], 0.5, "worst");

  pinna_histogram_clear(&histogram);
  pinna_histogram_add(&histogram, 0U);
  pinna_histogram_add(&histogram, 15U);
  pinna_histogram_add(&histogram, UINT64_MAX / 2U);
  tap_near(pinna_histogram_quantile(&histogram, 0.6), 15.0, 0.0, "small numbers are exact");
  tap_at_least(pinna_histogram_quantile(&histogram, 1.0), 1e12, "huge ones land in the last bin");
  return tap_done();
}
