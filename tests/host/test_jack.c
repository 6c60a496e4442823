// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/render.h"
#include "tests/host/jack_fixture.h"
#include "tests/host/session_fixture.h"
#include "tests/tap.h"

#include <jack/jack.h>
#include <math.h>
#include <signal.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A session on a JACK server that is killed and restarted, and its samples against a render's

enum { ROUNDS = 10, N_NOISE = 48000, N_RECORD = N_NOISE + 48000 };

static const char* const room =
    "audio: {backend: jack, server: " JACK_TEST_SERVER ", client: hall, inputs: 1, outputs: 1%s}\n"
    "nodes:\n"
    "  - {id: amp, plugin: 'urn:pinna:test:amp', set: {gain: 0}}\n"
    "  - {id: mem, plugin: 'urn:pinna:test:state'}\n"
    "wires: [{from: input, to: amp}, {from: amp, to: mem}, {from: mem, to: output}]\n"
    "jack: {inputs: ['source:out_1'], outputs: ['sink:in_[1]']}\n"
    "state: {every: 0}\n";

static void
write_room(const Host* const host, const char* const more) {
  char text[1024];
  snprintf(text, sizeof(text), room, more);
  host_write(host, text);
}

/// Seconds from `since` until the sink hears `level`, or more than `limit`
static double
wait_for(const JackProbe* const probe, const double level, const double since, const double limit) {
  while (fabs((double)jack_probe_level(probe) - level) > 1e-4 && host_now() - since <= limit) {
    host_sleep(0.01);
  }
  return host_now() - since;
}

static void
test_faults(Host* const host) {
  static float ones[1 << 20];
  pid_t        server = 0;
  double       slowest = 0.0;
  JackProbe    probe = {.play = {ones, ones}, .n_play = 1U << 20U};
  for (size_t i = 0; i < sizeof(ones) / sizeof(ones[0]); ++i) {
    ones[i] = 0.25F;
  }
  atomic_store(&probe.go, true);

  write_room(host, "");
  tap_int(host_start(host), PINNA_STATUS_OK, "start before the server is there %s",
          host->error.text);
  tap_string(host_text(host, "state"), "waiting", "it waits");
  if (!tap_ok(jack_server_start(&server, 48000) && jack_probe_open(&probe), "server starts")) {
    return;
  }
  tap_at_most(wait_for(&probe, 0.25, host_now(), 5.0), 2.0, "then it sounds (s)");
  PinnaError error = {""};
  host_ask(host, &error, "set mem number 17");
  host_sleep(0.1);
  host_ask(host, &error, "set mem number 0");
  tap_int(host_ask(host, &error, "set amp gain -6"), PINNA_STATUS_OK, "set by hand %s", error.text);
  const double level = 0.25 * pow(10.0, -6.0 / 20.0);
  tap_at_most(wait_for(&probe, level, host_now(), 5.0), 2.0, "the new level sounds (s)");

  for (int round = 0; round < ROUNDS; ++round) {
    const int number = round % 2 ? SIGTERM : SIGKILL;
    jack_server_kill(server, number);
    jack_probe_close(&probe);
    atomic_store(&probe.level, 0U);
    atomic_store(&probe.played, 0U);
    host_sleep(0.1);
    const double start = host_now();
    const bool   up = jack_server_start(&server, 48000) && jack_probe_open(&probe);
    const double took = wait_for(&probe, level, start, 5.0);
    slowest = took > slowest ? took : slowest;
    tap_ok(up && took <= (getenv("PINNA_SANITIZED") ? 5.0 : 2.0),
           "round %d, %s: sounds %.2f s after the server's start", round + 1,
           number == SIGKILL ? "SIGKILL" : "SIGTERM", took);
  }
  tap_diag("slowest return: %.2f s", slowest);
  tap_near(host_number(host, "nodes.0.controls.gain"), -6.0, 1e-6, "the value survived");
  tap_near(host_number(host, "nodes.1.controls.kept"), 17.0, 0.0, "the plugin's memory, too");
  tap_near(host_number(host, "audio.returns"), ROUNDS, 0.0, "every return is counted");
  tap_string(host_text(host, "state"), "running", "it runs");

  jack_server_kill(server, SIGTERM);
  jack_probe_close(&probe);
  atomic_store(&probe.level, 0U);
  atomic_store(&probe.played, 0U);
  tap_ok(jack_server_start(&server, 44100) && jack_probe_open(&probe), "back at another rate");
  tap_at_most(wait_for(&probe, level, host_now(), 6.0), 3.0, "it sounds again (s)");
  tap_near(host_number(host, "audio.sample_rate"), 44100.0, 0.0, "at the new rate");
  tap_near(host_number(host, "nodes.1.controls.kept"), 17.0, 0.0, "with the plugin's memory");
  tap_int(host_stop(host), PINNA_STATUS_OK, "a stop is no failure");
  jack_probe_close(&probe);
  jack_server_kill(server, SIGTERM);
}

static void
test_exit_codes(Host* const host) {
  pid_t server = 0;
  if (!tap_ok(jack_server_start(&server, 48000), "server starts")) {
    return;
  }
  write_room(host, ", wait: no");
  tap_int(host_start(host), PINNA_STATUS_OK, "start with wait: no %s", host->error.text);
  host_sleep(0.2);
  jack_server_kill(server, SIGKILL);
  tap_ok(host_wait(host, 5.0) && host->result == PINNA_STATUS_LOST, "ends as lost: %s",
         host->error.text);

  tap_ok(jack_server_start(&server, 48000), "server starts");
  write_room(host, ", give_up: 1");
  tap_int(host_start(host), PINNA_STATUS_OK, "start with give_up: 1 %s", host->error.text);
  host_sleep(0.2);
  jack_server_kill(server, SIGTERM);
  tap_ok(host_wait(host, 6.0) && host->result == PINNA_STATUS_LOST, "ends as lost: %s",
         host->error.text);
}

static void
test_names(Host* const host) {
  pid_t server = 0;
  if (!tap_ok(jack_server_start(&server, 48000), "server starts")) {
    return;
  }
  jack_client_t* const other = jack_client_open(
      "hall", JackNoStartServer | JackUseExactName | JackServerName, NULL, JACK_TEST_SERVER);
  write_room(host, ", wait: no");
  tap_ok(host_start(host) && strstr(host->error.text, "hall"), "a name that is taken: %s",
         host->error.text);
  jack_client_close(other);

  host_write(host, "audio: {backend: jack, server: " JACK_TEST_SERVER
                   ", client: hall, inputs: 2, outputs: 3}\n"
                   "wires: [{from: 'input:1', to: 'output:1'}]\n"
                   "jack: {inputs: ['system:capture_*'], outputs: ['absent:port', "
                   "'system:playback_*']}\n");
  tap_int(host_start(host), PINNA_STATUS_OK, "start %s", host->error.text);
  host_sleep(0.3);
  jack_client_t* const eye =
      jack_client_open("eye", JackNoStartServer | JackServerName, NULL, JACK_TEST_SERVER);
  const char* const pairs[][2] = {{"hall:in_1", "system:capture_1"},
                                  {"hall:in_2", "system:capture_2"},
                                  {"hall:out_2", "system:playback_1"},
                                  {"hall:out_3", "system:playback_2"}};
  for (int i = 0; i < 4; ++i) {
    tap_ok(jack_port_connected_to(jack_port_by_name(eye, pairs[i][0]), pairs[i][1]),
           "%s is connected to %s", pairs[i][0], pairs[i][1]);
  }
  jack_disconnect(eye, "system:capture_1", "hall:in_1");
  host_sleep(0.4);
  tap_ok(jack_port_connected_to(jack_port_by_name(eye, "hall:in_1"), "system:capture_1"),
         "a cut connection heals");
  host_stop(host);
  jack_client_close(eye);
  jack_server_kill(server, SIGTERM);
}

static bool
write_noise(const char* const path, float* const left, float* const right) {
  unsigned seed = (unsigned)(host_now() * 1e3);
  SF_INFO  info = {.samplerate = 48000, .channels = 2, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  float* const   both = malloc(2U * N_NOISE * sizeof(float));
  for (int i = 0; i < N_NOISE; ++i) {
    both[2 * i] = left[i] = 0.3F * tap_noise(&seed);
    both[2 * i + 1] = right[i] = 0.3F * tap_noise(&seed);
  }
  const bool good = sf_writef_float(file, both, N_NOISE) == N_NOISE;
  sf_close(file);
  free(both);
  return good;
}

static void
test_bit_exact(Host* const host) {
  static float play[2][N_NOISE];
  static float heard[2][N_RECORD];
  static float rendered[2 * N_NOISE];
  static float expected[N_NOISE];
  char         in_path[300];
  char         out_path[300];
  pid_t        server = 0;
  PinnaError   error = {""};
  snprintf(in_path, sizeof(in_path), "%s/noise.wav", host->dir);
  snprintf(out_path, sizeof(out_path), "%s/rendered.wav", host->dir);
  const char* const       set[] = {"freq_1=440", "gain_1=9", "q_1=2", "enabled_1=1"};
  const PinnaRenderConfig render = {.in_path = in_path,
                                    .out_path = out_path,
                                    .plugin = "urn:pinna:eq:stereo",
                                    .set = set,
                                    .n_set = 4,
                                    .block = 1024};
  PinnaRenderResult       result;
  write_noise(in_path, play[0], play[1]);
  tap_int(pinna_render(&render, host->world, NULL, NULL, NULL, &result, &error), PINNA_STATUS_OK,
          "render %s", error.text);
  SF_INFO        info = {0};
  SNDFILE* const file = sf_open(out_path, SFM_READ, &info);
  tap_int(file ? sf_readf_float(file, rendered, N_NOISE) : 0, N_NOISE, "rendered frames");
  sf_close(file);

  JackProbe probe = {.play = {play[0], play[1]},
                     .n_play = N_NOISE,
                     .record = {heard[0], heard[1]},
                     .n_record = N_RECORD};
  tap_ok(jack_server_start(&server, 48000) && jack_probe_open(&probe), "server starts");
  host_write(host, "audio: {backend: jack, server: " JACK_TEST_SERVER "}\n"
                   "nodes: [{id: eq, plugin: 'urn:pinna:eq:stereo', set: {freq_1: 440, gain_1: 9, "
                   "q_1: 2, enabled_1: 1}}]\n"
                   "wires: [{from: input, to: eq}, {from: eq, to: output}]\n"
                   "jack: {inputs: ['source:out_*'], outputs: ['sink:in_*']}\n"
                   "state: {every: 0, dir: $DIR/eq-state}\n");
  tap_int(host_start(host), PINNA_STATUS_OK, "start %s", host->error.text);
  host_sleep(0.7); // The fade-in is over
  atomic_store(&probe.go, true);
  for (int i = 0; i < 100 && atomic_load(&probe.recorded) < N_RECORD; ++i) {
    host_sleep(0.05);
  }
  host_stop(host);
  jack_probe_close(&probe);
  jack_server_kill(server, SIGTERM);

  long first = 0;
  while (first < N_RECORD - N_NOISE && heard[0][first] == 0.0F) {
    ++first;
  }
  tap_ok(first < N_RECORD - N_NOISE, "the noise came back (after %ld frames)", first);
  for (int c = 0; c < 2; ++c) {
    for (int i = 0; i < N_NOISE; ++i) {
      expected[i] = rendered[2 * i + c];
    }
    tap_all_equal(heard[c] + first, expected, N_NOISE,
                  "channel %d through JACK equals the render bit for bit", c + 1);
  }
}

static void
test_all(Host* const host) {
  test_faults(host);
  test_exit_codes(host);
  test_names(host);
  test_bit_exact(host);
}

int
main(const int argc, char** const argv) {
  return jack_fixture_main(argc, argv, test_all);
}
