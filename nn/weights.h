// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_WEIGHTS_H
#define PINNA_NN_WEIGHTS_H

#include "base/attributes.h"
#include "base/status.h"
#include "nn/tensor.h"

#include <stddef.h>
#include <stdint.h>

// Named tensors of a model from one file: safetensors, or a torch checkpoint read without Python
//
// Nothing here is realtime or thread-safe. Files are distrusted: whatever is wrong with one is
// refused with a sentence that names the tensor or the pickle opcode, and nothing a file says can
// run code or make more memory than a small multiple of its size. Tensors point into the mapped
// file: who replaces a file should rename a new one over it, not rewrite it, while it is open.

typedef struct PinnaWeightsImpl PinnaWeights;

/// Map a file and list its tensors. The format is known by the first bytes.
/// @return IO, BAD_FILE (malformed, or not allowed), UNSUPPORTED (a type we cannot read), NO_MEM
PINNA_API PinnaStatus pinna_weights_open(PinnaWeights** weights, const char* path,
                                         PinnaError* error);

/// The same for a file in memory, which must outlive the weights. `label` is its name in messages.
PINNA_API PinnaStatus pinna_weights_parse(PinnaWeights** weights, const void* data, size_t size,
                                          const char* label, PinnaError* error);

/// NULL is allowed
PINNA_API void pinna_weights_free(PinnaWeights* weights);

/// Number of tensors
PINNA_API size_t pinna_weights_count(const PinnaWeights* weights);

/// Name of tensor i, in the order of their bytes; NULL if there is none
PINNA_API const char* pinna_weights_name(const PinnaWeights* weights, size_t i);

/// Tensor i, in the order of names; NULL if there is none
PINNA_API const PinnaTensor* pinna_weights_at(const PinnaWeights* weights, size_t i);

/// A tensor by name, or NULL
PINNA_API const PinnaTensor* pinna_weights_find(const PinnaWeights* weights, const char* name);

/// Text that a safetensors file carries under a key of __metadata__, or NULL
PINNA_API const char* pinna_weights_metadata(const PinnaWeights* weights, const char* key);

/// Copy a tensor of exactly this shape as floats [product of shape].
/// @return NOT_FOUND, or BAD_FILE (another shape, a value that is not finite), the name in `error`
PINNA_API PinnaStatus pinna_weights_read(const PinnaWeights* weights, const char* name,
                                         uint32_t n_dims, const uint64_t* shape, float* out,
                                         PinnaError* error);

/// Replace torch's weight-norm pairs, X.weight_g and X.weight_v or X.parametrizations.weight.
/// original0 and 1, by X.weight = g v / |v|; the norm runs over the dimensions where g has size 1.
/// @return BAD_FILE (a pair is incomplete or its shapes differ), NO_MEM
PINNA_API PinnaStatus pinna_weights_fold_norm(PinnaWeights* weights, PinnaError* error);

/// How a name changes: in `from` each # stands for one decimal number, which # in `to` repeats in
/// order. Both match a whole name if `from` has no leading or trailing *, which keeps what it
/// stands for. An empty `to` drops the tensor.
typedef struct {
  const char* from;
  const char* to;
} PinnaRename;

/// Rename each tensor by the first rule that matches; others keep their names. A rule that makes
/// two tensors equal is refused. @return BAD_FILE, NO_MEM
PINNA_API PinnaStatus pinna_weights_rename(PinnaWeights* weights, const PinnaRename* rules,
                                           size_t n_rules, PinnaError* error);

#endif // PINNA_NN_WEIGHTS_H
