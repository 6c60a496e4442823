// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/backend.h"
#include "tests/host/jack_fixture.h"
#include "tests/host/session_fixture.h"
#include "tests/tap.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// PortAudio without hardware: ALSA's null device (which has no clock, so the test is one), a device
// that falls silent, and PortAudio's JACK host with its server's death

static _Atomic unsigned n_frames;
static _Atomic bool     hang;
static _Atomic bool     paced;

static void
process(void* const handle, const float* const* const in, float* const* const out,
        const uint32_t n) {
  (void)handle;
  for (uint32_t i = 0; i < n; ++i) {
    out[0][i] = 0.5F * in[0][i];
  }
  atomic_fetch_add(&n_frames, n);
  if (!atomic_load(&paced)) {
    host_sleep(0.005); // Bounds the null device, which asks a million times a second
  }
  while (atomic_load(&hang)) {
    host_sleep(0.01);
  }
}

static const PinnaBackendClient client = {NULL, process, NULL};

/// Poll until `state`. @return seconds it took, and in `worst` the longest single poll
static double
poll_until(PinnaBackend* const backend, const PinnaBackendState state, const double limit,
           double* const worst) {
  const double start = host_now();
  double       now = start;
  *worst = 0.0;
  while (now - start < limit) {
    const PinnaBackendState is = pinna_backend_poll(backend, NULL);
    const double            took = host_now() - now;
    *worst = took > *worst ? took : *worst;
    if (is == state) {
      break;
    }
    host_sleep(0.02);
    now = host_now();
  }
  return host_now() - start;
}

static void
test_alsa(const Host* const host) {
  char path[300];
  snprintf(path, sizeof(path), "%s/.asoundrc", host->dir);
  FILE* const file = fopen(path, "w");
  fputs("pcm.!default { type plug slave.pcm \"null\" }\n"
        "pcm.nulldev { type null hint { show on description \"null\" } }\n",
        file);
  fclose(file);
  setenv("HOME", host->dir, 1);

  PinnaBackend*            backend = NULL;
  PinnaError               error = {""};
  const PinnaBackendConfig settings = {
      .kind = "portaudio", .n_inputs = 1, .n_outputs = 1, .block = 256, .sample_rate = 48000.0};
  const PinnaStatus status = pinna_backend_open(&backend, &settings, &error);
  if (status) {
    tap_skip(error.text, "ALSA null device");
    return;
  }
  double worst = 0.0;
  tap_near(pinna_backend_sample_rate(backend), 48000.0, 0.5, "rate");
  tap_int(pinna_backend_start(backend, &client, &error), PINNA_STATUS_OK, "start %s", error.text);
  host_sleep(0.3);
  tap_ok(atomic_load(&n_frames) > 0, "callbacks come");
  tap_int(pinna_backend_poll(backend, &error), PINNA_BACKEND_RUNNING, "runs");
  atomic_store(&hang, true);
  tap_at_most(poll_until(backend, PINNA_BACKEND_LOST, 8.0, &worst), 5.0, "no callbacks: lost (s)");
  tap_at_most(worst, 1.0, "no poll blocks (s)");
  atomic_store(&hang, false);
  tap_at_most(poll_until(backend, PINNA_BACKEND_RUNNING, 8.0, &worst), 6.0, "it is back (s)");
  tap_int(pinna_backend_n_returns(backend), 1, "the return is counted");
  const unsigned before = atomic_load(&n_frames);
  host_sleep(0.3);
  tap_ok(atomic_load(&n_frames) > before, "callbacks come again");
  pinna_backend_stop(backend);
  const unsigned after = atomic_load(&n_frames);
  host_sleep(0.05);
  tap_int(atomic_load(&n_frames), after, "none after stop");
  pinna_backend_close(backend);
}

static void
test_refusals(void) {
  PinnaBackend*            backend = NULL;
  PinnaError               error = {""};
  const PinnaBackendConfig settings = {
      .kind = "portaudio", .n_outputs = 2, .device = "no such device"};
  tap_int(pinna_backend_open(&backend, &settings, &error), PINNA_STATUS_NOT_FOUND,
          "a device that is not there: %s", error.text);
}

/// @return bytes written to standard error by `func`
static long
noise_of(void (*const func)(void), const char* const dir) {
  char path[300];
  snprintf(path, sizeof(path), "%s/stderr", dir);
  fflush(stderr);
  const int real = dup(2);
  const int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
  dup2(file, 2);
  func();
  fflush(stderr);
  dup2(real, 2);
  const long size = lseek(file, 0, SEEK_END);
  close(file);
  close(real);
  return size;
}

static void
test_jack_host(void) {
  pid_t         server = 0;
  PinnaBackend* backend = NULL;
  PinnaError    error = {""};
  double        worst = 0.0;
  if (!jack_fixture_begin() || !jack_server_start(&server, 48000)) {
    tap_skip("jackd is not installed (package jackd2), or does not start", "PortAudio on JACK");
    return;
  }
  setenv("JACK_DEFAULT_SERVER", JACK_TEST_SERVER, 1);
  atomic_store(&paced, true);
  atomic_store(&n_frames, 0U);
  const PinnaBackendConfig settings = {
      .kind = "portaudio", .n_inputs = 1, .n_outputs = 1, .device = "JACK"};
  if (tap_int(pinna_backend_open(&backend, &settings, &error), PINNA_STATUS_OK, "open on JACK %s",
              error.text)) {
    tap_int(pinna_backend_start(backend, &client, &error), PINNA_STATUS_OK, "start %s", error.text);
    host_sleep(1.0);
    tap_near((double)atomic_load(&n_frames), 48000.0, 36000.0, "frames in a second");
    jack_server_kill(server, SIGKILL);
    server = 0;
    tap_at_most(poll_until(backend, PINNA_BACKEND_LOST, 8.0, &worst), 5.0, "killed: lost (s)");
    for (int i = 0; i < 20; ++i) {
      double one = 0.0;
      poll_until(backend, PINNA_BACKEND_LOST, 1.0, &one);
      worst = one > worst ? one : worst;
    }
    tap_at_most(worst, 1.0, "no poll blocks, though PortAudio itself hangs (s)");
  }
  const double start = host_now();
  pinna_backend_close(backend);
  tap_at_most(host_now() - start, 1.0, "nor does closing (s)");
  jack_server_kill(server, SIGTERM);
}

int
main(void) {
  Host host;
  if (!host_open(&host)) {
    return 1;
  }
  tap_int(noise_of(test_refusals, host.dir), 0, "bytes of noise on standard error");
  test_alsa(&host);
  test_jack_host();
  host_close(&host);
  return tap_done();
}
