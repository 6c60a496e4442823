// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/session_fixture.h"
#include "tests/tap.h"

#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

// Sessions without a sound card: reload without a gap, bad files, control, state, refusals

enum { RATE = 48000, LENGTH = RATE * 3 };

static const char* const duo = "audio: {backend: file, input: $DIR/in.wav, output: $DIR/out.wav, "
                               "clocked: yes, block: 64}\n"
                               "nodes:\n"
                               "  - {id: still, plugin: 'urn:pinna:test:amp', set: {gain: 0}}\n"
                               "  - {id: moved, plugin: 'urn:pinna:test:amp', set: {gain: %s}}\n"
                               "%s"
                               "wires:\n"
                               "  - {from: 'input:1', to: [still, moved]}\n"
                               "  - {from: still, to: 'output:1'}\n"
                               "  - {from: %s, to: 'output:2'}\n"
                               "%s"
                               "state: {every: 0}\n";

static void
write_duo(const Host* const host, const char* const gain, const bool with_third) {
  char text[2048];
  snprintf(text, sizeof(text), duo, gain,
           with_third ? "  - {id: third, plugin: 'urn:pinna:test:amp', set: {gain: -6}}\n" : "",
           with_third ? "third" : "moved", with_third ? "  - {from: moved, to: third}\n" : "");
  host_write(host, text);
}

static float in[LENGTH];

static void
make_input(const Host* const host) {
  char     path[300];
  unsigned seed = (unsigned)(host_now() * 1e3);
  SF_INFO  info = {.samplerate = RATE, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  snprintf(path, sizeof(path), "%s/in.wav", host->dir);
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  for (int i = 0; i < LENGTH; ++i) {
    in[i] = 0.5F * tap_noise(&seed);
  }
  sf_writef_float(file, in, LENGTH);
  sf_close(file);
}

/// The two channels of the output. @return frames
static long
read_output(const Host* const host, float* const left, float* const right) {
  char    path[300];
  SF_INFO info = {0};
  snprintf(path, sizeof(path), "%s/out.wav", host->dir);
  SNDFILE* const file = sf_open(path, SFM_READ, &info);
  float* const   both = calloc(2U * LENGTH, sizeof(float));
  const long     n = file && info.channels == 2 ? (long)sf_readf_float(file, both, LENGTH) : 0;
  for (long i = 0; i < n; ++i) {
    left[i] = both[2 * i];
    right[i] = both[2 * i + 1];
  }
  sf_close(file);
  free(both);
  return n;
}

static void
test_reload(Host* const host) {
  static float left[LENGTH];
  static float right[LENGTH];
  PinnaError   error = {""};
  make_input(host);
  write_duo(host, "0", false);
  if (!tap_int(host_start(host), PINNA_STATUS_OK, "start %s", host->error.text)) {
    return;
  }
  host_sleep(0.3);
  write_duo(host, "-20", true);
  tap_int(host_ask(host, &error, "reload"), PINNA_STATUS_OK, "reload by the socket %s", error.text);
  tap_near(host_number(host, "nodes.1.controls.gain"), -20.0, 0.0,
           "the changed value is taken over");
  tap_string(host_text(host, "nodes.2.id"), "third", "the new node plays");
  host_sleep(0.3);

  host_write(host, "audio: {backend: file, input: $DIR/in.wav}\nnodes: [{id: x, plugn: y}]\n");
  pinna_host_session_request(host->session, PINNA_REQUEST_RELOAD);
  host_sleep(0.3);
  tap_near(host_number(host, "config.stale"), 1.0, 0.0, "a bad file: the running one is stale");
  const char* const reason = host_text(host, "config.error");
  tap_ok(strstr(reason, "room.yaml:2:17: ") && strstr(reason, "'plugin'"), "says why: %s", reason);

  error.text[0] = '\0';
  host_write(host, "audio: {backend: file, input: $DIR/in.wav, output: $DIR/out.wav, clocked: yes, "
                   "block: 64}\n"
                   "nodes: [{id: a, plugin: 'urn:pinna:test:amp'}, {id: b, plugin: "
                   "'urn:pinna:test:amp'}]\n"
                   "wires: [{from: a, to: b}, {from: b, to: a}]\n");
  tap_ok(host_ask(host, &error, "reload") && strstr(error.text, "circle"), "a circle: %s",
         error.text);
  tap_string(host_text(host, "nodes.2.id"), "third", "the old graph plays on");
  write_duo(host, "-20", true);
  tap_int(host_ask(host, NULL, "reload"), PINNA_STATUS_OK, "a good file again");
  tap_near(host_number(host, "config.stale"), 0.0, 0.0, "no longer stale");

  tap_ok(host_wait(host, 10.0) && !host->result, "ends with its input %s", host->error.text);
  tap_int(read_output(host, left, right), LENGTH, "every frame is written");
  tap_all_equal(left, in, LENGTH, "the unchanged path is bit-exact through all reloads");
  long n_silent = 0;
  for (long i = 0; i < LENGTH; ++i) {
    n_silent += in[i] != 0.0F && right[i] == 0.0F;
  }
  tap_int(n_silent, 0, "the changed path has no gap");
  tap_near((double)(right[LENGTH - 1] / in[LENGTH - 1]), pow(10.0, -26.0 / 20.0), 1e-5,
           "and ends at its new level");
}

static const char* const control =
    "audio: {backend: 'null', clocked: yes, block: 64, inputs: 1, outputs: 1}\n"
    "nodes:\n"
    "  - {id: amp, plugin: 'urn:pinna:test:amp', set: {gain: 3}}\n"
    "  - {id: mem, plugin: 'urn:pinna:test:state'}\n"
    "wires: [{from: input, to: amp}, {from: amp, to: mem}, {from: mem, to: output}]\n"
    "state: {every: 0, keep: 3}\n";

static void
test_control(Host* const host) {
  PinnaError error = {""};
  host_write(host, control);
  if (!tap_int(host_start(host), PINNA_STATUS_OK, "start %s", host->error.text)) {
    return;
  }
  tap_int(host_ask(host, &error, "set amp gain 7"), PINNA_STATUS_OK, "set %s", error.text);
  tap_near(host_number(host, "nodes.0.controls.gain"), 7.0, 0.0, "it is set");
  tap_int(host_ask(host, NULL, "set mem number 42"), PINNA_STATUS_OK, "set another");
  tap_int(host_ask(host, NULL, "bypass amp on"), PINNA_STATUS_OK, "bypass");
  tap_near(host_number(host, "nodes.0.bypass"), 1.0, 0.0, "it is bypassed");
  tap_ok(host_ask(host, &error, "set amp gian 7") && strstr(error.text, "'gain'"), "says: %s",
         error.text);
  error.text[0] = '\0';
  tap_ok(host_ask(host, &error, "set amq gain 7") && strstr(error.text, "'amp'"), "says: %s",
         error.text);
  error.text[0] = '\0';
  tap_ok(host_ask(host, &error, "set amp") && strstr(error.text, "NODE SYMBOL VALUE"), "says: %s",
         error.text);
  error.text[0] = '\0';
  tap_ok(host_ask(host, &error, "dance") && strstr(error.text, "'dance'"), "says: %s", error.text);
  host_sleep(0.2);
  tap_int(host_ask(host, &error, "save"), PINNA_STATUS_OK, "save %s", error.text);

  host_write(host, "audio: {backend: 'null', clocked: yes, block: 64, inputs: 1, outputs: 1}\n"
                   "nodes: [{id: x, plugin: 'urn:nobody:nothing'}]\n");
  error.text[0] = '\0';
  tap_ok(host_ask(host, &error, "reload") && strstr(error.text, "urn:nobody:nothing"),
         "a missing plugin: %s", error.text);
  tap_string(host_text(host, "nodes.0.id"), "amp", "the old graph plays on");
  host_write(host, control);
  tap_int(host_ask(host, &error, "reload"), PINNA_STATUS_OK, "and the old file is good again");

  Host second = *host;
  second.session = NULL;
  second.running = false;
  tap_int(host_start(&second), PINNA_STATUS_BUSY, "a second host of this name: %s",
          second.error.text);
  tap_int(host_stop(host), PINNA_STATUS_OK, "stop");
  tap_ok(host_ask(host, &error, "status") == PINNA_STATUS_NOT_FOUND, "then nobody answers");
}

static void
test_state(Host* const host) {
  tap_int(host_start(host), PINNA_STATUS_OK, "start again %s", host->error.text);
  host_sleep(0.2);
  tap_near(host_number(host, "nodes.0.controls.gain"), 7.0, 1e-6, "the live value came back");
  tap_near(host_number(host, "nodes.1.controls.kept"), 42.0, 0.0,
           "the plugin's own state came back");
  tap_near(host_number(host, "nodes.1.controls.filed"), 42.0, 0.0, "and its file");
  tap_near(host_number(host, "nodes.0.bypass"), 1.0, 0.0, "and the bypass");
  host_stop(host);

  host_write(host,
             "audio: {backend: 'null', clocked: yes, block: 64, inputs: 1, outputs: 1, "
             "sample_rate: 44100}\n"
             "nodes:\n"
             "  - {id: amp, plugin: 'urn:pinna:test:amp', set: {gain: 5}}\n"
             "  - {id: mem, plugin: 'urn:pinna:test:state'}\n"
             "wires: [{from: input, to: amp}, {from: amp, to: mem}, {from: mem, to: output}]\n");
  tap_int(host_start(host), PINNA_STATUS_OK, "start with an edited file %s", host->error.text);
  host_sleep(0.2);
  tap_near(host_number(host, "nodes.0.controls.gain"), 5.0, 0.0, "what the file changed wins");
  tap_near(host_number(host, "nodes.1.controls.kept"), 42.0, 0.0, "what it did not stays");

  host_write(
      host, "audio: {backend: 'null', clocked: yes, block: 32, inputs: 2, outputs: 1, "
            "sample_rate: 96000}\n"
            "nodes:\n"
            "  - {id: amp, plugin: 'urn:pinna:test:amp', set: {gain: 5}}\n"
            "  - {id: mem, plugin: 'urn:pinna:test:state'}\n"
            "wires: [{from: 'input:2', to: amp}, {from: amp, to: mem}, {from: mem, to: output}]\n");
  PinnaError error = {""};
  host_ask(host, NULL, "set amp gain 9");
  tap_int(host_ask(host, &error, "reload"), PINNA_STATUS_OK, "another rate and more inputs %s",
          error.text);
  host_sleep(0.2);
  tap_near(host_number(host, "audio.sample_rate"), 96000.0, 0.0, "runs at the new rate");
  tap_near(host_number(host, "nodes.0.controls.gain"), 9.0, 1e-6, "with the live value");
  tap_near(host_number(host, "nodes.1.controls.kept"), 42.0, 0.0, "and the state");
  host_stop(host);
}

static void
test_refusals(Host* const host) {
  host_write(host, "audio: {backend: 'null', outputs: 1}\n"
                   "nodes:\n"
                   "  - {id: a, required: yes, plugin: 'urn:pinna:test:anp'}\n"
                   "  - {id: b, required: yes, plugin: 'urn:pinna:test:amp', set: {gian: 3}}\n"
                   "  - {id: c, required: yes, plugin: 'urn:pinna:test:amp', preset: Laud}\n"
                   "  - {id: d, required: yes, plugin: 'urn:pinna:test:amp', set: {gain: loud}}\n"
                   "  - {id: e, required: yes, plugin: 'urn:pinna:test:refuse'}\n");
  tap_ok(host_start(host), "five bad nodes");
  const char* const text = host->error.text;
  tap_ok(strstr(text, ":4:64: Node 'b'") && strstr(text, ":6:64: Node 'd'"),
         "with line and column, where a value is wrong");
  tap_ok(strstr(text, "Node 'a'") && strstr(text, "Node 'b'") && strstr(text, "Node 'c'") &&
             strstr(text, "Node 'd'") && strstr(text, "Node 'e'"),
         "each with its reason");
  char lines[1024];
  snprintf(lines, sizeof(lines), "%s", text);
  char* rest = NULL;
  for (char* line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
    tap_diag("%s", line);
  }

  PinnaError error = {""};
  tap_ok(pinna_host_session_check(host->world, host->config, &error) &&
             strstr(error.text, "Node 'e'"),
         "check finds the same");
  host_write(host, "audio: {backend: jack, server: pinna-no-such-server, wait: no}\n");
  tap_int(host_start(host), PINNA_STATUS_NOT_FOUND, "wait: no without a server: %s",
          host->error.text);
  host_write(host, "audio: {backend: jack, server: pinna-no-such-server, give_up: 1}\n");
  tap_int(host_start(host), PINNA_STATUS_OK, "wait: yes waits for it");
  host_sleep(0.2);
  tap_string(host_text(host, "state"), "waiting", "and says so");
  tap_ok(host_wait(host, 10.0) && host->result == PINNA_STATUS_LOST, "give_up: 1 ends it: %s",
         host->error.text);
}

/// Parameters that only messages set are there before the first block, and can be changed
static void
test_parameters(Host* const host, const char* const audio, const char* const name) {
  char        text[1024];
  PinnaError  error = {""};
  const char* format =
      "audio: {%s, inputs: 1, outputs: 1}\n"
      "nodes:\n"
      "  - {id: p, plugin: 'urn:pinna:test:params', set: {gain: %s, text: 'a b', file: $DIR/x}}\n"
      "wires: [{from: input, to: p}, {from: p, to: output}]\n"
      "state: {every: 0}\n";
  snprintf(text, sizeof(text), format, audio, "0.5");
  host_write(host, text);
  tap_int(host_start(host), PINNA_STATUS_OK, "%s: starts %s", name, host->error.text);
  tap_near(host_number_becomes(host, "nodes.0.controls.gain_now", 0.5), 0.5, 0.0, "%s: a number",
           name);
  tap_near(host_number_becomes(host, "nodes.0.controls.text_now", 3.0), 3.0, 0.0, "%s: a text",
           name);
  tap_near(host_number_becomes(host, "nodes.0.controls.path_now", (double)strlen(host->dir) + 2.0),
           (double)strlen(host->dir) + 2.0, 0.0, "%s: a path", name);
  snprintf(text, sizeof(text), format, audio, "2");
  host_write(host, text);
  tap_int(host_ask(host, &error, "reload"), PINNA_STATUS_OK, "%s: changed %s", name, error.text);
  tap_near(host_number_becomes(host, "nodes.0.controls.gain_now", 2.0), 2.0, 0.0, "%s: by a reload",
           name);
  tap_int(host_ask(host, &error, "set p gain 1.5"), PINNA_STATUS_OK, "%s: set %s", name,
          error.text);
  tap_near(host_number_becomes(host, "nodes.0.controls.gain_now", 1.5), 1.5, 0.0,
           "%s: by a request", name);
  snprintf(text, sizeof(text), format, audio, "9");
  host_write(host, text);
  tap_ok(host_ask(host, &error, "reload") && strstr(error.text, ":3:52: Node 'p'"),
         "%s: what it cannot be is refused: %s", name, error.text);
  host_stop(host);
}

static void
test_nan(Host* const host) {
  host_write(host, "audio: {backend: 'null', clocked: yes, block: 64, inputs: 1, outputs: 1}\n"
                   "nodes:\n"
                   "  - {id: bad, plugin: 'urn:pinna:test:nan'}\n"
                   "  - {id: good, plugin: 'urn:pinna:test:amp'}\n"
                   "wires: [{from: input, to: [bad, good]}, {from: [bad], to: output}]\n");
  tap_int(host_start(host), PINNA_STATUS_BAD_CONFIG, "a list in 'from': %s", host->error.text);
  host_write(host,
             "audio: {backend: 'null', clocked: yes, block: 64, inputs: 1, outputs: 1}\n"
             "nodes:\n"
             "  - {id: bad, plugin: 'urn:pinna:test:nan', set: {poison: 1}}\n"
             "  - {id: good, plugin: 'urn:pinna:test:amp'}\n"
             "wires: [{from: input, to: [bad, good]}, {from: bad, to: output}, {from: good, to: "
             "output}]\n"
             "state: {dir: /proc/nowhere}\n");
  tap_int(host_start(host), PINNA_STATUS_OK, "start with a folder that cannot be %s",
          host->error.text);
  host_sleep(0.3);
  tap_ok(host_number(host, "nodes.0.n_nonfinite") > 0.0, "the culprit is named in the status");
  tap_near(host_number(host, "nodes.1.n_nonfinite"), 0.0, 0.0, "the innocent is not");
  tap_ok(host_ask(host, NULL, "save") != PINNA_STATUS_OK, "saving fails, the rest goes on");
  tap_int(host_stop(host), PINNA_STATUS_OK, "stop");
}

int
main(void) {
  Host host;
  if (!host_open(&host)) {
    tap_ok(false, "fixture: %s", host.error.text);
    return tap_done();
  }
  test_reload(&host);
  test_control(&host);
  test_state(&host);
  test_refusals(&host);
  test_nan(&host);
  test_parameters(&host, "backend: 'null', clocked: yes", "null");
  test_parameters(&host, "backend: file, clocked: yes, sample_rate: 44100", "file");
  host_close(&host);
  return tap_done();
}
