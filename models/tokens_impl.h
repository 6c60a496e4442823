// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_TOKENS_IMPL_H
#define PINNA_MODELS_TOKENS_IMPL_H

#include "models/text_file.h"
#include "models/tokens.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A vocabulary while it is read, and after

typedef struct {
  uint32_t       piece; ///< In the table of pieces
  float          score;
  PinnaTokenType type; ///< 0: not known from the file
} PinnaTokenEntry;

struct PinnaTokensImpl {
  PinnaWordTable   pieces;
  uint32_t*        numbers; ///< Of each piece [pieces.n]
  PinnaTokenInfo*  infos;   ///< [n]
  char*            texts;
  PinnaTokenEntry* entries; ///< [n], while reading
  uint32_t         n;
  size_t           max;
  size_t           longest;   ///< Piece, in bytes
  bool             has_marks; ///< Some pieces begin with U+2581
};

typedef struct {
  PinnaTokens* tokens;
  const char*  data;
  size_t       size;
  const char*  label;
  PinnaError*  error;
} PinnaTokensReader;

/// Most tokens that are believed
#define PINNA_TOKENS_MAX 0x200000U

/// Set token number `id`. @return BAD_FILE (beyond the most, or taken, or a piece with a NUL)
PinnaStatus pinna_tokens_put(const PinnaTokensReader* reader, uint32_t id, PinnaSpan piece,
                             float score, PinnaTokenType type);

/// The formats
PinnaStatus pinna_tokens_read_sentencepiece(const PinnaTokensReader* reader);
PinnaStatus pinna_tokens_read_json(const PinnaTokensReader* reader);
PinnaStatus pinna_tokens_read_lines(const PinnaTokensReader* reader);

#endif // PINNA_MODELS_TOKENS_IMPL_H
