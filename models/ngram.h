// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_NGRAM_H
#define PINNA_MODELS_NGRAM_H

#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Back-off n-gram language model from ARPA text, as a tree of sorted histories
//
// A state is the longest history that the model knows: a number. Files are distrusted. Reading is
// not realtime; afterwards a model is read-only and pinna_ngram_score() is realtime.

typedef struct PinnaNgramImpl PinnaNgram;

#define PINNA_NGRAM_MAX_ORDER 8U

/// @return IO, BAD_FILE (line in the error), NO_MEM
PINNA_API PinnaStatus pinna_ngram_open(PinnaNgram** ngram, const char* path, PinnaError* error);

/// The same from memory. `label` stands for the path in messages.
PINNA_API PinnaStatus pinna_ngram_parse(PinnaNgram** ngram, const void* data, size_t size,
                                        const char* label, PinnaError* error);

/// NULL is allowed
PINNA_API void pinna_ngram_free(PinnaNgram* ngram);

PINNA_API uint32_t pinna_ngram_order(const PinnaNgram* ngram);

/// Number of words, <s>, </s> and <unk> included
PINNA_API uint32_t pinna_ngram_count(const PinnaNgram* ngram);

/// Number of a word, or that of <unk> (with or without the file saying so). Not realtime.
PINNA_API uint32_t pinna_ngram_find(const PinnaNgram* ngram, const char* word);

/// State at the beginning of a sentence. Realtime.
PINNA_API uint32_t pinna_ngram_begin(const PinnaNgram* ngram) PINNA_RT;

/// Natural logarithm of the probability of `word` after `state`: that of the longest n-gram that
/// the model holds, with the back-off weights on the way to it. Without <unk> in the model an
/// unknown word has 10^-100. Realtime.
/// @param next Receives the state behind the word; may be NULL
PINNA_API float pinna_ngram_score(const PinnaNgram* ngram, uint32_t state, uint32_t word,
                                  uint32_t* next) PINNA_RT;

/// Natural logarithm of the probability that the sentence ends after `state`. Realtime.
PINNA_API float pinna_ngram_end(const PinnaNgram* ngram, uint32_t state) PINNA_RT;

#endif // PINNA_MODELS_NGRAM_H
