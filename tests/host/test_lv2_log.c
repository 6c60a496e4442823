// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/fixture.h"

// What plugins log: line by line, repeats counted, floods cut but never the news that they were

typedef struct {
  unsigned n_lines;
  unsigned n_same;
  unsigned n_counts;
  unsigned n_warnings;
  char     first[64];
} Lines;

static void
take_line(void* const handle, const PinnaLogLevel level, const char* const plugin,
          const char* const line) {
  Lines* const lines = (Lines*)handle;
  if (!lines->n_lines++) {
    snprintf(lines->first, sizeof(lines->first), "%s|%s", plugin, line);
  }
  lines->n_same += !strcmp(line, "the same again");
  lines->n_counts += line[0] == '(';
  lines->n_warnings += level == PINNA_LOG_WARNING && line[0] != '(';
}

int
main(void) {
  PinnaError  error = {""};
  PinnaWorld* world = NULL;
  Lines       lines = {0U, 0U, 0U, 0U, ""};
  tap_int(pinna_world_new(&world, &error), PINNA_STATUS_OK, "world: %s", error.text);

  const PinnaInstanceConfig config = {
      .sample_rate = 48000.0, .max_block = 128U, .log = take_line, .log_handle = &lines};
  PinnaInstance* const logger = world ? start(world, "urn:pinna:test:logger", &config) : NULL;
  if (logger) {
    tap_int(lines.n_lines, 2, "what it said when it started, line by line");
    tap_string(lines.first, "Test logger|first line", "with the plugin's name");

    set_value(logger, "same", 40.0F);
    run_silence(logger, 128U);
    tap_int(lines.n_lines, 2, "nothing comes out in the audio thread");
    pinna_instance_idle(logger);
    tap_int(lines.n_same, 1, "a repeated line once");
    tap_int(lines.n_warnings, 1, "with its level");

    set_value(logger, "same", 0.0F);
    set_value(logger, "different", 1000.0F);
    for (unsigned i = 0U; i < 20U; ++i) {
      run_silence(logger, 128U);
      pinna_instance_idle(logger);
    }
    tap_at_most((double)lines.n_lines, 65.0, "20000 lines are cut");
    wait_ms(1100U);
    set_value(logger, "different", 0.0F);
    pinna_instance_idle(logger);
    wait_ms(1100U);
    pinna_instance_idle(logger);
    tap_at_least((double)lines.n_counts, 2.0, "repeats and cuts are told");
  }
  pinna_instance_free(logger);
  pinna_world_free(world);
  return tap_done();
}
