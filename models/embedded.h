// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_EMBEDDED_H
#define PINNA_MODELS_EMBEDDED_H

#include "base/attributes.h"
#include "base/status.h"
#include "nn/weights.h"

#include <stddef.h>

// Weights that are part of the library: the files of models/weights/, by name
//
// The build puts each file's bytes into the library as they are, aligned for its tensors. A file
// NAME.safetensors has the name NAME; NAME.md beside it says where it comes from.

typedef struct {
  const char*          name;
  const unsigned char* data; ///< A safetensors file, aligned to 64 bytes
  size_t               size;
} PinnaEmbedded;

/// Weights i, in the order of names; NULL if there are not so many. Any thread.
PINNA_API const PinnaEmbedded* pinna_embedded_at(size_t i);

/// By name, or NULL. Any thread.
PINNA_API const PinnaEmbedded* pinna_embedded_find(const char* name);

/// Read them as pinna_weights_open() does. Not realtime. @return NOT_FOUND, NO_MEM
PINNA_API PinnaStatus pinna_embedded_open(PinnaWeights** weights, const char* name,
                                          PinnaError* error);

#endif // PINNA_MODELS_EMBEDDED_H
