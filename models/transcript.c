// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/transcript.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

// Tokens into words: with a lexicon where it says that one ends, else where a token begins one

typedef struct {
  const PinnaTranscriptConfig* config;
  PinnaCaption*                caption;
  uint64_t                     origin;
  uint32_t                     begin; ///< Of the open word in the text
  uint32_t                     first; ///< Frames of its tokens
  uint32_t                     last;
  float                        log_prob;
  bool                         open;
  bool                         whole; ///< Nothing was cut off
} Writer;

static uint64_t
position(const Writer* const writer, const uint32_t frame) {
  const double at =
      (double)writer->origin + (double)frame * writer->config->hop - writer->config->delay;
  return at > 0.0 ? (uint64_t)llround(at) : 0U;
}

/// Length of the character at p, 0 if it is no UTF-8 or a control character
static uint32_t
character(const unsigned char* const p) {
  const uint32_t n = p[0] < 0x80U   ? 1U
                     : p[0] < 0xC2U ? 0U
                     : p[0] < 0xE0U ? 2U
                     : p[0] < 0xF0U ? 3U
                                    : 4U;
  if (n == 1U) {
    return p[0] >= 0x20U && p[0] != 0x7FU;
  }
  for (uint32_t i = 1U; i < n; ++i) {
    if ((p[i] & 0xC0U) != 0x80U) {
      return 0U;
    }
  }
  const bool strange = (p[0] == 0xE0U && p[1] < 0xA0U) || (p[0] == 0xEDU && p[1] > 0x9FU) ||
                       (p[0] == 0xF0U && p[1] < 0x90U) || p[0] > 0xF4U ||
                       (p[0] == 0xF4U && p[1] > 0x8FU);
  return strange ? 0U : n;
}

/// Tokens of single bytes may make anything
static void
make_utf8(char* const text) {
  for (unsigned char* p = (unsigned char*)text; *p;) {
    const uint32_t n = character(p);
    *p = n ? *p : (unsigned char)'?';
    p += n ? n : 1U;
  }
}

static void
append(Writer* const writer, const char* const text) {
  PinnaCaption* const caption = writer->caption;
  const size_t        n = strlen(text);
  writer->whole = writer->whole && n < PINNA_CAPTION_MAX_TEXT - caption->n_text;
  if (writer->whole) {
    memcpy(caption->text + caption->n_text, text, n + 1U);
    caption->n_text += (uint32_t)n;
  }
}

/// The open word is over; without letters it never was
static void
close_word(Writer* const writer) {
  PinnaCaption* const caption = writer->caption;
  if (!writer->open) {
    return;
  }
  writer->open = false;
  if (!writer->whole || caption->n_text == writer->begin) {
    caption->n_text = writer->begin - (caption->n_words > 0U);
    caption->text[caption->n_text] = '\0';
    return;
  }
  PinnaCaptionWord* const word = &caption->words[caption->n_words];
  const uint64_t          before = caption->n_words ? word[-1].end : 0U;
  make_utf8(caption->text + writer->begin);
  word->start = position(writer, writer->first);
  word->start = word->start > before ? word->start : before;
  word->end = position(writer, writer->last + 1U);
  word->end = word->end > word->start ? word->end : word->start + 1U;
  word->log_prob = fminf(writer->log_prob, 0.0F);
  word->text = (uint16_t)writer->begin;
  word->n_text = (uint16_t)(caption->n_text - writer->begin);
  caption->log_prob += word->log_prob;
  ++caption->n_words;
}

static void
open_word(Writer* const writer, const PinnaDecoderToken* const item) {
  PinnaCaption* const caption = writer->caption;
  if (writer->open) {
    return;
  }
  writer->whole = writer->whole && caption->n_words < PINNA_CAPTION_MAX_WORDS &&
                  caption->n_text + 1U < PINNA_CAPTION_MAX_TEXT;
  if (caption->n_words && writer->whole) {
    append(writer, " ");
  }
  writer->open = writer->whole;
  writer->begin = caption->n_text;
  writer->first = item->frame;
  writer->log_prob = 0.0F;
}

/// One token, and the word that ends with it
static void
write_token(Writer* const writer, const PinnaDecoderToken* const item) {
  const PinnaTranscriptConfig* const config = writer->config;
  const PinnaTokenInfo* const        info = pinna_tokens_at(config->tokens, item->token);
  if (!info) {
    return;
  }
  if (info->begins_word && !config->lexicon) {
    close_word(writer);
  }
  if (info->text[0] || (config->lexicon && item->word != PINNA_NO_WORD)) {
    open_word(writer, item);
  }
  if (!writer->open) {
    return;
  }
  writer->log_prob += item->log_prob;
  if (info->text[0]) {
    writer->last = item->frame;
    append(writer, info->text);
  }
  if (config->lexicon && item->word != PINNA_NO_WORD) {
    const char* const word = pinna_lexicon_word(config->lexicon, item->word);
    if (!info->text[0] && writer->caption->n_text == writer->begin) {
      writer->last = item->frame;
    }
    writer->caption->n_text = writer->begin;
    append(writer, word ? word : "?");
    close_word(writer);
  }
}

bool
pinna_transcript_fill(const PinnaTranscriptConfig* const config, PinnaCaption* const caption,
                      const PinnaDecoderToken* const tokens, const uint32_t n_tokens,
                      const uint32_t n_stable, const uint64_t origin) {
  Writer   writer = {.config = config, .caption = caption, .origin = origin, .whole = true};
  uint32_t n_words = 0U;
  caption->n_text = 0U;
  caption->n_words = 0U;
  caption->log_prob = 0.0F;
  caption->text[0] = '\0';
  for (uint32_t i = 0U; i < n_tokens; ++i) {
    write_token(&writer, &tokens[i]);
    n_words = i < n_stable ? caption->n_words : n_words;
  }
  close_word(&writer);
  n_words = caption->kind == PINNA_CAPTION_FINAL ? caption->n_words : n_words;
  const PinnaCaptionWord* const last = n_words ? &caption->words[n_words - 1U] : NULL;
  caption->n_stable = last ? (uint32_t)last->text + last->n_text : 0U;
  if (caption->n_words) {
    caption->start = caption->words[0].start;
    caption->end = caption->words[caption->n_words - 1U].end;
  }
  return writer.whole;
}
