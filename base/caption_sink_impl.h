// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_CAPTION_SINK_IMPL_H
#define PINNA_BASE_CAPTION_SINK_IMPL_H

#include "base/caption_file.h"
#include "base/caption_sink.h"
#include "base/caption_text.h"

// One sink, and what its kind does

struct PinnaCaptionKindImpl {
  const char* name;
  bool        wants_file;
  bool        wants_url;
  bool        shows_partials; ///< Always; others if they are asked to
  bool        only_final;     ///< Never

  PinnaStatus (*open)(PinnaCaptionSink* sink, PinnaError* error); ///< Or NULL
  /// What a new file begins with; or NULL
  void (*head)(const PinnaCaptionSink* sink, PinnaCaptionText* text, double wall);
  /// A caption as text for the file; or NULL: `send` does it all
  void (*text)(PinnaCaptionSink* sink, PinnaCaptionText* text, const PinnaCaption* caption,
               double origin, double wall);
  PinnaStatus (*send)(PinnaCaptionSink* sink, const PinnaCaption* caption, double origin,
                      PinnaError* error);
  void (*close)(PinnaCaptionSink* sink); ///< Or NULL
};

struct PinnaCaptionSinkImpl {
  const PinnaCaptionKindOf* kind;
  char*                     from;
  char*                     url;
  bool                      partials;
  bool                      live;
  PinnaCaptionFile          file; ///< Without path: `out`
  FILE*                     out;
  void*                     link; ///< Of kinds beyond files
  char*                     link_path;
  void (*say)(void* handle, bool good, const char* text);
  void*      say_handle;
  bool       headless;  ///< The present file's head is still to be written
  bool       begun;     ///< A file was begun before
  double     zero;      ///< Time at which the present file's clock stands at 0
  uint64_t   n_cues;    ///< In the present file
  double     cue_end;   ///< Of the last one, on the file's clock
  bool       open_line; ///< A terminal shows a partial caption
  PinnaError trouble;
  uint64_t   n_lost;
  uint64_t   n_lost_before; ///< When the trouble began
  double     next_try;      ///< Seconds, monotonic
};

extern const PinnaCaptionKindOf pinna_caption_txt;
extern const PinnaCaptionKindOf pinna_caption_jsonl;
extern const PinnaCaptionKindOf pinna_caption_srt;
extern const PinnaCaptionKindOf pinna_caption_vtt;

#endif // PINNA_BASE_CAPTION_SINK_IMPL_H
