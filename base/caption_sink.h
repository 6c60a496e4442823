// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_CAPTION_SINK_H
#define PINNA_BASE_CAPTION_SINK_H

#include "base/attributes.h"
#include "base/caption.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

// Where captions go: files of text, JSON Lines, SubRip or WebVTT, and kinds that others add; all
// take the same captions
//
// Not realtime, one thread at a time. Nothing that fails here ends anything: what cannot be written
// is counted, said once, and tried again.

typedef struct PinnaCaptionSinkImpl PinnaCaptionSink;
typedef struct PinnaCaptionKindImpl PinnaCaptionKindOf;

typedef struct {
  const char* kind;     ///< txt, jsonl, srt, vtt, or the name of one of `more`
  const char* from;     ///< Who speaks, for the reader
  const char* file;     ///< txt, jsonl, srt, vtt: path
  FILE*       out;      ///< Instead of a file; or NULL
  const char* url;      ///< For kinds that want one
  uint32_t    keep;     ///< Files kept, that in use among them; 0: 30
  uint32_t    every;    ///< Seconds of a file; 0: 86400
  uint32_t    limit;    ///< Megabytes of a file; 0: 16
  bool        partials; ///< jsonl: partial captions too
  bool        live;     ///< Else files are of any size and age, and overwrite older ones

  const PinnaCaptionKindOf* const* more; ///< Kinds beyond files, NULL at the end; or NULL
  /// Told when a trouble begins, and when it is over; or NULL
  void (*say)(void* handle, bool good, const char* text);
  void* say_handle;
} PinnaCaptionSinkConfig;

/// The kind that a file's ending asks for: srt, vtt, jsonl, txt (any case); NULL: none of these
const char* pinna_caption_sink_kind_of(const char* path);

/// A file that cannot be written now is no failure if live.
/// @return NOT_FOUND (no such kind), BAD_ARG (no file, no or bad URL), UNSUPPORTED (built without
///         OSC), IO, NO_MEM
PinnaStatus pinna_caption_sink_open(PinnaCaptionSink** sink, const PinnaCaptionSinkConfig* config,
                                    PinnaError* error);

/// Hand a caption over.
/// @param origin Seconds of the caption's position 0 from the beginning of all
/// @param wall   Seconds since 1970 of that beginning; 0: there is no clock
void pinna_caption_sink_write(PinnaCaptionSink* sink, const PinnaCaption* caption, double origin,
                              double wall);

/// What hinders it now, or ""; and captions lost so far
const char* pinna_caption_sink_trouble(const PinnaCaptionSink* sink);
uint64_t    pinna_caption_sink_lost(const PinnaCaptionSink* sink);

/// Finish and free. NULL is allowed. @return IO: something could not be written
PinnaStatus pinna_caption_sink_close(PinnaCaptionSink* sink, PinnaError* error);

#endif // PINNA_BASE_CAPTION_SINK_H
