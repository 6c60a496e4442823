// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/audio_file.h"
#include "host/backend.h"
#include "tests/host/folder.h"
#include "tests/tap.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// Files as audio devices: every sample once, tail, alignment, pacing, and what goes wrong

#define N 10007U
#define LATE 100U

static char folder[64];

/// Delays by LATE frames, to have a latency that can be cut
typedef struct {
  float                 line[2][LATE];
  unsigned              at;
  atomic_uint_least64_t n_frames;
} Delay;

static void
process(void* const handle, const float* const* const in, float* const* const out,
        const uint32_t n_frames) {
  Delay* const delay = handle;
  for (uint32_t i = 0U; i < n_frames; ++i) {
    for (int c = 0; c < 2; ++c) {
      out[c][i] = delay->line[c][delay->at];
      delay->line[c][delay->at] = in[c][i];
    }
    delay->at = (delay->at + 1U) % LATE;
  }
  atomic_fetch_add(&delay->n_frames, n_frames);
}

static double
now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static PinnaBackendState
finish(PinnaBackend* const backend, PinnaError* const error) {
  const double      start = now();
  PinnaBackendState state = PINNA_BACKEND_RUNNING;
  while (state == PINNA_BACKEND_RUNNING && now() < start + 20.0) {
    const struct timespec nap = {0, 1000000};
    nanosleep(&nap, NULL);
    state = pinna_backend_poll(backend, error);
  }
  return state;
}

static void
test_copy(const float* const* const x, const uint32_t latency, const double tail) {
  const PinnaBackendConfig config = {.kind = "file",
                                     .in_path = path_in(folder, "in.wav"),
                                     .out_path = path_in(folder, "out.wav"),
                                     .block = 333U,
                                     .tail = tail};
  Delay                    delay = {0};
  const PinnaBackendClient client = {&delay, process, NULL};
  PinnaBackend*            backend = NULL;
  PinnaError               error = {""};
  if (pinna_backend_open(&backend, &config, &error)) {
    tap_ok(false, "%s", error.text);
    return;
  }
  tap_int(pinna_backend_n_inputs(backend), 2, "as many inputs as the file");
  tap_int(pinna_backend_n_outputs(backend), 2, "as many outputs");
  tap_int((long long)pinna_backend_length(backend), N, "length");
  pinna_backend_set_latency(backend, latency);
  pinna_backend_start(backend, &client, &error);
  tap_int(finish(backend, &error), PINNA_BACKEND_FINISHED, "finishes");
  tap_string(error.text, "", "without complaint");
  pinna_backend_close(backend);

  const uint32_t    n_tail = (uint32_t)(tail * 48000.0);
  float* const      left = calloc(2U * N, sizeof(float));
  float* const      right = calloc(2U * N, sizeof(float));
  float* const      out[] = {left, right};
  PinnaAudioReader* reader = NULL;
  pinna_audio_reader_open(&reader, config.out_path, 0.0, &error);
  tap_int(pinna_audio_reader_read(reader, out, 2U * N), N + n_tail, "input and tail, no more");
  pinna_audio_reader_close(reader);
  const uint32_t late = LATE - latency;
  tap_all_equal(right + late, x[1], N - late, "every sample once, %u late", late);
  free(left), free(right);
}

static void
test_faults(void) {
  PinnaBackendConfig       config = {.kind = "file",
                                     .in_path = path_in(folder, "in.wav"),
                                     .out_path = "/dev/full",
                                     .format = "au"};
  Delay                    delay = {0};
  const PinnaBackendClient client = {&delay, process, NULL};
  PinnaBackend*            backend = NULL;
  PinnaError               error = {""};
  if (!pinna_backend_open(&backend, &config, &error)) {
    pinna_backend_start(backend, &client, &error);
    tap_int(finish(backend, &error), PINNA_BACKEND_FINISHED, "a full disk ends it");
    pinna_backend_close(backend);
  }
  tap_ok(strstr(error.text, "No space") != NULL, "and is told: %s", error.text);

  error.text[0] = '\0';
  config.out_path = config.in_path;
  tap_int(pinna_backend_open(&backend, &config, &error), PINNA_STATUS_BAD_ARG,
          "same file in and out");
  config.in_path = path_in(folder, "none.wav");
  tap_int(pinna_backend_open(&backend, &config, NULL), PINNA_STATUS_NOT_FOUND, "absent file");
}

static void
test_stop(void) {
  const PinnaBackendConfig config = {.kind = "file",
                                     .n_inputs = 2U,
                                     .n_outputs = 2U,
                                     .block = 480U,
                                     .out_path = path_in(folder, "stopped.wav"),
                                     .clocked = true};
  Delay                    delay = {0};
  const PinnaBackendClient client = {&delay, process, NULL};
  PinnaBackend*            backend = NULL;
  PinnaError               error = {""};
  tap_int(pinna_backend_open(&backend, &config, &error), 0, "no input: endless silence %s",
          error.text);
  pinna_backend_start(backend, &client, &error);
  const struct timespec nap = {0, 300000000};
  nanosleep(&nap, NULL);
  tap_int(pinna_backend_poll(backend, &error), PINNA_BACKEND_RUNNING, "running");
  pinna_backend_stop(backend);
  const uint64_t n = atomic_load(&delay.n_frames);
  tap_near((double)n, 14400.0, 9000.0, "paced in real time");
  pinna_backend_close(backend);

  PinnaAudioReader* reader = NULL;
  tap_int(pinna_audio_reader_open(&reader, config.out_path, 0.0, &error), 0,
          "stopping leaves a good file %s", error.text);
  tap_int((long long)pinna_audio_reader_length(reader), (long long)n, "with every frame that ran");
  pinna_audio_reader_close(reader);
}

int
main(void) {
  if (!make_folder(folder)) {
    tap_skip_all("no temporary folder");
  }

  unsigned     seed = 17U;
  float* const left = malloc(N * sizeof(float));
  float* const right = malloc(N * sizeof(float));
  for (uint32_t i = 0U; i < N; ++i) {
    left[i] = tap_noise(&seed);
    right[i] = tap_noise(&seed);
  }
  const float* const           x[] = {left, right};
  const PinnaAudioWriterConfig file = {path_in(folder, "in.wav"), NULL, NULL, 48000.0, 2U, N};
  PinnaAudioWriter*            writer = NULL;
  pinna_audio_writer_open(&writer, &file, NULL);
  pinna_audio_writer_write(writer, x, N, NULL);
  pinna_audio_writer_close(writer, NULL);

  test_copy(x, 0U, 0.0);
  test_copy(x, LATE, 0.01);
  test_faults();
  test_stop();

  pinna_paths_remove(folder);
  free(left), free(right);
  return tap_done();
}
