// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/caption_text.h"

#include <inttypes.h>
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

/// Bytes of the character at `p`, of at most n; 0: it is none of UTF-8
static size_t
character_at(const unsigned char* const p, const size_t n) {
  static const uint32_t least[] = {0U, 0U, 0x80U, 0x800U, 0x10000U};
  const size_t          length = p[0] < 0x80U              ? 1U
                                 : (p[0] & 0xE0U) == 0xC0U ? 2U
                                 : (p[0] & 0xF0U) == 0xE0U ? 3U
                                 : (p[0] & 0xF8U) == 0xF0U ? 4U
                                                           : 0U;
  uint32_t              code = length < 2U ? p[0] : p[0] & (0x7FU >> length);
  if (!length || length > n) {
    return 0U;
  }
  for (size_t i = 1U; i < length; ++i) {
    if ((p[i] & 0xC0U) != 0x80U) {
      return 0U;
    }
    code = code << 6U | (p[i] & 0x3FU);
  }
  return code < least[length] || code > 0x10FFFFU || (code >= 0xD800U && code < 0xE000U) ? 0U
                                                                                         : length;
}

/// A string of JSON; what is no UTF-8 becomes U+FFFD
static void
add_string(PinnaCaptionText* const text, const char* const bytes, const size_t n) {
  pinna_caption_text_add(text, "\"");
  for (size_t i = 0U; i < n;) {
    const unsigned char* const p = (const unsigned char*)bytes + i;
    const size_t               length = character_at(p, n - i);
    if (length == 1U && (*p < 0x20U || *p == 0x7FU)) {
      pinna_caption_text_add(text, "\\u%04x", *p);
    } else {
      pinna_caption_text_add(text, "%s%.*s", *p == '"' || *p == '\\' ? "\\" : "",
                             length ? (int)length : 3, length ? (const char*)p : "\xEF\xBF\xBD");
    }
    i += length ? length : 1U;
  }
  pinna_caption_text_add(text, "\"");
}

/// A key and a number with a point, in any locale
static void
add_real(PinnaCaptionText* const text, const char* const key, const double value) {
  char  number[32];
  char* comma;
  snprintf(number, sizeof(number), "%.12g", value);
  comma = strchr(number, ',');
  if (comma) {
    *comma = '.';
  }
  pinna_caption_text_add(text, "\"%s\":%s%s", key, number, strpbrk(number, ".e") ? "" : ".0");
}

static void
add_words(PinnaCaptionText* const text, const PinnaCaption* const caption, const double origin) {
  const double rate = caption->rate;
  pinna_caption_text_add(text, ",\"words\":[");
  for (uint32_t i = 0U; i < caption->n_words; ++i) {
    const PinnaCaptionWord* const word = &caption->words[i];
    pinna_caption_text_add(text, "%s{\"text\":", i ? "," : "");
    add_string(text, caption->text + word->text, word->n_text);
    pinna_caption_text_add(text, ",");
    add_real(text, "start", origin + (double)word->start / rate);
    pinna_caption_text_add(text, ",");
    add_real(text, "end", origin + (double)word->end / rate);
    pinna_caption_text_add(text, ",");
    add_real(text, "log_prob", isfinite(word->log_prob) ? (double)word->log_prob : -1e9);
    pinna_caption_text_add(text, "}");
  }
  pinna_caption_text_add(text, "]");
}

void
pinna_caption_text_json(PinnaCaptionText* const text, const PinnaCaption* const caption,
                        const char* const from, const double origin, const double wall) {
  static const char* const kinds[] = {"partial", "final", "gap", "behind"};
  const double             start = origin + (double)caption->start / caption->rate;
  pinna_caption_text_add(text, "{\"kind\":\"%s\",\"from\":", kinds[caption->kind]);
  add_string(text, from, strlen(from));
  pinna_caption_text_add(text, ",");
  add_real(text, "start", start);
  pinna_caption_text_add(text, ",");
  add_real(text, "end", origin + (double)caption->end / caption->rate);
  if (wall > 0.0) {
    pinna_caption_text_add(text, ",\"time\":\"");
    pinna_caption_text_date(text, wall + start);
    pinna_caption_text_add(text, "\"");
  }
  if (caption->kind <= PINNA_CAPTION_FINAL) {
    pinna_caption_text_add(text, ",\"segment\":%" PRIu64 ",\"stable\":%" PRIu32 ",\"text\":",
                           caption->segment, caption->n_stable);
    add_string(text, caption->text, caption->n_text);
    add_words(text, caption, origin);
  }
  pinna_caption_text_add(text, "}\n");
}
