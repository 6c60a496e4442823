// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/npy.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// NumPy arrays: a magic number, a Python dictionary as text, then the values

static const char magic[] = "\x93NUMPY";

enum { MAGIC_SIZE = 6, PREFIX_SIZE = 10, ALIGN = 64, MAX_HEADER = 65536 };

PinnaStatus
cli_npy_write(FILE* const out, const CliMatrix* const matrix, const bool transpose) {
  char           text[192];
  const uint32_t n_first = transpose ? matrix->n_cols : matrix->n_rows;
  const uint32_t n_second = transpose ? matrix->n_rows : matrix->n_cols;
  const int      n =
      snprintf(text, sizeof(text),
               "{'descr': '<f4', 'fortran_order': False, 'shape': (%" PRIu32 ", %" PRIu32 "), }",
               n_first, n_second);
  // The header ends in a newline, where the values begin at a multiple of 64 bytes
  const int           size = (PREFIX_SIZE + n + 1 + ALIGN - 1) / ALIGN * ALIGN - PREFIX_SIZE;
  const unsigned char length[2] = {(unsigned char)(size & 0xFF), (unsigned char)(size >> 8)};
  fwrite(magic, 1U, MAGIC_SIZE, out);
  fwrite("\x01\x00", 1U, 2U, out);
  fwrite(length, 1U, 2U, out);
  fprintf(out, "%s%*s\n", text, size - n - 1, "");
  if (!transpose) {
    fwrite(matrix->values, sizeof(float), (size_t)matrix->n_rows * matrix->n_cols, out);
  }
  for (uint32_t c = 0U; transpose && c < matrix->n_cols; ++c) {
    for (uint32_t r = 0U; r < matrix->n_rows; ++r) {
      fwrite(&matrix->values[(size_t)r * matrix->n_cols + c], sizeof(float), 1U, out);
    }
  }
  return ferror(out) ? PINNA_STATUS_IO : PINNA_STATUS_OK;
}

/// The text after a key of the dictionary, or NULL
static const char*
value_of(const char* const header, const char* const key) {
  const char* at = strstr(header, key);
  if (!at) {
    return NULL;
  }
  at += strlen(key);
  while (*at && strchr(" \t'\":", *at)) {
    ++at;
  }
  return at;
}

/// Sizes of "(3, 4)" or "(3,)". @return How many, 0 if there is no good tuple
static unsigned
parse_shape(const char* at, uint64_t* const dims) {
  unsigned n = 0U;
  if (!at || *at++ != '(') {
    return 0U;
  }
  while (*at && *at != ')') {
    char* end = NULL;
    if (n == 2U || !isdigit((unsigned char)*at)) {
      return 0U;
    }
    dims[n++] = strtoull(at, &end, 10);
    at = end + strspn(end, " ,");
  }
  return *at == ')' ? n : 0U;
}

static float
element(const char* const data, const size_t i, const bool is_double) {
  if (is_double) {
    double value;
    memcpy(&value, data + 8U * i, sizeof(value));
    return (float)value;
  }
  float value;
  memcpy(&value, data + 4U * i, sizeof(value));
  return value;
}

/// @return Size of the header with all before it, 0 if there is none
static size_t
read_header(const unsigned char* const bytes, const size_t size, char* const header) {
  if (size < PREFIX_SIZE + 2U || memcmp(bytes, magic, MAGIC_SIZE) != 0) {
    return 0U;
  }
  const bool   is_long = bytes[6] >= 2U;
  const size_t prefix = is_long ? PREFIX_SIZE + 2U : PREFIX_SIZE;
  size_t       length = (size_t)bytes[8] | (size_t)bytes[9] << 8U;
  if (is_long) {
    length |= (size_t)bytes[10] << 16U | (size_t)bytes[11] << 24U;
  }
  if (length >= MAX_HEADER || length > size - prefix) {
    return 0U;
  }
  memcpy(header, bytes + prefix, length);
  header[length] = '\0';
  return prefix + length;
}

static PinnaStatus
read_values(const char* const values, const size_t size, const char* const header,
            CliMatrix* const matrix, PinnaError* const error) {
  const char* const descr = value_of(header, "'descr'");
  const bool        is_double = descr && !strncmp(descr, "<f8", 3U);
  const char* const order = value_of(header, "'fortran_order'");
  const bool        is_fortran = order && !strncmp(order, "True", 4U);
  uint64_t          dims[2] = {0U, 1U};
  if (!descr || (!is_double && strncmp(descr, "<f4", 3U) != 0)) {
    return pinna_fail(error, PINNA_STATUS_UNSUPPORTED, "the array is not float32 or float64");
  }
  if (!parse_shape(value_of(header, "'shape'"), dims)) {
    return pinna_fail(error, PINNA_STATUS_UNSUPPORTED, "the array has not one or two dimensions");
  }
  const size_t each = is_double ? 8U : 4U;
  if (!dims[0] || !dims[1] || dims[0] > UINT32_MAX || dims[1] > UINT32_MAX ||
      dims[0] > size / each / dims[1]) {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE, "the array is empty or shorter than its shape");
  }
  float* const out = (float*)malloc(dims[0] * dims[1] * sizeof(float));
  if (!out) {
    return PINNA_STATUS_NO_MEM;
  }
  for (size_t r = 0U; r < dims[0]; ++r) {
    for (size_t c = 0U; c < dims[1]; ++c) {
      const size_t from = is_fortran ? c * dims[0] + r : r * dims[1] + c;
      out[r * dims[1] + c] = element(values, from, is_double);
    }
  }
  *matrix = (CliMatrix){out, (uint32_t)dims[0], (uint32_t)dims[1]};
  return PINNA_STATUS_OK;
}

PinnaStatus
cli_npy_read(const void* const data, const size_t size, CliMatrix* const matrix,
             PinnaError* const error) {
  char* const header = (char*)malloc(MAX_HEADER);
  if (!header) {
    return PINNA_STATUS_NO_MEM;
  }
  const size_t      begin = read_header((const unsigned char*)data, size, header);
  const PinnaStatus status =
      begin ? read_values((const char*)data + begin, size - begin, header, matrix, error)
            : pinna_fail(error, PINNA_STATUS_BAD_FILE, "no .npy file, or a damaged one");
  free(header);
  return status;
}
