// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/plugins/lv2_fixture.h"
#include "tests/tap.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// What the recogniser costs the audio thread, beside equaliser and denoiser in the same run:
// processor time. With an URI, that plugin alone plays for a while, for test_asr_instructions.py.

#define RATE 48000.0
#define BLOCK 64U
#define N_BLOCKS 60U ///< A chunk of the recogniser
#define ROUNDS 200
#define COUNTED_ROUNDS 25
#define N_PLUGINS 3

static const char* const uris[N_PLUGINS] = {"urn:pinna:eq:mono", "urn:pinna:denoise:mono",
                                            "urn:pinna:asr:mono"};

static double
own_time(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void
pause_ms(const long ms) {
  const struct timespec pause = {0, 1000000L * ms};
  nanosleep(&pause, NULL);
}

/// An instance whose weights are there, and eight bands of the equaliser at work
static FixturePlugin*
load(Fixture* const fixture, const char* const uri, float* const* const in,
     float* const* const out) {
  FixturePlugin* const plugin = fixture_load(fixture, uri, RATE);
  if (!plugin) {
    tap_ok(false, "%s is there", uri);
    exit(tap_done());
  }
  *fixture_control(plugin, "freewheel") = 0.0F;
  fixture_run(plugin, in, out, BLOCK);
  fixture_work(plugin); // Loads the weights
  for (int b = 1; uri == uris[0] && b <= 8; ++b) {
    fixture_set_band(plugin, "enabled", b, 1.0);
    fixture_set_band(plugin, "gain", b, 6.0);
  }
  return plugin;
}

static void
make_noise(float* const x, unsigned* const seed) {
  for (uint32_t i = 0U; i < N_BLOCKS * BLOCK; ++i) {
    x[i] = 0.1F * tap_noise(seed);
  }
}

/// Only what run() does is counted: the rest may take what it likes
static int
play(Fixture* const fixture, const char* const name, float* const* const in,
     float* const* const out) {
  unsigned seed = 3U;
  int      i = 0;
  while (i < N_PLUGINS - 1 && strcmp(uris[i], name) != 0) {
    ++i;
  }
  FixturePlugin* const plugin = load(fixture, uris[i], in, out);
  for (int round = 0; round < COUNTED_ROUNDS; ++round) {
    make_noise(in[0], &seed);
    fixture_render(plugin, in, out, N_BLOCKS * BLOCK, BLOCK);
    pause_ms(50); // Under the counter workers are slow
  }
  const bool good =
      strcmp(uris[i], name) == 0 && (i != 2 || *fixture_control(plugin, "model_status") > 0.0F);
  fixture_free(plugin);
  return good ? 0 : 1;
}

/// Best of many rounds, each plugin in turn [us per block]
static void
measure(FixturePlugin* const* const plugins, float* const* const in, float* const* const out,
        double* const best) {
  unsigned seed = 3U;
  for (int round = 0; round < ROUNDS; ++round) {
    double took[N_PLUGINS] = {0.0};
    make_noise(in[0], &seed);
    for (int p = 0; p < N_PLUGINS; ++p) {
      const double start = own_time();
      fixture_render(plugins[p], in, out, N_BLOCKS * BLOCK, BLOCK);
      took[p] = own_time() - start;
    }
    pause_ms(5); // The worker catches up
    for (int p = 0; p < N_PLUGINS; ++p) {
      best[p] = fmin(best[p], 1e6 * took[p] / N_BLOCKS);
    }
  }
}

int
main(const int argc, char** const argv) {
  Fixture* const fixture = fixture_open();
  FixturePlugin* plugins[N_PLUGINS] = {NULL};
  double         best[N_PLUGINS] = {INFINITY, INFINITY, INFINITY};
  float** const  in = fixture_buffers(1U, N_BLOCKS * BLOCK);
  float** const  out = fixture_buffers(1U, N_BLOCKS * BLOCK);
  int            status = 0;
  fixture_offer_worker(fixture);
  if (argc > 1) {
    status = play(fixture, argv[1], in, out);
  } else {
    for (int i = 0; i < N_PLUGINS; ++i) {
      plugins[i] = load(fixture, uris[i], in, out);
    }
    measure(plugins, in, out, best);
    tap_diag("64 frames: eq %.2f us, denoise %.2f us, asr %.2f us", best[0], best[1], best[2]);
    tap_at_most(best[2] / (best[0] + best[1]), 0.05, "captions, over equaliser and denoiser");
    tap_at_least(*fixture_control(plugins[2], "model_status"), 1.0, "the recogniser is there");
    for (int i = 0; i < N_PLUGINS; ++i) {
      fixture_free(plugins[i]);
    }
    status = tap_done();
  }
  free(in);
  free(out);
  fixture_close(fixture);
  return status;
}
