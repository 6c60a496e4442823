// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_CAPTION_H
#define PINNA_PLUGINS_COMMON_CAPTION_H

#include "base/attributes.h"
#include "base/caption.h"
#include "plugins/common/event.h"

#include <lv2/urid/urid.h>

#include <stdbool.h>
#include <stdint.h>

// Captions into a plugin's event output, in the words of base/caption_uris.h

typedef struct {
  LV2_URID object;
  LV2_URID vector;
  LV2_URID integer;
  LV2_URID integer64;
  LV2_URID real;
  LV2_URID string;
  LV2_URID caption;
  LV2_URID kind;
  LV2_URID rate;
  LV2_URID segment;
  LV2_URID start;
  LV2_URID end;
  LV2_URID stable;
  LV2_URID text;
  LV2_URID word_times;
  LV2_URID word_texts;
  LV2_URID word_log_probs;
} PinnaCaptionUrids;

/// Look up the URIDs. `map` may be NULL: then nothing is sent. Not realtime.
void pinna_caption_map(PinnaCaptionUrids* urids, const LV2_URID_Map* map);

/// Send a caption. Realtime, in the order of frames.
/// @param control Index in the table of controls, a PINNA_EVENT_OUT
/// @param frame   In the chunk
/// @param caption Positions in samples of the plugin's own rate since activation
/// @return False if nobody listens, or the host's buffer is full: the caption is lost
bool pinna_caption_send(PinnaEvents* events, uint32_t control, uint32_t frame,
                        const PinnaCaptionUrids* urids, const PinnaCaption* caption) PINNA_RT;

#endif // PINNA_PLUGINS_COMMON_CAPTION_H
