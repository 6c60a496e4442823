// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_COPY_VOICE_H
#define PINNA_CLI_COPY_VOICE_H

#include "base/status.h"
#include "cli/feature_source.h"
#include "models/vocoder.h"

// Copy synthesis: a recording taken apart into mel frames and spoken again by a vocoder

/// From the vocoder's beginning; what comes out before the first sample's place is dropped.
/// @param in       One channel at the vocoder's rate [n]
/// @param out      [n], in step with `in`
/// @param progress Or NULL: how far it is, 0 to 1
PinnaStatus cli_copy_voice(const PinnaVocoder* vocoder, const float* in, float* out, size_t n,
                           CliReadFunc progress, void* handle, PinnaError* error);

#endif // PINNA_CLI_COPY_VOICE_H
