// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_WAV2VEC2_LABELS_H
#define PINNA_MODELS_WAV2VEC2_LABELS_H

#include <stdbool.h>
#include <stdint.h>

// The labels of TorchAudio's CTC heads, which its .pth files do not hold: torchaudio.pipelines'
// get_labels(), and the outputs that its bundles leave out

#define PINNA_WAV2VEC2_MAX_LABELS 65536U
#define PINNA_WAV2VEC2_MAX_KNOWN 64U ///< Of heads that are known

typedef struct {
  const char* text;                              ///< A label a line, the blank "-" first
  uint32_t    columns[PINNA_WAV2VEC2_MAX_KNOWN]; ///< Output of each label
  uint32_t    n;
} PinnaWav2vec2Labels;

/// Known by the file's name (VoxPopuli's languages) and by the number of outputs, of the file as it
/// was published or of a state_dict() that TorchAudio's get_model() gave.
/// @param name Of the file, without folders
/// @return Whether such a head is known
bool pinna_wav2vec2_labels(const char* name, uint32_t n_outputs, PinnaWav2vec2Labels* labels);

#endif // PINNA_MODELS_WAV2VEC2_LABELS_H
