// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/plugins/lv2_fixture.h"
#include "tests/plugins/stall.h"
#include "tests/residual.h"
#include "tests/tap.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

// The vocoder plugin as time goes by: what is heard while its network stands still

enum { RATE = 48000, BLOCK = 256, N_CALM = 3 * RATE, N = 12 * RATE };

static FixturePlugin*
load(Fixture* const fixture) {
  FixturePlugin* const p = fixture_load(fixture, "urn:pinna:vocoder:mono", RATE);
  float                silence[BLOCK] = {0.0f};
  for (int i = 0; p && i < 4; ++i) {
    fixture_run(p, (float*[]){silence}, (float*[]){silence}, BLOCK);
    fixture_work(p);
  }
  return p;
}

static double
above_db(const float* const x, const uint32_t from, const uint32_t n) {
  return 20.0 * log10(residual_above(x, from, n, RATE));
}

/// As time goes by
static void
play(FixturePlugin* const p, float* const x, float* const y, const uint32_t n) {
  struct timespec next;
  clock_gettime(CLOCK_MONOTONIC, &next);
  for (uint32_t at = 0U; at + BLOCK <= n; at += BLOCK) {
    fixture_run(p, (float*[]){x + at}, (float*[]){y + at}, BLOCK);
    next.tv_nsec += (long)(1e9 * BLOCK / RATE);
    if (next.tv_nsec >= 1000000000L) {
      next.tv_nsec -= 1000000000L;
      ++next.tv_sec;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
  }
}

static bool
is_dry(const float* const x, const float* const y, const uint32_t late, const uint32_t from,
       const uint32_t to) {
  for (uint32_t i = from; i < to; ++i) {
    if (y[i] != x[i - late]) {
      return false;
    }
  }
  return true;
}

/// A hum below 1 kHz, so that nothing but clicks is above 3 kHz; workers stop in its second second
static void
test_stall(Fixture* const fixture, float* const x, float* const y) {
  const uint32_t       second = RATE / BLOCK * BLOCK;
  FixturePlugin* const p = load(fixture);
  const uint32_t       late = fixture_latency(p);
  Stall                stall;
  for (uint32_t i = 0U; i < N; ++i) {
    const double t = (double)i / RATE;
    x[i] = (float)(0.1 * sin(2.0 * M_PI * 150.0 * t) + 0.05 * sin(2.0 * M_PI * 450.0 * t));
  }
  fixture_restart(p);
  fixture_render(p, (float*[]){x}, (float*[]){y}, N_CALM, BLOCK);
  const double calm = above_db(y, RATE, N_CALM);
  *fixture_control(p, "freewheel") = 0.0f;
  fixture_restart(p);
  play(p, x, y, second);
  tap_int((long long)*fixture_control(p, "latency"), late, "live it is as late as offline");
  stall_begin(&stall);
  play(p, x + second, y + second, second);
  tap_ok(is_dry(x, y, late, second + RATE / 2U, 2U * second),
         "workers stand still: the sound itself, bit for bit, as late as reported");
  tap_at_least(*fixture_control(p, "late") + *fixture_control(p, "gaps"), 50.0, "and it is told");
  tap_int((long long)*fixture_control(p, "latency"), late, "its latency does not change");
  stall_end(&stall);
  uint32_t n = 2U * second;
  do { // A full machine may take a while
    play(p, x + n, y + n, second);
    n += second;
  } while (n + second <= N && is_dry(x, y, late, n - RATE / 2U, n));
  tap_ok(!is_dry(x, y, late, n - RATE / 2U, n), "then the new voice is back by itself");
  const double limit = 20.0 * log10(pow(10.0, calm / 20.0) + pow(10.0, -50.0 / 20.0));
  tap_at_most(above_db(y, late + RATE / 4U, n), limit,
              "without a click: above 3 kHz, where the voice has %.1f dBFS", calm);
  fixture_free(p);
}

int
main(void) {
  float* const   x = (float*)calloc(2U * N, sizeof(float));
  Fixture* const fixture = fixture_open();
  fixture_offer_worker(fixture);
  test_stall(fixture, x, x + N);
  fixture_close(fixture);
  free(x);
  return tap_done();
}
