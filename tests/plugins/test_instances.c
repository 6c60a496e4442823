// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/inline_display.h"
#include "tests/plugins/lv2_fixture.h"
#include "tests/tap.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// Many instances, made, run and freed from several threads: no shared state, no leak

enum { N_INSTANCES = 100, N_THREADS = 4, BLOCK = 256 };

static int n_each = N_INSTANCES / N_THREADS; ///< Of a thread: fewer, if each loads a network

typedef struct {
  Fixture*        fixture;
  const char*     uri;
  FixturePlugin** plugins;
  unsigned        seed;
  float           checksum;
} Job;

static float
run_some(FixturePlugin* const p, unsigned seed) {
  float** const in = fixture_buffers(p->n_in + 1U, BLOCK);
  float** const out = fixture_buffers(p->n_out + 1U, BLOCK);
  float         sum = 0.0f;
  for (int b = 0; b < 4; ++b) {
    fixture_randomise(p, &seed);
    for (uint32_t c = 0U; c < p->n_in; ++c) {
      for (uint32_t i = 0U; i < BLOCK; ++i) {
        in[c][i] = 0.25f * tap_noise(&seed);
      }
    }
    fixture_run(p, in, out, BLOCK);
    for (uint32_t c = 0U; c < p->n_out; ++c) {
      sum += out[c][BLOCK - 1];
    }
  }
  free(in);
  free(out);
  return sum;
}

static void*
run_job(void* const data) {
  Job* const job = (Job*)data;
  for (int i = 0; i < n_each; ++i) {
    job->checksum += run_some(job->plugins[i], job->seed);
    lilv_instance_deactivate(job->plugins[i]->instance);
    lilv_instance_activate(job->plugins[i]->instance);
  }
  return NULL;
}

static void
run_threads(Fixture* const fixture, const char* const uri) {
  FixturePlugin* plugins[N_INSTANCES];
  Job            jobs[N_THREADS];
  pthread_t      threads[N_THREADS];
  for (int i = 0; i < n_each * N_THREADS; ++i) {
    plugins[i] = fixture_load(fixture, uri, 48000.0);
  }
  for (int t = 0; t < N_THREADS; ++t) {
    jobs[t] = (Job){fixture, uri, plugins + t * n_each, 4U, 0.0f};
    pthread_create(&threads[t], NULL, run_job, &jobs[t]);
  }
  for (int t = 0; t < N_THREADS; ++t) {
    pthread_join(threads[t], NULL);
    tap_ok(jobs[t].checksum == jobs[0].checksum, "%s: thread %d computed the same", uri, t);
  }
  for (int i = 0; i < n_each * N_THREADS; ++i) {
    fixture_free(plugins[i]);
  }
}

/// One thread, so that the C library's own per-thread memory does not count
static void
run_round(Fixture* const fixture, const char* const uri) {
  FixturePlugin* plugins[N_INSTANCES];
  for (int i = 0; i < n_each * N_THREADS; ++i) {
    plugins[i] = fixture_load(fixture, uri, 48000.0);
    run_some(plugins[i], 6U);
  }
  for (int i = 0; i < n_each * N_THREADS; ++i) {
    fixture_free(plugins[i]);
  }
}

static size_t
memory_in_use(void) {
  malloc_trim(0);
  return mallinfo2().uordblks;
}

/// One thread runs, this one draws: what the host's GUI does
static void
draw_while_running(Fixture* const fixture, const char* const uri) {
  FixturePlugin* const                p = fixture_load(fixture, uri, 48000.0);
  const InlineDisplayInterface* const display =
      (const InlineDisplayInterface*)lilv_instance_get_extension_data(p->instance,
                                                                      INLINE_DISPLAY_INTERFACE_URI);
  if (display) {
    FixturePlugin* list[N_INSTANCES / N_THREADS];
    for (int i = 0; i < n_each; ++i) {
      list[i] = p;
    }
    Job       job = {fixture, uri, list, 8U, 0.0f};
    pthread_t thread;
    unsigned  drawn = 0U;
    pthread_create(&thread, NULL, run_job, &job);
    for (uint32_t i = 0U; i < 40U; ++i) {
      drawn += display->render(lilv_instance_get_handle(p->instance), 60U + i, 200U) != NULL;
    }
    pthread_join(thread, NULL);
    tap_int(drawn, 40, "%s draws while it runs", uri);
  }
  fixture_free(p);
}

/// A bundle that started the workers is closed; another one's work goes on
static void
outlive_starter(Fixture* const fixture, const char* const starter, const char* const user) {
  FixturePlugin* const a = fixture_load(fixture, starter, 48000.0);
  FixturePlugin* const b = fixture_load(fixture, user, 48000.0);
  fixture_free(a);
  *fixture_control(b, "freewheel") = 0.0f;
  const float sum = run_some(b, 9U) + run_some(b, 10U);
  tap_ok(sum == sum, "%s works on when %s is gone", user, starter);
  fixture_free(b);
}

int
main(void) {
  mallopt(M_MXFAST, 0); // Freed is freed, for the count
  Fixture* const fixture = fixture_open();
  for (uint32_t i = 0U; fixture_uri(fixture, i); ++i) {
    const char* const    uri = fixture_uri(fixture, i);
    FixturePlugin* const first = fixture_load(fixture, uri, 48000.0);
    n_each = first->info && first->info->has_workers ? 2 : N_INSTANCES / N_THREADS;
    fixture_free(first);
    run_threads(fixture, uri);
    run_round(fixture, uri); // Loads what libraries load once
    const size_t before = memory_in_use();
    for (int round = 0; round < 3; ++round) {
      run_round(fixture, uri);
    }
    tap_at_most((double)memory_in_use() - (double)before, 256.0, "%s: bytes grown after %d", uri,
                3 * n_each * N_THREADS);
    draw_while_running(fixture, uri);
  }
  static const char* const listeners[] = {"urn:pinna:asr:mono", "urn:pinna:vocoder:mono",
                                          "urn:pinna:asr:mono"};
  for (int i = 0; i < 2; ++i) {
    outlive_starter(fixture, listeners[i], listeners[i + 1]);
  }
  fixture_close(fixture);
  return tap_done();
}
