// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_FOLD_VOICE_H
#define PINNA_CLI_FOLD_VOICE_H

#include "base/status.h"
#include "cli/feature_source.h"
#include "models/vocoder_load.h"

#include <stdint.h>

// Copy synthesis by WaveRNN in pieces side by side: a multiple of the speed for whole files

typedef struct {
  const char* path;    ///< The checkpoint that `loaded` was read from
  uint32_t    n_folds; ///< Pieces, 1 to 64
  uint64_t    seed;
} CliFolds;

/// As cli_copy_voice(), for a vocoder that is a WaveRNN. @return BAD_ARG: it is another
PinnaStatus cli_fold_voice(const PinnaLoadedVocoder* loaded, const CliFolds* folds, const float* in,
                           float* out, size_t n, CliReadFunc progress, void* handle,
                           PinnaError* error);

#endif // PINNA_CLI_FOLD_VOICE_H
