// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/caption_kinds.h"

#include "base/caption_sink_impl.h"
#include "host/log.h"

#include <string.h>

// Which kinds there are, and where their troubles are told

static const PinnaCaptionKindOf* const more[] = {&pinna_caption_terminal, &pinna_caption_osc, NULL};

const char* const pinna_caption_kinds[] = {"terminal", "txt", "jsonl", "srt", "vtt", "osc", NULL};

bool
pinna_caption_kind_wants_file(const char* const kind) {
  for (int i = 0; more[i]; ++i) {
    if (!strcmp(kind, more[i]->name)) {
      return more[i]->wants_file;
    }
  }
  return true;
}

bool
pinna_caption_kind_wants_url(const char* const kind) {
  return !strcmp(kind, pinna_caption_osc.name);
}

static void
say(void* const handle, const bool good, const char* const text) {
  (void)handle;
  pinna_log(good ? PINNA_LOG_NOTICE : PINNA_LOG_WARNING, "%s", text);
}

PinnaStatus
pinna_caption_kinds_open(PinnaCaptionSink** const sink, const PinnaCaptionSinkConfig* const config,
                         PinnaError* const error) {
  PinnaCaptionSinkConfig complete = *config;
  complete.more = more;
  complete.say = say;
  return pinna_caption_sink_open(sink, &complete, error);
}
