// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/caption.h"

#include "base/caption_uris.h"

#include <lv2/atom/atom.h>

// The vocabulary's numbers

void
pinna_caption_map(PinnaCaptionUrids* const urids, const LV2_URID_Map* const map) {
  const struct {
    LV2_URID*   urid;
    const char* uri;
  } all[] = {
      {&urids->object, LV2_ATOM__Object},
      {&urids->vector, LV2_ATOM__Vector},
      {&urids->integer, LV2_ATOM__Int},
      {&urids->integer64, LV2_ATOM__Long},
      {&urids->real, LV2_ATOM__Float},
      {&urids->string, LV2_ATOM__String},
      {&urids->caption, PINNA_CAPTION__Caption},
      {&urids->kind, PINNA_CAPTION__kind},
      {&urids->rate, PINNA_CAPTION__rate},
      {&urids->segment, PINNA_CAPTION__segment},
      {&urids->start, PINNA_CAPTION__start},
      {&urids->end, PINNA_CAPTION__end},
      {&urids->stable, PINNA_CAPTION__stable},
      {&urids->text, PINNA_CAPTION__text},
      {&urids->word_times, PINNA_CAPTION__wordTimes},
      {&urids->word_texts, PINNA_CAPTION__wordTexts},
      {&urids->word_log_probs, PINNA_CAPTION__wordLogProbs},
  };
  for (unsigned i = 0U; i < sizeof(all) / sizeof(all[0]); ++i) {
    *all[i].urid = map ? map->map(map->handle, all[i].uri) : 0U;
  }
}
