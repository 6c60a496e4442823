// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/stand_in.h"

#include "host/build_graph.h"
#include "tests/host/session_fixture.h"
#include "tests/tap.h"

#include <stdio.h>
#include <string.h>

// Nodes that cannot be made: channels from the wires, through paths, return by a reload

/// A configuration of only stand-ins and wires, and what follows for their channels
typedef struct {
  const char* wires;
  unsigned    n_inputs;
  unsigned    n_outputs;
  const char* channels; ///< Of a, b, c: "in>out"
} Widths;

static const Widths widths[] = {
    {"{from: input, to: a}, {from: a, to: b}, {from: b, to: c}, {from: c, to: output}", 3, 3,
     "3>3 3>3 3>3"},
    {"{from: 'input:1', to: a}, {from: a, to: output}", 2, 4, "1>4 1>1 1>1"},
    {"{from: input, to: a}, {from: a, to: [output, 'output:1']}", 1, 2, "1>1 1>1 1>1"},
    {"{from: 'input:2-3', to: 'a:3-4'}, {from: 'a:2', to: 'output:1'}", 4, 1, "4>2 1>1 1>1"},
    {"{from: input, to: 'a:64'}", 1, 2, "64>64 1>1 1>1"},
    {"{from: c, to: output}, {from: b, to: c}, {from: a, to: b}", 2, 5, "5>5 5>5 5>5"},
    {"{from: input, to: a}, {from: 'input:1', to: a}, {from: a, to: 'b:2'}", 6, 1, "6>1 2>2 1>1"},
};

static void
test_widths(void) {
  for (size_t w = 0; w < sizeof(widths) / sizeof(widths[0]); ++w) {
    char         text[1024];
    char         channels[128] = "";
    PinnaConfig* config = NULL;
    PinnaError   error = {""};
    snprintf(text, sizeof(text),
             "audio: {backend: 'null'}\n"
             "nodes: [{id: a, plugin: 'x:x'}, {id: b, plugin: 'x:y'}, {id: c, plugin: 'x:z'}]\n"
             "wires: [%s]\n",
             widths[w].wires);
    pinna_config_parse(&config, text, (uint32_t)strlen(text), "widths", &error);
    PinnaInstance*  instances[3] = {NULL};
    PinnaGraphSpec* spec = NULL;
    for (int i = 0; i < 3; ++i) {
      pinna_stand_in_new(&instances[i], "x:x", "no reason", NULL);
    }
    pinna_stand_in_fit(config, instances, widths[w].n_inputs, widths[w].n_outputs);
    pinna_stand_in_fit(config, instances, widths[w].n_inputs, widths[w].n_outputs);
    for (int i = 0; i < 3; ++i) {
      snprintf(channels + strlen(channels), sizeof(channels) - strlen(channels), "%s%u>%u",
               i ? " " : "", pinna_instance_n_audio_in(instances[i]),
               pinna_instance_n_audio_out(instances[i]));
    }
    tap_string(channels, widths[w].channels, "%s", widths[w].wires);
    tap_int(pinna_build_graph(&spec, config, instances, widths[w].n_inputs, widths[w].n_outputs,
                              &error),
            PINNA_STATUS_OK, "which makes a graph %s", error.text);
    pinna_graph_spec_free(spec);
    for (int i = 0; i < 3; ++i) {
      pinna_instance_free(instances[i]);
    }
    pinna_config_free(config);
  }
}

static void
test_pass(void) {
  static const char text[] = "audio: {backend: 'null'}\n"
                             "nodes: [{id: a, plugin: 'x:x'}]\n"
                             "wires: [{from: 'input:1-2', to: a}, {from: 'a:1-3', to: output}]\n";
  float             left[5] = {1, 2, 3, 4, 5};
  float             outs[3][5] = {{9, 9, 9, 9, 9}, {9, 9, 9, 9, 9}, {9, 9, 9, 9, 9}};
  float* const      out[3] = {outs[0], outs[1], outs[2]};
  const float*      in[2] = {NULL, left};
  PinnaConfig*      config = NULL;
  PinnaInstance*    instance = NULL;
  PinnaError        error = {""};
  pinna_config_parse(&config, text, sizeof(text) - 1U, "pass", &error);
  pinna_stand_in_new(&instance, "x:x", "no reason", NULL);
  pinna_stand_in_fit(config, &instance, 2U, 3U);
  pinna_instance_run(instance, in, out, 5U);
  const float silence[5] = {0};
  tap_all_equal(outs[0], silence, 5, "an unconnected input is silence");
  tap_all_equal(outs[1], left, 5, "channel by channel");
  tap_all_equal(outs[2], silence, 5, "an output without input is silent");
  tap_string(pinna_stand_in_reason(instance), "no reason", "knows why");
  tap_string(pinna_instance_uri(instance), "x:x", "and for whom");
  tap_int(pinna_instance_latency(instance), 0, "is not late");
  pinna_instance_idle(instance);
  pinna_instance_free(instance);
  pinna_config_free(config);
}

static const char* const room =
    "audio: {backend: 'null', clocked: yes, block: 64, inputs: 2, outputs: 2}\n"
    "nodes:\n"
    "  - {id: gone, plugin: '%s', set: {gain: 3}}\n"
    "  - {id: here, plugin: 'urn:pinna:test:amp', set: {%s}}\n"
    "wires: [{from: 'input:1', to: [gone, here]}, {from: gone, to: 'output:1'}]\n"
    "state: {every: 0}\n";

static void
write_room(const Host* const host, const char* const uri, const char* const set) {
  char text[1024];
  snprintf(text, sizeof(text), room, uri, set);
  host_write(host, text);
}

static void
test_session(Host* const host) {
  PinnaError error = {""};
  write_room(host, "urn:nobody:nothing", "gain: 1");
  tap_int(host_start(host), PINNA_STATUS_OK, "starts without a plugin %s", host->error.text);
  host_sleep(0.2);
  tap_near(host_number(host, "nodes.0.missing"), 1.0, 0.0, "says that it is missing");
  tap_ok(strstr(host_text(host, "nodes.0.reason"), "urn:nobody:nothing"), "and why: %s",
         host_text(host, "nodes.0.reason"));
  tap_near(host_number(host, "nodes.1.missing"), 0.0, 0.0, "the other is there");
  tap_ok(host_number(host, "nodes.1.n_runs") > 0.0, "and runs");
  tap_ok(host_ask(host, &error, "set gone gain 1") && strstr(error.text, "missing"),
         "nothing to set: %s", error.text);
  error.text[0] = '\0';
  tap_ok(host_ask(host, &error, "preset gone x") && strstr(error.text, "missing"),
         "nor presets: %s", error.text);
  tap_int(host_ask(host, NULL, "bypass gone on"), PINNA_STATUS_OK, "a bypass does no harm");
  tap_int(host_ask(host, NULL, "save"), PINNA_STATUS_OK, "nor does a save");
  error.text[0] = '\0';
  tap_int(host_ask(host, &error, "reload"), PINNA_STATUS_OK, "still missing after a reload %s",
          error.text);

  write_room(host, "urn:nobody:nothing", "gian: 1");
  tap_ok(host_ask(host, NULL, "reload"), "a reload takes away nothing that plays");
  write_room(host, "urn:pinna:test:amp", "gain: 1");
  tap_int(host_ask(host, NULL, "reload"), PINNA_STATUS_OK, "another plugin in its place");
  tap_near(host_number(host, "nodes.0.missing"), 0.0, 0.0, "plays");
  tap_near(host_number(host, "nodes.0.controls.gain"), 3.0, 0.0, "with the file's value");
  tap_int(host_ask(host, NULL, "set gone gain 7"), PINNA_STATUS_OK, "which changes");
  tap_int(host_stop(host), PINNA_STATUS_OK, "stop");
  tap_ok(pinna_host_session_check(host->world, host->config, &error) == PINNA_STATUS_OK, "check");
}

static void
test_required(Host* const host) {
  PinnaError error = {""};
  host_write(host, "audio: {backend: 'null', clocked: yes, inputs: 1, outputs: 1}\n"
                   "nodes: [{id: must, plugin: 'urn:nobody:nothing', required: yes},\n"
                   "        {id: may, plugin: 'urn:nobody:else'}]\n");
  tap_int(host_start(host), PINNA_STATUS_NOT_FOUND, "a required one fails the start: %s",
          host->error.text);
  tap_ok(strstr(host->error.text, "'must'") && !strstr(host->error.text, "'may'"), "by its name");
  tap_ok(pinna_host_session_check(host->world, host->config, &error) && strstr(error.text, "'may'"),
         "check wants all: %s", error.text);

  static const char* const faulty[] = {"plugin: 'urn:pinna:test:refuse'",
                                       "plugin: 'urn:pinna:test:unknown'",
                                       "plugin: 'urn:pinna:test:missing'",
                                       "plugin: 'urn:pinna:test:broken'",
                                       "plugin: 'urn:pinna:test:amp', preset: Laud",
                                       "plugin: 'urn:pinna:test:amp', set: {gain: loud}",
                                       "plugin: 'urn:pinna:test:amp', set: {gian: 1}"};
  for (size_t i = 0; i < sizeof(faulty) / sizeof(faulty[0]); ++i) {
    char text[512];
    snprintf(text, sizeof(text),
             "audio: {backend: 'null', clocked: yes, block: 64, inputs: 2, outputs: 2}\n"
             "nodes: [{id: x, %s}]\n"
             "wires: [{from: input, to: x}, {from: x, to: output}]\n",
             faulty[i]);
    host_write(host, text);
    tap_int(host_start(host), PINNA_STATUS_OK, "goes on: %s", faulty[i]);
    host_sleep(0.1);
    tap_near(host_number(host, "nodes.0.missing"), 1.0, 0.0, "because: %s",
             host_text(host, "nodes.0.reason"));
    host_stop(host);
  }

  host_write(host, "audio: {backend: jack, server: pinna-no-such-server, give_up: 1}\n"
                   "nodes: [{id: x, plugin: 'urn:nobody:nothing'}]\n"
                   "wires: [{from: input, to: x}, {from: x, to: output}]\n");
  tap_int(host_start(host), PINNA_STATUS_OK, "waits for the server without its plugin %s",
          host->error.text);
  host_stop(host);
}

int
main(void) {
  Host host;
  test_widths();
  test_pass();
  if (host_open(&host)) {
    test_session(&host);
    test_required(&host);
    host_close(&host);
  }
  return tap_done();
}
