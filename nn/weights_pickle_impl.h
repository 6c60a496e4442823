// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_WEIGHTS_PICKLE_IMPL_H
#define PINNA_NN_WEIGHTS_PICKLE_IMPL_H

#include "base/status.h"
#include "nn/weights_pickle.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The stack machine under the pickle reader; its calls return false once something was refused

typedef struct {
  const unsigned char* data;
  const unsigned char* p;
  const unsigned char* end;
  unsigned             op;
  PinnaPickle*         out;
  uint32_t*            stack;
  size_t               n_stack;
  size_t               max_stack;
  uint32_t*            memo;
  size_t               n_memo;
  const char*          label;
  PinnaStatus          status; ///< Of the first refusal
  PinnaError*          error;
} PinnaPickleMachine;

/// Record the first refusal, naming the opcode and its place
bool pinna_pickle_refuse(PinnaPickleMachine* m, PinnaStatus status, const char* why);

/// Refuse as BAD_FILE
bool pinna_pickle_bad(PinnaPickleMachine* m, const char* why);

/// Push a node that exists
bool pinna_pickle_push(PinnaPickleMachine* m, uint32_t node);

/// Make a node and push it
bool pinna_pickle_push_node(PinnaPickleMachine* m, PinnaPickleNode node);

/// The same for a node that is only of a kind
bool pinna_pickle_push_kind(PinnaPickleMachine* m, PinnaPickleKind kind);

/// Append an item to a node
bool pinna_pickle_append(PinnaPickleMachine* m, uint32_t to, uint32_t item);

/// The node `depth` below the top if it is of this kind
bool pinna_pickle_peek(PinnaPickleMachine* m, size_t depth, PinnaPickleKind kind, uint32_t* node);

/// Number of nodes above the topmost mark
bool pinna_pickle_count_to_mark(PinnaPickleMachine* m, size_t* n);

/// The next n bytes of the file
bool pinna_pickle_take(PinnaPickleMachine* m, uint64_t n, const unsigned char** bytes);

/// A little-endian number of n <= 8 bytes
bool pinna_pickle_take_number(PinnaPickleMachine* m, unsigned n, uint64_t* value);

/// A text behind its length of n_length bytes
bool pinna_pickle_push_bytes(PinnaPickleMachine* m, unsigned n_length);

/// A little-endian integer of n_bytes <= 8
bool pinna_pickle_push_int(PinnaPickleMachine* m, unsigned n_bytes, bool is_signed);

/// An integer of any length: of more than 8 bytes only the bytes are kept
bool pinna_pickle_push_long(PinnaPickleMachine* m);

/// The last n nodes become a tuple or list, the mark below them goes
bool pinna_pickle_collect(PinnaPickleMachine* m, size_t n, PinnaPickleKind kind, bool has_mark);

/// Append the last n nodes (with the mark below them) to the container under them
bool pinna_pickle_extend(PinnaPickleMachine* m, size_t n, PinnaPickleKind kind, bool has_mark);

/// Remember the top under a number
bool pinna_pickle_memo_put(PinnaPickleMachine* m, uint64_t index);

/// Push what is remembered under a number
bool pinna_pickle_memo_get(PinnaPickleMachine* m, uint64_t index);

#endif // PINNA_NN_WEIGHTS_PICKLE_IMPL_H
