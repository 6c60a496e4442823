// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_WEIGHTS_TORCH_H
#define PINNA_NN_WEIGHTS_TORCH_H

#include "base/status.h"
#include "nn/weights.h"

#include <stddef.h>

// Reader of what torch.save() writes: the zip archive since 1.6 and the row of pickles before
//
// The tensors of the state dict are listed: the root dictionary itself, or the one under its key
// state_dict, model_state_dict, model, generator or params. Dictionaries in it join their keys with
// dots; whatever is no tensor is passed over.

/// Add the tensors of a zip archive (.pt, .pth, .tar by name only)
PinnaStatus pinna_weights_read_torch_zip(PinnaWeights* weights, const unsigned char* data,
                                         size_t size, PinnaError* error);

/// Add the tensors of the format that torch.save(_use_new_zipfile_serialization=False) writes
PinnaStatus pinna_weights_read_torch_legacy(PinnaWeights* weights, const unsigned char* data,
                                            size_t size, PinnaError* error);

#endif // PINNA_NN_WEIGHTS_TORCH_H
