// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_LEXICON_H
#define PINNA_MODELS_LEXICON_H

#include "base/attributes.h"
#include "base/status.h"
#include "models/tokens.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Words that a decoder may say, with their spellings in a model's tokens, as a tree of prefixes
//
// Text of lines "word<blanks>token token ...", as flashlight and torchaudio's ctc_decoder read it;
// a word may come several times. Files are distrusted. Not realtime; afterwards read-only.

typedef struct PinnaLexiconImpl PinnaLexicon;

#define PINNA_LEXICON_ROOT 0U

/// A prefix of spellings
typedef struct {
  uint32_t token; ///< Of the last step to here
  uint32_t first; ///< Children first to first + n - 1, in the order of tokens
  uint32_t n_children;
  uint32_t first_word; ///< Words that end here: pinna_lexicon_words()[first_word ...]
  uint32_t n_words;
} PinnaLexiconNode;

/// @param tokens Must outlive the call only
/// @return IO, BAD_FILE (line and token in the error), NO_MEM
PINNA_API PinnaStatus pinna_lexicon_open(PinnaLexicon** lexicon, const char* path,
                                         const PinnaTokens* tokens, PinnaError* error);

/// The same from memory. `label` stands for the path in messages.
PINNA_API PinnaStatus pinna_lexicon_parse(PinnaLexicon** lexicon, const void* data, size_t size,
                                          const char* label, const PinnaTokens* tokens,
                                          PinnaError* error);

/// NULL is allowed
PINNA_API void pinna_lexicon_free(PinnaLexicon* lexicon);

/// Number of different words
PINNA_API uint32_t pinna_lexicon_count(const PinnaLexicon* lexicon);

/// Text of a word; NULL beyond the end. Realtime.
PINNA_API const char* pinna_lexicon_word(const PinnaLexicon* lexicon, uint32_t word) PINNA_RT;

/// Number of a word. @return false if there is none
PINNA_API bool pinna_lexicon_find(const PinnaLexicon* lexicon, const char* word, uint32_t* id);

/// All nodes; PINNA_LEXICON_ROOT is the empty prefix. Realtime.
PINNA_API const PinnaLexiconNode* pinna_lexicon_nodes(const PinnaLexicon* lexicon,
                                                      uint32_t*           count) PINNA_RT;

/// Words that end at nodes, in the nodes' order. Realtime.
PINNA_API const uint32_t* pinna_lexicon_words(const PinnaLexicon* lexicon) PINNA_RT;

#endif // PINNA_MODELS_LEXICON_H
