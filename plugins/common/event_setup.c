// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/event.h"

#include <lv2/patch/patch.h>

// Looks up what events are made of

void
pinna_event_map(PinnaEvents* const events, const LV2_URID_Map* const map) {
  if (map) {
    events->sequence = map->map(map->handle, LV2_ATOM__Sequence);
    events->floats = map->map(map->handle, LV2_ATOM__Float);
    events->object = map->map(map->handle, LV2_ATOM__Object);
    events->urid = map->map(map->handle, LV2_ATOM__URID);
    events->vector = map->map(map->handle, LV2_ATOM__Vector);
    events->set = map->map(map->handle, LV2_PATCH__Set);
    events->property = map->map(map->handle, LV2_PATCH__property);
    events->value = map->map(map->handle, LV2_PATCH__value);
  }
}
