// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/backend.h"
#include "tests/tap.h"

#include <stdatomic.h>
#include <string.h>
#include <time.h>

// The null backend: counts frames, keeps time, stops when told; and the choice of backends

typedef struct {
  atomic_uint_least64_t n_frames;
  atomic_uint           n_runs;
  atomic_uint           n_long;
  atomic_uint           n_xruns;
  unsigned              n_slow; ///< Runs that take 30 ms
} Counter;

static double
now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void
nap(const double seconds) {
  const struct timespec time = {0, (long)(seconds * 1e9)};
  nanosleep(&time, NULL);
}

static void
process(void* const handle, const float* const* const in, float* const* const out,
        const uint32_t n_frames) {
  Counter* const counter = handle;
  memcpy(out[0], in[0], n_frames * sizeof(float));
  memcpy(out[1], in[1], n_frames * sizeof(float));
  atomic_fetch_add(&counter->n_frames, n_frames);
  atomic_fetch_add(&counter->n_long, n_frames > 480U);
  if (atomic_fetch_add(&counter->n_runs, 1U) < counter->n_slow) {
    nap(0.03);
  }
}

static void
xrun(void* const handle) {
  atomic_fetch_add(&((Counter*)handle)->n_xruns, 1U);
}

static PinnaBackend*
open_null(const bool clocked, const uint64_t n_frames) {
  const PinnaBackendConfig config = {.kind = "null",
                                     .n_inputs = 2U,
                                     .n_outputs = 2U,
                                     .sample_rate = 48000.0,
                                     .block = 480U,
                                     .clocked = clocked,
                                     .n_frames = n_frames};
  PinnaBackend*            backend = NULL;
  PinnaError               error = {""};
  tap_int(pinna_backend_open(&backend, &config, &error), 0, "open %s", error.text);
  return backend;
}

static double
wait_finished(PinnaBackend* const backend) {
  const double start = now();
  while (pinna_backend_poll(backend, NULL) != PINNA_BACKEND_FINISHED && now() < start + 20.0) {
    nap(0.001);
  }
  return now() - start;
}

int
main(void) {
  Counter            fast = {0};
  PinnaBackendClient client = {&fast, process, xrun};
  PinnaError         error = {""};
  PinnaBackend*      backend = open_null(false, 48000U * 60U + 7U);
  tap_int(pinna_backend_poll(backend, &error), PINNA_BACKEND_STOPPED, "stopped before the start");
  tap_int(pinna_backend_start(backend, &client, &error), 0, "start");
  tap_at_most(wait_finished(backend), 10.0, "a minute as fast as possible");
  tap_int((long long)atomic_load(&fast.n_frames), 48000 * 60 + 7, "every frame, once");
  tap_int(atomic_load(&fast.n_long), 0, "no block longer than agreed");
  pinna_backend_close(backend);

  Counter paced = {0};
  client.handle = &paced;
  backend = open_null(true, 24000U);
  pinna_backend_start(backend, &client, &error);
  tap_int(pinna_backend_start(backend, &client, &error), PINNA_STATUS_BUSY, "starts only once");
  tap_near(wait_finished(backend), 0.5, 0.2, "half a second takes half a second");
  tap_int((long long)atomic_load(&paced.n_frames), 24000, "every frame in time");
  pinna_backend_close(backend);

  Counter slow = {.n_slow = 3U};
  client.handle = &slow;
  backend = open_null(true, 0U);
  pinna_backend_start(backend, &client, &error);
  nap(0.2);
  tap_int(pinna_backend_poll(backend, &error), PINNA_BACKEND_RUNNING, "endless");
  pinna_backend_stop(backend);
  const uint64_t stopped_at = atomic_load(&slow.n_frames);
  nap(0.05);
  tap_int((long long)atomic_load(&slow.n_frames), (long long)stopped_at,
          "nothing runs after the stop");
  tap_at_least(atomic_load(&slow.n_xruns), 3.0, "blocks of 30 ms in place of 10 are overruns");
  pinna_backend_close(backend);

  error.text[0] = '\0';
  const PinnaBackendConfig wrong = {.kind = "tape"};
  tap_int(pinna_backend_open(&backend, &wrong, &error), PINNA_STATUS_UNSUPPORTED,
          "no such backend");
  tap_ok(strstr(error.text, "tape") && strstr(error.text, "null") && strstr(error.text, "file"),
         "says: %s", error.text);
  const PinnaBackendConfig wide = {.kind = "null", .n_inputs = 65U};
  tap_int(pinna_backend_open(&backend, &wide, NULL), PINNA_STATUS_BAD_ARG, "too many channels");
  tap_ok(backend == NULL, "nothing is left open");

  unsigned n_kinds = 0U;
  for (const char* const* kind = pinna_backend_kinds(); *kind; ++kind) {
    ++n_kinds;
  }
  tap_at_least(n_kinds, 2.0, "kinds of backends");
  return tap_done();
}
