// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/control.h"

#include "cli/command.h"

#include <string.h>

// `pinna reload` and its kin: orders to a running host

/// Send the words to the host of this name, or to the only one that runs; silence is success
static CliExit
ask(const char* const name, const char* const request) {
  PinnaError        error = {{0}};
  const PinnaStatus status = pinna_control_ask(name, request, NULL, &error);
  return status ? cli_failed(status, &error) : CLI_EXIT_OK;
}

static CliExit
plain_main(const CliCommand* const command, const void* const options,
           const char* const* const args, const unsigned n_args) {
  (void)options;
  return ask(n_args ? args[0] : NULL, command->name);
}

typedef struct {
  const char* host;
} ControlOptions;

static CliExit
words_main(const CliCommand* const command, const void* const options,
           const char* const* const args, const unsigned n_args) {
  char   request[1024];
  size_t used = (size_t)snprintf(request, sizeof(request), "%s", command->name);
  for (unsigned i = 0U; i < n_args && used < sizeof(request); ++i) {
    used += (size_t)snprintf(request + used, sizeof(request) - used, " %s", args[i]);
  }
  if (used >= sizeof(request)) {
    PinnaError error = {{0}};
    pinna_fail(&error, PINNA_STATUS_BAD_ARG, "the operands are too long");
    return cli_failed(PINNA_STATUS_BAD_ARG, &error);
  }
  return ask(((const ControlOptions*)options)->host, request);
}

static const CliOption host_options[] = {
    {"host", 'H', CLI_TEXT, offsetof(ControlOptions, host), "NAME",
     "Which host, if several run: its configuration's name or the path of its socket", 0, 0},
    {0},
};

#define WORDS .options = host_options, .options_size = sizeof(ControlOptions), .main = words_main

#define NAME_OPERAND .operands = "[NAME]", .least_args = 0U, .most_args = 1U, .main = plain_main

const CliCommand cli_reload = {
    .name = "reload",
    .summary = "Apply a changed configuration without a gap",
    .details =
        "The running host reads its file again. Plugins that did not change keep sounding; a "
        "bad file leaves the old configuration running and its error is printed here.",
    .example = "pinna check lobby.yaml && pinna reload lobby",
    NAME_OPERAND,
};

const CliCommand cli_save = {
    .name = "save",
    .summary = "Save the state of a running host now",
    .details = "Writes a new generation of the plugins' state, safe against a power cut.",
    .example = "pinna save lobby",
    NAME_OPERAND,
};

const CliCommand cli_stop = {
    .name = "stop",
    .summary = "Fade out and stop a running host",
    .details = "The same as SIGTERM: fade to silence, save the state, leave.",
    .example = "pinna stop lobby",
    NAME_OPERAND,
};

const CliCommand cli_set = {
    .name = "set",
    .operands = "NODE SYMBOL VALUE",
    .least_args = 3U,
    .most_args = 3U,
    .summary = "Set a control of a node in a running host",
    .details =
        "VALUE is a number, the label of a choice, or on and off. The change lasts until the "
        "next reload that sets the control differently; saved state keeps it.",
    .example = "pinna set clarity gain_2 3.5\npinna set --host lobby clarity enabled off",
    WORDS,
};

const CliCommand cli_bypass = {
    .name = "bypass",
    .operands = "NODE on|off",
    .least_args = 2U,
    .most_args = 2U,
    .summary = "Bypass a node of a running host, or end it",
    .details = "Crossfades to the node's input, delayed by its latency, so that nothing shifts.",
    .example = "pinna bypass clarity on",
    WORDS,
};

const CliCommand cli_preset = {
    .name = "preset",
    .operands = "NODE LABEL",
    .least_args = 2U,
    .most_args = 2U,
    .summary = "Apply a preset to a node of a running host",
    .details = "LABEL is one that 'pinna list URI' shows for the node's plugin.",
    .example = "pinna preset clarity 'Voice warmth'",
    WORDS,
};
