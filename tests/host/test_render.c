// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/audio_file.h"
#include "host/backend.h"
#include "host/engine.h"
#include "host/render.h"
#include "tests/host/folder.h"
#include "tests/tap.h"

#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// Renders: the same samples in any block and live, aligned, as long as they should be, and fast

#define N 30011U

static char        folder[64];
static PinnaWorld* world;

static void
write_file(const char* const path, float* const* const x, const uint32_t n_channels,
           const uint32_t n) {
  const PinnaAudioWriterConfig config = {path, NULL, NULL, 48000.0, n_channels, n};
  PinnaAudioWriter*            writer = NULL;
  PinnaError                   error = {""};
  if (pinna_audio_writer_open(&writer, &config, &error) ||
      pinna_audio_writer_write(writer, (const float* const*)x, n, &error) ||
      pinna_audio_writer_close(writer, &error)) {
    tap_ok(false, "%s", error.text);
  }
}

/// Read up to [4 x most]. @return frames
static uint32_t
read_file(const char* const path, float* const* const x, const uint32_t most,
          uint32_t* const n_channels) {
  PinnaAudioReader* reader = NULL;
  PinnaError        error = {""};
  if (pinna_audio_reader_open(&reader, path, 0.0, &error)) {
    tap_ok(false, "%s", error.text);
    return 0U;
  }
  *n_channels = pinna_audio_reader_n_channels(reader);
  const uint32_t n = pinna_audio_reader_read(reader, x, most);
  pinna_audio_reader_close(reader);
  return n;
}

static PinnaStatus
render(const PinnaRenderConfig* const config, PinnaRenderResult* const result) {
  PinnaError        error = {""};
  const PinnaStatus status = pinna_render(config, world, NULL, NULL, NULL, result, &error);
  if (status) {
    tap_diag("%s", error.text);
  }
  return status;
}

static void
test_blocks(const char* const uri, const char* const* const set, const uint32_t n_set,
            float* const* const a, float* const* const b) {
  static const uint32_t blocks[] = {1024U, 1U, 16U, 64U, 127U, 8192U};
  for (size_t k = 0U; k < sizeof(blocks) / sizeof(blocks[0]); ++k) {
    const PinnaRenderConfig config = {.in_path = path_in(folder, "in.wav"),
                                      .out_path = path_in(folder, "out.wav"),
                                      .plugin = uri,
                                      .set = set,
                                      .n_set = n_set,
                                      .tail = 0.1,
                                      .block = blocks[k]};
    PinnaRenderResult       result = {0};
    uint32_t                n_channels = 0U;
    float* const* const     x = k ? b : a;
    if (render(&config, &result)) {
      tap_ok(false, "%s in blocks of %u", uri, blocks[k]);
      return;
    }
    const uint32_t n = read_file(config.out_path, x, 2U * N, &n_channels);
    tap_int(n, N + 4800, "%s: input and tail, no more (%u)", uri, blocks[k]);
    tap_int((long long)result.n_frames, n, "frames reported");
    for (uint32_t c = 0U; k && c < n_channels; ++c) {
      tap_all_equal(b[c], a[c], n, "%s: channel %u in blocks of %u as in blocks of 1024", uri,
                    c + 1U, blocks[k]);
    }
  }
}

static void
test_alignment(float* const* const x, float* const* const y) {
  static const char* const set[] = {"frames=777"};
  PinnaRenderConfig        config = {.in_path = path_in(folder, "in.wav"),
                                     .out_path = path_in(folder, "out.wav"),
                                     .plugin = "urn:pinna:test:delay",
                                     .set = set,
                                     .n_set = 1U};
  PinnaRenderResult        result = {0};
  uint32_t                 n_channels = 0U;
  tap_int(render(&config, &result), 0, "a late mono plugin on a stereo file");
  tap_int(result.latency, 777, "latency that the value gives");
  tap_int(read_file(config.out_path, y, 2U * N, &n_channels), N, "as long as the input");
  tap_int(n_channels, 2, "one copy per channel");
  tap_all_equal(y[0], x[0], N, "output aligned with input");
  tap_all_equal(y[1], x[1], N, "on both channels");
  config.keep_latency = true;
  render(&config, &result);
  read_file(config.out_path, y, 2U * N, &n_channels);
  tap_all_equal(y[1] + 777, x[1], N - 777U, "or late if wished");
}

static void
test_channels(float* const* const x, float* const* const y) {
  static const char* const set[] = {"gain=-6.0206"};
  PinnaRenderConfig        config = {.in_path = path_in(folder, "mono.wav"),
                                     .out_path = path_in(folder, "out.wav"),
                                     .plugin = "urn:pinna:eq:stereo"};
  uint32_t                 n_channels = 0U;
  tap_int(render(&config, NULL), 0, "a stereo plugin on a mono file");
  read_file(config.out_path, y, 2U * N, &n_channels);
  tap_int(n_channels, 2, "makes stereo");
  tap_all_equal(y[0], y[1], N, "of one sound");

  config.in_path = path_in(folder, "four.wav");
  tap_int(render(&config, NULL), 0, "a stereo plugin on four channels");
  read_file(config.out_path, y, 2U * N, &n_channels);
  tap_int(n_channels, 4, "makes four");
  config.in_path = path_in(folder, "three.wav");
  tap_int(render(&config, NULL), PINNA_STATUS_UNSUPPORTED, "a stereo plugin on three channels");
  config.plugin = "http://lv2plug.in/plugins/eg-amp";
  config.set = set;
  config.n_set = 1U;
  if (render(&config, NULL)) {
    tap_skip("lv2-examples is not installed", "a mono plugin on three channels");
  } else {
    read_file(config.out_path, y, 2U * N, &n_channels);
    tap_int(n_channels, 3, "a mono plugin on three channels");
    for (uint32_t i = 0U; i < N; ++i) {
      y[3][i] = 0.5F * x[2][i];
    }
    tap_all_near(y[2], y[3], N, 1e-6, "third channel at -6 dB");
  }
  config.out_path = config.in_path;
  tap_int(render(&config, NULL), PINNA_STATUS_BAD_ARG, "input is not overwritten");
}

// The clocked null backend, with the file's samples for its silence, and its output written down

typedef struct {
  PinnaEngine*          engine;
  float* const*         in;
  float* const*         out;
  atomic_uint_least64_t at;
} Live;

static void
process(void* const handle, const float* const* const in, float* const* const out,
        const uint32_t n_frames) {
  Live* const    live = handle;
  const uint64_t at = atomic_load(&live->at);
  (void)in;
  (void)out;
  const float* const file[] = {live->in[0] + at, live->in[1] + at};
  float* const       record[] = {live->out[0] + at, live->out[1] + at};
  pinna_engine_run(live->engine, file, record, n_frames);
  atomic_store(&live->at, at + n_frames);
}

static void
test_live(const char* const* const set, float* const* const x, float* const* const y,
          float* const* const z) {
  PinnaInstance*            instance = NULL;
  PinnaEngine*              engine = NULL;
  PinnaBackend*             backend = NULL;
  PinnaError                error = {""};
  const PinnaBackendConfig  null = {.kind = "null",
                                    .n_inputs = 2U,
                                    .n_outputs = 2U,
                                    .sample_rate = 48000.0,
                                    .block = 192U,
                                    .clocked = true,
                                    .n_frames = N};
  const PinnaInstanceConfig plugin = {.sample_rate = 48000.0, .max_block = 192U};
  const PinnaEngineConfig   config = {48000.0, 192U, 2U, 2U, false};
  const PinnaRenderConfig   offline = {.in_path = path_in(folder, "in.wav"),
                                       .out_path = path_in(folder, "out.wav"),
                                       .plugin = "urn:pinna:eq:stereo",
                                       .set = set,
                                       .n_set = 2U};
  pinna_instance_new(&instance, world, offline.plugin, &plugin, &error);
  pinna_instance_set_text(instance, "gain_3", "9", &error);
  pinna_instance_set_text(instance, "enabled_3", "on", &error);
  pinna_instance_reset(instance);
  pinna_engine_new(&engine, &config, &error);
  const PinnaGraphNode node = {"eq", instance, false};
  const PinnaGraphWire wires[] = {{PINNA_GRAPH_IO, 0, 0, 0},
                                  {PINNA_GRAPH_IO, 1, 0, 1},
                                  {0, 0, PINNA_GRAPH_IO, 0},
                                  {0, 1, PINNA_GRAPH_IO, 1}};
  const PinnaGraphSpec spec = {&node, 1U, wires, 4U};
  tap_int(pinna_engine_apply(engine, &spec, &error), 0, "live graph %s", error.text);
  tap_int(pinna_backend_open(&backend, &null, &error), 0, "null backend");

  Live                     live = {engine, x, y, 0U};
  const PinnaBackendClient client = {&live, process, NULL};
  pinna_backend_start(backend, &client, &error);
  while (pinna_backend_poll(backend, &error) != PINNA_BACKEND_FINISHED) {
    const struct timespec nap = {0, 5000000};
    nanosleep(&nap, NULL);
  }
  pinna_backend_close(backend);

  uint32_t n_channels = 0U;
  tap_int(render(&offline, NULL), 0, "offline");
  read_file(offline.out_path, z, 2U * N, &n_channels);
  tap_all_equal(y[0], z[0], N, "live left is rendered left");
  tap_all_equal(y[1], z[1], N, "live right is rendered right");
  tap_ok(memcmp(y[0], x[0], N * sizeof(float)) != 0, "and not just the input");
  pinna_engine_free(engine);
  pinna_instance_free(instance);
}

static void
test_speed(const char* const* const set) {
  enum { MINUTE = 48000 * 60 };
  float* const x[] = {calloc(MINUTE, sizeof(float)), calloc(MINUTE, sizeof(float))};
  unsigned     seed = 3U;
  for (uint32_t i = 0U; i < MINUTE; ++i) {
    x[0][i] = tap_noise(&seed);
    x[1][i] = tap_noise(&seed);
  }
  write_file(path_in(folder, "minute.wav"), x, 2U, MINUTE);
  const PinnaRenderConfig config = {.in_path = path_in(folder, "minute.wav"),
                                    .out_path = path_in(folder, "out.wav"),
                                    .plugin = "urn:pinna:eq:stereo",
                                    .set = set,
                                    .n_set = 2U};
  double                  best = 0.0;
  for (int round = 0; round < 5 && best < 100.0; ++round) {
    PinnaRenderResult result = {0};
    render(&config, &result);
    best = fmax(best, result.speed);
  }
  tap_at_least(best, getenv("PINNA_SANITIZED") ? 1.0 : 100.0,
               "times real time for the stereo equaliser");
  free(x[0]), free(x[1]);
}

static void
test_faults(void) {
  static const char* const wrong[] = {"gian=3"};
  PinnaRenderConfig        config = {.in_path = path_in(folder, "in.wav"),
                                     .out_path = path_in(folder, "out.wav"),
                                     .plugin = "urn:pinna:eq:stereo",
                                     .set = wrong,
                                     .n_set = 1U};
  tap_ok(render(&config, NULL) != PINNA_STATUS_OK, "a symbol that is not there");
  config.n_set = 0U;
  config.preset = "no such preset";
  tap_int(render(&config, NULL), PINNA_STATUS_NOT_FOUND, "a preset that is not there");
  config.preset = NULL;
  config.plugin = "urn:pinna:nothing";
  tap_int(render(&config, NULL), PINNA_STATUS_NOT_FOUND, "a plugin that is not there");
  config.plugin = "urn:pinna:eq:stereo";
  config.in_path = path_in(folder, "absent.wav");
  tap_int(render(&config, NULL), PINNA_STATUS_NOT_FOUND, "a file that is not there");
  config.in_path = path_in(folder, "in.wav");
  config.out_path = "/proc/none/out.wav";
  tap_int(render(&config, NULL), PINNA_STATUS_IO, "a folder that cannot be written");
  config.out_path = path_in(folder, "out.wav");
  config.block = 65537U;
  tap_int(render(&config, NULL), PINNA_STATUS_BAD_ARG, "a block too long");
}

int
main(void) {
  static const char* const bells[] = {"gain_3=9", "enabled_3=on"};
  PinnaError               error = {""};
  if (!make_folder(folder) || pinna_world_new(&world, &error)) {
    tap_skip_all("no world: %s", error.text);
  }

  float*   x[4];
  float*   a[4];
  float*   b[4];
  unsigned seed = 11U;
  for (int c = 0; c < 4; ++c) {
    x[c] = malloc(2U * N * sizeof(float));
    a[c] = malloc(2U * N * sizeof(float));
    b[c] = malloc(2U * N * sizeof(float));
    for (uint32_t i = 0U; i < N; ++i) {
      x[c][i] = tap_noise(&seed);
    }
  }
  write_file(path_in(folder, "in.wav"), x, 2U, N);
  write_file(path_in(folder, "mono.wav"), x, 1U, N);
  write_file(path_in(folder, "three.wav"), x, 3U, N);
  write_file(path_in(folder, "four.wav"), x, 4U, N);
  test_blocks("urn:pinna:eq:stereo", bells, 2U, a, b);
  test_blocks("urn:pinna:eq:mono", bells, 2U, a, b);
  test_blocks("urn:pinna:test:delay", NULL, 0U, a, b);
  test_alignment(x, a);
  test_channels(x, a);
  test_live(bells, x, a, b);
  test_speed(bells);
  test_faults();

  pinna_paths_remove(folder);
  for (int c = 0; c < 4; ++c) {
    free(x[c]), free(a[c]), free(b[c]);
  }
  pinna_world_free(world);
  return tap_done();
}
