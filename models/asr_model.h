// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_ASR_MODEL_H
#define PINNA_MODELS_ASR_MODEL_H

#include "base/attributes.h"
#include "base/status.h"
#include "models/asr.h"
#include "nn/plan.h"

#include <stdint.h>

// A recogniser by name: network, texts and decoder, whichever of these the weights are of
//
// - our own (tools/train/asr_small.py): one file of safetensors with the texts that the decoder
//   needs as metadata: `tokens` and `lexicon` (models/tokens.h, models/lexicon.h), `bigram` (ARPA),
//   and a tensor `decoder` [lm_weight, word_score];
// - Emformer RNN-T (models/emformer.h): the .pt file, and beside it global_stats*.json and
//   SentencePiece's *.model, as TorchAudio's bundle has them;
// - wav2vec 2.0 and HuBERT with a CTC head (models/wav2vec2_chunks.h), in the layouts of
// TorchAudio,
//   Hugging Face and fairseq: beside the weights vocab.json, or labels.txt or tokens.txt; without
//   them the labels are TorchAudio's for a head of this size. Hugging Face's
//   preprocessor_config.json says whether waveforms are normalised; without it they are where all
//   convolutions are.
//
// What is "beside" weights NAME.pt may also be called NAME.vocab.json and the like, and lie in
// ../pipeline-assets, where TorchAudio downloads it to.

#define PINNA_ASR_MODEL_DEFAULT "asr_small"

typedef struct PinnaAsrModelImpl PinnaAsrModel;

/// A phrase to prefer
typedef struct {
  const char* text;  ///< Words with blanks between them, any case; of the lexicon, if there is one
  float       bonus; ///< Natural logarithm, 0 to 100; 5 is plenty
} PinnaAsrHotphrase;

typedef enum {
  PINNA_ASR_SEARCH_BEAM = 0,  ///< With hot phrases, the beam carried from chunk to chunk
  PINNA_ASR_SEARCH_GREEDY,    ///< The best token each time; not with a lexicon
  PINNA_ASR_SEARCH_TORCHAUDIO ///< Emformer: features, beam of 10 and its restart at each chunk as
                              ///< TorchAudio's streaming has them; CTC: as greedy
} PinnaAsrSearch;

typedef struct {
  /// Of weights built in, a file, a folder that holds one, or a model of the user's folder of them
  /// (models/registry.h); NULL: the default
  const char*              name;
  const PinnaAsrHotphrase* hotphrases;
  uint32_t                 n_hotphrases;
  uint32_t beam; ///< Prefixes kept; 0: 256 with a lexicon, 16 of letters, 4 of a transducer
  /// More phrases as text: one a line or between semicolons, lines of # left out, ": 8" behind one
  /// is its bonus instead of 5; NULL: none
  const char*    hotwords;
  PinnaAsrSearch search;
  PinnaPrecision precision; ///< Of the network, pinna_plan_keep_weights()
} PinnaAsrModelConfig;

/// Not realtime. @return NOT_FOUND (also a hot phrase's word, or a file that belongs to the
///   weights), BAD_FILE (also texts that do not fit the network), BAD_ARG, UNSUPPORTED, IO, NO_MEM
PINNA_API PinnaStatus pinna_asr_model_open(PinnaAsrModel** self, const PinnaAsrModelConfig* config,
                                           PinnaError* error);

/// NULL is allowed
PINNA_API void pinna_asr_model_close(PinnaAsrModel* self);

/// Its recogniser: 16 kHz, realtime
PINNA_API PinnaAsr* pinna_asr_model_asr(PinnaAsrModel* self);

/// Its network alone, for other decoders; using both at once mixes up their streams
PINNA_API const PinnaAcoustic* pinna_asr_model_acoustic(const PinnaAsrModel* self);

#endif // PINNA_MODELS_ASR_MODEL_H
