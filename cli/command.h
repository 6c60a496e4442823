// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_COMMAND_H
#define PINNA_CLI_COMMAND_H

#include "base/status.h"
#include "host/world.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

// The table of commands and options: parsing, --help, the man page and the completion read only it

/// What `pinna` returns to the shell
typedef enum {
  CLI_EXIT_OK = 0,
  CLI_EXIT_FAILED = 1, ///< The job failed: a file, a plugin, an operation
  CLI_EXIT_USAGE = 2,  ///< The command line is wrong
  CLI_EXIT_CONFIG = 3, ///< The configuration file is wrong
  CLI_EXIT_LOST = 4    ///< Audio server or device lost and not regained
} CliExit;

/// Where an option's value goes, by the type of the field
typedef enum { CLI_FLAG, CLI_TEXT, CLI_COUNT, CLI_NUMBER, CLI_LIST } CliKind;

typedef struct {
  const char* name;   ///< Long name without dashes
  char        letter; ///< Short name, or 0
  CliKind     kind;   ///< bool*, const char**, unsigned*, double*, CliList*
  size_t      offset; ///< Of the field in the command's options structure
  const char* value;  ///< Name of the value in the help ("SECONDS"), NULL for a flag
  const char* help;   ///< One sentence without a final period
  double      least;  ///< Range of CLI_COUNT and CLI_NUMBER
  double      most;
} CliOption;

#define CLI_LIST_MAX 256U

/// Values of an option that may be given several times
typedef struct {
  const char* items[CLI_LIST_MAX];
  unsigned    n;
} CliList;

typedef struct CliCommandImpl CliCommand;

/// @param options The command's options structure, zeroed and filled from the command line
/// @param args    Operands [n_args], as many as the command allows
typedef CliExit (*CliMain)(const CliCommand* command, const void* options, const char* const* args,
                           unsigned n_args);

struct CliCommandImpl {
  const char*      name;
  const char*      operands;     ///< For the usage line, e.g. "IN OUT"
  unsigned         least_args;   ///< Fewest operands
  unsigned         most_args;    ///< Most operands
  const char*      summary;      ///< One line for the list of commands
  const char*      details;      ///< Paragraphs for --help and the man page
  const char*      example;      ///< Command lines that work, one a line
  const CliOption* options;      ///< Ends with a zero name, or NULL
  size_t           options_size; ///< sizeof the options structure
  CliMain          main;
};

/// All commands, ending with NULL
extern const CliCommand* const cli_commands[];

extern const CliCommand cli_bench;
extern const CliCommand cli_bypass;
extern const CliCommand cli_check;
extern const CliCommand cli_devices;
extern const CliCommand cli_eval;
extern const CliCommand cli_features;
extern const CliCommand cli_list;
extern const CliCommand cli_model;
extern const CliCommand cli_preset;
extern const CliCommand cli_reload;
extern const CliCommand cli_render;
extern const CliCommand cli_run;
extern const CliCommand cli_save;
extern const CliCommand cli_set;
extern const CliCommand cli_status;
extern const CliCommand cli_stop;
extern const CliCommand cli_transcribe;
extern const CliCommand cli_vocode;

/// Parse and run. @param argc, argv From the command's name on
CliExit cli_command_run(const CliCommand* command, int argc, char** argv);

/// A command by name, or NULL
const CliCommand* cli_command_find(const char* name);

/// Print the usage of a command
void cli_command_help(const CliCommand* command, FILE* out);

/// Print "pinna: TEXT" on standard error and give the exit code that fits the status
CliExit cli_failed(PinnaStatus status, const PinnaError* error);

/// The LV2 world, or NULL after printing why not
PinnaWorld* cli_world(void);

/// "eq:mono" stands for "urn:pinna:eq:mono": a URI as given, or Pinna's own by its short name.
/// @param buffer Holds the result if it had to be made
const char* cli_uri(const char* name, char* buffer, size_t size);

#endif // PINNA_CLI_COMMAND_H
