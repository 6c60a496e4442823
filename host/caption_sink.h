// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_CAPTION_SINK_H
#define PINNA_HOST_CAPTION_SINK_H

#include "base/attributes.h"
#include "base/caption.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

// Where captions go: terminal, text, JSON Lines, SubRip, WebVTT, OSC; all take the same captions
//
// Control thread. Nothing that fails here ends anything: what cannot be written is counted, said
// once, and tried again.

typedef struct PinnaCaptionSinkImpl PinnaCaptionSink;

typedef struct {
  const char* kind;  ///< terminal, txt, jsonl, srt, vtt, osc
  const char* from;  ///< Who speaks, for the reader
  const char* file;  ///< txt, jsonl, srt, vtt: path
  FILE*       out;   ///< Instead of a file, or for a terminal other than standard output; or NULL
  const char* url;   ///< osc: osc.udp://host:port/path
  uint32_t    keep;  ///< Files kept, that in use among them; 0: 30
  uint32_t    every; ///< Seconds of a file; 0: 86400
  uint32_t    limit; ///< Megabytes of a file; 0: 16
  bool        partials; ///< jsonl, osc: send partial captions too. A terminal shows them anyway.
  bool        live;     ///< Else files are of any size and age, and overwrite older ones
} PinnaCaptionSinkConfig;

/// Names of the kinds, NULL at the end
PINNA_API extern const char* const pinna_caption_sink_kinds[];

/// Whether a kind wants a file, or a URL
PINNA_API bool pinna_caption_sink_wants_file(const char* kind);
PINNA_API bool pinna_caption_sink_wants_url(const char* kind);

/// A file that cannot be written now is no failure if live.
/// @return NOT_FOUND (no such kind), BAD_ARG (no file, no or bad URL), UNSUPPORTED (built without
///         OSC), IO, NO_MEM
PINNA_API PinnaStatus pinna_caption_sink_open(PinnaCaptionSink**            sink,
                                              const PinnaCaptionSinkConfig* config,
                                              PinnaError*                   error);

/// Hand a caption over.
/// @param origin Seconds of the caption's position 0 from the beginning of all
/// @param wall   Seconds since 1970 of that beginning; 0: there is no clock
PINNA_API void pinna_caption_sink_write(PinnaCaptionSink* sink, const PinnaCaption* caption,
                                        double origin, double wall);

/// What hinders it now, or ""; and captions lost so far
PINNA_API const char* pinna_caption_sink_trouble(const PinnaCaptionSink* sink);
PINNA_API uint64_t    pinna_caption_sink_lost(const PinnaCaptionSink* sink);

/// Finish and free. NULL is allowed. @return IO: something could not be written
PINNA_API PinnaStatus pinna_caption_sink_close(PinnaCaptionSink* sink, PinnaError* error);

#endif // PINNA_HOST_CAPTION_SINK_H
