// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/text_file.h"

#include "base/grow.h"
#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Reading, splitting, and hashing (FNV-1a) of text

#define MAX_FILE 0x7FFFFFFFU

PinnaStatus
pinna_text_read(char** const data, size_t* const size, const char* const path,
                PinnaError* const error) {
  FILE* const file = fopen(path, "rb");
  size_t      max = 0U;
  *data = NULL;
  *size = 0U;
  if (!file) {
    return pinna_fail(error, PINNA_STATUS_IO, "%s: %s", path, strerror(errno));
  }
  PinnaStatus status = PINNA_STATUS_OK;
  for (size_t got = 1U; !status && got;) {
    if (*size == max) {
      max = max ? max * 2U : 65536U;
      char* const more = *size < MAX_FILE ? (char*)realloc(*data, max) : NULL;
      if (!more) {
        status = *size < MAX_FILE
                     ? pinna_fail(error, PINNA_STATUS_NO_MEM, "%s: out of memory", path)
                     : pinna_fail(error, PINNA_STATUS_BAD_FILE, "%s: more than 2 GiB", path);
        break;
      }
      *data = more;
    }
    got = fread(*data + *size, 1U, max - *size, file);
    *size += got;
  }
  if (!status && ferror(file)) {
    status = pinna_fail(error, PINNA_STATUS_IO, "%s: %s", path, strerror(errno));
  }
  fclose(file);
  if (status) {
    free(*data);
    *data = NULL;
  }
  return status;
}

bool
pinna_lines_next(PinnaLines* const lines, PinnaSpan* const line) {
  if (lines->p == lines->end) {
    return false;
  }
  const size_t      left = (size_t)(lines->end - lines->p);
  const char* const stop = (const char*)memchr(lines->p, '\n', left);
  *line = (PinnaSpan){lines->p, stop ? (size_t)(stop - lines->p) : left};
  lines->p += line->n + (stop != NULL);
  line->n -= line->n && line->p[line->n - 1U] == '\r';
  ++lines->number;
  return true;
}

static bool
is_blank(const char c) {
  return c == ' ' || c == '\t';
}

bool
pinna_span_word(PinnaSpan* const line, PinnaSpan* const word) {
  while (line->n && is_blank(*line->p)) {
    ++line->p;
    --line->n;
  }
  *word = (PinnaSpan){line->p, 0U};
  while (line->n && !is_blank(*line->p)) {
    ++line->p;
    --line->n;
    ++word->n;
  }
  return word->n != 0U;
}

bool
pinna_span_last_word(PinnaSpan* const line, PinnaSpan* const word) {
  while (line->n && is_blank(line->p[line->n - 1U])) {
    --line->n;
  }
  const size_t end = line->n;
  while (line->n && !is_blank(line->p[line->n - 1U])) {
    --line->n;
  }
  *word = (PinnaSpan){line->p + line->n, end - line->n};
  return word->n != 0U;
}

bool
pinna_span_is(const PinnaSpan span, const char* const text) {
  return span.n == strlen(text) && !memcmp(span.p, text, span.n);
}

bool
pinna_span_number(const PinnaSpan span, double* const value) {
  char  text[64];
  char* end = NULL;
  if (!span.n || span.n >= sizeof(text)) {
    return false;
  }
  memcpy(text, span.p, span.n);
  text[span.n] = '\0';
  *value = pinna_number_read(text, &end);
  return end == text + span.n && isfinite(*value);
}

bool
pinna_span_count(const PinnaSpan span, uint32_t* const value) {
  uint64_t sum = 0U;
  for (size_t i = 0U; i < span.n; ++i) {
    const char c = span.p[i];
    sum = sum * 10U + (uint64_t)(c - '0');
    if (c < '0' || c > '9' || sum >= UINT32_MAX) {
      return false;
    }
  }
  *value = (uint32_t)sum;
  return span.n != 0U;
}

void
pinna_word_table_free(PinnaWordTable* const table) {
  free(table->bytes);
  free(table->starts);
  free(table->slots);
  *table = (PinnaWordTable){0};
}

const char*
pinna_word_table_at(const PinnaWordTable* const table, const uint32_t number) {
  return table->bytes + table->starts[number];
}

/// Where the text is, or could be put
static uint32_t
slot_of(const PinnaWordTable* const table, const PinnaSpan text) {
  uint64_t hash = 0xCBF29CE484222325U;
  for (size_t i = 0U; i < text.n; ++i) {
    hash = (hash ^ (unsigned char)text.p[i]) * 0x100000001B3U;
  }
  uint32_t slot = (uint32_t)(hash ^ (hash >> 32U)) & (table->n_slots - 1U);
  while (table->slots[slot]) {
    const char* const there = pinna_word_table_at(table, table->slots[slot] - 1U);
    if (!strncmp(there, text.p, text.n) && !there[text.n]) {
      break;
    }
    slot = (slot + 1U) & (table->n_slots - 1U);
  }
  return slot;
}

uint32_t
pinna_word_table_find(const PinnaWordTable* const table, const PinnaSpan text) {
  const bool possible = table->n_slots && (!text.n || !memchr(text.p, '\0', text.n));
  return possible ? table->slots[slot_of(table, text)] - 1U : PINNA_WORD_NONE;
}

static bool
rehash(PinnaWordTable* const table) {
  const uint32_t  n_slots = table->n_slots ? table->n_slots * 2U : 128U;
  uint32_t* const slots = n_slots ? (uint32_t*)calloc(n_slots, sizeof(uint32_t)) : NULL;
  if (!slots) {
    return false;
  }
  free(table->slots);
  table->slots = slots;
  table->n_slots = n_slots;
  for (uint32_t i = 0U; i < table->n; ++i) {
    const char* const text = pinna_word_table_at(table, i);
    slots[slot_of(table, (PinnaSpan){text, strlen(text)})] = i + 1U;
  }
  return true;
}

/// Copy a text behind the others
static bool
store(PinnaWordTable* const table, const PinnaSpan text) {
  if (table->max_bytes - table->n_bytes <= text.n) {
    const size_t max = table->max_bytes * 2U + text.n + 256U;
    char* const  bytes = (char*)realloc(table->bytes, max);
    if (!bytes) {
      return false;
    }
    table->bytes = bytes;
    table->max_bytes = max;
  }
  if (text.n) {
    memcpy(table->bytes + table->n_bytes, text.p, text.n);
  }
  table->bytes[table->n_bytes + text.n] = '\0';
  table->starts[table->n++] = table->n_bytes;
  table->n_bytes += text.n + 1U;
  return true;
}

uint32_t
pinna_word_table_add(PinnaWordTable* const table, const PinnaSpan text) {
  const uint32_t known = pinna_word_table_find(table, text);
  if (known != PINNA_WORD_NONE) {
    return known;
  }
  if ((table->n + 1U > table->n_slots / 2U && !rehash(table)) ||
      !pinna_grow(&table->starts, table->n, &table->max, sizeof(size_t)) || !store(table, text)) {
    return PINNA_WORD_NONE;
  }
  table->slots[slot_of(table, text)] = table->n;
  return table->n - 1U;
}
