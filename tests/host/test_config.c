// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/config.h"
#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Configuration files: what is read from a good one, and what each kind of mistake is answered with

#define AUDIO "audio: {backend: null}\n"
#define NODE "nodes:\n  - {id: a, plugin: p}\n"

typedef struct {
  const char* title;
  const char* text;
  const char* place;   ///< "line:column"
  const char* message; ///< Part of the message
} Mistake;

static const Mistake mistakes[] = {
    {"misspelt key", AUDIO "nodes:\n  - {id: a, plugn: x}\n", "3:13", "did you mean 'plugin'?"},
    {"misspelt section", "audoi: {backend: null}\n", "1:1", "did you mean 'audio'?"},
    {"unknown key", AUDIO "zebra: 1\n", "2:1", "here may be version, name, audio"},
    {"unknown audio key", "audio:\n  backend: jack\n  inpts: 3\n", "3:3", "'inputs'"},
    {"missing key", AUDIO "nodes:\n  - {id: a}\n", "3:5", "'plugin' is missing in entry 1"},
    {"no audio", "version: 1\n", "1:1", "'audio' is missing"},
    {"key given twice", AUDIO "version: 1\nversion: 1\n", "3:1", "given twice"},
    {"newer version", "version: 2\n" AUDIO, "1:10", "reads up to version 1: upgrade"},
    {"version zero", "version: 0\n" AUDIO, "1:10", "from 1 to 1"},
    {"word for a number", "audio: {backend: null, block: big}\n", "1:31", "whole number"},
    {"number with a tail", "audio: {backend: null, block: 64k}\n", "1:31", "whole number"},
    {"negative number", "audio: {backend: null, inputs: -1}\n", "1:32", "from 0 to 64, not '-1'"},
    {"number too large", "audio: {backend: null, outputs: 65}\n", "1:33", "from 0 to 64, not 65"},
    {"number beyond 64 bit", "audio: {backend: null, block: 99999999999999999999}\n", "1:31",
     "from 1 to 8192"},
    {"octal number", "audio: {backend: null, block: 010}\n", "1:31", "whole number"},
    {"sample rate", "audio: {backend: null, sample_rate: 48}\n", "1:37", "from 8000"},
    {"neither yes nor no", "audio: {backend: jack, wait: maybe}\n", "1:30",
     "must be yes or no, not 'maybe'"},
    {"map for a word", "audio: {backend: {a: b}}\n", "1:18", "must be one word"},
    {"word for a list", AUDIO "nodes: array\n", "2:8", "must be a list"},
    {"list for a map", AUDIO "nodes:\n  - [a, b]\n", "3:5", "map of 'key: value'"},
    {"list at the top", "- audio\n", "1:1", "map of 'key: value'"},
    {"empty value", AUDIO "nodes:\n  - id:\n    plugin: x\n", "3:8", "no value"},
    {"unknown backend", "audio: {backend: jakc}\n", "1:18", "did you mean 'jack'?"},
    {"backend far off", "audio: {backend: windows}\n", "1:18", "choose jack, portaudio"},
    {"id given twice", AUDIO "nodes:\n  - {id: a, plugin: x}\n  - {id: a, plugin: y}\n", "4:10",
     "The id 'a' is given twice"},
    {"id with a colon", AUDIO "nodes: [{id: \"a:b\", plugin: x}]\n", "2:14", "only letters"},
    {"id input", AUDIO "nodes: [{id: input, plugin: x}]\n", "2:14", "choose another"},
    {"unknown node",
     AUDIO "nodes: [{id: clean, plugin: x}]\nwires:\n  - {from: clear, to: output}\n", "4:12",
     "There is no node 'clear' in 'nodes'; did you mean 'clean'?"},
    {"unknown node in a list", AUDIO NODE "wires: [{from: a, to: [output, b]}]\n", "4:32",
     "There is no node 'b'"},
    {"misspelt input", AUDIO NODE "wires: [{from: inputs, to: a}]\n", "4:16",
     "did you mean 'input'?"},
    {"wire from output", AUDIO NODE "wires: [{from: output, to: a}]\n", "4:16", "cannot come from"},
    {"wire to input", AUDIO NODE "wires: [{from: a, to: \"input:1\"}]\n", "4:23", "cannot go to"},
    {"channel zero", AUDIO NODE "wires: [{from: \"input:0\", to: a}]\n", "4:16", "counted from 1"},
    {"channels backwards", AUDIO NODE "wires: [{from: \"input:4-1\", to: a}]\n", "4:16",
     "input:1-4"},
    {"channels as words", AUDIO NODE "wires: [{from: \"input:left\", to: a}]\n", "4:16",
     "counted from 1"},
    {"wire to nowhere", AUDIO NODE "wires: [{from: a, to: []}]\n", "4:23", "no destination"},
    {"wire without to", AUDIO NODE "wires: [{from: a}]\n", "4:9", "'to' is missing"},
    {"set as a list", AUDIO "nodes: [{id: a, plugin: x, set: [gain]}]\n", "2:33",
     "{symbol: value}"},
    {"set to a list", AUDIO "nodes: [{id: a, plugin: x, set: {gain: [1]}}]\n", "2:40",
     "needs one value"},
    {"control set twice", AUDIO "nodes: [{id: a, plugin: x, set: {g: 1, g: 2}}]\n", "2:40",
     "set twice"},
    {"alias", AUDIO "nodes: &n []\nwires: *n\n", "3:1", "alias"},
    {"tab", "audio:\n\tbackend: null\n", "2:1", "Not YAML"},
    {"unclosed map", "audio: {backend: null\n", "2:1", "Not YAML"},
    {"two documents", AUDIO "---\n" AUDIO, "3:1", "only one is allowed"},
};

static PinnaStatus
parse(PinnaConfig** const config, const char* const text, PinnaError* const error) {
  return pinna_config_parse(config, text, (uint32_t)strlen(text), "room.yaml", error);
}

static void
test_mistakes(void) {
  for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); ++i) {
    const Mistake* const m = &mistakes[i];
    PinnaConfig*         config = NULL;
    PinnaError           error = {""};
    char                 place[64];
    snprintf(place, sizeof(place), "room.yaml:%s: ", m->place);
    const PinnaStatus status = parse(&config, m->text, &error);
    const bool        good = status == PINNA_STATUS_BAD_CONFIG && !config &&
                      !strncmp(error.text, place, strlen(place)) && strstr(error.text, m->message);
    tap_ok(good, "%s: %s", m->title, error.text);
    if (!good) {
      tap_diag("wanted %s... %s", place, m->message);
    }
    pinna_config_free(config);
  }
}

static void
test_good(void) {
  static const char text[] =
      "version: 1\n"
      "audio: {backend: jack, client: lobby, inputs: 4, outputs: 2, wait: No}\n"
      "nodes:\n"
      "  - {id: array, plugin: \"urn:pinna:beam:4\", set: {azimuth: 20, mode: wide}}\n"
      "  - {id: clean, plugin: \"urn:pinna:denoise:mono\", preset: voice, bypass: on}\n"
      "wires:\n"
      "  - {from: \"input:1-4\", to: array}\n"
      "  - {from: array, to: [clean, \"output:2\"]}\n"
      "  - {from: clean, to: output}\n"
      "jack: {inputs: [\"system:capture_*\"], outputs: [\"system:playback_*\"]}\n"
      "state: {every: 0, keep: 3}\n";
  PinnaConfig* config = NULL;
  PinnaError   error = {""};
  if (!tap_int(parse(&config, text, &error), PINNA_STATUS_OK, "the design's example %s",
               error.text)) {
    return;
  }
  tap_string(config->name, "room", "name from the file's");
  tap_string(config->audio.client, "lobby", "client");
  tap_int(config->audio.inputs, 4, "inputs");
  tap_ok(!config->audio.wait, "wait: No");
  tap_int(config->n_nodes, 2, "nodes");
  tap_int(config->nodes[0].n_set, 2, "controls");
  tap_string(config->nodes[0].set[1].symbol, "mode", "symbol");
  tap_string(config->nodes[0].set[1].value, "wide", "value");
  tap_string(config->nodes[1].preset, "voice", "preset");
  tap_ok(config->nodes[1].bypass && !config->nodes[0].bypass, "bypass");
  tap_int(config->wires[1].n_to, 2, "a list of destinations");
  tap_string(config->wires[1].to[1], "output:2", "second destination");
  tap_string(config->wires[0].to[0], "array", "one word as destination");
  tap_string(config->jack.inputs[0], "system:capture_*", "JACK pattern");
  tap_int(config->state.every, 0, "state.every may be 0");
  tap_int(config->state.keep, 3, "state.keep");
  pinna_config_free(config);
}

static void
test_defaults(void) {
  PinnaConfig* config = NULL;
  PinnaError   error = {""};
  tap_int(parse(&config, AUDIO, &error), PINNA_STATUS_OK, "least file %s", error.text);
  if (config) {
    tap_int(config->version, 1, "version");
    tap_int(config->audio.inputs, 2, "two inputs");
    tap_int(config->audio.outputs, 2, "two outputs");
    tap_ok(config->audio.wait, "waits");
    tap_int(config->state.every, 60, "state every minute");
    tap_int(config->state.keep, 5, "five generations");
  }
  pinna_config_free(config);
}

static void
test_files(void) {
  PinnaConfig* config = NULL;
  PinnaError   error = {""};
  tap_int(pinna_config_load(&config, "/nowhere/room.yaml", &error), PINNA_STATUS_IO, "absent file");
  tap_ok(strstr(error.text, "/nowhere/room.yaml") && strstr(error.text, "No such file"), "says: %s",
         error.text);

  error.text[0] = '\0';
  tap_int(parse(&config, "", &error), PINNA_STATUS_BAD_CONFIG, "empty file");
  tap_ok(strstr(error.text, "empty"), "says: %s", error.text);

  error.text[0] = '\0';
  tap_int(pinna_config_load(&config, "/", &error), PINNA_STATUS_IO, "a folder: %s", error.text);

  char      path[] = "test_config_XXXXXX";
  const int fd = mkstemp(path);
  if (tap_ok(fd >= 0 && write(fd, AUDIO, strlen(AUDIO)) > 0, "temporary file")) {
    close(fd);
    error.text[0] = '\0';
    tap_int(pinna_config_load(&config, path, &error), PINNA_STATUS_OK, "load %s", error.text);
    tap_ok(config && !strncmp(config->name, "test_config_", 12), "named by the file");
    pinna_config_free(config);
    unlink(path);
  }
}

int
main(void) {
  test_mistakes();
  test_good();
  test_defaults();
  test_files();
  pinna_config_free(NULL);
  return tap_done();
}
