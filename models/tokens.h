// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_TOKENS_H
#define PINNA_MODELS_TOKENS_H

#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The vocabulary of a model: what each token number means, from the file that came with the model
//
// Reads SentencePiece's .model (a protocol buffer), Hugging Face's vocab.json ({"<pad>": 0, "|": 4,
// ...}), lists of lines "piece" or "piece number" (icefall's and sherpa's tokens.txt, torchaudio's
// labels), known by their first bytes. Files are distrusted. Not realtime; afterwards read-only.

typedef struct PinnaTokensImpl PinnaTokens;

typedef enum {
  PINNA_TOKEN_NORMAL = 1, ///< SentencePiece's numbers
  PINNA_TOKEN_UNKNOWN,    ///< <unk>
  PINNA_TOKEN_CONTROL,    ///< <s>, </s>, <pad>, <blk>: never text
  PINNA_TOKEN_USER,
  PINNA_TOKEN_UNUSED,
  PINNA_TOKEN_BYTE ///< <0x41>: one byte of UTF-8
} PinnaTokenType;

typedef struct {
  const char*    piece; ///< As in the file, UTF-8
  const char*    text;  ///< What it adds to a word, without the word's mark; "" for control tokens
  float          score; ///< Of the piece in its model, 0 where the file has none
  PinnaTokenType type;
  bool           begins_word; ///< U+2581 comes first, or the token only separates words: "|", " "
} PinnaTokenInfo;

/// @return IO, BAD_FILE (says what and where), UNSUPPORTED, NO_MEM
PINNA_API PinnaStatus pinna_tokens_open(PinnaTokens** tokens, const char* path, PinnaError* error);

/// The same from memory. `label` stands for the path in messages.
PINNA_API PinnaStatus pinna_tokens_parse(PinnaTokens** tokens, const void* data, size_t size,
                                         const char* label, PinnaError* error);

/// NULL is allowed
PINNA_API void pinna_tokens_free(PinnaTokens* tokens);

PINNA_API uint32_t pinna_tokens_count(const PinnaTokens* tokens);

/// Token by number; NULL beyond the end. Realtime.
PINNA_API const PinnaTokenInfo* pinna_tokens_at(const PinnaTokens* tokens, uint32_t id) PINNA_RT;

/// Number of a piece. @return false if there is none
PINNA_API bool pinna_tokens_find(const PinnaTokens* tokens, const char* piece, uint32_t* id);

/// Number of the blank of a CTC model, by the names in use: <blank>, <blk>, <pad>, -, [PAD], <eps>.
/// @return false if none of them is there
PINNA_API bool pinna_tokens_blank(const PinnaTokens* tokens, uint32_t* id);

/// Spell a text with tokens, words between blanks: the pieces with the greatest sum of scores
/// (SentencePiece's unigram model); where scores are all 0, the fewest pieces. Letters whose case
/// the vocabulary lacks are tried in the other. Not realtime.
/// @param ids Receives up to `capacity` tokens
/// @return How many; 0 if it cannot be spelled or does not fit
PINNA_API uint32_t pinna_tokens_spell(const PinnaTokens* tokens, const char* text, uint32_t* ids,
                                      uint32_t capacity);

#endif // PINNA_MODELS_TOKENS_H
