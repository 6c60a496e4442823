// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_ARCHITECTURE_H
#define PINNA_MODELS_ARCHITECTURE_H

#include "base/attributes.h"
#include "base/status.h"
#include "nn/weights.h"

#include <stdbool.h>
#include <stddef.h>

// What network a weights file is of, told by its tensors, and whether they are all there
//
// Networks that run here are checked by describing them; others by the list of their tensors.

typedef struct {
  const char* name;    ///< "gtcrn"
  const char* summary; ///< What it is for, in a few words
} PinnaArchitecture;

/// Architecture i, or NULL if there are not so many. Any thread.
PINNA_API const PinnaArchitecture* pinna_architecture_at(size_t i);

/// Which one a file is of, or NULL. Names of Hugging Face and fairseq are brought to TorchAudio's.
PINNA_API const PinnaArchitecture* pinna_architecture_of(PinnaWeights* weights);

/// Whether all its tensors are there, in shapes that fit each other, and hold finite numbers.
/// Weight normalisation is folded. Not realtime.
/// @param found Receives the architecture, also if something is missing; NULL if none fits
/// @return BAD_FILE, NOT_FOUND: the first missing or wrong tensor is named; UNSUPPORTED: no
///   architecture known here has these tensors; NO_MEM
PINNA_API PinnaStatus pinna_architecture_check(PinnaWeights*             weights,
                                               const PinnaArchitecture** found, PinnaError* error);

#endif // PINNA_MODELS_ARCHITECTURE_H
