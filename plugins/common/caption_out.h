// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_CAPTION_OUT_H
#define PINNA_PLUGINS_COMMON_CAPTION_OUT_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/caption.h"
#include "plugins/common/event.h"
#include "plugins/common/file.h"
#include "plugins/common/port.h"

#include <stdbool.h>
#include <stdint.h>

// Captions of a plugin into a file that its user names: the audio thread puts them into a ring, the
// host's worker writes them, as the host's own sinks do (base/caption_sink.h)
//
// Times are those of the host's timeline while its transport rolls, for hosts that tell
// (time:Position). Each pass, from a start or a jump to the next stop or jump, is a file of its
// own: the one with the name asked for holds the last pass in which something was said, older ones
// were moved away. What is heard while a transport stands is not written, once it has rolled; in
// hosts without transport times count from activation, which is when a file begins.

typedef struct PinnaCaptionOutImpl PinnaCaptionOut;

typedef enum {
  PINNA_CAPTION_OUT_NONE = 0, ///< No file is asked for
  PINNA_CAPTION_OUT_READY,
  PINNA_CAPTION_OUT_WRITTEN, ///< Something is in it
  PINNA_CAPTION_OUT_FAILED   ///< See the log; it is tried again
} PinnaCaptionOutStatus;

/// Labels of the enumeration, for a table of ports
#define PINNA_CAPTION_OUT_POINTS                                                                   \
  {                                                                                                \
    {"None", PINNA_CAPTION_OUT_NONE}, {"Ready", PINNA_CAPTION_OUT_READY},                          \
        {"Written", PINNA_CAPTION_OUT_WRITTEN}, {"Failed", PINNA_CAPTION_OUT_FAILED}, {            \
      0                                                                                            \
    }                                                                                              \
  }

/// Plan and allocate. Not realtime. @return NO_MEM
PinnaStatus pinna_caption_out_init(PinnaCaptionOut** out, PinnaArena* arena,
                                   const PinnaPluginConfig* config);

/// A new stream: positions begin at 0. Realtime.
void pinna_caption_out_reset(PinnaCaptionOut* out) PINNA_RT;

/// Follow the host's transport. Realtime, in each chunk before captions are put.
/// @param control Index in the table of controls of the PINNA_EVENT_IN that positions come to
/// @param at      Frames since activation at the chunk's begin
/// @return Whether the transport began to roll, after it stood, with the chunk's first frame
bool pinna_caption_out_follow(PinnaCaptionOut* out, const PinnaEvents* events, uint32_t control,
                              uint64_t at) PINNA_RT;

/// Hand a caption over, its positions in frames since activation; partial ones are not written.
/// Realtime.
void pinna_caption_out_put(PinnaCaptionOut* out, const PinnaCaption* caption) PINNA_RT;

/// Whether the worker has something to do; then forgets it. Realtime.
bool pinna_caption_out_waits(PinnaCaptionOut* out) PINNA_RT;

/// Whether a file is asked for. Realtime.
bool pinna_caption_out_is_on(const PinnaCaptionOut* out) PINNA_RT;

/// Realtime
PinnaCaptionOutStatus pinna_caption_out_status(const PinnaCaptionOut* out) PINNA_RT;

/// Write into this file from now on. Not realtime, any thread.
/// @param path From the root, its ending says the format: .srt, .vtt, .jsonl, .txt; "": none
void pinna_caption_out_open(PinnaCaptionOut* out, const char* path);

/// Write what was put. Not realtime, any thread.
void pinna_caption_out_work(PinnaCaptionOut* out);

/// Write what was put and close the file. Not realtime; no audio thread uses it.
/// @param wants A file shall be there, even if nothing was said
void pinna_caption_out_finish(PinnaCaptionOut* out, bool wants);

#endif // PINNA_PLUGINS_COMMON_CAPTION_OUT_H
