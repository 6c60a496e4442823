// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/caption_text.h"

#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// Text of captions in several forms

enum { LINE = 42, CUE = 2 * LINE };
#define CUE_SECONDS 6.0
#define PAUSE_SECONDS 1.0

void
pinna_caption_text_add(PinnaCaptionText* const text, const char* const format, ...) {
  for (int pass = 0; pass < 2 && !text->failed; ++pass) {
    va_list args;
    va_start(args, format);
    const size_t room = text->max - text->n;
    const int    n = vsnprintf(room ? text->bytes + text->n : NULL, room, format, args);
    va_end(args);
    if (n >= 0 && (size_t)n < room) {
      text->n += (size_t)n;
      return;
    }
    const size_t max = 2U * text->max + (size_t)(n < 0 ? 0 : n) + 256U;
    char* const  more = n < 0 ? NULL : (char*)realloc(text->bytes, max);
    text->failed = !more;
    text->bytes = more ? more : text->bytes;
    text->max = more ? max : text->max;
  }
}

void
pinna_caption_text_clock(PinnaCaptionText* const text, const double seconds, const char point) {
  const unsigned long long ms = seconds > 0.0 ? (unsigned long long)llround(1e3 * seconds) : 0U;
  pinna_caption_text_add(text, "%02llu:%02llu:%02llu%c%03llu", ms / 3600000U, ms / 60000U % 60U,
                         ms / 1000U % 60U, point, ms % 1000U);
}

void
pinna_caption_text_date(PinnaCaptionText* const text, const double seconds) {
  const time_t whole = (time_t)floor(seconds);
  char         date[32];
  struct tm    parts;
  gmtime_r(&whole, &parts);
  strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &parts);
  pinna_caption_text_add(text, "%s.%03dZ", date, (int)(1e3 * (seconds - floor(seconds))));
}

size_t
pinna_caption_count(const char* const bytes, const size_t n) {
  size_t count = 0U;
  for (size_t i = 0U; i < n; ++i) {
    count += ((unsigned char)bytes[i] & 0xC0U) != 0x80U;
  }
  return count;
}

static size_t
letters_of(const PinnaCaption* const caption, const uint32_t word) {
  return pinna_caption_count(caption->text + caption->words[word].text,
                             caption->words[word].n_text);
}

uint32_t
pinna_caption_cues(const PinnaCaption* const caption, PinnaCaptionCue* const cues) {
  const double rate = caption->rate;
  uint32_t     n = 0U;
  size_t       length = 0U;
  for (uint32_t i = 0U; i < caption->n_words; ++i) {
    const PinnaCaptionWord* const word = &caption->words[i];
    const double                  start = (double)word->start / rate;
    const double                  end = (double)word->end / rate;
    const size_t                  more = letters_of(caption, i);
    PinnaCaptionCue* const        cue = n ? &cues[n - 1U] : NULL;
    if (cue && length + 1U + more <= CUE && end - cue->start <= CUE_SECONDS &&
        start - cue->end <= PAUSE_SECONDS) {
      cue->end = end;
      cue->last = i;
      length += 1U + more;
    } else {
      cues[n++] = (PinnaCaptionCue){start, end, i, i};
      length = more;
    }
  }
  if (!caption->n_words && caption->n_text) {
    cues[n++] = (PinnaCaptionCue){(double)caption->start / rate, (double)caption->end / rate, 0U,
                                  PINNA_CAPTION_MAX_WORDS};
  }
  return n;
}

/// @param n Bytes
static void
add_letters(PinnaCaptionText* const text, const char* const bytes, const size_t n,
            const bool markup) {
  for (size_t i = 0U; i < n; ++i) {
    const char c = bytes[i];
    if (markup && (c == '&' || c == '<' || c == '>')) {
      pinna_caption_text_add(text, c == '&' ? "&amp;" : c == '<' ? "&lt;" : "&gt;");
    } else {
      pinna_caption_text_add(text, "%c", c);
    }
  }
}

void
pinna_caption_text_cue(PinnaCaptionText* const text, const PinnaCaption* const caption,
                       const PinnaCaptionCue* const cue, const bool markup) {
  if (cue->last >= caption->n_words) {
    add_letters(text, caption->text, caption->n_text, markup);
    pinna_caption_text_add(text, "\n");
    return;
  }
  size_t total = 0U;
  for (uint32_t i = cue->first; i <= cue->last; ++i) {
    total += letters_of(caption, i) + (i > cue->first);
  }
  // Two lines of about the same length read best
  const size_t limit = total <= LINE ? LINE : total / 2U;
  size_t       length = 0U;
  bool         broken = total <= LINE;
  for (uint32_t i = cue->first; i <= cue->last; ++i) {
    const PinnaCaptionWord* const word = &caption->words[i];
    const size_t                  more = letters_of(caption, i);
    const bool breaks = !broken && length && (length >= limit || length + 1U + more > LINE);
    pinna_caption_text_add(text, !length ? "" : breaks ? "\n" : " ");
    add_letters(text, caption->text + word->text, word->n_text, markup);
    broken = broken || breaks;
    length += more + 1U;
  }
  pinna_caption_text_add(text, "\n");
}

static json_t*
words_of(const PinnaCaption* const caption, const double origin) {
  json_t* const words = json_array();
  const double  rate = caption->rate;
  for (uint32_t i = 0U; i < caption->n_words; ++i) {
    const PinnaCaptionWord* const word = &caption->words[i];
    json_array_append_new(words,
                          json_pack("{s:o, s:f, s:f, s:f}", "text",
                                    json_stringn(caption->text + word->text, word->n_text), "start",
                                    origin + (double)word->start / rate, "end",
                                    origin + (double)word->end / rate, "log_prob",
                                    isfinite(word->log_prob) ? (double)word->log_prob : -1e9));
  }
  return words;
}

void
pinna_caption_text_json(PinnaCaptionText* const text, const PinnaCaption* const caption,
                        const char* const from, const double origin, const double wall) {
  static const char* const kinds[] = {"partial", "final", "gap", "behind"};
  const double             start = origin + (double)caption->start / caption->rate;
  json_t* const            object =
      json_pack("{s:s, s:s, s:f, s:f}", "kind", kinds[caption->kind], "from", from, "start", start,
                "end", origin + (double)caption->end / caption->rate);
  if (wall > 0.0) {
    PinnaCaptionText date = {NULL, 0U, 0U, false};
    pinna_caption_text_date(&date, wall + start);
    json_object_set_new(object, "time", json_stringn(date.bytes, date.n));
    free(date.bytes);
  }
  if (caption->kind <= PINNA_CAPTION_FINAL) {
    json_object_set_new(object, "segment", json_integer((json_int_t)caption->segment));
    json_object_set_new(object, "stable", json_integer((json_int_t)caption->n_stable));
    json_object_set_new(object, "text", json_stringn(caption->text, caption->n_text));
    json_object_set_new(object, "words", words_of(caption, origin));
  }
  char* const line = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(12));
  text->failed = text->failed || !line;
  pinna_caption_text_add(text, "%s\n", line ? line : "");
  free(line);
  json_decref(object);
}
