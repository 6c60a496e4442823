// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/engine_fixture.h"

#include <math.h>
#include <pthread.h>
#include <time.h>

// Changes of graph that nobody hears, made while another thread plays

#define LONGEST (48000U * 40U)

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

int
main(void) {
  test_transitions();
  return tap_done();
}
