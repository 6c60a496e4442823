// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/transport.h"

#include <lv2/atom/util.h>

#include <math.h>

// Reads a time:Position

bool
pinna_transport_read(const PinnaTransportUrids* const urids, const LV2_Atom_Event* const event,
                     PinnaTransport* const transport) {
  const LV2_Atom_Object* const object = (const LV2_Atom_Object*)(const void*)&event->body;
  const LV2_Atom*              frame = NULL;
  const LV2_Atom*              speed = NULL;
  if (!urids->position ||
      (object->atom.type != urids->object && object->atom.type != urids->blank) ||
      object->atom.size < sizeof(object->body) || object->body.otype != urids->position) {
    return false;
  }
  lv2_atom_object_get(object, urids->frame, &frame, urids->speed, &speed, 0);
  if (!frame || frame->type != urids->type_long || !speed || speed->type != urids->type_float) {
    return false;
  }
  const float pace = ((const LV2_Atom_Float*)(const void*)speed)->body;
  transport->frame = ((const LV2_Atom_Long*)(const void*)frame)->body;
  transport->rolls = fabsf(pace - 1.0f) < 0.01f;
  return true;
}
