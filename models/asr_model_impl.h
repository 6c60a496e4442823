// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_ASR_MODEL_IMPL_H
#define PINNA_MODELS_ASR_MODEL_IMPL_H

#include "base/arena.h"
#include "models/asr.h"
#include "models/asr_model.h"
#include "models/emformer.h"
#include "models/hotwords.h"
#include "models/lexicon.h"
#include "models/ngram.h"
#include "models/tokens.h"
#include "models/wav2vec2_chunks.h"
#include "nn/weights.h"

#include <stdint.h>

// What the kinds of recognisers share, and what each does with an open file

#define PINNA_ASR_MODEL_MAX_TOKENS 1024U ///< Of an utterance

struct PinnaAsrModelImpl {
  PinnaWeights*        weights; ///< While it is being opened
  PinnaTokens*         tokens;
  PinnaLexicon*        lexicon; ///< Or NULL
  PinnaNgram*          ngram;   ///< Or NULL
  PinnaHotwords*       hotwords;
  uint32_t*            ngram_ids; ///< Of the lexicon's words
  uint32_t*            guesses;   ///< Of the lexicon's nodes: the likeliest word
  PinnaEmformer*       emformer;
  PinnaWav2vec2Chunks* wav2vec2;
  void*                memory; ///< Of what follows, and of decoders
  PinnaAsr*            asr;
  PinnaAcoustic        acoustic;
};

/// Open texts and network, then the recogniser around them
/// @param path Of the weights; NULL: they are built in
typedef PinnaStatus (*PinnaAsrModelOpen)(PinnaAsrModel* self, const PinnaAsrModelConfig* config,
                                         const char* path, PinnaError* error);

/// Our own small one, whose texts are in its file
PinnaStatus pinna_asr_model_open_small(PinnaAsrModel* self, const PinnaAsrModelConfig* config,
                                       const char* path, PinnaError* error);

/// Emformer RNN-T, with statistics and SentencePiece model beside the weights
PinnaStatus pinna_asr_model_open_emformer(PinnaAsrModel* self, const PinnaAsrModelConfig* config,
                                          const char* path, PinnaError* error);

/// wav2vec 2.0 and HuBERT with a CTC head, with labels beside the weights or known by the head
PinnaStatus pinna_asr_model_open_wav2vec2(PinnaAsrModel* self, const PinnaAsrModelConfig* config,
                                          const char* path, PinnaError* error);

/// Spell the hot phrases in the lexicon's words, or else in tokens, and make `hotwords` of them
PinnaStatus pinna_asr_model_spell(PinnaAsrModel* self, const PinnaAsrModelConfig* config,
                                  PinnaError* error);

/// The captions around `acoustic` and a decoder, with the model's texts
PinnaStatus pinna_asr_model_add_captions(PinnaAsrModel* self, PinnaArena* arena,
                                         const PinnaDecoder* decoder, PinnaAsr** asr);

#endif // PINNA_MODELS_ASR_MODEL_IMPL_H
