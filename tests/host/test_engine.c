// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/engine_fixture.h"

#include <math.h>
#include <string.h>

// The engine: sums, copies, alignment, fades, and graphs that cannot be

static void
test_sum_and_alignment(void) {
  enum { N = 5000 };
  PinnaInstance* const late = fake(0.5F, 100U);
  PinnaInstance* const later = fake(0.25F, 37U);
  PinnaInstance* const now = fake(2.0F, 0U);
  PinnaEngine* const   engine = make_engine();
  float* const         x = noise(N, 1U);
  float* const         y = noise(N, 2U);
  float* const         a = calloc(N, sizeof(float));
  float* const         b = calloc(N, sizeof(float));
  float* const         expected = calloc(N, sizeof(float));

  // late -> later makes 137; now joins them, and output 2 hears input 2 alone: all aligned
  const PinnaGraphNode nodes[] = {
      {"later", later, false}, {"late", late, false}, {"now", now, false}};
  const PinnaGraphWire wires[] = {{IO, 0, 1, 0}, {1, 0, 0, 0},  {0, 0, IO, 0},
                                  {IO, 0, 2, 0}, {2, 0, IO, 0}, {IO, 1, IO, 1}};
  PinnaError           error = {""};
  tap_int(APPLY(engine, nodes, wires, &error), PINNA_STATUS_OK, "graph of three nodes %s",
          error.text);
  tap_int(pinna_engine_latency(engine), 137, "longest path");
  run(engine, x, y, a, b, N, 77U);
  for (uint32_t i = 137U; i < N; ++i) {
    expected[i] = 0.25F * (0.5F * x[i - 137U]) + 2.0F * x[i - 137U];
  }
  tap_all_equal(a, expected, N, "branches of 137 and 0 frames meet sample-exactly");
  for (uint32_t i = 137U; i < N; ++i) {
    expected[i] = y[i - 137U];
  }
  tap_all_equal(b, expected, N, "the other output is as late");
  pinna_engine_free(engine);
  free(late), free(later), free(now), free(x), free(y), free(a), free(b), free(expected);
}

static void
test_splits(void) {
  enum { N = 20000 };
  float* const   x = noise(N, 3U);
  float* const   y = noise(N, 4U);
  float*         results[3][2];
  const unsigned seeds[] = {0U, 5U, 99U};
  for (uint32_t k = 0U; k < 3U; ++k) {
    PinnaInstance* const a = fake(0.5F, 21U);
    PinnaInstance* const b = fake(1.5F, 0U);
    PinnaEngine* const   engine = make_engine();
    const PinnaGraphNode nodes[] = {{"a", a, true}, {"b", b, false}};
    const PinnaGraphWire wires[] = {{IO, 0, 0, 0}, {IO, 1, 0, 0},  {0, 0, 1, 0},
                                    {1, 0, IO, 0}, {IO, 1, IO, 0}, {1, 0, IO, 1}};
    PinnaError           error = {""};
    results[k][0] = calloc(N, sizeof(float));
    results[k][1] = calloc(N, sizeof(float));
    APPLY(engine, nodes, wires, &error);
    pinna_engine_fade(engine, k < 3U);
    run(engine, x, y, results[k][0], results[k][1], N, seeds[k]);
    pinna_engine_free(engine);
    free(a), free(b);
  }
  for (uint32_t k = 1U; k < 3U; ++k) {
    tap_all_equal(results[k][0], results[0][0], N, "left is the same in other blocks (%u)",
                  seeds[k]);
    tap_all_equal(results[k][1], results[0][1], N, "right is the same in other blocks (%u)",
                  seeds[k]);
  }
  for (uint32_t k = 0U; k < 3U; ++k) {
    free(results[k][0]), free(results[k][1]);
  }
  free(x), free(y);
}

static void
test_refusals(void) {
  enum { N = 1000 };
  PinnaInstance* const a = fake(0.5F, 0U);
  PinnaInstance* const b = fake(0.5F, 0U);
  PinnaInstance* const c = fake(0.5F, 0U);
  PinnaEngine* const   engine = make_engine();
  float* const         x = noise(N, 8U);
  float* const         y = calloc(3 * N, sizeof(float));
  const PinnaGraphNode nodes[] = {{"alpha", a, false}, {"beta", b, false}, {"gamma", c, false}};
  const PinnaGraphNode twice[] = {{"alpha", a, false}, {"alpha", b, false}};
  const PinnaGraphWire good[] = {{IO, 0, 0, 0}, {0, 0, IO, 0}};
  const PinnaGraphWire cycle[] = {
      {IO, 0, 0, 0}, {0, 0, 1, 0}, {1, 0, 2, 0}, {2, 0, 1, 0}, {2, 0, IO, 0}};
  const PinnaGraphWire channel[] = {{IO, 0, 0, 1}};
  const PinnaGraphWire doubled[] = {{IO, 0, 0, 0}, {IO, 0, 0, 0}};
  PinnaError           error = {""};
  APPLY(engine, nodes, good, &error);
  run(engine, x, x, y, y + N, N / 2U, 0U);

  tap_int(APPLY(engine, nodes, cycle, &error), PINNA_STATUS_BAD_CONFIG, "cycle refused");
  tap_ok(strstr(error.text, "beta -> gamma -> beta") ||
             strstr(error.text, "gamma -> beta -> gamma"),
         "names: %s", error.text);
  error.text[0] = '\0';
  tap_int(APPLY(engine, nodes, channel, &error), PINNA_STATUS_BAD_CONFIG, "channel refused");
  tap_ok(strstr(error.text, "alpha") && strstr(error.text, "channel 2"), "names: %s", error.text);
  error.text[0] = '\0';
  tap_int(APPLY(engine, nodes, doubled, &error), PINNA_STATUS_BAD_CONFIG, "double wire: refused");
  tap_int(APPLY(engine, twice, good, &error), PINNA_STATUS_BAD_CONFIG, "double id refused");

  run(engine, x + N / 2, x + N / 2, y + N / 2, y + N + N / 2, N / 2U, 0U);
  for (uint32_t i = 0U; i < N; ++i) {
    y[2U * N + i] = 0.5F * x[i];
  }
  tap_all_equal(y, y + 2U * N, N, "the old graph went on sounding");
  pinna_engine_free(engine);
  free(a), free(b), free(c), free(x), free(y);
}

static void
test_fade(void) {
  enum { N = 9600 };
  const PinnaEngineConfig config = {RATE, MAX_BLOCK, 2U, 2U, true};
  PinnaEngine*            engine = NULL;
  PinnaError              error = {""};
  float* const            ones = calloc(N, sizeof(float));
  float* const            a = calloc(2 * N, sizeof(float));
  const PinnaGraphWire    wires[] = {{IO, 0, IO, 0}};
  for (uint32_t i = 0U; i < N; ++i) {
    ones[i] = 1.0F;
  }
  pinna_engine_new(&engine, &config, &error);
  apply(engine, NULL, 0U, wires, 1U, &error);
  run(engine, ones, ones, a, a + N, N / 2U, 7U);
  tap_ok(a[0] == 0.0F && a[2000] < 1.0F && a[2400] == 1.0F, "fades up in 50 ms");
  tap_ok(!pinna_engine_silent(engine), "not silent");
  pinna_engine_fade(engine, false);
  run(engine, ones, ones, a + N / 2, a + N, N / 2U, 7U);
  tap_ok(a[N / 2 + 2400] == 0.0F && a[N / 2 + 1200] > 0.4F, "fades down in 50 ms");
  tap_ok(pinna_engine_silent(engine), "silent");
  double step = 0.0;
  for (uint32_t i = 1U; i < N; ++i) {
    step = fmax(step, fabs((double)a[i] - (double)a[i - 1U]));
  }
  tap_at_most(step, 1.0 / 1200.0, "steepest step of both fades");
  pinna_engine_free(engine);
  free(ones), free(a);
}

static void
test_latency_change(void) {
  enum { N = 4000 };
  PinnaInstance* const node = fake(1.0F, 10U);
  PinnaEngine* const   engine = make_engine();
  float* const         x = noise(N, 8U);
  float* const         a = calloc(2 * N, sizeof(float));
  const PinnaGraphNode nodes[] = {{"it", node, false}};
  const PinnaGraphWire wires[] = {{IO, 0, 0, 0}, {0, 0, IO, 0}, {IO, 1, IO, 1}};
  PinnaError           error = {""};
  APPLY(engine, nodes, wires, &error);
  run(engine, x, x, a, a + N, N, 0U);
  tap_ok(!pinna_engine_latency_changed(engine), "latency as it was");
  node->delay = 50U;
  atomic_store(&node->latency, 50U);
  tap_ok(pinna_engine_latency_changed(engine), "a change is noticed");
  tap_int(APPLY(engine, nodes, wires, &error), 0, "the same graph again");
  tap_ok(!pinna_engine_latency_changed(engine), "realigned");
  tap_int(pinna_engine_latency(engine), 50, "new latency");
  run(engine, x, x, a, a + N, N, 0U);
  tap_all_equal(a + 100, a + N + 100, N - 100U, "both ways equally late again");
  pinna_engine_free(engine);
  free(node), free(x), free(a);
}

int
main(void) {
  test_sum_and_alignment();
  test_splits();
  test_refusals();
  test_fade();
  test_latency_change();
  return tap_done();
}
