// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/plugins/lv2_fixture.h"
#include "tests/tap.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

// What the recogniser costs the audio thread, beside equaliser and denoiser in the same run

#define RATE 48000.0
#define BLOCK 64U
#define N_BLOCKS 60U ///< A chunk of the recogniser: one worker is woken
#define ROUNDS 200
#define N_PLUGINS 3

static double
own_time(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int
main(void) {
  static const char* const uris[N_PLUGINS] = {"urn:pinna:eq:mono", "urn:pinna:denoise:mono",
                                              "urn:pinna:asr:mono"};
  Fixture* const           fixture = fixture_open();
  FixturePlugin*           plugins[N_PLUGINS] = {NULL};
  double                   best[N_PLUGINS] = {INFINITY, INFINITY, INFINITY};
  unsigned                 seed = 3U;
  float** const            in = fixture_buffers(1U, N_BLOCKS * BLOCK);
  float** const            out = fixture_buffers(1U, N_BLOCKS * BLOCK);
  fixture_offer_worker(fixture);
  for (int i = 0; i < N_PLUGINS; ++i) {
    plugins[i] = fixture_load(fixture, uris[i], RATE);
    if (!plugins[i]) {
      tap_ok(false, "%s is there", uris[i]);
      return tap_done();
    }
    *fixture_control(plugins[i], "freewheel") = 0.0F;
    fixture_run(plugins[i], in, out, BLOCK);
    fixture_work(plugins[i]); // Loads the weights
  }
  for (uint32_t b = 1U; b <= 8U; ++b) {
    fixture_set_band(plugins[0], "enabled", (int)b, 1.0);
    fixture_set_band(plugins[0], "gain", (int)b, 6.0);
  }
  for (int round = 0; round < ROUNDS; ++round) {
    double took[N_PLUGINS] = {0.0};
    for (uint32_t i = 0U; i < N_BLOCKS * BLOCK; ++i) {
      in[0][i] = 0.1F * tap_noise(&seed);
    }
    for (int p = 0; p < N_PLUGINS; ++p) {
      const double start = own_time();
      fixture_render(plugins[p], in, out, N_BLOCKS * BLOCK, BLOCK);
      took[p] = own_time() - start;
    }
    const struct timespec pause = {0, 5000000L}; // The worker catches up
    nanosleep(&pause, NULL);
    for (int p = 0; p < N_PLUGINS; ++p) {
      best[p] = fmin(best[p], 1e6 * took[p] / N_BLOCKS);
    }
  }
  tap_diag("64 frames: eq %.2f us, denoise %.2f us, asr %.2f us", best[0], best[1], best[2]);
  tap_at_most(best[2] / (best[0] + best[1]), 0.10, "captions, over equaliser and denoiser");
  tap_at_least(*fixture_control(plugins[2], "model_status"), 1.0, "the recogniser is there");
  for (int i = 0; i < N_PLUGINS; ++i) {
    fixture_free(plugins[i]);
  }
  free(in);
  free(out);
  fixture_close(fixture);
  return tap_done();
}
