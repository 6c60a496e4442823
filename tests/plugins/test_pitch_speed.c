// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/denormal.h"
#include "tests/bench/bench.h"
#include "tests/plugins/lv2_fixture.h"
#include "tests/tap.h"

#include <lv2/core/lv2.h>

#include <dlfcn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// Cost of the pitch plugin beside Rubber Band's R3, in turns on one core; the peer's Turtle names
// URIs that its binary does not have, so it is opened without a host's library

enum { BLOCK = 128, BLOCKS = 1500, ROUNDS = 5, N_MODES = 3 };

#define PEER_PATH "/usr/lib/lv2/rubberband.lv2"

static const char* const peer_uri = "http://breakfastquay.com/rdf/lv2-rubberband-r3#mono";

static float* sound;
static float  out[BLOCK];
static float  peer_controls[6]; ///< Latency, cents, semitones, octaves, formant, wet and dry

typedef struct {
  const LV2_Descriptor* descriptor;
  LV2_Handle            handle;
} Peer;

static Peer
open_peer(void) {
  static const LV2_Feature* const none[] = {NULL};
  Peer                            peer = {NULL, NULL};
  void* const module = dlopen(PEER_PATH "/lv2-rubberband.so", RTLD_NOW | RTLD_LOCAL);
  void* const symbol = module ? dlsym(module, "lv2_descriptor") : NULL;
  if (!symbol) {
    return peer;
  }
  LV2_Descriptor_Function find;
  memcpy(&find, &symbol, sizeof(find));
  for (uint32_t i = 0U; (peer.descriptor = find(i)); ++i) {
    if (!strcmp(peer.descriptor->URI, peer_uri)) {
      peer.handle = peer.descriptor->instantiate(peer.descriptor, 48000.0, PEER_PATH, none);
      break;
    }
  }
  for (uint32_t c = 0U; peer.handle && c < 6U; ++c) {
    peer.descriptor->connect_port(peer.handle, c, &peer_controls[c]);
  }
  if (peer.handle) {
    peer.descriptor->connect_port(peer.handle, 7U, out);
    peer.descriptor->activate(peer.handle);
  }
  return peer;
}

/// Percent of a core, at 48 kHz
static double
percent(const double ns) {
  return ns * 48000.0 / (1e9 * BLOCK * BLOCKS) * 100.0;
}

static double
time_peer(const Peer* const peer) {
  const double begin = bench_ns();
  for (uint32_t b = 0U; b < BLOCKS; ++b) {
    peer->descriptor->connect_port(peer->handle, 6U, sound + b * BLOCK);
    peer->descriptor->run(peer->handle, BLOCK);
  }
  return percent(bench_ns() - begin);
}

static double
time_ours(FixturePlugin* const p) {
  const double begin = bench_ns();
  for (uint32_t b = 0U; b < BLOCKS; ++b) {
    float* in = sound + b * BLOCK;
    float* to = out;
    fixture_run(p, &in, &to, BLOCK);
  }
  return percent(bench_ns() - begin);
}

/// Voices over noise: every engine works
static void
fill_sound(void) {
  unsigned seed = 4U;
  for (uint32_t i = 0U; i < BLOCK * BLOCKS; ++i) {
    double x = 0.0;
    for (int h = 1; h <= 20; ++h) {
      x += sin(2.0 * M_PI * 147.0 * h * i / 48000.0 + h * h) / h;
    }
    sound[i] =
        (float)(0.1 * x * (1.0 + sin(2.0 * M_PI * 3.0 * i / 48000.0))) + 0.005f * tap_noise(&seed);
  }
}

static void
check(FixturePlugin* const* const ours, const Peer* const peer, const double semitones) {
  double best[N_MODES] = {INFINITY, INFINITY, INFINITY};
  double theirs = INFINITY;
  peer_controls[2] = (float)semitones;
  for (int m = 0; m < N_MODES; ++m) {
    *fixture_control(ours[m], "semitones") = (float)semitones;
  }
  for (int round = 0; round < ROUNDS; ++round) {
    for (int m = 0; m < N_MODES; ++m) {
      best[m] = fmin(best[m], time_ours(ours[m]));
    }
    theirs = peer->handle ? fmin(theirs, time_peer(peer)) : theirs;
  }
  for (int m = 0; m < N_MODES; ++m) {
    tap_diag("mode %d, %+g semitones: %.2f %% of a core, Rubber Band R3 %.2f %%", m, semitones,
             best[m], theirs);
    if (peer->handle) {
      tap_at_most(best[m] / theirs, 0.4, "mode %d, %+g semitones: cost beside Rubber Band R3", m,
                  semitones);
    } else {
      tap_skip("rubberband-lv2 is not installed", "mode %d beside Rubber Band R3", m);
    }
    tap_at_most(best[m], 3.0, "mode %d, %+g semitones: percent of a core", m, semitones);
  }
}

int
main(void) {
  Fixture* const    fixture = fixture_open();
  const PinnaFpMode mode = pinna_denormal_enter(); // As hosts do
  const Peer        peer = open_peer();
  FixturePlugin*    ours[N_MODES];
  sound = (float*)calloc((size_t)BLOCK * BLOCKS, sizeof(float));
  fill_sound();
  for (int m = 0; m < N_MODES; ++m) {
    ours[m] = fixture_load(fixture, "urn:pinna:pitch:mono", 48000.0);
    *fixture_control(ours[m], "mode") = (float)m;
  }
  check(ours, &peer, 4.0);
  check(ours, &peer, -5.0);
  for (int m = 0; m < N_MODES; ++m) {
    fixture_free(ours[m]);
  }
  if (peer.handle) {
    peer.descriptor->cleanup(peer.handle);
  }
  pinna_denormal_leave(mode);
  free(sound);
  fixture_close(fixture);
  return tap_done();
}
