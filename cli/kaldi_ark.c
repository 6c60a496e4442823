// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/kaldi_ark.h"

#include "base/grow.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// Kaldi matrices in archives; every count is checked against the bytes that are there

/// What is left to read
typedef struct {
  const unsigned char* at;
  size_t               left;
} Cursor;

static bool
take(Cursor* const cursor, void* const out, const size_t n) {
  if (cursor->left < n) {
    return false;
  }
  if (out) {
    memcpy(out, cursor->at, n);
  }
  cursor->at += n;
  cursor->left -= n;
  return true;
}

PinnaStatus
cli_ark_write(FILE* const out, const char* const key, const CliMatrix* const matrix,
              uint64_t* const offset) {
  if (!*key || strlen(key) >= CLI_ARK_MAX_KEY || key[strcspn(key, " \t\r\n\v\f")]) {
    return PINNA_STATUS_BAD_ARG;
  }
  const int32_t n_rows = (int32_t)matrix->n_rows;
  const int32_t n_cols = (int32_t)matrix->n_cols;
  fprintf(out, "%s ", key);
  const off_t at = ftello(out);
  *offset = at > 0 ? (uint64_t)at : 0U;
  fwrite("\0BFM ", 1U, 5U, out);
  fputc(4, out);
  fwrite(&n_rows, 4U, 1U, out);
  fputc(4, out);
  fwrite(&n_cols, 4U, 1U, out);
  fwrite(matrix->values, sizeof(float), (size_t)matrix->n_rows * matrix->n_cols, out);
  return ferror(out) || at < 0 ? PINNA_STATUS_IO : PINNA_STATUS_OK;
}

static PinnaStatus
damaged(PinnaError* const error) {
  return pinna_fail(error, PINNA_STATUS_BAD_FILE, "the matrix is damaged or cut off");
}

/// Space for a matrix whose values take `each` bytes of what is left
static PinnaStatus
make(CliMatrix* const matrix, const Cursor* const cursor, const int32_t n_rows,
     const int32_t n_cols, const size_t each, PinnaError* const error) {
  if (n_rows <= 0 || n_cols <= 0) {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE, "the matrix is empty");
  }
  if ((size_t)n_rows > cursor->left / each / (size_t)n_cols) {
    return damaged(error);
  }
  *matrix = (CliMatrix){(float*)malloc((size_t)n_rows * (size_t)n_cols * sizeof(float)),
                        (uint32_t)n_rows, (uint32_t)n_cols};
  return matrix->values ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
}

static PinnaStatus
read_plain(Cursor* const cursor, const bool is_double, CliMatrix* const matrix,
           PinnaError* const error) {
  int32_t n_rows = 0;
  int32_t n_cols = 0;
  char    sizes[2] = {0};
  if (!take(cursor, &sizes[0], 1U) || !take(cursor, &n_rows, 4U) || !take(cursor, &sizes[1], 1U) ||
      !take(cursor, &n_cols, 4U) || sizes[0] != 4 || sizes[1] != 4) {
    return damaged(error);
  }
  const PinnaStatus status = make(matrix, cursor, n_rows, n_cols, is_double ? 8U : 4U, error);
  const size_t      n = (size_t)matrix->n_rows * matrix->n_cols;
  if (status) {
    return status;
  }
  if (!is_double) {
    take(cursor, matrix->values, n * sizeof(float));
    return PINNA_STATUS_OK;
  }
  for (size_t i = 0U; i < n; ++i) {
    double value = 0.0;
    take(cursor, &value, sizeof(value));
    matrix->values[i] = (float)value;
  }
  return PINNA_STATUS_OK;
}

/// Header of a compressed matrix, as in memory there
typedef struct {
  float   min_value;
  float   range;
  int32_t n_rows;
  int32_t n_cols;
} Compressed;

static float
of_uint16(const Compressed* const h, const uint16_t value) {
  return h->min_value + h->range * (1.0f / 65535.0f) * (float)value;
}

/// One byte between the percentiles of its column
static float
of_byte(const float p[4], const unsigned char value) {
  if (value <= 64U) {
    return p[0] + (p[1] - p[0]) * (float)value * (1.0f / 64.0f);
  }
  if (value <= 192U) {
    return p[1] + (p[2] - p[1]) * (float)(value - 64) * (1.0f / 128.0f);
  }
  return p[2] + (p[3] - p[2]) * (float)(value - 192) * (1.0f / 63.0f);
}

/// "CM": percentiles of each column, then the columns
static PinnaStatus
read_columns(Cursor* const cursor, const Compressed* const h, CliMatrix* const matrix,
             PinnaError* const error) {
  const PinnaStatus status = make(matrix, cursor, h->n_rows, h->n_cols, 1U, error);
  if (status) {
    return status;
  }
  const unsigned char* const percentiles = cursor->at;
  if (!take(cursor, NULL, 8U * (size_t)matrix->n_cols) ||
      cursor->left < (size_t)matrix->n_rows * matrix->n_cols) {
    return damaged(error);
  }
  for (uint32_t c = 0U; c < matrix->n_cols; ++c) {
    float p[4];
    for (uint32_t i = 0U; i < 4U; ++i) {
      uint16_t value = 0U;
      memcpy(&value, percentiles + 8U * (size_t)c + 2U * i, sizeof(value));
      p[i] = of_uint16(h, value);
    }
    for (uint32_t r = 0U; r < matrix->n_rows; ++r) {
      unsigned char value = 0U;
      take(cursor, &value, 1U);
      matrix->values[(size_t)r * matrix->n_cols + c] = of_byte(p, value);
    }
  }
  return PINNA_STATUS_OK;
}

/// @param format 1 "CM", 2 "CM2" (16 bits), 3 "CM3" (8 bits)
static PinnaStatus
read_compressed(Cursor* const cursor, const int format, CliMatrix* const matrix,
                PinnaError* const error) {
  Compressed h = {0};
  if (!take(cursor, &h, sizeof(h))) {
    return damaged(error);
  }
  if (format == 1) {
    return read_columns(cursor, &h, matrix, error);
  }
  const size_t      each = format == 2 ? 2U : 1U;
  const PinnaStatus status = make(matrix, cursor, h.n_rows, h.n_cols, each, error);
  const size_t      n = (size_t)matrix->n_rows * matrix->n_cols;
  for (size_t i = 0U; !status && i < n; ++i) {
    uint16_t value = 0U; // Little-endian, as all of Kaldi's files are
    take(cursor, &value, each);
    matrix->values[i] =
        format == 2 ? of_uint16(&h, value) : h.min_value + h.range * (1.0f / 255.0f) * (float)value;
  }
  return status;
}

/// Next word of a text matrix [size bytes at most]. @return Its length, 0 at the end
static size_t
next_word(Cursor* const cursor, char* const word, const size_t size) {
  while (cursor->left && (*cursor->at == ' ' || *cursor->at == '\t' || *cursor->at == '\r')) {
    take(cursor, NULL, 1U);
  }
  size_t n = 0U;
  while (cursor->left && n + 1U < size && !(n && isspace(*cursor->at))) {
    const unsigned char c = *cursor->at;
    if (n && c == ']') {
      break;
    }
    take(cursor, &word[n++], 1U);
    if (c == '\n' || c == ']' || c == '[') {
      break;
    }
  }
  word[n] = '\0';
  return n;
}

static bool
append(CliMatrix* const matrix, size_t* const n, size_t* const room, const float value) {
  if (!pinna_grow(&matrix->values, *n, room, sizeof(float))) {
    return false;
  }
  matrix->values[(*n)++] = value;
  return true;
}

/// "[", rows that end in newlines, "]"
static PinnaStatus
read_text(Cursor* const cursor, CliMatrix* const matrix, PinnaError* const error) {
  char   word[64];
  size_t n = 0U;
  size_t room = 0U;
  size_t row = 0U; ///< Where the present row began
  if (!next_word(cursor, word, sizeof(word)) || strcmp(word, "[") != 0) {
    return pinna_fail(error, PINNA_STATUS_UNSUPPORTED, "neither a binary nor a text matrix");
  }
  while (next_word(cursor, word, sizeof(word))) {
    const bool is_end = !strcmp(word, "]");
    if (is_end || !strcmp(word, "\n")) {
      if (n > row) {
        const size_t n_cols = n - row;
        if ((matrix->n_cols && n_cols != matrix->n_cols) || n_cols > INT32_MAX) {
          return damaged(error);
        }
        matrix->n_cols = (uint32_t)n_cols;
        ++matrix->n_rows;
        row = n;
      }
      if (is_end) {
        next_word(cursor, word, sizeof(word));
        return n ? PINNA_STATUS_OK : damaged(error);
      }
      continue;
    }
    char*       end = NULL;
    const float value = strtof(word, &end);
    if (*end) {
      return damaged(error);
    }
    if (!append(matrix, &n, &room, value)) {
      return PINNA_STATUS_NO_MEM;
    }
  }
  return damaged(error);
}

static PinnaStatus
read_any(Cursor* const cursor, CliMatrix* const matrix, PinnaError* const error) {
  char mark[2];
  if (cursor->left < 2U || cursor->at[0] || cursor->at[1] != 'B') {
    return read_text(cursor, matrix, error);
  }
  take(cursor, mark, 2U);
  char   kind[5] = {0};
  size_t n = 0U;
  while (n < 4U && take(cursor, &kind[n], 1U) && kind[n] != ' ') {
    ++n;
  }
  kind[n] = '\0';
  static const char* const compressed[] = {"CM", "CM2", "CM3"};
  for (int i = 0; i < 3; ++i) {
    if (!strcmp(kind, compressed[i])) {
      return read_compressed(cursor, i + 1, matrix, error);
    }
  }
  if (!strcmp(kind, "FM") || !strcmp(kind, "DM")) {
    return read_plain(cursor, kind[0] == 'D', matrix, error);
  }
  return pinna_fail(error, PINNA_STATUS_UNSUPPORTED, "no matrix: its type is not FM, DM or CM");
}

PinnaStatus
cli_ark_read_matrix(const void* const data, const size_t size, CliMatrix* const matrix,
                    size_t* const used, PinnaError* const error) {
  Cursor cursor = {(const unsigned char*)data, size};
  *matrix = (CliMatrix){0};
  const PinnaStatus status = read_any(&cursor, matrix, error);
  *used = size - cursor.left;
  if (status) {
    free(matrix->values);
    *matrix = (CliMatrix){0};
  }
  return status;
}

PinnaStatus
cli_ark_next(const void* const data, const size_t size, size_t* const at, char* const key,
             CliMatrix* const matrix, PinnaError* const error) {
  const unsigned char* const bytes = (const unsigned char*)data;
  size_t                     from = *at;
  while (from < size && isspace(bytes[from])) {
    ++from;
  }
  if (from == size) {
    return PINNA_STATUS_END;
  }
  size_t n = 0U;
  while (from + n < size && n < CLI_ARK_MAX_KEY && bytes[from + n] > ' ' &&
         bytes[from + n] != 0x7FU) {
    ++n;
  }
  if (!n || n == CLI_ARK_MAX_KEY || from + n == size || bytes[from + n] != ' ') {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE, "no Kaldi archive, or a damaged one");
  }
  memcpy(key, bytes + from, n);
  key[n] = '\0';
  size_t            used = 0U;
  const PinnaStatus status =
      cli_ark_read_matrix(bytes + from + n + 1U, size - from - n - 1U, matrix, &used, error);
  *at = from + n + 1U + used;
  return status;
}
