// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_WEIGHTS_IMPL_H
#define PINNA_NN_WEIGHTS_IMPL_H

#include "base/status.h"
#include "nn/tensor.h"
#include "nn/weights.h"

#include <stddef.h>

// What the readers of the formats fill

typedef struct {
  char*       name;
  PinnaTensor tensor;
  void*       owned; ///< Memory of the values if they are not in the file, else NULL
} PinnaWeight;

typedef struct {
  char* key;
  char* value;
} PinnaWeightsMeta;

struct PinnaWeightsImpl {
  char*             label; ///< The file's name in messages
  void*             map;   ///< To be unmapped, or NULL
  size_t            map_size;
  PinnaWeight*      items; ///< Sorted by name after reading
  size_t            n_items;
  size_t            max_items;
  PinnaWeightsMeta* meta;
  size_t            n_meta;
};

/// Append a tensor; takes its own copy of the name [length], which must not hold a NUL
PinnaStatus pinna_weights_add(PinnaWeights* weights, const char* name, size_t length,
                              const PinnaTensor* tensor, PinnaError* error);

/// Sort by name. @return BAD_FILE if two are equal
PinnaStatus pinna_weights_sort(PinnaWeights* weights, PinnaError* error);

/// Append a text; takes copies
PinnaStatus pinna_weights_add_meta(PinnaWeights* weights, const char* key, const char* value,
                                   PinnaError* error);

#endif // PINNA_NN_WEIGHTS_IMPL_H
