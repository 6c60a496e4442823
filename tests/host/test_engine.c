// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/engine.h"
#include "tests/host/fake_instance.h"
#include "tests/tap.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// The engine: sums, copies, alignment, and changes of graph that nobody hears

#define RATE 48000.0
#define N_CHANNELS 2U
#define MAX_BLOCK 256U
#define LONGEST (48000U * 40U)

static PinnaInstance*
fake(const float gain, const uint32_t delay) {
  PinnaInstance* const instance = calloc(1, sizeof(*instance));
  instance->n_channels = 1U;
  instance->gain = gain;
  instance->delay = delay;
  atomic_store(&instance->latency, delay);
  return instance;
}

static PinnaEngine*
make_engine(void) {
  const PinnaEngineConfig config = {RATE, MAX_BLOCK, N_CHANNELS, N_CHANNELS, false};
  PinnaEngine*            engine = NULL;
  PinnaError              error = {""};
  if (pinna_engine_new(&engine, &config, &error)) {
    tap_ok(false, "engine: %s", error.text);
    exit(tap_done());
  }
  return engine;
}

static PinnaStatus
apply(PinnaEngine* const engine, const PinnaGraphNode* const nodes, const uint32_t n_nodes,
      const PinnaGraphWire* const wires, const uint32_t n_wires, PinnaError* const error) {
  const PinnaGraphSpec spec = {nodes, n_nodes, wires, n_wires};
  return pinna_engine_apply(engine, &spec, error);
}

#define IO PINNA_GRAPH_IO
#define COUNT(x) (uint32_t)(sizeof(x) / sizeof((x)[0]))
#define APPLY(engine, nodes, wires, error)                                                         \
  apply((engine), (nodes), COUNT(nodes), (wires), COUNT(wires), (error))

/// Run whole signals in blocks of sizes from a seed; 0: always 64
static void
run(PinnaEngine* const engine, const float* const left, const float* const right,
    float* const out_left, float* const out_right, const uint32_t n_frames, unsigned seed) {
  for (uint32_t at = 0U; at < n_frames;) {
    uint32_t n = 64U;
    if (seed) {
      n = (uint32_t)((tap_noise(&seed) + 1.0F) * 400.0F);
    }
    n = n < n_frames - at ? n : n_frames - at;
    const float* const in[] = {left + at, right + at};
    float* const       out[] = {out_left + at, out_right + at};
    pinna_engine_run(engine, in, out, n);
    at += n;
  }
}

static float*
noise(const uint32_t n, unsigned seed) {
  float* const x = malloc(n * sizeof(float));
  for (uint32_t i = 0U; i < n; ++i) {
    x[i] = tap_noise(&seed);
  }
  return x;
}

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

// A stand-in for an audio thread, about 15 times faster than real time, that writes down all it
// hears

typedef struct {
  PinnaEngine* engine;
  float        amplitude;
  float*       out[N_CHANNELS];
  uint32_t     n_frames;
  atomic_bool  stop;
  pthread_t    thread;
} Player;

static float
tone(const float amplitude, const uint64_t frame) {
  return amplitude * (float)sin(2.0 * M_PI * 200.0 * (double)frame / RATE);
}

static void*
play(void* const handle) {
  Player* const         player = handle;
  const struct timespec nap = {0, 30000};
  while (!atomic_load(&player->stop) && player->n_frames + 64U < LONGEST) {
    float sine[64];
    for (uint32_t i = 0U; i < 64U; ++i) {
      sine[i] = tone(player->amplitude, player->n_frames + i);
    }
    const float* const in[] = {sine, sine};
    float* const out[] = {player->out[0] + player->n_frames, player->out[1] + player->n_frames};
    pinna_engine_run(player->engine, in, out, 64U);
    player->n_frames += 64U;
    nanosleep(&nap, NULL);
  }
  return NULL;
}

static Player*
start(PinnaEngine* const engine) {
  Player* const player = calloc(1, sizeof(*player));
  player->engine = engine;
  player->amplitude = 0.25F;
  player->out[0] = calloc(LONGEST, sizeof(float));
  player->out[1] = calloc(LONGEST, sizeof(float));
  pthread_create(&player->thread, NULL, play, player);
  return player;
}

static void
stop(Player* const player) {
  atomic_store(&player->stop, true);
  pthread_join(player->thread, NULL);
}

static void
free_player(Player* const player) {
  free(player->out[0]), free(player->out[1]), free(player);
}

/// Let the player go on for some audio time
static void
listen(const Player* const player, const double seconds) {
  const uint64_t        until = pinna_engine_frames(player->engine) + (uint64_t)(seconds * RATE);
  const struct timespec nap = {0, 500000};
  while (pinna_engine_frames(player->engine) < until) {
    nanosleep(&nap, NULL);
  }
}

/// Peak in dBFS of what is above 3 kHz: 1023 taps, Blackman window (100 dB would need Kaiser; the
/// tone itself is what must not leak, and it is 15 times below the edge)
static double
click(const float* const x, const uint32_t n) {
  enum { TAPS = 1023 };
  static double taps[TAPS];
  const double  edge = 2.0 * 3000.0 / RATE;
  for (int i = 0; i < TAPS; ++i) {
    const double t = i - TAPS / 2;
    const double window =
        0.42 - 0.5 * cos(2.0 * M_PI * (i + 0.5) / TAPS) + 0.08 * cos(4.0 * M_PI * (i + 0.5) / TAPS);
    taps[i] = (t == 0.0 ? 1.0 - edge : -sin(M_PI * edge * t) / (M_PI * t)) * window;
  }

  double peak = 0.0;
  for (uint32_t i = 2U * TAPS; i + TAPS < n; i += 1U) {
    double sum = 0.0;
    for (uint32_t k = 0U; k < TAPS; ++k) {
      sum += taps[k] * (double)x[i + k];
    }
    peak = fabs(sum) > peak ? fabs(sum) : peak;
  }
  return 20.0 * log10(peak + 1e-30);
}

static void
test_transitions(void) {
  PinnaInstance* const half = fake(0.5F, 0U);
  PinnaInstance* const other = fake(0.5F, 0U);
  PinnaInstance* const late = fake(0.8F, 240U); // One period of the tone: what it does is audible
  PinnaInstance* const same = fake(1.0F, 0U);
  PinnaEngine* const   engine = make_engine();
  PinnaError           error = {""};

  // Right never changes; left goes through everything
  const PinnaGraphNode one[] = {{"half", half, false}, {"same", same, false}};
  const PinnaGraphWire one_wires[] = {{IO, 0, 0, 0}, {0, 0, IO, 0}, {IO, 1, 1, 0}, {1, 0, IO, 1}};
  const PinnaGraphNode two[] = {
      {"half", half, false}, {"same", same, false}, {"more", other, false}};
  const PinnaGraphWire two_wires[] = {{IO, 0, 0, 0}, {0, 0, IO, 0}, {IO, 1, 1, 0},
                                      {1, 0, IO, 1}, {IO, 0, 2, 0}, {2, 0, IO, 0}};
  const PinnaGraphNode three[] = {{"more", other, false}, {"same", same, false}};
  const PinnaGraphWire chain_wires[] = {
      {IO, 0, 0, 0}, {0, 0, 2, 0}, {2, 0, IO, 0}, {IO, 1, 1, 0}, {1, 0, IO, 1}};
  const PinnaGraphWire turned_wires[] = {
      {IO, 0, 2, 0}, {2, 0, 0, 0}, {0, 0, IO, 0}, {IO, 1, 1, 0}, {1, 0, IO, 1}};
  APPLY(engine, one, one_wires, &error);
  Player* const player = start(engine);
  listen(player, 0.2);
  tap_int(APPLY(engine, two, two_wires, &error), 0, "add a node beside another %s", error.text);
  listen(player, 0.2);
  tap_int(APPLY(engine, one, one_wires, &error), 0, "remove it");
  listen(player, 0.2);
  const uint32_t before = (uint32_t)pinna_engine_frames(engine);
  tap_int(APPLY(engine, three, one_wires, &error), 0, "replace a node by its twin");
  listen(player, 0.1);
  const uint32_t after = (uint32_t)pinna_engine_frames(engine);
  tap_int(APPLY(engine, two, chain_wires, &error), 0, "make a chain");
  listen(player, 0.1);
  tap_int(APPLY(engine, two, turned_wires, &error), 0, "turn it round: old and new make a cycle");
  listen(player, 0.2);
  tap_int(pinna_engine_bypass(engine, "half", true, &error), 0, "bypass on");
  listen(player, 0.1);
  pinna_engine_bypass(engine, "half", false, &error);
  listen(player, 0.1);
  stop(player);

  const uint32_t n = player->n_frames;
  float* const   expected = calloc(n, sizeof(float));
  for (uint32_t i = 0U; i < n; ++i) {
    expected[i] = tone(0.25F, i);
  }
  tap_diag("%.2f s of sound", n / RATE);
  tap_all_equal(player->out[1], expected, n, "the untouched channel is bit-exact all the time");
  for (uint32_t i = 0U; i < n; ++i) {
    expected[i] *= 0.5F;
  }
  tap_all_near(player->out[0] + before, expected + before, after - before, 1e-7,
               "no gap while a twin takes over");
  tap_at_most(click(player->out[0], n), -80.0, "dBFS above 3 kHz in all changes");
  free_player(player);

  const PinnaGraphNode with_late[] = {{"same", same, false}, {"late", late, false}};
  const PinnaGraphWire late_wires[] = {{IO, 1, 0, 0}, {0, 0, IO, 1}, {IO, 0, 1, 0}, {1, 0, IO, 0}};
  APPLY(engine, one, one_wires, &error);
  Player* const second = start(engine);
  listen(second, 0.2);
  tap_int(APPLY(engine, with_late, late_wires, &error), 0, "a late node comes");
  listen(second, 0.2);
  tap_int(APPLY(engine, one, one_wires, &error), 0, "and goes");
  listen(second, 0.1);
  stop(second);
  tap_at_most(click(second->out[0], second->n_frames), -80.0,
              "dBFS above 3 kHz around a late node");
  tap_at_most(click(second->out[1], second->n_frames), -80.0, "dBFS above 3 kHz beside it");
  free_player(second);
  pinna_engine_free(engine);
  free(half), free(other), free(late), free(same), free(expected);
}

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
  test_bypass();
  test_nan();
  test_slow();
  test_refusals();
  test_fade();
  test_latency_change();
  test_transitions();
  return tap_done();
}
