// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_FEATURE_INPUTS_H
#define PINNA_CLI_FEATURE_INPUTS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What there is to do: files from the command line and from lists, cut into shards

typedef enum {
  CLI_INPUT_SOUND = 0, ///< Anything libsndfile reads
  CLI_INPUT_ARK,       ///< All matrices of a Kaldi archive
  CLI_INPUT_ARK_AT,    ///< The one at `offset`
  CLI_INPUT_NPY        ///< One matrix
} CliInputKind;

typedef struct {
  CliInputKind kind;
  char*        id; ///< Name of the recording: of the file without folder and ending, or from a list
  char*        path;
  uint64_t     offset;
  bool         is_double; ///< An earlier one has the same name: it would be written over
} CliInput;

typedef struct {
  CliInput* items;
  size_t    n;
  size_t    n_all; ///< Before the shard was cut out
  unsigned  shard; ///< 1 to n_shards
  unsigned  n_shards;
} CliInputs;

/// Gather and cut.
/// @param paths Sound files, .ark, .scp and .npy [n_paths]
/// @param list  File of lines "PATH" or "ID PATH", "-" for standard input, or NULL
/// @param shard "I/N", or NULL: every N-th file from the I-th on
/// @return BAD_ARG, NOT_FOUND (list), NO_MEM; free them with cli_inputs_free() all the same
PinnaStatus cli_inputs_gather(CliInputs* inputs, const char* const* paths, size_t n_paths,
                              const char* list, const char* shard, PinnaError* error);

void cli_inputs_free(CliInputs* inputs);

#endif // PINNA_CLI_FEATURE_INPUTS_H
