// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/weights.h"
#include "tests/fuzz/fuzz.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Weights files of all kinds: every value of every tensor can be read, or the file is refused

#define SEED(text)                                                                                 \
  { text, sizeof(text) - 1U }

// A tensor 'w' of two values under the key "model", as torch.save() writes it
#define PICKLE                                                                                     \
  "\x80\x02}q\0X\5\0\0\0modelq\1ccollections\nOrderedDict\nq\2)Rq\3X\1\0\0\0wq\4"                  \
  "ctorch._utils\n_rebuild_tensor_v2\nq\5((X\7\0\0\0storageq\6ctorch\nFloatStorage\nq\7"           \
  "X\1\0\0\0000q\x08X\3\0\0\0cpuq\x09K\2tq\x0AQK\0K\2\x85q\x0BK\1\x85q\x0C\x89h\2)Rq\x0Dtq\x0ERq"  \
  "\x0Fss."
#define LOCAL(size, name, text)                                                                    \
  "PK\3\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0" size "\0\0\0" size "\0\0\0" name "\0\0\0" text
#define CENTRAL(size, n_name, offset, name)                                                        \
  "PK\1\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" size "\0\0\0" size "\0\0\0" n_name                      \
  "\0\0\0\0\0\0\0\0\0\0\0\0\0" offset name

const PinnaFuzzSeed pinna_fuzz_seeds[] = {
    SEED("\x89\0\0\0\0\0\0\0{\"__metadata__\":{\"a\":\"\\u00e9\"},"
         "\"a\":{\"dtype\":\"F16\",\"shape\":[2,2],\"data_offsets\":[0,8]},"
         "\"b\":{\"dtype\":\"I8\",\"shape\":[],\"data_offsets\":[8,9]}}012345678"),
    SEED("\x80\x02\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19."
         "\x80\x02M\xE9\3.\x80\x02}q\0." PICKLE
         "\x80\x02]q\0X\1\0\0\0000q\1a.\2\0\0\0\0\0\0\0ABCDEFGH"),
    SEED(LOCAL("\xB5", "\xA", "a/data.pkl") PICKLE LOCAL(
        "\x8", "\x8", "a/data/0") "ABCDEFGH" CENTRAL("\xB5", "\xA", "\0\0\0\0", "a/data.pkl")
             CENTRAL("\x8", "\x8", "\xDD\x00\x00\x00",
                     "a/data/0") "PK\5\6\0\0\0\0\2\0\2\0\x6E\x00\x00\x00\x0B\x01\x00\x00\0\0"),
    {NULL, 0},
};

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size) {
  PinnaWeights* w = NULL;
  PinnaError    error = {""};
  uint8_t*      copy = size ? (uint8_t*)malloc(size) : NULL; // So that a sanitizer sees its end
  if (copy) {
    memcpy(copy, data, size);
  }
  const PinnaStatus status = pinna_weights_parse(&w, copy, size, "fuzz", &error);
  for (const PinnaFuzzSeed* seed = pinna_fuzz_seeds; seed->size; ++seed) {
    if (status && size == seed->size && !memcmp(data, seed->data, size)) {
      fprintf(stderr, "a seed is refused: %s\n", error.text);
      abort();
    }
  }
  if (!status != !!w || (status && !error.text[0])) {
    fprintf(stderr, "status %d, message '%s'\n", (int)status, error.text);
    abort();
  }
  if (w) {
    for (int pass = 0; pass < 2; ++pass) {
      for (size_t i = 0U; i < pinna_weights_count(w); ++i) {
        const PinnaTensor* const t = pinna_weights_find(w, pinna_weights_name(w, i));
        const uint64_t           n = pinna_tensor_count(t);
        float* const values = n <= size ? (float*)malloc(((size_t)n + 1U) * sizeof(float)) : NULL;
        if (!values || t != pinna_weights_at(w, i)) {
          abort();
        }
        pinna_tensor_read(t, values);
        free(values);
      }
      static const PinnaRename rules[] = {{"*a#", "b#*"}, {"w*", "v*"}};
      pinna_weights_fold_norm(w, NULL);
      if (pinna_weights_rename(w, rules, 2U, NULL)) {
        break;
      }
    }
  }
  pinna_weights_free(w);
  free(copy);
  return 0;
}
