// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/window.h"
#include "tests/tap.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Windows against properties from theory; their values against torch are in
// test_spectrogram_torch.py

#define MAX_SIZE 2048U

static float a[MAX_SIZE];
static float b[MAX_SIZE];

static void
test_closed_forms(const uint32_t n) {
  static const double middles[] = {1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0};
  static const double ends[] = {0.0, 0.0, 0.08, 0.0, -1.0, 0.0, 0.0, 1.0};
  for (int kind = 0; kind < PINNA_N_WINDOWS; ++kind) {
    const char* const name = pinna_window_name((PinnaWindowKind)kind);
    const PinnaWindow symmetric = {(PinnaWindowKind)kind, true, 8.0f};
    const PinnaWindow periodic = {(PinnaWindowKind)kind, false, 8.0f};
    tap_int(pinna_window_fill(a, n, symmetric), PINNA_STATUS_OK, "%s of %u", name, n);
    tap_int(pinna_window_fill(b, n - 1U, periodic), PINNA_STATUS_OK, "periodic %s", name);
    tap_all_equal(a, b, n - 1U, "periodic %s is the symmetric one without its end", name);
    // 1 / I0(8) = 1 / 427.5641157
    const double end = ends[kind] < 0.0 ? 1.0 / 427.56411572180474 : ends[kind];
    tap_near(a[0], end, 1e-7, "%s starts at %.3f", name, end);
    tap_near(a[n / 2U], middles[kind], 1e-7, "%s peaks in the middle", name);
    for (uint32_t i = 0U; i < n; ++i) {
      b[i] = a[n - 1U - i];
    }
    tap_all_near(a, b, n, 1e-7, "%s is symmetric", name);
  }
}

static void
test_sums(void) {
  pinna_window_fill(a, 1024U, (PinnaWindow){PINNA_WINDOW_HANN, false, 0.0f});
  const PinnaWindowSum half = pinna_window_sum(a, 1024U, 512U, 1);
  tap_near(half.min, 1.0, 1e-7, "Hann at half overlap adds up to 1");
  tap_near(half.max, 1.0, 1e-7, "everywhere");
  const PinnaWindowSum quarter = pinna_window_sum(a, 1024U, 256U, 2);
  tap_near(quarter.max, 1.5, 1e-6, "squared Hann at 3/4 overlap adds up to 3/2");
  tap_near(quarter.min, 1.5, 1e-6, "everywhere");
  tap_ok(pinna_window_is_cola(a, 1024U, 256U), "Hann 1024/256 is COLA");
  tap_ok(!pinna_window_is_cola(a, 1024U, 768U), "Hann 1024/768 is not");
  tap_ok(pinna_window_is_nola(a, 1024U, 768U), "but NOLA");
  tap_ok(!pinna_window_is_nola(a, 1024U, 1024U), "Hann without overlap is not even NOLA");
  tap_ok(!pinna_window_is_nola(a, 1024U, 1500U), "nor is any window with gaps");
  pinna_window_fill(a, 1001U, (PinnaWindow){PINNA_WINDOW_RECTANGULAR, false, 0.0f});
  tap_ok(pinna_window_is_cola(a, 1001U, 91U), "rectangle 1001/91 is COLA");
  tap_ok(!pinna_window_is_cola(a, 1001U, 90U), "rectangle 1001/90 is not");
}

// The product of the pair, shifted by hops, must add up to 1
static double
dual_error(const uint32_t n_analysis, const uint32_t n_synthesis, const uint32_t hop) {
  double worst = 0.0;
  for (uint32_t i = 0U; i < hop; ++i) {
    double sum = 0.0;
    for (uint32_t k = i; k < n_synthesis; k += hop) {
      sum += (double)a[n_analysis - n_synthesis + k] * b[k];
    }
    worst = fmax(worst, fabs(sum - 1.0));
  }
  return worst;
}

static void
test_duals(void) {
  static const uint32_t sizes[][3] = {{1024, 1024, 256}, {1024, 384, 128}, {1023, 511, 100},
                                      {400, 400, 160},   {31, 17, 5},      {1024, 384, 192}};
  for (size_t i = 0U; i < sizeof(sizes) / sizeof(sizes[0]); ++i) {
    const uint32_t na = sizes[i][0];
    const uint32_t ns = sizes[i][1];
    const uint32_t hop = sizes[i][2];
    pinna_window_fill(a, na, (PinnaWindow){PINNA_WINDOW_HAMMING, false, 0.0f});
    pinna_window_fill(b, ns, (PinnaWindow){PINNA_WINDOW_KAISER, true, 6.0f});
    tap_int(pinna_window_dual(b, ns, a, na, hop), PINNA_STATUS_OK, "dual %u/%u/%u", na, ns, hop);
    tap_at_most(dual_error(na, ns, hop), 1e-6, "of two unrelated windows adds up to 1");
    if (ns % 2U == 0U) {
      tap_int(pinna_window_low_delay(a, na, b, ns), PINNA_STATUS_OK, "low delay %u/%u", na, ns);
      float product = 0.0f;
      pinna_window_fill(b + ns, ns, (PinnaWindow){PINNA_WINDOW_HANN, false, 0.0f});
      for (uint32_t k = 0U; k < ns; ++k) {
        product = fmaxf(product, fabsf(a[na - ns + k] * b[k] - b[ns + k]));
      }
      tap_at_most(product, 1e-6, "is the Hann window of %u", ns);
      tap_int(pinna_window_dual(b, ns, a, na, hop), PINNA_STATUS_OK, "and scales to hop %u", hop);
      tap_at_most(dual_error(na, ns, hop), 1e-6, "adding up to 1");
    }
  }
}

static void
test_refusals(void) {
  const PinnaWindow hann = {PINNA_WINDOW_HANN, false, 0.0f};
  tap_int(pinna_window_fill(a, 0U, hann), PINNA_STATUS_BAD_ARG, "an empty window is refused");
  tap_int(pinna_window_fill(a, 4U, (PinnaWindow){(PinnaWindowKind)99, false, 0.0f}),
          PINNA_STATUS_BAD_ARG, "an unknown kind is refused");
  tap_int(pinna_window_fill(a, 4U, (PinnaWindow){PINNA_WINDOW_KAISER, false, NAN}),
          PINNA_STATUS_BAD_ARG, "beta NaN is refused");
  tap_int(pinna_window_fill(a, 1U, hann), PINNA_STATUS_OK, "one sample is a window");
  tap_near(a[0], 1.0, 0.0, "of 1, as in torch");
  tap_string(pinna_window_name((PinnaWindowKind)-1), "unknown", "no name for no kind");
  pinna_window_fill(a, 64U, hann);
  memcpy(b, a, 64U * sizeof(float));
  tap_int(pinna_window_dual(b, 64U, a, 64U, 64U), PINNA_STATUS_BAD_ARG, "no overlap, no dual");
  tap_int(pinna_window_dual(b, 64U, a, 32U, 8U), PINNA_STATUS_BAD_ARG, "longer than analysis");
  tap_int(pinna_window_low_delay(a, 64U, b, 33U), PINNA_STATUS_BAD_ARG, "odd low delay refused");
}

int
main(void) {
  test_closed_forms(33U);
  test_closed_forms(1025U);
  test_sums();
  test_duals();
  test_refusals();
  return tap_done();
}
