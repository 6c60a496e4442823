// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_WEIGHTS_SAFETENSORS_H
#define PINNA_NN_WEIGHTS_SAFETENSORS_H

#include "base/status.h"
#include "nn/weights.h"

#include <stddef.h>

// Reader of safetensors: a length, a JSON header, the tensors' bytes without gaps

/// Add the tensors of a file in memory. The header is at most 100 MB of valid UTF-8; the tensors
/// must cover the rest of the file without holes or overlap, as the format's reference demands.
PinnaStatus pinna_weights_read_safetensors(PinnaWeights* weights, const unsigned char* data,
                                           size_t size, PinnaError* error);

#endif // PINNA_NN_WEIGHTS_SAFETENSORS_H
