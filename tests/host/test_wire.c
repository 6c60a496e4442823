// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/wire.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

// Delay lines of any length in any split; ramps that add up to one

enum { N = 5000, LENGTH = 960 };

static void
test_delay(const uint32_t length, const float* const x, unsigned seed) {
  float* const out = calloc(N, sizeof(float));
  float* const expected = calloc(N, sizeof(float));
  PinnaDelay*  delay = NULL;
  pinna_delay_new(&delay, length);
  for (uint32_t at = 0U; at < N;) {
    uint32_t n = (uint32_t)((tap_noise(&seed) + 1.0F) * 700.0F);
    n = n < N - at ? n : N - at;
    pinna_delay_run(delay, x + at, out + at, n);
    at += n;
  }
  memcpy(expected + length, x, (N - length) * sizeof(float));
  tap_all_equal(out, expected, N, "delay of %u in random blocks", length);

  pinna_delay_run(delay, NULL, NULL, length);
  pinna_delay_run(delay, x, out, N);
  tap_all_equal(out, expected, N, "silence and no listener push it on all the same");
  pinna_delay_free(delay);
  free(out), free(expected);
}

static void
test_ramp(const float* const x) {
  static float    table[LENGTH + 1];
  const PinnaRamp ramp = {table, LENGTH};
  float* const    sum = calloc(N, sizeof(float));
  float* const    one = calloc(N, sizeof(float));
  float* const    two = calloc(N, sizeof(float));
  unsigned        seed = 9U;
  pinna_ramp_fill(table, LENGTH);
  tap_ok(table[0] == 0.0F && table[LENGTH] == 1.0F, "from silence to all");

  pinna_wire_mix(sum, x, N, false, PINNA_WIRE_FADE_IN, &ramp, 0U);
  pinna_wire_mix(sum, x, N, true, PINNA_WIRE_FADE_OUT, &ramp, 0U);
  tap_all_near(sum, x, N, 2e-7, "what comes and what goes add up");

  for (int out = 0; out < 2; ++out) {
    const PinnaWireRole role = out ? PINNA_WIRE_FADE_OUT : PINNA_WIRE_FADE_IN;
    pinna_wire_mix(one, x, N, false, role, &ramp, 0U);
    for (uint32_t at = 0U; at < N;) {
      uint32_t n = (uint32_t)((tap_noise(&seed) + 1.0F) * 300.0F);
      n = n < N - at ? n : N - at;
      pinna_wire_mix(two + at, x + at, n, false, role, &ramp, at < LENGTH ? at : LENGTH);
      at += n;
    }
    tap_all_equal(two, one, N, "ramp %s in random blocks", out ? "down" : "up");
    tap_ok(out ? one[LENGTH] == 0.0F : one[LENGTH] == x[LENGTH], "complete after its length");
  }
  pinna_wire_mix(two, x, N, false, PINNA_WIRE_STEADY, &ramp, 0U);
  tap_all_equal(two, x, N, "steady is a copy");
  free(sum), free(one), free(two);
}

int
main(void) {
  static const uint32_t lengths[] = {1U, 2U, 63U, 700U, 4999U};
  unsigned              seed = 31U;
  float* const          x = malloc(N * sizeof(float));
  for (uint32_t i = 0U; i < N; ++i) {
    x[i] = tap_noise(&seed);
  }
  for (size_t k = 0U; k < sizeof(lengths) / sizeof(lengths[0]); ++k) {
    test_delay(lengths[k], x, 100U + (unsigned)k);
  }
  PinnaDelay* none = (PinnaDelay*)x;
  tap_int(pinna_delay_new(&none, 0U), PINNA_STATUS_OK, "no delay");
  tap_ok(none == NULL, "needs no line");
  test_ramp(x);
  free(x);
  return tap_done();
}
