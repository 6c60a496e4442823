// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/command.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// Command lines against the table: parsing, ranges, usage

enum { MAX_OPTIONS = 32, HELP_OPTION = 256 };

static unsigned
count_options(const CliCommand* const command) {
  unsigned n = 0U;
  while (command->options && command->options[n].name) {
    ++n;
  }
  return n;
}

/// Fill getopt's tables; option i has the code HELP_OPTION + 1 + i
static void
make_tables(const CliCommand* const command, struct option* const longs, char* const shorts) {
  const unsigned n = count_options(command);
  char*          s = shorts;
  *s++ = ':';
  *s++ = 'h';
  for (unsigned i = 0U; i < n; ++i) {
    const CliOption* const o = &command->options[i];
    longs[i] = (struct option){o->name, o->kind == CLI_FLAG ? no_argument : required_argument, NULL,
                               HELP_OPTION + 1 + (int)i};
    if (o->letter) {
      *s++ = o->letter;
      if (o->kind != CLI_FLAG) {
        *s++ = ':';
      }
    }
  }
  *s = '\0';
  longs[n] = (struct option){"help", no_argument, NULL, 'h'};
  longs[n + 1U] = (struct option){NULL, 0, NULL, 0};
}

static const CliOption*
option_of(const CliCommand* const command, const int code) {
  if (code > HELP_OPTION) {
    return &command->options[code - HELP_OPTION - 1];
  }
  for (const CliOption* o = command->options; o && o->name; ++o) {
    if (o->letter == code) {
      return o;
    }
  }
  return NULL;
}

static PinnaStatus
store(const CliOption* const option, void* const options, const char* const text,
      PinnaError* const error) {
  void* const field = (char*)options + option->offset;
  if (option->kind == CLI_FLAG) {
    *(bool*)field = true;
    return PINNA_STATUS_OK;
  }
  if (option->kind == CLI_TEXT) {
    *(const char**)field = text;
    return PINNA_STATUS_OK;
  }
  if (option->kind == CLI_LIST) {
    CliList* const list = (CliList*)field;
    if (list->n == CLI_LIST_MAX) {
      return pinna_fail(error, PINNA_STATUS_BAD_ARG, "--%s may be given at most %u times",
                        option->name, CLI_LIST_MAX);
    }
    list->items[list->n++] = text;
    return PINNA_STATUS_OK;
  }

  char*        end = NULL;
  const double value = strtod(text, &end);
  const bool   whole = option->kind == CLI_NUMBER || value == floor(value);
  if (end == text || *end || !whole || !(value >= option->least && value <= option->most)) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "--%s takes %s from %g to %g, not '%s'",
                      option->name, option->kind == CLI_COUNT ? "a whole number" : "a number",
                      option->least, option->most, text);
  }
  if (option->kind == CLI_COUNT) {
    *(unsigned*)field = (unsigned)value;
  } else {
    *(double*)field = value;
  }
  return PINNA_STATUS_OK;
}

static PinnaStatus
check_operands(const CliCommand* const command, const int n, PinnaError* const error) {
  if (n < (int)command->least_args) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "missing operand: pinna %s takes %s",
                      command->name, command->operands);
  }
  if (n > (int)command->most_args) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "too many operands: pinna %s takes %s",
                      command->name, *command->operands ? command->operands : "none");
  }
  return PINNA_STATUS_OK;
}

/// @return END when --help was asked for
static PinnaStatus
parse(const CliCommand* const command, const int argc, char** const argv, void* const options,
      PinnaError* const error) {
  struct option longs[MAX_OPTIONS + 2];
  char          shorts[2 * MAX_OPTIONS + 4];
  make_tables(command, longs, shorts);

  opterr = 0;
  optind = 1;
  for (int code; (code = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
    if (code == 'h') {
      return PINNA_STATUS_END;
    }
    if (code == ':') {
      return pinna_fail(error, PINNA_STATUS_BAD_ARG, "option '%s' needs a value", argv[optind - 1]);
    }
    if (code == '?') {
      return pinna_fail(error, PINNA_STATUS_BAD_ARG, "pinna %s has no option '%s'", command->name,
                        argv[optind - 1]);
    }
    const PinnaStatus status = store(option_of(command, code), options, optarg, error);
    if (status) {
      return status;
    }
  }
  return check_operands(command, argc - optind, error);
}

CliExit
cli_command_run(const CliCommand* const command, const int argc, char** const argv) {
  void* const options = calloc(1U, command->options_size ? command->options_size : 1U);
  if (!options) {
    return cli_failed(PINNA_STATUS_NO_MEM, NULL);
  }

  PinnaError        error = {{0}};
  const PinnaStatus status = parse(command, argc, argv, options, &error);
  CliExit           result = CLI_EXIT_OK;
  if (status == PINNA_STATUS_END) {
    cli_command_help(command, stdout);
  } else if (status) {
    result = cli_failed(status, &error);
    fprintf(stderr, "pinna: 'pinna %s --help' shows how it is used\n", command->name);
  } else {
    result = command->main(command, options, (const char* const*)argv + optind,
                           (unsigned)(argc - optind));
  }
  free(options);
  return result;
}

void
cli_command_help(const CliCommand* const command, FILE* const out) {
  fprintf(out, "Usage: pinna %s%s %s\n%s.\n\n%s\n\nOptions:\n", command->name,
          command->options ? " [OPTION]..." : "", command->operands, command->summary,
          command->details);
  for (const CliOption* o = command->options; o && o->name; ++o) {
    char spelled[64];
    snprintf(spelled, sizeof(spelled), "%c%c%c --%s%s%s", o->letter ? '-' : ' ',
             o->letter ? o->letter : ' ', o->letter ? ',' : ' ', o->name, o->value ? " " : "",
             o->value ? o->value : "");
    fprintf(out, "  %-28s %s\n", spelled, o->help);
  }
  fprintf(out, "  %-28s %s\n\nExamples:\n", "-h, --help", "Show this help");
  for (const char* line = command->example; *line;) {
    const size_t length = strcspn(line, "\n");
    fprintf(out, "  %.*s\n", (int)length, line);
    line += length + (line[length] == '\n');
  }
}

const CliCommand*
cli_command_find(const char* const name) {
  for (const CliCommand* const* c = cli_commands; *c; ++c) {
    if (!strcmp((*c)->name, name)) {
      return *c;
    }
  }
  return NULL;
}
