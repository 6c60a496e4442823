// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_CAPTION_TEXT_H
#define PINNA_BASE_CAPTION_TEXT_H

#include "base/attributes.h"
#include "base/caption.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Captions as text: clocks, subtitles that can be read, lines of JSON

/// Text that grows. Zero-initialise it, free() its bytes.
typedef struct {
  char*  bytes; ///< Not terminated
  size_t n;
  size_t max;
  bool   failed; ///< Out of memory: the text is not whole
} PinnaCaptionText;

void pinna_caption_text_add(PinnaCaptionText* text, const char* format, ...) PINNA_PRINTF(2, 3);

/// hh:mm:ss and milliseconds behind `point`; negative times count as 0
void pinna_caption_text_clock(PinnaCaptionText* text, double seconds, char point);

/// Date and time, 2026-11-22T10:15:00.123Z. @param seconds Since 1970
void pinna_caption_text_date(PinnaCaptionText* text, double seconds);

/// A subtitle: words first to last of a caption, seconds from the caption's position 0
typedef struct {
  double   start;
  double   end;
  uint32_t first;
  uint32_t last;
} PinnaCaptionCue;

/// Divide a caption into subtitles of at most two lines of 42 characters and 6 seconds, at pauses
/// where there are some. Without words, all of its text is one.
/// @param cues Receives up to PINNA_CAPTION_MAX_WORDS
/// @return How many
uint32_t pinna_caption_cues(const PinnaCaption* caption, PinnaCaptionCue* cues);

/// A subtitle's lines, each with its newline. @param markup Write &, < and > as WebVTT wants them
void pinna_caption_text_cue(PinnaCaptionText* text, const PinnaCaption* caption,
                            const PinnaCaptionCue* cue, bool markup);

/// A caption as one line of JSON with all that the contract holds.
/// @param from   Who says it
/// @param origin Seconds to add to its positions
/// @param wall   Seconds since 1970 at time 0, or 0: no date
void pinna_caption_text_json(PinnaCaptionText* text, const PinnaCaption* caption, const char* from,
                             double origin, double wall);

/// Characters of UTF-8 in n bytes
size_t pinna_caption_count(const char* bytes, size_t n);

#endif // PINNA_BASE_CAPTION_TEXT_H
