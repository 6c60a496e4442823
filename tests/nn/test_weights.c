// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/weights.h"
#include "tests/tap.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Safetensors by hand: what is allowed, and every way to be wrong, refused by name

typedef struct {
  const char* header;
  size_t      n_bytes; ///< Behind the header
  PinnaStatus status;
  const char* word; ///< In the message, or NULL
} Case;

static const Case cases[] = {
    {"{}", 0U, PINNA_STATUS_OK, NULL},
    {" {}", 0U, PINNA_STATUS_BAD_FILE, "neither"},
    {"{} \t ", 0U, PINNA_STATUS_OK, NULL},
    {"{}x", 0U, PINNA_STATUS_BAD_FILE, "behind"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8U, PINNA_STATUS_OK, NULL},
    {"{\"a\" : { \"data_offsets\": [0, 8], \"shape\" : [ 2 ] , \"dtype\" : \"F32\" } }", 8U,
     PINNA_STATUS_OK, NULL},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}", 4U, PINNA_STATUS_OK, NULL},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[3,0],\"data_offsets\":[0,0]}}", 0U, PINNA_STATUS_OK,
     NULL},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 7U, PINNA_STATUS_BAD_FILE,
     "'a'"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 9U, PINNA_STATUS_BAD_FILE,
     "behind"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", 8U, PINNA_STATUS_BAD_FILE,
     "'a'"},
    {"{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}}", 8U,
     PINNA_STATUS_UNSUPPORTED, "'a'"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", 8U, PINNA_STATUS_BAD_FILE,
     "'a'"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", 8U, PINNA_STATUS_BAD_FILE,
     "'a'"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}", 8U,
     PINNA_STATUS_BAD_FILE, "'a'"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", 0U,
     PINNA_STATUS_BAD_FILE, "'a'"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,0]}}", 0U,
     PINNA_STATUS_BAD_FILE, "'a'"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}", 4U,
     PINNA_STATUS_BAD_FILE, "'a'"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"shape\":[1],\"data_offsets\":[0,4]}}", 4U,
     PINNA_STATUS_BAD_FILE, "'a'"},
    {"{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4U, PINNA_STATUS_BAD_FILE, "'a'"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
     "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[2,6]}}",
     6U, PINNA_STATUS_BAD_FILE, "'b' overlaps"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
     "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[5,9]}}",
     9U, PINNA_STATUS_BAD_FILE, "'b' follows"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
     "\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}",
     8U, PINNA_STATUS_BAD_FILE, "'a'"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},}", 4U, PINNA_STATUS_BAD_FILE,
     "header"},
    {"{\"\\u0000\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4U,
     PINNA_STATUS_BAD_FILE, "string"},
    {"{\"\\ud800\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4U,
     PINNA_STATUS_BAD_FILE, "string"},
    {"{\"\xC0\x80\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4U,
     PINNA_STATUS_BAD_FILE, "string"},
    {"{\"__metadata__\":{\"a\":\"b\"},\"__metadata__\":{}}", 0U, PINNA_STATUS_BAD_FILE, "twice"},
    {"{\"__metadata__\":{\"a\":1}}", 0U, PINNA_STATUS_BAD_FILE, "header"},
};

/// A file of this header and bytes 0, 1, 2 .. behind it, in a block of exactly its size
static unsigned char*
make_file(const char* const header, const size_t n_bytes, size_t* const size) {
  const size_t         length = strlen(header);
  unsigned char* const file = (unsigned char*)malloc(8U + length + n_bytes);
  *size = 8U + length + n_bytes;
  for (size_t i = 0U; file && i < 8U; ++i) {
    file[i] = (unsigned char)((uint64_t)length >> (8U * i));
  }
  if (file) {
    memcpy(file + 8U, header, length);
    for (size_t i = 0U; i < n_bytes; ++i) {
      file[8U + length + i] = (unsigned char)i;
    }
  }
  return file;
}

static void
test_headers(void) {
  for (size_t i = 0U; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    size_t               size = 0U;
    unsigned char* const file = make_file(cases[i].header, cases[i].n_bytes, &size);
    PinnaWeights*        w = NULL;
    PinnaError           error = {""};
    tap_int(pinna_weights_parse(&w, file, size, "f", &error), cases[i].status, "%s and %zu bytes",
            cases[i].header, cases[i].n_bytes);
    tap_ok(!cases[i].word || strstr(error.text, cases[i].word), "it says %s: %s",
           cases[i].word ? cases[i].word : "nothing", error.text);
    pinna_weights_free(w);
    free(file);
  }
}

/// Pickles begin with 0x80, and so does a header of 128 bytes
static void
test_not_a_pickle(void) {
  char                 header[129];
  size_t               size = 0U;
  PinnaWeights*        w = NULL;
  PinnaError           error = {""};
  const int            n = snprintf(header, sizeof(header), "%-128s",
                                    "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}");
  unsigned char* const file = make_file(header, 2U, &size);
  tap_int(n, 128, "a header of 128 bytes");
  tap_int(pinna_weights_parse(&w, file, size, "f", &error), PINNA_STATUS_OK, "opens: %s",
          error.text);
  pinna_weights_free(w);
  free(file);
}

static void
test_lengths(void) {
  static const uint64_t lengths[] = {0U, 1U, 3U, 100000001U, UINT64_MAX, UINT64_MAX - 7U};
  for (size_t i = 0U; i < sizeof(lengths) / sizeof(lengths[0]); ++i) {
    unsigned char file[10] = {0, 0, 0, 0, 0, 0, 0, 0, '{', '}'};
    PinnaWeights* w = NULL;
    for (size_t b = 0U; b < 8U; ++b) {
      file[b] = (unsigned char)(lengths[i] >> (8U * b));
    }
    tap_int(pinna_weights_parse(&w, file, sizeof(file), "f", NULL), PINNA_STATUS_BAD_FILE,
            "a header of %llu bytes in a file of 10", (unsigned long long)lengths[i]);
  }
  for (size_t size = 0U; size < 10U; ++size) {
    PinnaWeights* w = NULL;
    tap_int(pinna_weights_parse(&w, "\2\0\0\0\0\0\0\0{", size, "f", NULL), PINNA_STATUS_BAD_FILE,
            "a file of %zu bytes", size);
  }
}

static void
test_read(void) {
  static const char header[] = "{\"a\":{\"dtype\":\"U8\",\"shape\":[2,3],\"data_offsets\":[0,6]},"
                               "\"nan\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[6,14]}}";
  const uint64_t    shape[] = {2U, 3U};
  const uint64_t    other[] = {3U, 2U};
  const float       expected[] = {0.0F, 1.0F, 2.0F, 3.0F, 4.0F, 5.0F};
  const float       faulty[] = {1.0F, NAN};
  float             values[6] = {0.0F};
  size_t            size = 0U;
  unsigned char* const file = make_file(header, 14U, &size);
  PinnaWeights*        w = NULL;
  PinnaError           error = {""};
  memcpy(file + size - sizeof(faulty), faulty, sizeof(faulty));
  tap_int(pinna_weights_parse(&w, file, size, "f", NULL), PINNA_STATUS_OK, "opens");
  tap_int(pinna_weights_read(w, "a", 2U, shape, values, &error), PINNA_STATUS_OK, "reads");
  tap_all_equal(values, expected, 6U, "values");
  tap_int(pinna_weights_read(w, "a", 2U, other, values, &error), PINNA_STATUS_BAD_FILE, "shape");
  tap_string(error.text, "f: tensor 'a' is [2 x 3], not [3 x 2]", "the message names both");
  error.text[0] = '\0';
  tap_int(pinna_weights_read(w, "b", 2U, shape, values, &error), PINNA_STATUS_NOT_FOUND, "absent");
  tap_string(error.text, "f: no tensor 'b'", "the message names it");
  error.text[0] = '\0';
  tap_int(pinna_weights_read(w, "nan", 1U, shape, values, &error), PINNA_STATUS_BAD_FILE, "NaN");
  tap_string(error.text, "f: value 1 of tensor 'nan' is not finite", "the message names the place");
  pinna_weights_free(w);
  pinna_weights_free(NULL);
  free(file);
}

int
main(void) {
  test_headers();
  test_not_a_pickle();
  test_lengths();
  test_read();
  return tap_done();
}
