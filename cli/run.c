// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/command.h"
#include "host/session.h"

#include <signal.h>
#include <unistd.h>

// `pinna run` and `pinna check`: a configuration, live or only examined

typedef struct {
  unsigned seconds;
} RunOptions;

static CliExit
run_main(const CliCommand* const command, const void* const options, const char* const* const args,
         const unsigned n_args) {
  (void)command;
  (void)n_args;
  sigset_t requests; // Wait until the session can hear them: their default is to kill
  sigemptyset(&requests);
  sigaddset(&requests, SIGHUP);
  sigaddset(&requests, SIGUSR1);
  sigprocmask(SIG_BLOCK, &requests, NULL);
  PinnaWorld* const world = cli_world();
  if (!world) {
    return CLI_EXIT_FAILED;
  }

  PinnaError        error = {{0}};
  PinnaHostSession* session = NULL;
  PinnaStatus       status = pinna_host_session_new(&session, world, args[0], &error);
  if (!status) {
    pinna_host_session_catch_signals(session);
    sigprocmask(SIG_UNBLOCK, &requests, NULL);
    alarm(((const RunOptions*)options)->seconds);
    status = pinna_host_session_run(session, &error);
  }
  const CliExit result = status ? cli_failed(status, &error) : CLI_EXIT_OK;
  pinna_host_session_free(session);
  pinna_world_free(world);
  return result;
}

static const CliOption run_options[] = {
    {"seconds", 't', CLI_COUNT, offsetof(RunOptions, seconds), "N",
     "Stop by itself after N seconds", 1, 1e9},
    {0},
};

const CliCommand cli_run = {
    .name = "run",
    .operands = "CONFIG",
    .least_args = 1U,
    .most_args = 1U,
    .summary = "Run an installation from its configuration file",
    .details =
        "Builds the graph, connects it, keeps it alive: when the audio server or device goes away, "
        "waits for it and comes back with the plugins' state intact. SIGHUP or 'pinna reload' "
        "applies a changed file without a gap; a bad file leaves the old one running. SIGTERM and "
        "Ctrl-C fade out, save the state and stop; SIGUSR1 saves the state. Under systemd it "
        "reports "
        "readiness and feeds the watchdog only while audio moves.",
    .example = "pinna run lobby.yaml\nsystemctl enable --now pinna@lobby",
    .options = run_options,
    .options_size = sizeof(RunOptions),
    .main = run_main,
};

static CliExit
check_main(const CliCommand* const command, const void* const options,
           const char* const* const args, const unsigned n_args) {
  (void)command;
  (void)options;
  PinnaWorld* const world = cli_world();
  if (!world) {
    return CLI_EXIT_FAILED;
  }
  CliExit worst = CLI_EXIT_OK;
  for (unsigned i = 0U; i < n_args; ++i) {
    PinnaError        error = {{0}};
    const PinnaStatus status = pinna_host_session_check(world, args[i], &error);
    if (status) {
      worst = cli_failed(status, &error);
    } else {
      printf("%s: good\n", args[i]);
    }
  }
  pinna_world_free(world);
  return worst;
}

const CliCommand cli_check = {
    .name = "check",
    .operands = "CONFIG...",
    .least_args = 1U,
    .most_args = 64U,
    .summary = "Check configuration files without making a sound",
    .details =
        "Reads each file as 'pinna run' would: keys and types with line and column, plugins, "
        "presets, control values, wires and their channels.",
    .example = "pinna check lobby.yaml && pinna reload lobby",
    .main = check_main,
};
