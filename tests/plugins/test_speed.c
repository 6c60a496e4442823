// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/denormal.h"
#include "tests/bench/bench.h"
#include "tests/plugins/lv2_fixture.h"
#include "tests/tap.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Cost of a frame: the equaliser beside its peers, in turns on one core, and moving beside settled

enum { BLOCK = 128, BLOCKS = 400, ROUNDS = 25 };

typedef struct {
  const char*    name;
  FixturePlugin* plugin;
  bool           moves;
  float**        in;
  float**        out;
  double         best; ///< ns per frame
} Runner;

static void
set(FixturePlugin* const p, const char* const format, const int n, const double value) {
  char symbol[32];
  snprintf(symbol, sizeof(symbol), format, n);
  *fixture_control(p, symbol) = (float)value;
}

static const double freqs[] = {80.0, 160.0, 400.0, 900.0, 1800.0, 3600.0, 7000.0, 12000.0};

static void
tune_eq(FixturePlugin* const p) {
  for (int b = 0; b < 8; ++b) {
    set(p, "freq_%d", b + 1, freqs[b]);
    set(p, "gain_%d", b + 1, b % 2 ? -5.0 : 6.0);
    set(p, "q_%d", b + 1, 1.0);
  }
}

static void
tune_lsp(FixturePlugin* const p) {
  for (int b = 0; b < 8; ++b) {
    set(p, "ft_%d", b, 1.0); // Bell
    set(p, "f_%d", b, freqs[b]);
    set(p, "g_%d", b, pow(10.0, (b % 2 ? -5.0 : 6.0) / 20.0));
    set(p, "q_%d", b, 1.0);
  }
}

static void
tune_fil4(FixturePlugin* const p) {
  set(p, "HighPass", 0, 1.0);
  set(p, "LowPass", 0, 1.0);
  set(p, "LSsec", 0, 1.0);
  set(p, "HSsec", 0, 1.0);
  set(p, "LSgain", 0, 6.0);
  set(p, "HSgain", 0, -5.0);
  set(p, "LPfreq", 0, 16000.0);
  for (int b = 1; b <= 4; ++b) {
    set(p, "sec%d", b, 1.0);
    set(p, "gain%d", b, b % 2 ? -5.0 : 6.0);
  }
}

static Runner
make_runner(Fixture* const fixture, const char* const name, const char* const uri,
            void (*const tune)(FixturePlugin*)) {
  Runner   runner = {name, fixture_load(fixture, uri, 48000.0), false, NULL, NULL, INFINITY};
  unsigned seed = 5U;
  if (runner.plugin) {
    runner.in = fixture_buffers(FIXTURE_MAX_CHANNELS, BLOCK);
    runner.out = fixture_buffers(FIXTURE_MAX_CHANNELS, BLOCK);
    for (uint32_t c = 0U; c < FIXTURE_MAX_CHANNELS; ++c) {
      for (uint32_t i = 0U; i < BLOCK; ++i) {
        runner.in[c][i] = 0.1f * tap_noise(&seed);
      }
    }
    tune(runner.plugin);
  }
  return runner;
}

static void
run_round(Runner* const runner, const int round) {
  FixturePlugin* const p = runner->plugin;
  if (!p) {
    return;
  }
  double ns = 0.0;
  for (int b = 0; b < BLOCKS; ++b) {
    for (int n = 0; runner->moves && n < 8; ++n) { // All bands, as a knob per band would
      set(p, "gain_%d", n + 1, 6.0 * sin(0.01 * b + n));
      set(p, "freq_%d", n + 1, freqs[n] * (1.0 + 0.2 * sin(0.013 * b + n)));
    }
    const double begin = bench_ns();
    fixture_run(p, runner->in, runner->out, BLOCK);
    ns += bench_ns() - begin;
  }
  if (round > 0) { // The first one settles
    runner->best = fmin(runner->best, ns / (BLOCKS * BLOCK));
  }
}

static void
compare(const Runner* const ours, const Runner* const peer, const double limit) {
  if (!peer->plugin) {
    tap_skip("not installed", "%s at most %.2f x %s", ours->name, limit, peer->name);
    return;
  }
  tap_diag("%s %.2f ns/frame, %s %.2f ns/frame", ours->name, ours->best, peer->name, peer->best);
  tap_at_most(ours->best / peer->best, limit, "%s costs at most %.2f x %s", ours->name, limit,
              peer->name);
}

int
main(void) {
  Fixture* const fixture = fixture_open();
  Runner         runners[] = {
              make_runner(fixture, "eq mono settled", "urn:pinna:eq:mono", tune_eq),
              make_runner(fixture, "eq stereo settled", "urn:pinna:eq:stereo", tune_eq),
              make_runner(fixture, "eq mono moving", "urn:pinna:eq:mono", tune_eq),
              make_runner(fixture, "eq stereo moving", "urn:pinna:eq:stereo", tune_eq),
              make_runner(fixture, "LSP para x16 mono, 8 bells",
                          "http://lsp-plug.in/plugins/lv2/para_equalizer_x16_mono", tune_lsp),
              make_runner(fixture, "x42 fil4 stereo, all on", "http://gareus.org/oss/lv2/fil4#stereo",
                          tune_fil4),
  };
  const size_t      n = PINNA_COUNT(runners);
  const PinnaFpMode mode = pinna_denormal_enter(); // As hosts do
  runners[2].moves = true;
  runners[3].moves = true;
  for (int round = 0; round < ROUNDS; ++round) {
    for (size_t r = 0U; r < n; ++r) {
      run_round(&runners[r], round);
    }
  }
  pinna_denormal_leave(mode);

  compare(&runners[0], &runners[4], 1.0);
  compare(&runners[1], &runners[5], 0.35);
  compare(&runners[2], &runners[0], 3.0);
  compare(&runners[3], &runners[1], 3.0);
  for (size_t r = 0U; r < n; ++r) {
    fixture_free(runners[r].plugin);
    free(runners[r].in);
    free(runners[r].out);
  }
  fixture_close(fixture);
  return tap_done();
}
