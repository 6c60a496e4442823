// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_TEXT_FILE_H
#define PINNA_MODELS_TEXT_FILE_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Files that are read whole, lines and their words, and a table of different words

/// A file in memory; free() the data. @return IO, BAD_FILE (more than 2 GiB), NO_MEM
PinnaStatus pinna_text_read(char** data, size_t* size, const char* path, PinnaError* error);

/// A piece of text, not terminated
typedef struct {
  const char* p;
  size_t      n;
} PinnaSpan;

typedef struct {
  const char* p;      ///< Next byte
  const char* end;    ///< Behind the last byte
  uint32_t    number; ///< Of the line just taken, from 1
} PinnaLines;

/// The next line, without its end. @return false if there is none
bool pinna_lines_next(PinnaLines* lines, PinnaSpan* line);

/// Take the next word between spaces and tabs off a line. @return false if there is none
bool pinna_span_word(PinnaSpan* line, PinnaSpan* word);

/// The same from the end. @return false if there is none
bool pinna_span_last_word(PinnaSpan* line, PinnaSpan* word);

/// Whether it is this text
bool pinna_span_is(PinnaSpan span, const char* text);

/// A whole word as a finite number, or as an integer up to 2^32 - 2. @return Success
bool pinna_span_number(PinnaSpan span, double* value);
bool pinna_span_count(PinnaSpan span, uint32_t* value);

#define PINNA_WORD_NONE UINT32_MAX

/// Different texts numbered from 0 in the order of their coming. Zero-initialise it.
typedef struct {
  char*     bytes; ///< All texts, each NUL-terminated
  size_t    n_bytes;
  size_t    max_bytes;
  size_t*   starts; ///< [n]
  uint32_t  n;
  size_t    max;
  uint32_t* slots; ///< Number + 1, 0: free; a power of two, at most half full
  uint32_t  n_slots;
} PinnaWordTable;

void pinna_word_table_free(PinnaWordTable* table);

/// Number of a text, which is added if it is new. @return PINNA_WORD_NONE without memory
uint32_t pinna_word_table_add(PinnaWordTable* table, PinnaSpan text);

/// @return PINNA_WORD_NONE if there is no such text
uint32_t pinna_word_table_find(const PinnaWordTable* table, PinnaSpan text);

/// Text of a number below n; adding moves it
const char* pinna_word_table_at(const PinnaWordTable* table, uint32_t number);

#endif // PINNA_MODELS_TEXT_FILE_H
