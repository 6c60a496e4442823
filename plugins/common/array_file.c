// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/array_file.h"

#include "models/text_file.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Reads places line by line and complains like a person

typedef struct {
  const char* name;
  PinnaArray* array;
  uint32_t    n_mics;                ///< Wanted
  uint32_t    line[PINNA_ARRAY_MAX]; ///< That each microphone came from
  double      unit;                  ///< Metres
  bool        has_unit;
  PinnaError* error;
} Reader;

static PinnaStatus
bad(const Reader* const reader, const uint32_t line, const char* const what) {
  return pinna_fail(reader->error, PINNA_STATUS_BAD_FILE, "%s:%u: %s", reader->name, line, what);
}

static PinnaStatus
bad_word(const Reader* const reader, const uint32_t line, const PinnaSpan word,
         const char* const what) {
  const int n = word.n < 40U ? (int)word.n : 40;
  return pinna_fail(reader->error, PINNA_STATUS_BAD_FILE, "%s:%u: '%.*s' %s", reader->name, line, n,
                    word.p, what);
}

/// The rest of a line whose first word is "unit"
static PinnaStatus
read_unit(Reader* const reader, PinnaSpan* const rest, const uint32_t line) {
  static const struct {
    const char* name;
    double      metres;
  } units[] = {{"m", 1.0}, {"cm", 1e-2}, {"mm", 1e-3}};
  PinnaSpan word;
  PinnaSpan more;
  if (reader->array->n_mics || reader->has_unit) {
    return bad(reader, line,
               "the unit is said once, before the first microphone: move this line up");
  }
  pinna_span_word(rest, &word);
  for (size_t u = 0U; u < sizeof(units) / sizeof(units[0]); ++u) {
    if (pinna_span_is(word, units[u].name) && !pinna_span_word(rest, &more)) {
      reader->unit = units[u].metres;
      reader->has_unit = true;
      return PINNA_STATUS_OK;
    }
  }
  return bad(reader, line, "the unit is not known: write 'unit m', 'unit cm' or 'unit mm'");
}

/// No two at one place, none out of reach
static PinnaStatus
check_place(const Reader* const reader, const uint32_t line) {
  const PinnaArray* const array = reader->array;
  const double* const new = array->at[array->n_mics];
  for (uint32_t m = 0U; m < array->n_mics; ++m) {
    const double* const old = array->at[m];
    const double        apart = hypot(hypot(new[0] - old[0], new[1] - old[1]), new[2] - old[2]);
    if (apart < 1e-4) {
      return pinna_fail(reader->error, PINNA_STATUS_BAD_FILE,
                        "%s:%u: the same place as microphone %u in line %u: each has its own",
                        reader->name, line, m + 1U, reader->line[m]);
    }
    if (apart > PINNA_ARRAY_FILE_FARTHEST) {
      return pinna_fail(reader->error, PINNA_STATUS_BAD_FILE,
                        "%s:%u: %g m from microphone %u, but at most %g m are of use: %s",
                        reader->name, line, apart, m + 1U, PINNA_ARRAY_FILE_FARTHEST,
                        reader->has_unit ? "look at the unit"
                                         : "if these are millimetres, begin with a line 'unit mm'");
    }
  }
  return PINNA_STATUS_OK;
}

/// A line's words: x, y and z
static PinnaStatus
read_place(Reader* const reader, PinnaSpan word, PinnaSpan* const rest, const uint32_t line) {
  PinnaArray* const array = reader->array;
  if (array->n_mics == reader->n_mics) {
    return pinna_fail(reader->error, PINNA_STATUS_BAD_FILE,
                      "%s:%u: one microphone too many: this plugin has %u, take them out or use "
                      "a larger one",
                      reader->name, line, reader->n_mics);
  }
  for (int axis = 0; axis < 3; ++axis) {
    double value;
    if (axis && !pinna_span_word(rest, &word)) {
      return bad(reader, line, "x, y and z are wanted: three numbers, such as '0.05 0 0'");
    }
    if (!pinna_span_number(word, &value)) {
      return bad_word(reader, line, word, "is no number: write x, y and z such as '0.05 0 0'");
    }
    array->at[array->n_mics][axis] = value * reader->unit;
  }
  if (pinna_span_word(rest, &word)) {
    return bad_word(reader, line, word,
                    "is too much: a line has x, y and z; comments begin with #");
  }
  const PinnaStatus status = check_place(reader, line);
  reader->line[array->n_mics] = line;
  array->n_mics += !status;
  return status;
}

static PinnaStatus
read_lines(Reader* const reader, char* const text, const size_t size) {
  PinnaLines  lines = {.p = text, .end = text + size};
  PinnaSpan   line;
  PinnaSpan   word;
  PinnaStatus status = PINNA_STATUS_OK;
  while (!status && pinna_lines_next(&lines, &line)) {
    const char* const comment = (const char*)memchr(line.p, '#', line.n);
    line.n = comment ? (size_t)(comment - line.p) : line.n;
    if (pinna_span_word(&line, &word)) {
      status = pinna_span_is(word, "unit")
                   ? read_unit(reader, &line, (uint32_t)lines.number)
                   : read_place(reader, word, &line, (uint32_t)lines.number);
    }
  }
  if (!status && reader->array->n_mics < reader->n_mics) {
    status = pinna_fail(reader->error, PINNA_STATUS_BAD_FILE,
                        "%s: %u microphones, but this plugin has %u: write a line 'x y z' for each",
                        reader->name, reader->array->n_mics, reader->n_mics);
  }
  return status;
}

PinnaStatus
pinna_array_file_parse(PinnaArray* const array, const uint32_t n_mics, const char* const text,
                       const size_t size, const char* const name, PinnaError* const error) {
  PinnaArray read = {.n_mics = 0U};
  Reader     reader = {.name = name, .array = &read, .n_mics = n_mics, .unit = 1.0, .error = error};
  char* const copy = (char*)malloc(size ? size : 1U);
  if (!copy) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "%s: out of memory", name);
  }
  for (size_t i = 0U; i < size; ++i) {
    copy[i] = text[i] == ',' || text[i] == ';' ? ' ' : text[i];
  }
  const size_t      mark = size >= 3U && !memcmp(copy, "\xEF\xBB\xBF", 3U) ? 3U : 0U;
  const PinnaStatus status = size && memchr(copy, '\0', size)
                                 ? pinna_fail(error, PINNA_STATUS_BAD_FILE,
                                              "%s: not a text file: lines 'x y z' are wanted", name)
                                 : read_lines(&reader, copy + mark, size - mark);
  free(copy);
  *array = status ? *array : read;
  return status;
}

PinnaStatus
pinna_array_file_read(PinnaArray* const array, const uint32_t n_mics, const char* const path,
                      PinnaError* const error) {
  char* const text = (char*)malloc(PINNA_ARRAY_FILE_MAX + 1U);
  FILE* const file = text ? fopen(path, "rb") : NULL;
  if (!file) {
    const PinnaStatus status = pinna_fail(error, PINNA_STATUS_IO, "%s: %s", path, strerror(errno));
    free(text);
    return status;
  }
  const size_t n = fread(text, 1U, PINNA_ARRAY_FILE_MAX + 1U, file);
  PinnaStatus  status = PINNA_STATUS_OK;
  if (ferror(file)) {
    status = pinna_fail(error, PINNA_STATUS_IO, "%s: %s", path, strerror(errno));
  } else if (n > PINNA_ARRAY_FILE_MAX) {
    status =
        pinna_fail(error, PINNA_STATUS_BAD_FILE,
                   "%s: more than 64 KiB, not a geometry file: lines 'x y z' are wanted", path);
  } else {
    status = pinna_array_file_parse(array, n_mics, text, n, path, error);
  }
  fclose(file);
  free(text);
  return status;
}

PinnaArray*
pinna_array_file_open(const uint32_t n_mics, const char* const path, PinnaError* const error) {
  PinnaArray* const array = (PinnaArray*)calloc(1U, sizeof(PinnaArray));
  if (!array) {
    pinna_fail(error, PINNA_STATUS_NO_MEM, "%s: out of memory", path);
  } else if (pinna_array_file_read(array, n_mics, path, error)) {
    free(array);
    return NULL;
  }
  return array;
}

void
pinna_array_file_close(PinnaArray* const array) {
  free(array);
}
