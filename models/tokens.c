// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/tokens.h"

#include "base/grow.h"
#include "models/text_file.h"
#include "models/tokens_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What tokens mean, whatever the format they came in

#define WORD_MARK "\xE2\x96\x81" ///< U+2581

PinnaStatus
pinna_tokens_put(const PinnaTokensReader* const reader, const uint32_t id, const PinnaSpan piece,
                 const float score, const PinnaTokenType type) {
  PinnaTokens* const tokens = reader->tokens;
  if (id >= PINNA_TOKENS_MAX || (piece.n && memchr(piece.p, '\0', piece.n))) {
    return pinna_fail(reader->error, PINNA_STATUS_BAD_FILE, "%s: token number %u is %s",
                      reader->label, id, id >= PINNA_TOKENS_MAX ? "too great" : "no text");
  }
  const uint32_t number = pinna_word_table_add(&tokens->pieces, piece);
  while (number != PINNA_WORD_NONE && id >= tokens->n) {
    if (!pinna_grow(&tokens->entries, tokens->n, &tokens->max, sizeof(PinnaTokenEntry))) {
      return PINNA_STATUS_NO_MEM;
    }
    tokens->entries[tokens->n++].piece = PINNA_WORD_NONE;
  }
  if (number == PINNA_WORD_NONE) {
    return PINNA_STATUS_NO_MEM;
  }
  if (tokens->entries[id].piece != PINNA_WORD_NONE) {
    return pinna_fail(reader->error, PINNA_STATUS_BAD_FILE, "%s: token number %u comes twice",
                      reader->label, id);
  }
  tokens->entries[id] = (PinnaTokenEntry){number, score, type};
  return PINNA_STATUS_OK;
}

static bool
is_one_of(const char* const piece, const char* const* names) {
  while (*names && strcmp(piece, *names) != 0) {
    ++names;
  }
  return *names != NULL;
}

/// What a piece is by its name, where the file does not say
static PinnaTokenType
type_of(const char* const piece, const uint32_t id) {
  static const char* const unknown[] = {"<unk>", "<UNK>", "[UNK]", NULL};
  static const char* const control[] = {"<s>",   "</s>",  "<pad>", "[PAD]", "<blank>",
                                        "<blk>", "<eps>", "<sos>", "<eos>", "<sos/eos>",
                                        "[CLS]", "[SEP]", NULL};
  return is_one_of(piece, unknown)                                        ? PINNA_TOKEN_UNKNOWN
         : is_one_of(piece, control) || (id == 0U && !strcmp(piece, "-")) ? PINNA_TOKEN_CONTROL
                                                                          : PINNA_TOKEN_NORMAL;
}

/// A token that only stands between words
static bool
is_separator(const PinnaTokens* const tokens, const char* const piece) {
  static const char* const names[] = {"|", " ", "<space>", NULL};
  return !tokens->has_marks && is_one_of(piece, names);
}

/// Text of a piece without its mark; marks within become blanks. @return Bytes without the NUL
static size_t
write_text(const PinnaTokens* const tokens, const PinnaTokenInfo* const info, char* const text) {
  const char* p = info->piece;
  char*       out = text;
  unsigned    byte = 0U;
  if (info->type == PINNA_TOKEN_BYTE && sscanf(p, "<0x%2X>", &byte) == 1 && byte) {
    *out++ = (char)byte;
  } else if ((info->type == PINNA_TOKEN_NORMAL || info->type == PINNA_TOKEN_USER) &&
             !is_separator(tokens, p)) {
    for (p += !strncmp(p, WORD_MARK, 3U) ? 3 : 0; *p;) {
      const bool is_mark = !strncmp(p, WORD_MARK, 3U);
      *out++ = is_mark ? ' ' : *p;
      p += is_mark ? 3 : 1;
    }
  }
  *out = '\0';
  return (size_t)(out - text);
}

static PinnaStatus
finish(PinnaTokens* const tokens) {
  tokens->infos = (PinnaTokenInfo*)calloc(tokens->n, sizeof(PinnaTokenInfo));
  tokens->numbers = (uint32_t*)calloc(tokens->pieces.n, sizeof(uint32_t));
  size_t n_text = 0U; // A piece may come several times
  for (uint32_t i = 0U; i < tokens->n; ++i) {
    n_text += strlen(pinna_word_table_at(&tokens->pieces, tokens->entries[i].piece)) + 1U;
  }
  tokens->texts = (char*)malloc(n_text);
  if (!tokens->infos || !tokens->numbers || !tokens->texts) {
    return PINNA_STATUS_NO_MEM;
  }
  for (uint32_t i = tokens->n; i > 0U; --i) { // Of equal pieces the first is found by name
    PinnaTokenInfo* const        info = &tokens->infos[i - 1U];
    const PinnaTokenEntry* const entry = &tokens->entries[i - 1U];
    info->piece = pinna_word_table_at(&tokens->pieces, entry->piece);
    info->score = entry->score;
    info->type = entry->type ? entry->type : type_of(info->piece, i - 1U);
    tokens->numbers[entry->piece] = i - 1U;
    const size_t n = strlen(info->piece);
    tokens->longest = n > tokens->longest ? n : tokens->longest;
    tokens->has_marks = tokens->has_marks || !strncmp(info->piece, WORD_MARK, 3U);
  }
  size_t used = 0U;
  for (uint32_t i = 0U; i < tokens->n; ++i) {
    PinnaTokenInfo* const info = &tokens->infos[i];
    info->begins_word = !strncmp(info->piece, WORD_MARK, 3U) || is_separator(tokens, info->piece);
    info->text = tokens->texts + used;
    used += write_text(tokens, info, tokens->texts + used) + 1U;
  }
  return PINNA_STATUS_OK;
}

static PinnaStatus
check_whole(const PinnaTokensReader* const reader) {
  const PinnaTokens* const tokens = reader->tokens;
  uint32_t                 i = 0U;
  while (i < tokens->n && tokens->entries[i].piece != PINNA_WORD_NONE) {
    ++i;
  }
  return !tokens->n      ? pinna_fail(reader->error, PINNA_STATUS_BAD_FILE, "%s: holds no tokens",
                                      reader->label)
         : i < tokens->n ? pinna_fail(reader->error, PINNA_STATUS_BAD_FILE,
                                      "%s: token number %u is missing", reader->label, i)
                         : PINNA_STATUS_OK;
}

PinnaStatus
pinna_tokens_parse(PinnaTokens** const tokens, const void* const data, const size_t size,
                   const char* const label, PinnaError* const error) {
  const PinnaTokensReader reader = {(PinnaTokens*)calloc(1U, sizeof(PinnaTokens)),
                                    (const char*)data, size, label, error};
  const char* const       bytes = (const char*)data;
  PinnaStatus             status = PINNA_STATUS_NO_MEM;
  *tokens = NULL;
  if (reader.tokens) {
    // A SentencePiece model begins with field 1, JSON with a brace and no blank and number behind
    status =
        size && bytes[0] == '\n' ? pinna_tokens_read_sentencepiece(&reader)
        : size && bytes[0] == '{' &&
                !(size > 1U && bytes[1] == ' ' && size > 2U && bytes[2] >= '0' && bytes[2] <= '9')
            ? pinna_tokens_read_json(&reader)
            : pinna_tokens_read_lines(&reader);
    status = status ? status : check_whole(&reader);
    status = status ? status : finish(reader.tokens);
  }
  if (status) {
    pinna_tokens_free(reader.tokens);
    return pinna_fail(error, status, "%s: %s", label, pinna_strerror(status));
  }
  free(reader.tokens->entries);
  reader.tokens->entries = NULL;
  *tokens = reader.tokens;
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_tokens_open(PinnaTokens** const tokens, const char* const path, PinnaError* const error) {
  char*  data = NULL;
  size_t size = 0U;
  *tokens = NULL;
  PinnaStatus status = pinna_text_read(&data, &size, path, error);
  status = status ? status : pinna_tokens_parse(tokens, data, size, path, error);
  free(data);
  return status;
}

void
pinna_tokens_free(PinnaTokens* const tokens) {
  if (tokens) {
    pinna_word_table_free(&tokens->pieces);
    free(tokens->numbers);
    free(tokens->infos);
    free(tokens->texts);
    free(tokens->entries);
    free(tokens);
  }
}

uint32_t
pinna_tokens_count(const PinnaTokens* const tokens) {
  return tokens->n;
}

const PinnaTokenInfo*
pinna_tokens_at(const PinnaTokens* const tokens, const uint32_t id) {
  return id < tokens->n ? &tokens->infos[id] : NULL;
}

bool
pinna_tokens_find(const PinnaTokens* const tokens, const char* const piece, uint32_t* const id) {
  const uint32_t found = pinna_word_table_find(&tokens->pieces, (PinnaSpan){piece, strlen(piece)});
  if (found != PINNA_WORD_NONE) {
    *id = tokens->numbers[found];
  }
  return found != PINNA_WORD_NONE;
}

bool
pinna_tokens_blank(const PinnaTokens* const tokens, uint32_t* const id) {
  static const char* const names[] = {"<blank>", "<blk>", "<pad>", "[PAD]", "<eps>"};
  for (size_t i = 0U; i < sizeof(names) / sizeof(names[0]); ++i) {
    if (pinna_tokens_find(tokens, names[i], id)) {
      return true;
    }
  }
  return pinna_tokens_find(tokens, "-", id) && *id == 0U;
}
