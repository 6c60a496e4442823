// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_DATASET_H
#define PINNA_MODELS_DATASET_H

#include "base/attributes.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

// Recordings and what is said in them, in the folders as TorchAudio's datasets lay them out
//
// | kind           | torchaudio.datasets | what PATH may be |
// |----------------|---------------------|---------------------------------------------------------|
// | librispeech    | LIBRISPEECH         | any folder that has *.trans.txt somewhere below | |
// ljspeech       | LJSPEECH            | of metadata.csv; sound in wavs/ or beside it            |
// | commonvoice    | COMMONVOICE         | a .tsv file, or the folder of test.tsv; sound in clips/
// | | speechcommands | SPEECHCOMMANDS      | of the words' folders; testing_list.txt if there is
// one | | yesno          | YESNO               | of 0_1_0_....wav | | fsdd           | (Jakobovski)
// | of DIGIT_SPEAKER_TAKE.wav                               |

typedef struct {
  const char* path; ///< Of the sound file
  const char* id;
  const char* text;    ///< As the dataset spells it
  const char* speaker; ///< "" if it is not said
} PinnaUtterance;

typedef struct PinnaDatasetImpl PinnaDataset;

/// Names of the kinds, ending in NULL
PINNA_API const char* const* pinna_dataset_kinds(void);

/// List a dataset. Not realtime.
/// @param spec "KIND:PATH"
/// @return BAD_ARG (no such kind), NOT_FOUND (nothing there), BAD_FILE (a table is malformed: the
///         error names file and line), IO, NO_MEM
PINNA_API PinnaStatus pinna_dataset_open(PinnaDataset** dataset, const char* spec,
                                         PinnaError* error);

/// NULL is allowed
PINNA_API void pinna_dataset_close(PinnaDataset* dataset);

PINNA_API size_t pinna_dataset_count(const PinnaDataset* dataset);

/// In the order of ids; NULL behind the last
PINNA_API const PinnaUtterance* pinna_dataset_at(const PinnaDataset* dataset, size_t i);

/// Read a table from memory, as open does from a file: for fuzzing. Sound files are not looked for.
/// @param kind "librispeech", "ljspeech", "commonvoice" or "speechcommands"
PINNA_API PinnaStatus pinna_dataset_parse(PinnaDataset** dataset, const char* kind,
                                          const char* data, size_t size, PinnaError* error);

#endif // PINNA_MODELS_DATASET_H
