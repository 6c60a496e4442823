// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_FILE_PUMP_H
#define PINNA_HOST_FILE_PUMP_H

#include "base/status.h"
#include "host/audio_file.h"
#include "host/backend.h"

#include <stdint.h>

// Carries sound block by block from a file through a process function into a file

typedef struct PinnaFilePumpImpl PinnaFilePump;

typedef struct {
  PinnaAudioReader* reader;    ///< Borrowed; NULL: silence
  PinnaAudioWriter* writer;    ///< Borrowed; NULL: thrown away
  uint32_t          n_inputs;  ///< A file with one channel feeds all, missing channels are silent
  uint32_t          n_outputs; ///< As many as the writer has
  uint32_t          block;
  uint64_t          n_frames; ///< Length of the silence without a reader; 0: endless
  uint64_t          tail;     ///< Frames of silence after the input
  uint64_t          skip;     ///< Output frames dropped at the start, as many run at the end
} PinnaFilePumpConfig;

/// @return NO_MEM
PinnaStatus pinna_file_pump_new(PinnaFilePump** pump, const PinnaFilePumpConfig* config);

/// NULL is allowed
void pinna_file_pump_free(PinnaFilePump* pump);

/// One block. @return OK; END when all is done; IO
PinnaStatus pinna_file_pump_step(PinnaFilePump* pump, const PinnaBackendClient* client,
                                 PinnaError* error);

/// Frames of the last step
uint32_t pinna_file_pump_last(const PinnaFilePump* pump);

/// Frames written (or thrown away) so far
uint64_t pinna_file_pump_written(const PinnaFilePump* pump);

#endif // PINNA_HOST_FILE_PUMP_H
