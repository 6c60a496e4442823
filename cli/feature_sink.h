// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_FEATURE_SINK_H
#define PINNA_CLI_FEATURE_SINK_H

#include "base/status.h"
#include "cli/feature.h"
#include "cli/matrix.h"
#include "cli/picture.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

// Where features go: a file each (.npy, .csv, .png), or one Kaldi archive with its scp file

typedef enum { CLI_FORMAT_NPY = 0, CLI_FORMAT_CSV, CLI_FORMAT_ARK, CLI_FORMAT_PNG } CliFormat;

typedef struct {
  CliFormat   format;
  const char* out;    ///< Folder, file, "-" for standard output
  bool        is_one; ///< `out` is the file of the only recording
  FILE*       ark;
  FILE*       scp;
  char        ark_path[4096];
} CliSink;

/// Decide on format and names, make the folder, open the archive.
/// @param out      --out, NULL: the current folder
/// @param format   --format, NULL: by the ending of `out`, else npy
/// @param n_inputs Recordings to come, of this shard
/// @param shard    Number that goes into an archive's name if there are several
/// @return BAD_ARG, IO
PinnaStatus cli_sink_open(CliSink* sink, const char* out, const char* format, size_t n_inputs,
                          unsigned shard, unsigned n_shards, PinnaError* error);

/// Name of the file that holds a recording's features
/// @return BAD_ARG: the recording's name cannot be part of a file's
PinnaStatus cli_sink_path(const CliSink* sink, const char* id, char* path, size_t size,
                          PinnaError* error);

/// Files appear whole, by renaming. @return IO, NO_MEM, BAD_ARG
PinnaStatus cli_sink_write(CliSink* sink, const char* id, const CliMatrix* matrix,
                           const CliFeatureInfo* info, const CliPictureOptions* picture,
                           PinnaError* error);

/// @return IO: not all of the archive could be written
PinnaStatus cli_sink_close(CliSink* sink, PinnaError* error);

#endif // PINNA_CLI_FEATURE_SINK_H
