// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_AUDIO_FILE_H
#define PINNA_HOST_AUDIO_FILE_H

#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

// Sound files and pipes of any format libsndfile knows, as planar float at the rate one wants

typedef struct PinnaAudioReaderImpl PinnaAudioReader;
typedef struct PinnaAudioWriterImpl PinnaAudioWriter;

/// Open for reading. Formats that a pipe cannot carry (FLAC) are first copied to a temporary file.
/// @param path        File, or "-" for standard input
/// @param sample_rate Hz to resample to (libsamplerate's best, aligned: sample 0 stays at time 0),
///                    or 0: the file's own
/// @return NOT_FOUND, BAD_FILE (directory, no sound file, no frames), IO, NO_MEM: the error names
///         the file and the cure
PINNA_API PinnaStatus pinna_audio_reader_open(PinnaAudioReader** reader, const char* path,
                                              double sample_rate, PinnaError* error);

/// NULL is allowed
PINNA_API void pinna_audio_reader_close(PinnaAudioReader* reader);

PINNA_API uint32_t pinna_audio_reader_n_channels(const PinnaAudioReader* reader);

/// Hz of what pinna_audio_reader_read() delivers
PINNA_API double pinna_audio_reader_sample_rate(const PinnaAudioReader* reader);

/// Frames at the delivered rate, 0 if unknown (a pipe)
PINNA_API uint64_t pinna_audio_reader_length(const PinnaAudioReader* reader);

/// Read the next frames. The samples do not depend on how the reading is split.
/// @param out [n_channels x n_frames]
/// @return Frames read: fewer than asked only at the end
PINNA_API uint32_t pinna_audio_reader_read(PinnaAudioReader* reader, float* const* out,
                                           uint32_t n_frames);

/// What is wrong with the file although it could be read (truncated, damaged), or NULL. Complete
/// after the end was read.
PINNA_API const char* pinna_audio_reader_warning(const PinnaAudioReader* reader);

typedef struct {
  const char* path;      ///< File, or "-" for standard output
  const char* format;    ///< "wav", "flac", …; NULL: by the name's ending, else wav
  const char* subformat; ///< "float", "pcm16", …; NULL: float, or the best the format has
  double      sample_rate;
  uint32_t    n_channels;
  uint64_t n_frames; ///< Expected: pipes get a right header, long WAV files become RF64; 0: unknown
} PinnaAudioWriterConfig;

/// Open for writing. WAV, AU and OGG stream into a pipe; other formats reach it when closed.
/// @return UNSUPPORTED (the error lists what there is), IO, BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_audio_writer_open(PinnaAudioWriter**            writer,
                                              const PinnaAudioWriterConfig* config,
                                              PinnaError*                   error);

/// Write planar samples [n_channels x n_frames]. Integer formats clip.
/// @return IO: disk full, pipe closed
PINNA_API PinnaStatus pinna_audio_writer_write(PinnaAudioWriter* writer, const float* const* in,
                                               uint32_t n_frames, PinnaError* error);

/// Complete the header and close. NULL is allowed. @return IO
PINNA_API PinnaStatus pinna_audio_writer_close(PinnaAudioWriter* writer, PinnaError* error);

/// True if both names mean the same existing regular file
PINNA_API bool pinna_audio_same_file(const char* a, const char* b);

#endif // PINNA_HOST_AUDIO_FILE_H
