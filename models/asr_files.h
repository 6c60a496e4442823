// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_ASR_FILES_H
#define PINNA_MODELS_ASR_FILES_H

#include "base/status.h"

// Where a recogniser's files are: its weights by what a user calls them, others beside those

#define PINNA_ASR_MAX_PATH 4096U

/// The weights that a name stands for: a file, the one file of weights in a folder (safetensors
/// before torch's), or a model of the user's folder of them
/// @param path Receives [PINNA_ASR_MAX_PATH]
/// @return NOT_FOUND, BAD_ARG (a folder that holds several)
PinnaStatus pinna_asr_files_weights(const char* name, char* path, PinnaError* error);

/// A companion of the weights, by pattern: lies in the same folder, or where TorchAudio's downloads
/// have it ("../pipeline-assets"). Where several fit, the one whose name ends as that of the
/// weights does, or begins so, the further the better.
/// @param begin Of its name, or ""
/// @param end   Of its name; without a point and with an empty `begin`: all of it, or all behind
///              "NAME." of weights NAME.pt
/// @param path  Receives [PINNA_ASR_MAX_PATH]
/// @return NOT_FOUND; BAD_ARG: several fit equally, named in `error`
PinnaStatus pinna_asr_files_beside(const char* weights, const char* begin, const char* end,
                                   char* path, PinnaError* error);

/// The last part of a path
const char* pinna_asr_files_base(const char* path);

#endif // PINNA_MODELS_ASR_FILES_H
