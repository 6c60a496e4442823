// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/command.h"
#include "cli/manual.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

// The `pinna` command: picks the command and reports failures

static const char* const version_text = "pinna " PINNA_VERSION "\n";

static void
print_commands(FILE* const out) {
  fputs("Usage: pinna COMMAND [ARGUMENT]...\n"
        "Realtime audio and speech blocks: LV2 plugins, a headless host, offline rendering.\n\n"
        "Commands:\n",
        out);
  for (const CliCommand* const* c = cli_commands; *c; ++c) {
    fprintf(out, "  %-10s %s\n", (*c)->name, (*c)->summary);
  }
  fputs("\n'pinna COMMAND --help' shows a command's options; 'man pinna' has all of them.\n", out);
}

CliExit
cli_failed(const PinnaStatus status, const PinnaError* const error) {
  fprintf(stderr, "pinna: %s\n", error && error->text[0] ? error->text : pinna_strerror(status));
  switch (status) {
  case PINNA_STATUS_OK:
    return CLI_EXIT_OK;
  case PINNA_STATUS_BAD_ARG:
    return CLI_EXIT_USAGE;
  case PINNA_STATUS_BAD_CONFIG:
    return CLI_EXIT_CONFIG;
  case PINNA_STATUS_LOST:
    return CLI_EXIT_LOST;
  default:
    return CLI_EXIT_FAILED;
  }
}

PinnaWorld*
cli_world(void) {
  PinnaWorld*       world = NULL;
  PinnaError        error = {{0}};
  const PinnaStatus status = pinna_world_new(&world, &error);
  if (status) {
    cli_failed(status, &error);
  }
  return world;
}

const char*
cli_uri(const char* const name, char* const buffer, const size_t size) {
  if (strstr(name, "://") || !strncmp(name, "urn:", 4U)) {
    return name;
  }
  snprintf(buffer, size, "urn:pinna:%s", name);
  return buffer;
}

/// A standard stream that is closed must not become a sound file: it stays one that fails
static void
hold_streams(void) {
  for (int fd = 0; fd < 3; ++fd) {
    if (fcntl(fd, F_GETFD) < 0) {
      open("/dev/null", fd ? O_RDONLY : O_WRONLY);
    }
  }
}

/// What could not be printed is a failure; a reader that left knows why
static int
flush(const int result) {
  if (!fflush(stdout)) {
    return result;
  }
  if (errno != EPIPE) {
    fprintf(stderr, "pinna: Cannot write to standard output: %s\n", strerror(errno));
  }
  return result ? result : (int)CLI_EXIT_FAILED;
}

static int
run(const int argc, char** const argv) {
  const char* const word = argc > 1 ? argv[1] : "";
  if (!strcmp(word, "--version") || !strcmp(word, "version")) {
    fputs(version_text, stdout);
    return CLI_EXIT_OK;
  }
  if (!strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help")) {
    const CliCommand* const asked = argc > 2 ? cli_command_find(argv[2]) : NULL;
    if (asked) {
      cli_command_help(asked, stdout);
    } else {
      print_commands(stdout);
    }
    return CLI_EXIT_OK;
  }
  if (!strcmp(word, "--manual") && argc == 3) {
    return cli_manual_print(argv[2], stdout) ? CLI_EXIT_OK : CLI_EXIT_USAGE;
  }

  const CliCommand* const command = cli_command_find(word);
  if (!command) {
    if (*word) {
      fprintf(stderr, "pinna: there is no command '%s'\n", word);
    }
    print_commands(stderr);
    return CLI_EXIT_USAGE;
  }
  return (int)cli_command_run(command, argc - 1, argv + 1);
}

int
main(int argc, char** argv) {
  signal(SIGPIPE, SIG_IGN);
  hold_streams();
  return flush(run(argc, argv));
}
