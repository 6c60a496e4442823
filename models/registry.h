// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_REGISTRY_H
#define PINNA_MODELS_REGISTRY_H

#include "base/attributes.h"
#include "base/status.h"
#include "nn/weights.h"

#include <stddef.h>
#include <stdint.h>

// Published checkpoints by name, and the folder where a user's own copies of them are
//
// The folder is $XDG_DATA_HOME/pinna/models, or .local/share/pinna/models in the user's home. A
// file there is NAME with the ending it was published with, beside it NAME.ENDING.sha256 in the
// format of sha256sum. `pinna model get` and `add` write them.

typedef struct {
  const char* name;         ///< "wav2vec2_asr_base_960h"
  const char* architecture; ///< As in architecture.h
  const char* url;          ///< https
  const char* ending;       ///< ".pth": of the file as it is kept
  const char* licence;      ///< SPDX identifier, or "not stated"
  uint64_t    size;         ///< Bytes; 0: not known here
  const char* sha256;       ///< 64 digits, or NULL: not known here, recorded at the first download
} PinnaRegistryEntry;

/// A file that belongs to a checkpoint: kept as NAME with this ending
typedef struct {
  const char* name; ///< Of the checkpoint
  const char* url;
  const char* ending; ///< With two points, so that it is no model: ".global_stats.json"
} PinnaRegistryCompanion;

/// Companion i of a checkpoint, or NULL if there are not so many. Any thread.
PINNA_API const PinnaRegistryCompanion* pinna_registry_companion(const char* name, size_t i);

/// Entry i, or NULL if there are not so many. Any thread.
PINNA_API const PinnaRegistryEntry* pinna_registry_at(size_t i);

/// By name, or NULL. Any thread.
PINNA_API const PinnaRegistryEntry* pinna_registry_find(const char* name);

/// The folder's path into `path` [size]. @return NOT_FOUND: no home; BAD_ARG: it is too long
PINNA_API PinnaStatus pinna_registry_folder(char* path, size_t size, PinnaError* error);

/// Path of the user's copy of a model into `path` [size]. @return NOT_FOUND: there is none
PINNA_API PinnaStatus pinna_registry_path(const char* name, char* path, size_t size,
                                          PinnaError* error);

/// Open what a user calls a model: a path (that has a slash or exists), weights that are built in,
/// or a model of the folder, in this order. Not realtime.
PINNA_API PinnaStatus pinna_registry_open(PinnaWeights** weights, const char* name,
                                          PinnaError* error);

#endif // PINNA_MODELS_REGISTRY_H
