// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_DATASET_IMPL_H
#define PINNA_MODELS_DATASET_IMPL_H

#include "models/dataset.h"
#include "models/text_file.h"

#include <stdbool.h>

// The list that grows, and the readers of the tables

struct PinnaDatasetImpl {
  PinnaUtterance* items; ///< Their texts are from malloc, one block for each utterance
  uint32_t        n;
  size_t          max;
  bool            is_dry; ///< Sound files are not looked for
};

/// Where a table's sound lies, and what messages call the table
typedef struct {
  const char* folder;
  const char* name;
  PinnaError* error;
} PinnaDatasetPlace;

/// Add one; the file is `folder`/`file`
PinnaStatus pinna_dataset_add(PinnaDataset* d, const char* folder, PinnaSpan file, PinnaSpan id,
                              PinnaSpan text, PinnaSpan speaker);

/// Tables line by line [size]
PinnaStatus pinna_dataset_read_trans(PinnaDataset* d, const PinnaDatasetPlace* place,
                                     const char* data, size_t size);
PinnaStatus pinna_dataset_read_metadata(PinnaDataset* d, const PinnaDatasetPlace* place,
                                        const char* data, size_t size);
PinnaStatus pinna_dataset_read_tsv(PinnaDataset* d, const PinnaDatasetPlace* place,
                                   const char* data, size_t size);
PinnaStatus pinna_dataset_read_list(PinnaDataset* d, const PinnaDatasetPlace* place,
                                    const char* data, size_t size);

#endif // PINNA_MODELS_DATASET_IMPL_H
