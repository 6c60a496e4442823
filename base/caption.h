// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_CAPTION_H
#define PINNA_BASE_CAPTION_H

#include <stdint.h>

// The one caption contract: what a recogniser says of speech, the same on every way to a reader
//
// A recogniser cuts its stream into segments, numbered from 1. For each segment come any number
// of partial captions, each of which replaces the one before, then one final caption, which closes
// it. The first n_stable bytes of a partial stand as they are in all later captions of the segment.
// Positions are samples of the recogniser's input at `rate` since its stream began: positions of
// sound, not of the moment when the caption was ready.

#define PINNA_CAPTION_MAX_TEXT 2048U ///< Bytes, terminating NUL included
#define PINNA_CAPTION_MAX_WORDS 256U

typedef enum {
  PINNA_CAPTION_PARTIAL = 0, ///< So far; may change behind n_stable
  PINNA_CAPTION_FINAL,       ///< Will not change; ends its segment
  PINNA_CAPTION_GAP,         ///< Sound from start to end was not heard by the recogniser
  PINNA_CAPTION_BEHIND ///< The recogniser cannot keep up: it is at `start`, the sound at `end`
} PinnaCaptionKind;

typedef struct {
  uint64_t start;    ///< First sample
  uint64_t end;      ///< Behind the last sample
  float    log_prob; ///< Natural logarithm of the word's probability, at most 0
  uint16_t text;     ///< Where it begins in the caption's text
  uint16_t n_text;   ///< Bytes
} PinnaCaptionWord;

/// Without words or text for PINNA_CAPTION_GAP and PINNA_CAPTION_BEHIND
typedef struct {
  PinnaCaptionKind kind;
  uint32_t         rate;     ///< Samples per second of all positions
  uint64_t         segment;  ///< From 1; 0 for gaps and lag
  uint64_t         start;    ///< Of the first word, or of the gap
  uint64_t         end;      ///< Behind the last word, or the gap
  float            log_prob; ///< Of all words
  uint32_t         n_stable; ///< Bytes of text that will not change, at a word's end; final: n_text
  uint32_t         n_text;   ///< Bytes without the NUL
  uint32_t         n_words;
  PinnaCaptionWord words[PINNA_CAPTION_MAX_WORDS]; ///< In order; between two is one space
  char             text[PINNA_CAPTION_MAX_TEXT];   ///< UTF-8, NUL-terminated
} PinnaCaption;

#endif // PINNA_BASE_CAPTION_H
