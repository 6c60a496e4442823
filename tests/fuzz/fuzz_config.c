// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/config.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>

// Configuration files of all kinds: read, or refused with a message, never worse

#define SEED(text)                                                                                 \
  { text, sizeof(text) - 1U }

const PinnaFuzzSeed pinna_fuzz_seeds[] = {
    SEED("version: 1\n"
         "audio: {backend: jack, client: lobby, inputs: 4, outputs: 2, wait: yes}\n"
         "nodes:\n"
         "  - {id: array, plugin: \"urn:pinna:beam:4\", set: {azimuth: 20}}\n"
         "  - {id: clean, plugin: \"urn:pinna:denoise:mono\", preset: voice, bypass: off}\n"
         "wires:\n"
         "  - {from: \"input:1-4\", to: array}\n"
         "  - {from: array, to: [clean, \"output:2\"]}\n"
         "jack: {inputs: [\"system:capture_*\"], outputs: [\"system:playback_*\"]}\n"
         "state: {every: 60, keep: 5, dir: x}\n"),
    SEED("audio:\n  backend: \"null\"\n  sample_rate: 48000\n  block: 64\nnodes: []\nwires: []\n"),
    SEED("audio: &a {backend: file, input: in.wav}\nnodes:\n- id: x\n  plugin: |\n    text\n"),
    {NULL, 0},
};

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size) {
  PinnaConfig*      config = NULL;
  PinnaError        error = {""};
  const PinnaStatus status =
      pinna_config_parse(&config, (const char*)data, (uint32_t)size, "fuzz.yaml", &error);
  if (!status != !!config || (status && !error.text[0])) {
    fprintf(stderr, "status %d, message '%s'\n", (int)status, error.text);
    abort();
  }
  pinna_config_free(config);
  return 0;
}
