// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_JSON_H
#define PINNA_NN_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A strict, allocation-free walk through JSON text; every call moves on or reports the mistake

typedef struct {
  const char* p;    ///< Next byte
  const char* end;  ///< Behind the last byte
  const char* why;  ///< The first mistake, or NULL; then no call succeeds any more
  const char* from; ///< First byte, for positions in messages
} PinnaJson;

/// Take this character, after blanks. @return Whether it was there; if not, that is a mistake
bool pinna_json_take(PinnaJson* json, char c);

/// Whether this character comes next, after blanks; then it is taken
bool pinna_json_next(PinnaJson* json, char c);

/// Whether only blanks are left
bool pinna_json_end(PinnaJson* json);

/// A string into text [size], NUL-terminated UTF-8 without NULs inside. @return Success
bool pinna_json_string(PinnaJson* json, char* text, size_t size);

/// A number that is an integer of 0 to 2^63 - 1. @return Success
bool pinna_json_count(PinnaJson* json, uint64_t* value);

/// Any number that is finite as a double. @return Success
bool pinna_json_number(PinnaJson* json, double* value);

/// Record a mistake unless there is one already. @return false
bool pinna_json_fail(PinnaJson* json, const char* why);

#endif // PINNA_NN_JSON_H
