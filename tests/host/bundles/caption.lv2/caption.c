// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/caption.h"
#include "plugins/common/caption.h"
#include "plugins/common/event.h"
#include "tests/host/bundles/plugin.h"

#include <stdio.h>

// Passes sound on, and every tenth of a second says which one it was, first as a partial caption;
// each fifth is a gap

typedef struct {
  Ports              ports;
  PinnaEvents        events;
  uint32_t           out_at;
  LV2_Atom_Sequence* buffers[3];
  uint32_t           capacity[3];
  PinnaCaptionUrids  urids;
  PinnaCaption       caption;
  uint32_t           rate;
  uint64_t           at;
} Speaker;

static LV2_Handle
make(const LV2_Descriptor* const d, const double rate, const char* const path,
     const LV2_Feature* const* const features) {
  (void)d;
  (void)path;
  Speaker* const            speaker = (Speaker*)calloc(1U, sizeof(Speaker));
  const LV2_URID_Map* const map = (const LV2_URID_Map*)feature(features, LV2_URID__map);
  pinna_event_map(&speaker->events, map);
  pinna_caption_map(&speaker->urids, map);
  speaker->rate = (uint32_t)rate;
  speaker->out_at = 2U;
  speaker->events.buffers = speaker->buffers;
  speaker->events.capacity = speaker->capacity;
  speaker->events.out_at = &speaker->out_at;
  speaker->events.n_out = 1U;
  return speaker;
}

static void
start(const LV2_Handle handle) {
  ((Speaker*)handle)->at = 0U;
}

/// What tenth number n says
static void
say(Speaker* const speaker, const uint64_t n, const uint32_t frame) {
  const uint32_t      tenth = speaker->rate / 10U;
  PinnaCaption* const caption = &speaker->caption;
  *caption = (PinnaCaption){.kind = n % 5U == 4U ? PINNA_CAPTION_GAP : PINNA_CAPTION_PARTIAL,
                            .rate = speaker->rate,
                            .segment = n % 5U == 4U ? 0U : n + 1U,
                            .start = n * tenth,
                            .end = (n + 1U) * tenth};
  if (caption->kind == PINNA_CAPTION_GAP) {
    pinna_caption_send(&speaker->events, 2U, frame, &speaker->urids, caption);
    return;
  }
  caption->n_text =
      (uint32_t)snprintf(caption->text, sizeof(caption->text), "t\xC3\xA9nth <%u>", (unsigned)n);
  caption->n_stable = 6U;
  caption->n_words = 2U;
  caption->words[0] =
      (PinnaCaptionWord){caption->start, caption->start + tenth / 2U, -0.5F, 0U, 6U};
  caption->words[1] = (PinnaCaptionWord){caption->start + tenth / 2U, caption->end, -0.25F, 7U,
                                         (uint16_t)(caption->n_text - 7U)};
  pinna_caption_send(&speaker->events, 2U, frame, &speaker->urids, caption);
  caption->kind = PINNA_CAPTION_FINAL;
  caption->n_stable = caption->n_text;
  pinna_caption_send(&speaker->events, 2U, frame, &speaker->urids, caption);
}

static void
run(const LV2_Handle handle, const uint32_t n) {
  Speaker* const speaker = (Speaker*)handle;
  const uint32_t tenth = speaker->rate / 10U;
  memmove(audio(handle, 1U), audio(handle, 0U), n * sizeof(float));
  speaker->buffers[2] = (LV2_Atom_Sequence*)speaker->ports.ports[2];
  pinna_event_begin(&speaker->events);
  for (uint32_t i = 0U; i < n; ++i) {
    if (++speaker->at % tenth == 0U) {
      say(speaker, speaker->at / tenth - 1U, i);
    }
  }
}

TEST_PLUGIN("caption", make, start, run, free, NULL)
