// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_HOTWORDS_H
#define PINNA_MODELS_HOTWORDS_H

#include "base/attributes.h"
#include "base/status.h"

#include <stdint.h>

// Phrases that a decoder should prefer: an Aho-Corasick automaton over token numbers
//
// Each occurrence of a phrase is worth its bonus. A sequence on its way through a phrase holds a
// share of it already, in proportion to the tokens matched, so that it survives pruning; it loses
// the share when it leaves the phrase, or at the utterance's end. Hence the sum over a sequence is
// that of the phrases it holds, whatever the path.

typedef struct PinnaHotwordsImpl PinnaHotwords;

#define PINNA_HOTWORDS_ROOT 0U

typedef struct {
  const uint32_t* tokens; ///< [n_tokens], at least 1
  uint32_t        n_tokens;
  float           bonus; ///< Of the whole phrase, natural logarithm, 0 to 100
} PinnaHotphrase;

/// Build the automaton. Not realtime; read-only afterwards. @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_hotwords_new(PinnaHotwords** hotwords, const PinnaHotphrase* phrases,
                                         uint32_t n_phrases);

/// NULL is allowed
PINNA_API void pinna_hotwords_free(PinnaHotwords* hotwords);

/// Take a token. Realtime.
/// @param state PINNA_HOTWORDS_ROOT at first
/// @param next  Receives the state behind the token
/// @return What to add to the score; negative when a share is lost
PINNA_API float pinna_hotwords_step(const PinnaHotwords* hotwords, uint32_t state, uint32_t token,
                                    uint32_t* next) PINNA_RT;

/// What the end of the utterance adds: the share held in `state`, negative. Realtime.
PINNA_API float pinna_hotwords_end(const PinnaHotwords* hotwords, uint32_t state) PINNA_RT;

/// No step adds more than this. Realtime.
PINNA_API float pinna_hotwords_most(const PinnaHotwords* hotwords) PINNA_RT;

#endif // PINNA_MODELS_HOTWORDS_H
