// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/engine_fixture.h"

#include <math.h>
#include <string.h>

// A node in the engine: bypass, the guard against NaN, and the clock

static void
test_bypass(void) {
  enum { N = 12000 };
  PinnaInstance* const node = fake(0.5F, 64U);
  PinnaEngine* const   engine = make_engine();
  float* const         x = noise(N, 8U);
  float* const         a = calloc(N, sizeof(float));
  float* const         b = calloc(N, sizeof(float));
  float* const         expected = calloc(N, sizeof(float));
  const PinnaGraphNode nodes[] = {{"it", node, false}};
  const PinnaGraphWire wires[] = {{IO, 0, 0, 0}, {0, 0, IO, 0}};
  PinnaError           error = {""};
  APPLY(engine, nodes, wires, &error);
  run(engine, x, x, a, b, N / 2U, 12U);
  tap_int(pinna_engine_bypass(engine, "it", true, &error), 0, "bypass");
  tap_int(pinna_engine_bypass(engine, "no", true, &error), PINNA_STATUS_NOT_FOUND, "unknown: %s",
          error.text);
  run(engine, x + N / 2, x + N / 2, a + N / 2, b + N / 2, N / 2U, 13U);
  for (uint32_t i = 64U; i < N; ++i) {
    expected[i] = x[i - 64U] * (i < N / 2U ? 0.5F : 1.0F);
  }
  tap_all_equal(a, expected, N / 2U, "wet before");
  tap_all_equal(a + N / 2 + 960, expected + N / 2 + 960, N / 2U - 960U,
                "as late and bit-exact dry after 20 ms");
  pinna_engine_free(engine);
  free(node), free(x), free(a), free(b), free(expected);
}

static void
test_nan(void) {
  enum { N = 24000, AT = 5000 };
  PinnaInstance* const bad = fake(1.0F, 0U);
  PinnaInstance* const good = fake(0.5F, 0U);
  PinnaEngine* const   engine = make_engine();
  float* const         x = calloc(N, sizeof(float));
  float* const         a = calloc(N, sizeof(float));
  float* const         b = calloc(N, sizeof(float));
  float* const         expected = calloc(N, sizeof(float));
  const PinnaGraphNode nodes[] = {{"bad", bad, false}, {"good", good, false}};
  const PinnaGraphWire wires[] = {{IO, 0, 0, 0}, {0, 0, IO, 0}, {IO, 1, 1, 0}, {1, 0, IO, 1}};
  PinnaError           error = {""};
  PinnaNodeStats       stats;
  for (uint32_t i = 0U; i < N; ++i) {
    x[i] = tone(0.25F, i);
    expected[i] = 0.5F * x[i];
  }
  atomic_store(&bad->nan_frame, AT);
  atomic_store(&bad->nan_count, 3);
  APPLY(engine, nodes, wires, &error);
  run(engine, x, x, a, b, AT + 1000U, 0U);
  pinna_engine_node_stats(engine, "bad", &stats);
  tap_int((long long)stats.n_nonfinite, 1, "one block counted");
  tap_ok(stats.muted, "the culprit is muted");
  pinna_engine_node_stats(engine, "good", &stats);
  tap_ok(!stats.muted && !stats.n_nonfinite, "the other is not");
  run(engine, x + AT + 1000, x + AT + 1000, a + AT + 1000, b + AT + 1000, N - AT - 1000U, 0U);
  pinna_engine_node_stats(engine, "bad", &stats);
  tap_ok(!stats.muted, "it may sound again after 50 ms");
  tap_all_equal(b, expected, N, "the rest went on untouched");
  tap_all_equal(a, x, AT, "clean samples before the NaN are kept");
  tap_all_equal(a + N - 5000, x + N - 5000, 5000, "sound is whole again at the end");
  double step = 0.0;
  for (uint32_t i = 1U; i < N; ++i) {
    step = fmax(step, isfinite(a[i]) ? fabs((double)a[i] - (double)a[i - 1U]) : 1e9);
  }
  tap_at_most(step, 0.02, "no step larger than the decay of the last sample, nothing but numbers");

  a[0] = 0.0F;
  x[10] = NAN;
  x[11] = INFINITY;
  run(engine, x, x, a, b, 1000U, 0U);
  tap_near((double)a[10] + (double)a[11], 0.0, 0.0, "NaN and Inf at the input become silence");
  tap_ok(a[9] == x[9] && a[12] == x[12], "but nothing else does");
  pinna_engine_free(engine);
  free(bad), free(good), free(x), free(a), free(b), free(expected);
}

static void
test_slow(void) {
  enum { N = 64 * 100 };
  PinnaInstance* const quick = fake(1.0F, 0U);
  PinnaInstance* const slow = fake(1.0F, 0U);
  PinnaEngine* const   engine = make_engine();
  float* const         x = noise(N, 8U);
  float* const         a = calloc(2 * N, sizeof(float));
  const PinnaGraphNode nodes[] = {{"quick", quick, false}, {"slow", slow, false}};
  const PinnaGraphWire wires[] = {{IO, 0, 0, 0}, {0, 0, 1, 0}, {1, 0, IO, 0}};
  PinnaError           error = {""};
  PinnaNodeStats       fast_stats;
  PinnaNodeStats       slow_stats;
  slow->slow_every = 20U;
  APPLY(engine, nodes, wires, &error);
  run(engine, x, x, a, a + N, N, 0U);
  pinna_engine_node_stats(engine, "quick", &fast_stats);
  pinna_engine_node_stats(engine, "slow", &slow_stats);
  tap_int((long long)slow_stats.n_runs, 100, "runs counted");
  tap_at_least(slow_stats.worst_ns, 3e6, "worst of the slow one");
  tap_at_least(slow_stats.p99_ns, 2.8e6, "p99 of the slow one");
  tap_at_least(slow_stats.mean_ns, 1.4e5, "mean of the slow one (5 runs of 3 ms in 100)");
  tap_at_least(slow_stats.worst_load, 2.2, "3 ms in a block of 1.33 ms");
  tap_at_most(fast_stats.mean_ns, slow_stats.mean_ns / 3.0, "mean of the quick one");
  tap_near((double)slow_stats.peak_in, (double)pinna_engine_peak(engine, true, 0U), 0.0,
           "peak meter of the node agrees with the input's");
  tap_near((double)pinna_engine_peak(engine, true, 0U), 0.0, 0.0, "a peak is reset when read");
  pinna_engine_reset_stats(engine);
  run(engine, x, x, a, a + N, 64U, 0U);
  pinna_engine_node_stats(engine, "slow", &slow_stats);
  tap_int((long long)slow_stats.n_runs, 1, "statistics start anew");
  pinna_engine_free(engine);
  free(quick), free(slow), free(x), free(a);
}

int
main(void) {
  test_bypass();
  test_nan();
  test_slow();
  return tap_done();
}
