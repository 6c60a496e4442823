// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_ASR_MODEL_H
#define PINNA_MODELS_ASR_MODEL_H

#include "base/attributes.h"
#include "base/status.h"
#include "models/asr.h"

#include <stdint.h>

// A recogniser from one file, or from the weights that are built in: network, texts and decoder
//
// The file holds the network's tensors, a tensor `decoder` [lm_weight, word_score], and as metadata
// of safetensors the texts that the decoder needs: `tokens` and `lexicon` (models/tokens.h,
// models/lexicon.h), `bigram` (ARPA).

#define PINNA_ASR_MODEL_DEFAULT "asr_small"

typedef struct PinnaAsrModelImpl PinnaAsrModel;

/// A phrase to prefer
typedef struct {
  const char* text;  ///< Words of the lexicon with blanks between them, any case
  float       bonus; ///< Natural logarithm, 0 to 100; 5 is plenty
} PinnaAsrHotphrase;

typedef struct {
  const char*              name; ///< Of weights built in, or a path; NULL: the default
  const PinnaAsrHotphrase* hotphrases;
  uint32_t                 n_hotphrases;
  uint32_t                 beam; ///< Prefixes kept; 0: 64
} PinnaAsrModelConfig;

/// Not realtime. @return NOT_FOUND (also a hot phrase's word), BAD_FILE, IO, NO_MEM
PINNA_API PinnaStatus pinna_asr_model_open(PinnaAsrModel** self, const PinnaAsrModelConfig* config,
                                           PinnaError* error);

/// NULL is allowed
PINNA_API void pinna_asr_model_close(PinnaAsrModel* self);

/// Its recogniser: 16 kHz, realtime
PINNA_API PinnaAsr* pinna_asr_model_asr(PinnaAsrModel* self);

/// Its network alone, for other decoders; using both at once mixes up their streams
PINNA_API const PinnaAcoustic* pinna_asr_model_acoustic(const PinnaAsrModel* self);

#endif // PINNA_MODELS_ASR_MODEL_H
