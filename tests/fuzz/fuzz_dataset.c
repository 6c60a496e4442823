// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/dataset.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

// Tables of datasets of all kinds: listed, or refused with a line's number, never worse

#define SEED(text)                                                                                 \
  { text, sizeof(text) - 1U }

const PinnaFuzzSeed pinna_fuzz_seeds[] = {
    SEED("\0"
         "84-121123-0000 GO DO YOU HEAR\n84-121123-0001 BUT IN LESS\n"),
    SEED("\1"
         "LJ001-0001|Printing, in 1450|Printing, in fourteen fifty\nLJ001-0002|in being.\n"),
    SEED("\2"
         "client_id\tpath\tsentence\tage\nabc\tclip_1.mp3\tHello there.\tten\nd\te.mp3\t\n"),
    SEED("\3"
         "right/a_nohash_0.wav\nleft/b_nohash_1.wav\n"),
    SEED("\1\n|\n||||\n\r\n"),
    {NULL, 0},
};

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size) {
  PinnaDataset* dataset = NULL;
  PinnaError    error = {""};
  if (!size) {
    return 0;
  }
  const PinnaStatus status = pinna_dataset_parse(&dataset, pinna_dataset_kinds()[data[0] % 4U],
                                                 (const char*)data + 1, size - 1U, &error);
  if (status && status != PINNA_STATUS_NO_MEM && !error.text[0]) {
    abort();
  }
  for (size_t i = 0U; !status && i < pinna_dataset_count(dataset); ++i) {
    const PinnaUtterance* const u = pinna_dataset_at(dataset, i);
    if (!strlen(u->path) || !strlen(u->id) || strlen(u->text) > size || strlen(u->speaker) > size) {
      abort();
    }
  }
  pinna_dataset_close(dataset);
  return 0;
}
