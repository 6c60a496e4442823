// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/command.h"
#include "host/backend.h"

#include <string.h>

// `pinna devices`: what each backend can reach from here

static CliExit
devices_main(const CliCommand* const command, const void* const options,
             const char* const* const args, const unsigned n_args) {
  (void)command;
  (void)options;
  CliExit result = n_args ? CLI_EXIT_USAGE : CLI_EXIT_OK;
  for (const char* const* kind = pinna_backend_kinds(); *kind; ++kind) {
    if (n_args && strcmp(args[0], *kind)) {
      continue;
    }
    PinnaError error = {{0}};
    printf("%s:\n", *kind);
    fflush(stdout);
    if (pinna_backend_print_devices(*kind, &error)) {
      printf("  none: %s\n", error.text);
    }
    result = CLI_EXIT_OK;
  }
  if (result) {
    PinnaError error = {{0}};
    pinna_fail(&error, PINNA_STATUS_BAD_ARG, "there is no backend '%s' in this build", args[0]);
    return cli_failed(PINNA_STATUS_BAD_ARG, &error);
  }
  return result;
}

const CliCommand cli_devices = {
    .name = "devices",
    .operands = "[BACKEND]",
    .least_args = 0U,
    .most_args = 1U,
    .summary = "List audio servers and devices",
    .details = "Shows the JACK server and its physical ports, and PortAudio's devices with their "
               "channels and rates, as a configuration's audio section can name them.",
    .example = "pinna devices\npinna devices jack",
    .main = devices_main,
};
