// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_WEIGHTS_PICKLE_H
#define PINNA_NN_WEIGHTS_PICKLE_H

#include "base/status.h"
#include "nn/tensor.h"

#include <stddef.h>
#include <stdint.h>

// Restricted reader of Python pickles: containers, numbers, texts and torch's tensors, nothing else
//
// A pickle is a program. This machine knows the opcodes that torch.save() writes for tensors in
// containers, looks up names in a table of fourteen, and calls nothing: _rebuild_tensor_v2 and
// _rebuild_parameter become nodes. Memory is a small multiple of the pickle's size.

typedef enum {
  PINNA_PICKLE_OTHER = 0, ///< None, True, 0.5: of no use to us
  PINNA_PICKLE_INT,
  PINNA_PICKLE_BYTES, ///< A text, or an integer of more than 8 bytes
  PINNA_PICKLE_TUPLE,
  PINNA_PICKLE_LIST,
  PINNA_PICKLE_DICT,    ///< Items are key, value, key, value ..
  PINNA_PICKLE_GLOBAL,  ///< A name of the table; `i` is its number
  PINNA_PICKLE_STORAGE, ///< items[0] is the tuple that describes it
  PINNA_PICKLE_TENSOR,  ///< items[0] is the tuple that it would be rebuilt from
  PINNA_PICKLE_MARK
} PinnaPickleKind;

typedef struct {
  PinnaPickleKind kind;
  int64_t         i;     ///< INT: the value
  const char*     bytes; ///< BYTES: in the file, not terminated
  size_t          n;     ///< Bytes, or items
  uint32_t*       items; ///< Nodes by number
  size_t          max_items;
} PinnaPickleNode;

typedef struct {
  PinnaPickleNode* nodes;
  size_t           n_nodes;
  size_t           max_nodes;
  uint32_t         root;
} PinnaPickle;

/// Run one pickle at `data`. @param used Receives its length in bytes
/// @return BAD_FILE (malformed), UNSUPPORTED (an opcode or name that is not allowed), NO_MEM
PinnaStatus pinna_pickle_load(PinnaPickle* pickle, const unsigned char* data, size_t size,
                              size_t* used, const char* label, PinnaError* error);

void pinna_pickle_free(PinnaPickle* pickle);

/// Item k of a node if it has as many and is of this kind, else NULL
const PinnaPickleNode* pinna_pickle_item(const PinnaPickle* pickle, const PinnaPickleNode* node,
                                         size_t k, PinnaPickleKind kind);

/// The type that a GLOBAL such as torch.FloatStorage means, or PINNA_N_DTYPES
PinnaDtype pinna_pickle_dtype(const PinnaPickleNode* node);

#endif // PINNA_NN_WEIGHTS_PICKLE_H
