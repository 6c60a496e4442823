// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/file.h"
#include "tests/plugins/lv2_fixture.h"
#include "tests/scenes/voices.h"
#include "tests/tap.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The voice detector: sound passes bit for bit, voices between pauses are found and told

enum { BLOCK = 240, N = 8 * SCENE_RATE };

/// Events that the plugin sent with the last block
static unsigned
count_events(const FixturePlugin* const p) {
  unsigned n = 0U;
  for (uint32_t i = 0U; i < p->n_ports; ++i) {
    const LV2_Atom_Sequence* const events = (const LV2_Atom_Sequence*)p->events[i];
    const uint32_t                 c = i - p->n_in - p->n_out;
    if (events && p->info->controls[c].kind == PINNA_EVENT_OUT) {
      LV2_ATOM_SEQUENCE_FOREACH(events, event) {
        ++n;
      }
    }
  }
  return n;
}

/// A talker between three silent parts: seconds 2 to 4 and 5 to 7 of faint noise and voice
static bool
make_scene(float* const x) {
  float* const voice = voices_load("lj", 4U, N);
  float* const second = voice ? voice : voices_load("en", 4U, N);
  unsigned     seed = 9U;
  for (uint32_t i = 0U; i < N; ++i) {
    const uint32_t at = i / SCENE_RATE;
    const bool     speaks = (at >= 2U && at < 4U) || (at >= 5U && at < 7U);
    x[i] = 0.0003f * tap_noise(&seed) + (second && speaks ? 2.0f * second[i] : 0.0f);
  }
  free(second);
  return second != NULL;
}

static void
check(Fixture* const fixture, const float* const x, const char* const path) {
  FixturePlugin* const p = fixture_load(fixture, "urn:pinna:vad:mono", SCENE_RATE);
  float* const         y = (float*)calloc(N, sizeof(float));
  unsigned             n_events = 0U;
  unsigned             n_right = 0U;
  unsigned             n_blocks = 0U;
  if (path) {
    fixture_send_path(p, "urn:pinna:vad#model", path);
  }
  for (uint32_t at = 0U; at + BLOCK <= N; at += BLOCK) {
    float* const in = (float*)(uintptr_t)(x + at);
    fixture_run(p, (float*[]){in}, (float*[]){y + at}, BLOCK);
    fixture_work(p);
    n_events += count_events(p);
    const double t = (double)at / SCENE_RATE;
    const bool   silent = t > 1.0 && (t < 1.9 || (t > 4.5 && t < 4.9) || t > 7.5);
    const bool   speaks = (t > 2.6 && t < 3.9) || (t > 5.6 && t < 6.9);
    if (silent || speaks) {
      ++n_blocks;
      n_right += (*fixture_control(p, "active") > 0.0f) == speaks;
    }
  }
  tap_int((long long)*fixture_control(p, "detector"), path != NULL, "%s is at work",
          path ? "Silero" : "the statistical detector");
  tap_int((long long)*fixture_control(p, "latency"), 0, "it has no latency");
  tap_all_equal(y, x, N, "the sound passes bit for bit");
  tap_at_least((double)n_right / n_blocks, 0.9, "voice and silence are told apart");
  tap_at_least(*fixture_control(p, "starts"), 2.0, "both voices began");
  tap_near(n_events, 2.0 * (double)*fixture_control(p, "starts"), 1.0,
           "each beginning and end was an event");

  *fixture_control(p, "gate") = 1.0f;
  fixture_restart(p);
  fixture_render(p, (float*[]){(float*)(uintptr_t)x}, (float*[]){y}, N, BLOCK);
  double before = 1e-30;
  double after = 1e-30;
  for (uint32_t i = SCENE_RATE; i < 2U * SCENE_RATE - 9600U; ++i) {
    before += (double)x[i] * (double)x[i];
    after += (double)y[i] * (double)y[i];
  }
  tap_at_most(after / before, 2e-4, "the gate turns silence down by its range");
  fixture_free(p);
  free(y);
}

int
main(void) {
  const char* const named = getenv("PINNA_SHARED");
  char              path[1024];
  float* const      x = (float*)malloc(N * sizeof(float));
  Fixture* const    fixture = fixture_open();
  fixture_offer_worker(fixture);
  snprintf(path, sizeof(path), "%s/models/silero_vad_16k.safetensors",
           named ? named : PINNA_SHARED_DIR);
  if (make_scene(x)) {
    check(fixture, x, NULL);
    if (access(path, R_OK)) {
      tap_skip("no weights on this machine", "Silero in the plugin");
    } else {
      check(fixture, x, path);
    }
  } else {
    tap_skip("no recorded voice on this machine", "voices are found");
  }
  fixture_close(fixture);
  free(x);
  return tap_done();
}
