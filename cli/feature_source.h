// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_FEATURE_SOURCE_H
#define PINNA_CLI_FEATURE_SOURCE_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

// Whole recordings and whole files in memory

typedef struct {
  float**  samples; ///< [n_ch][n_samples]
  uint32_t n_ch;
  size_t   n_samples;
  double   rate; ///< Hz
} CliSound;

/// Told how far reading is, 0 to 1
typedef void (*CliReadFunc)(void* handle, double done);

/// Read a sound file.
/// @param rate    Hz to resample to, 0: the file's own
/// @param channel 1 for the first only, and so on; 0: all
/// @param warning Receives what is wrong although it could be read, [256], or ""
/// @return BAD_ARG (no such channel), and what pinna_audio_reader_open() returns
PinnaStatus cli_sound_read(CliSound* sound, const char* path, double rate, unsigned channel,
                           char* warning, CliReadFunc func, void* handle, PinnaError* error);

void cli_sound_free(CliSound* sound);

/// A file mapped into memory
typedef struct {
  const void* data;
  size_t      size;
} CliMapped;

/// @return NOT_FOUND, BAD_FILE (empty), IO
PinnaStatus cli_map_file(CliMapped* mapped, const char* path, PinnaError* error);

void cli_unmap_file(CliMapped* mapped);

#endif // PINNA_CLI_FEATURE_SOURCE_H
