// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/engine.h"
#include "plugins/common/file.h"
#include "tests/plugins/lv2_fixture.h"
#include "tests/plugins/lv2_state_fixture.h"
#include "tests/plugins/stall.h"
#include "tests/residual.h"
#include "tests/tap.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// The learned mask in the plugin while things go wrong: no click, true counters, and it comes back

enum { RATE = 48000, BLOCK = 256, SECOND = RATE / BLOCK, N_SECONDS = 8 };

static char gtcrn[1024];
static char other[1024];

static void
find_weights(void) {
  const char* const named = getenv("PINNA_SHARED");
  const char* const shared = named ? named : PINNA_SHARED_DIR;
  snprintf(gtcrn, sizeof(gtcrn), "%s/models/gtcrn_dns3.pt", shared);
  snprintf(other, sizeof(other), "%s/models/gtcrn_vctk.pt", shared);
}

/// A denoiser whose mask is on, its model loaded
static FixturePlugin*
load(Fixture* const fixture, const char* const path) {
  FixturePlugin* const p = fixture_load(fixture, "urn:pinna:denoise:mono", RATE);
  float                silence[BLOCK] = {0.0f};
  float                out[BLOCK] = {0.0f};
  *fixture_control(p, "neural") = 100.0f;
  fixture_restart(p);
  fixture_send_path(p, "urn:pinna:denoise#model", path);
  for (int i = 0; i < 4; ++i) {
    fixture_run(p, (float*[]){silence}, (float*[]){out}, BLOCK);
    fixture_work(p);
  }
  return p;
}

/// Chords of a voice-like sound below 1.5 kHz that swell, so that masks move
static void
make_sound(float* const x, const uint32_t n) {
  for (uint32_t i = 0U; i < n; ++i) {
    const double t = (double)i / RATE;
    double       y = 0.0;
    for (int h = 1; h <= 7; ++h) {
      y += sin(2.0 * M_PI * h *
               (140.0 * t + 10.0 / (2.0 * M_PI * 0.7) * (1.0 - cos(2.0 * M_PI * 0.7 * t)))) /
           h;
    }
    x[i] = (float)(0.05 * y * (1.0 + 0.5 * sin(2.0 * M_PI * 1.3 * t)));
  }
}

static double
peak_above(const float* const x, const uint32_t n) {
  return residual_above(x, RATE / 2U, n, RATE);
}

static double
peak_of(const float* const x, const uint32_t n) {
  return residual_peak(x, RATE / 2U, n);
}

/// Play block by block, without a pause
static void
play(FixturePlugin* const p, const float* const in, float* const out, const uint32_t from,
     const uint32_t to) {
  for (uint32_t b = from; b < to; ++b) {
    float* const x = (float*)(uintptr_t)(in + (size_t)b * BLOCK);
    fixture_run(p, (float*[]){x}, (float*[]){out + (size_t)b * BLOCK}, BLOCK);
  }
}

/// A block each time its time has come
static void
play_in_time(FixturePlugin* const p, const float* const in, float* const out, const uint32_t from,
             const uint32_t to) {
  struct timespec next;
  clock_gettime(CLOCK_MONOTONIC, &next);
  for (uint32_t b = from; b < to; ++b) {
    play(p, in, out, b, b + 1U);
    next.tv_nsec += 1000000000L / SECOND;
    next.tv_sec += next.tv_nsec / 1000000000L;
    next.tv_nsec %= 1000000000L;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
  }
}

static void
test_stall(Fixture* const fixture, const float* const in, const double limit) {
  enum { N = N_SECONDS * SECOND * BLOCK };
  float* const   calm = (float*)calloc(N, sizeof(float));
  float* const   out = (float*)calloc(N, sizeof(float));
  FixturePlugin* p = load(fixture, gtcrn);
  *fixture_control(p, "freewheel") = 1.0f;
  fixture_restart(p);
  play(p, in, calm, 0U, N_SECONDS * SECOND);
  tap_int((long long)*fixture_control(p, "late"), 0, "offline nothing is late");
  *fixture_control(p, "freewheel") = 0.0f;
  fixture_restart(p);
  play_in_time(p, in, out, 0U, 3U * SECOND);
  tap_int((long long)*fixture_control(p, "inference"), PINNA_NN_ENGINE_ASYNC, "a worker runs it");
  const float late = *fixture_control(p, "late");
  Stall       stall;
  stall_begin(&stall);
  play(p, in, out, 3U * SECOND, 5U * SECOND);
  const float stuck = *fixture_control(p, "late");
  stall_end(&stall);
  play_in_time(p, in, out, 5U * SECOND, 6U * SECOND);
  const float after = *fixture_control(p, "late");
  play_in_time(p, in, out, 6U * SECOND, N_SECONDS * SECOND);

  tap_near((double)(stuck - late), 125.0, 4.0, "a stall of 2 s makes 125 masks late");
  tap_at_least((double)*fixture_control(p, "gaps"), 80.0, "most of its frames are never run");
  tap_at_most((double)(after - stuck), 12.0, "it recovers at once");
  tap_at_most((double)(*fixture_control(p, "late") - after), 20.0, "and for good");
  const double peak = peak_of(in, N);
  const double still = 20.0 * log10(peak_above(calm, N) / peak);
  const double moved = 20.0 * log10(peak_above(out, N) / peak);
  tap_diag("above 3 kHz: %.1f dBc without, %.1f dBc with the stall", still, moved);
  tap_at_most(moved, limit, "no click");
  fixture_free(p);
  free(calm);
  free(out);
}

static atomic_bool hogs_run;

static void*
hog(void* const unused) {
  while (atomic_load_explicit(&hogs_run, memory_order_relaxed)) {
  }
  return unused;
}

/// Four threads that want all of each core for two seconds, beside the audio thread and the workers
static void
test_hogs(Fixture* const fixture, const float* const in, const double limit) {
  enum { N = N_SECONDS * SECOND * BLOCK, N_HOGS = 64 };
  const long     n_cores = sysconf(_SC_NPROCESSORS_ONLN);
  const long     n_hogs = 4L * n_cores < N_HOGS ? 4L * n_cores : N_HOGS;
  pthread_t      hogs[N_HOGS];
  float* const   out = (float*)calloc(N, sizeof(float));
  FixturePlugin* p = load(fixture, gtcrn);
  *fixture_control(p, "freewheel") = 0.0f;
  fixture_restart(p);
  play_in_time(p, in, out, 0U, SECOND);
  const float before = *fixture_control(p, "late");
  atomic_store(&hogs_run, true);
  for (long i = 0; i < n_hogs; ++i) {
    pthread_create(&hogs[i], NULL, hog, NULL);
  }
  play_in_time(p, in, out, SECOND, 3U * SECOND);
  const float starved = *fixture_control(p, "late");
  atomic_store(&hogs_run, false);
  for (long i = 0; i < n_hogs; ++i) {
    pthread_join(hogs[i], NULL);
  }
  tap_ok(starved - before >= 0.0f && starved - before <= 126.0f,
         "two starved seconds have at most 125 late masks: %.0f", (double)(starved - before));
  bool     is_well = false;
  uint32_t b = 3U * SECOND;
  for (; b + SECOND / 4U <= N_SECONDS * SECOND && !is_well; b += SECOND / 4U) {
    const float late = *fixture_control(p, "late");
    play_in_time(p, in, out, b, b + SECOND / 4U);
    is_well = *fixture_control(p, "late") <= late;
  }
  if (!is_well && before > 0.0f) {
    tap_skip("the machine was busy before the hogs came", "masks are in time again");
  } else {
    tap_ok(is_well, "masks are in time again, %.2f s after the hogs", (double)b / SECOND - 3.0);
  }
  play_in_time(p, in, out, b, N_SECONDS * SECOND);
  const double moved = 20.0 * log10(peak_above(out, N) / peak_of(in, N));
  tap_at_most(moved, limit, "no click while hogs starve the workers");
  fixture_free(p);
  free(out);
}

static void
test_replace(Fixture* const fixture, const float* const in, const double limit) {
  enum { N = 6 * SECOND * BLOCK };
  float* const   out = (float*)calloc(N, sizeof(float));
  float* const   calm = (float*)calloc(N, sizeof(float));
  FixturePlugin* p = load(fixture, gtcrn);
  *fixture_control(p, "freewheel") = 0.0f;
  fixture_restart(p);
  play(p, in, calm, 0U, 6U * SECOND);
  fixture_restart(p);
  play(p, in, out, 0U, 2U * SECOND);
  fixture_send_path(p, "urn:pinna:denoise#model", other);
  play(p, in, out, 2U * SECOND, 3U * SECOND);
  tap_int((long long)*fixture_control(p, "model_status"), PINNA_FILE_LOADING, "a file is awaited");
  fixture_work(p);
  play(p, in, out, 3U * SECOND, 4U * SECOND);
  tap_int((long long)*fixture_control(p, "model_status"), PINNA_FILE_READY, "and taken");
  tap_int((long long)fixture_work(p), 1, "the old one is given to the worker to close");
  fixture_send_path(p, "urn:pinna:denoise#model", "/nowhere/none.pt");
  play(p, in, out, 4U * SECOND, 5U * SECOND);
  fixture_work(p);
  play(p, in, out, 5U * SECOND, 6U * SECOND);
  tap_int((long long)*fixture_control(p, "model_status"), PINNA_FILE_FAILED,
          "a missing file is told");
  tap_ok((int)*fixture_control(p, "inference") != PINNA_NN_ENGINE_AUTO,
         "and what was there goes on");
  const double peak = peak_of(in, N);
  const double still = 20.0 * log10(peak_above(calm, N) / peak);
  const double moved = 20.0 * log10(peak_above(out, N) / peak);
  tap_diag("above 3 kHz: %.1f dBc without, %.1f dBc with two models", still, moved);
  tap_at_most(moved, limit, "no click when a model is replaced");
  fixture_free(p);
  free(out);
  free(calm);
}

/// Weights are read once: what happens to the file later does not matter
static void
test_overwritten(Fixture* const fixture, const float* const in) {
  enum { N = 2 * SECOND * BLOCK };
  char        path[] = "pinna_test_neural.XXXXXX";
  const int   fd = mkstemp(path);
  FILE* const from = fopen(gtcrn, "rb");
  FILE* const to = fdopen(fd, "wb");
  for (int c; (c = fgetc(from)) != EOF;) {
    fputc(c, to);
  }
  fclose(from);
  fclose(to);
  float* const   first = (float*)calloc(N, sizeof(float));
  float* const   second = (float*)calloc(N, sizeof(float));
  FixturePlugin* p = load(fixture, path);
  *fixture_control(p, "freewheel") = 1.0f;
  fixture_restart(p);
  play(p, in, first, 0U, 2U * SECOND);
  FILE* const spoilt = fopen(path, "wb");
  fputs("no weights", spoilt);
  fclose(spoilt);
  fixture_restart(p);
  play(p, in, second, 0U, 2U * SECOND);
  tap_all_equal(second, first, N, "a file that is overwritten while playing changes nothing");
  fixture_free(p);
  unlink(path);
  free(first);
  free(second);
}

/// In the audio thread and, freewheeling, by a worker: the same bits, and from the first voice on
static void
test_same(Fixture* const fixture, const float* const in) {
  enum { N = 2 * SECOND * BLOCK, FIRST = RATE / 4 };
  float* const live = (float*)calloc(N, sizeof(float));
  float* const offline = (float*)calloc(N, sizeof(float));
  setenv("PINNA_ENGINE", "inline", 1);
  FixturePlugin* p = load(fixture, gtcrn);
  setenv("PINNA_ENGINE", "async", 1);
  *fixture_control(p, "freewheel") = 0.0f;
  fixture_restart(p);
  play(p, in, live, 0U, 2U * SECOND);
  tap_int((long long)*fixture_control(p, "inference"), PINNA_NN_ENGINE_INLINE, "inline, live");
  fixture_free(p);
  p = load(fixture, gtcrn);
  *fixture_control(p, "freewheel") = 1.0f;
  fixture_restart(p);
  play(p, in, offline, 0U, 2U * SECOND);
  tap_int((long long)*fixture_control(p, "inference"), PINNA_NN_ENGINE_OFFLINE, "and offline");
  tap_all_equal(offline, live, N, "are the same");
  *fixture_control(p, "neural") = 0.0f;
  fixture_restart(p);
  play(p, in, live, 0U, 2U * SECOND);
  double without = 0.0; // 768 samples of latency less
  double with = 0.0;
  for (uint32_t i = 2048U; i < FIRST; ++i) {
    without += (double)live[i - 768U] * (double)live[i - 768U];
    with += (double)offline[i] * (double)offline[i];
  }
  tap_ok(fabs(10.0 * log10(with / without)) > 1.0, "the mask counts in the first quarter second");
  *fixture_control(p, "neural") = 0.0f;
  *fixture_control(p, "freewheel") = 0.0f;
  fixture_restart(p);
  tap_int((long long)fixture_latency(p), 1024, "without the mask the latency is as it was");
  *fixture_control(p, "neural") = 50.0f;
  fixture_restart(p);
  tap_int((long long)fixture_latency(p), 1024 + 3 * 256, "with it, three hops more");
  fixture_free(p);
  free(live);
  free(offline);
}

static void
test_state(Fixture* const fixture) {
  FixturePlugin* const a = load(fixture, gtcrn);
  FixturePlugin* const b = fixture_load(fixture, "urn:pinna:denoise:mono", RATE);
  LilvState* const     state = fixture_save_state(a);
  fixture_restore_state(b, state);
  *fixture_control(b, "neural") = 100.0f;
  float x[BLOCK] = {0.0f};
  fixture_run(b, (float*[]){x}, (float*[]){x}, BLOCK);
  tap_int((long long)*fixture_control(b, "model_status"), PINNA_FILE_READY,
          "a state brings its model along");
  tap_ok((int)*fixture_control(b, "inference") != PINNA_NN_ENGINE_AUTO,
         "in time for the first block");
  lilv_state_free(state);
  fixture_free(a);
  fixture_free(b);
}

int
main(void) {
  find_weights();
  if (access(gtcrn, R_OK) || access(other, R_OK)) {
    tap_skip("no weights on this machine", "GTCRN in the denoiser");
    return tap_done();
  }
  setenv("PINNA_ENGINE", "async", 1);
  Fixture* const fixture = fixture_open();
  fixture_offer_worker(fixture);
  float* const in = (float*)malloc((size_t)N_SECONDS * RATE * sizeof(float));
  for (uint32_t i = 0U; i < N_SECONDS * RATE; ++i) {
    in[i] = (float)(0.1 * sin(2.0 * M_PI * fmod(220.0 * i / RATE, 1.0)));
  }
  tap_diag("a tone");
  test_stall(fixture, in, -95.0);
  test_replace(fixture, in, -95.0);
  test_hogs(fixture, in, -95.0);
  tap_diag("a voice: its own gains move");
  make_sound(in, N_SECONDS * RATE);
  test_stall(fixture, in, -65.0);
  test_replace(fixture, in, -65.0);
  test_overwritten(fixture, in);
  test_same(fixture, in);
  test_state(fixture);
  fixture_close(fixture);
  free(in);
  return tap_done();
}
