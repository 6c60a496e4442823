// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/transport.h"

#include <lv2/time/time.h>

// Looks up what a position is made of

void
pinna_transport_map(PinnaTransportUrids* const urids, const LV2_URID_Map* const map) {
  const struct {
    LV2_URID*   urid;
    const char* uri;
  } all[] = {
      {&urids->object, LV2_ATOM__Object},     {&urids->blank, LV2_ATOM__Blank},
      {&urids->position, LV2_TIME__Position}, {&urids->frame, LV2_TIME__frame},
      {&urids->speed, LV2_TIME__speed},       {&urids->type_long, LV2_ATOM__Long},
      {&urids->type_float, LV2_ATOM__Float},
  };
  for (unsigned i = 0U; i < sizeof(all) / sizeof(all[0]); ++i) {
    *all[i].urid = map ? map->map(map->handle, all[i].uri) : 0U;
  }
}
