// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_AUDIO_FORMAT_H
#define PINNA_HOST_AUDIO_FORMAT_H

#include "base/status.h"

#include <sndfile.h>

// From words such as "flac" and "pcm24" to libsndfile's format numbers

/// Choose container and encoding.
/// @param format    Container, or NULL: by the ending of `path`, else WAV
/// @param subformat Encoding, or NULL: float, or the best the container has
/// @param info      Sample rate and channels are read, the format is written
/// @return UNSUPPORTED: the error lists what would work
PinnaStatus pinna_audio_format(SF_INFO* info, const char* path, const char* format,
                               const char* subformat, PinnaError* error);

#endif // PINNA_HOST_AUDIO_FORMAT_H
