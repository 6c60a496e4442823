// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/scan.h"
#include "tests/tap.h"

#include <math.h>
#include <stdlib.h>

// Peaks against a plain loop; NaN and Inf of every sign and in every place

int
main(void) {
  enum { N = 300 };
  static float       x[N];
  static const float bad[] = {NAN, -NAN, INFINITY, -INFINITY};
  unsigned           seed = 51U;
  unsigned           n_wrong = 0U;
  unsigned           n_missed = 0U;
  for (uint32_t n = 1U; n <= N; ++n) {
    float peak = 0.0F;
    for (uint32_t i = 0U; i < n; ++i) {
      x[i] = tap_noise(&seed) * 1e-3F;
      peak = fmaxf(peak, fabsf(x[i]));
    }
    n_wrong += pinna_scan_peak(pinna_scan(x, n)) != peak || pinna_scan_first_bad(x, n) != n;
    for (int k = 0; k < 4; ++k) {
      const uint32_t at = (n * 7U + (uint32_t)k) % n;
      const float    good = x[at];
      x[at] = bad[k];
      n_missed += pinna_scan_finite(pinna_scan(x, n)) || pinna_scan_first_bad(x, n) != at;
      x[at] = good;
    }
  }
  tap_int(n_wrong, 0, "peaks of 300 lengths");
  tap_int(n_missed, 0, "bad samples of 300 lengths");

  const float largest[] = {3.4028234e38F, -3.4028234e38F, 1e-45F, -0.0F};
  tap_ok(pinna_scan_finite(pinna_scan(largest, 4U)),
         "the largest and smallest numbers are numbers");
  tap_int(pinna_scan(largest + 3, 1U), 0, "minus zero is silence");
  tap_int(pinna_scan(largest, 0U), 0, "nothing is silence");
  return tap_done();
}
