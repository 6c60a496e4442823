// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_LISTEN_H
#define PINNA_CLI_LISTEN_H

#include "base/status.h"
#include "cli/feature_source.h"
#include "models/asr_model.h"

#include <stdint.h>

// A recogniser listens to a sound file, however long, as if it were live: chunk after chunk

typedef struct {
  const PinnaAsrSink* sink;      ///< Takes the captions
  double              silence_s; ///< Pushed behind the recording before the stream is over

  /// How far it is, 0 to 1, or minus the samples so far where no length is known
  CliReadFunc progress;

  /// Before a chunk is recognised, or NULL: mono samples at `rate`. n is 0 when the stream is over.
  void (*before)(void* handle, double rate, const float* samples, uint32_t n);

  /// When it was recognised, or NULL. @param seconds That took
  void (*after)(void* handle, double seconds);

  void* handle; ///< Of the three
} CliListen;

typedef struct {
  double length_s; ///< Of the recording
  double seconds;  ///< That recognising took
  char   warning[256];
} CliListened;

/// Recognise a recording, channels averaged, at its own rate as the plugin would hear it, from the
/// beginning of a stream to its end
PinnaStatus cli_listen(const CliListen* self, PinnaAsrModel* model, const char* path,
                       CliListened* listened, PinnaError* error);

#endif // PINNA_CLI_LISTEN_H
