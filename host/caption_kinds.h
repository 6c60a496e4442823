// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_CAPTION_KINDS_H
#define PINNA_HOST_CAPTION_KINDS_H

#include "base/attributes.h"
#include "base/caption_sink.h"
#include "base/status.h"

#include <stdbool.h>

// All kinds of sinks that the host knows: files, the terminal, OSC
//
// A terminal shows partial captions anyway, and `out` may be one other than standard output; osc
// wants a URL (osc.udp://host:port/path), and sends partial captions if it is asked to.

extern const PinnaCaptionKindOf pinna_caption_terminal;
extern const PinnaCaptionKindOf pinna_caption_osc;

/// Names of the kinds, NULL at the end
PINNA_API extern const char* const pinna_caption_kinds[];

/// Whether a kind wants a file, or a URL
PINNA_API bool pinna_caption_kind_wants_file(const char* kind);
PINNA_API bool pinna_caption_kind_wants_url(const char* kind);

/// Open a sink of any of these kinds; its troubles go to the log.
/// @return As pinna_caption_sink_open(), and UNSUPPORTED (built without OSC)
PINNA_API PinnaStatus pinna_caption_kinds_open(PinnaCaptionSink**            sink,
                                               const PinnaCaptionSinkConfig* config,
                                               PinnaError*                   error);

#endif // PINNA_HOST_CAPTION_KINDS_H
