// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_TRANSPORT_H
#define PINNA_PLUGINS_COMMON_TRANSPORT_H

#include "base/attributes.h"

#include <lv2/atom/atom.h>
#include <lv2/urid/urid.h>

#include <stdbool.h>
#include <stdint.h>

// The host's transport, as far as it tells: time:Position among the events of a control port

typedef struct {
  LV2_URID object;
  LV2_URID blank; ///< What older hosts send instead
  LV2_URID position;
  LV2_URID frame;
  LV2_URID speed;
  LV2_URID type_long;
  LV2_URID type_float;
} PinnaTransportUrids;

typedef struct {
  int64_t frame; ///< Of the timeline
  bool    rolls; ///< Forwards, at about the right speed
} PinnaTransport;

/// Look up the URIDs. `map` may be NULL: then nothing is understood. Not realtime.
void pinna_transport_map(PinnaTransportUrids* urids, const LV2_URID_Map* map);

/// Read a position with its speed. Realtime. @return False: it is something else
bool pinna_transport_read(const PinnaTransportUrids* urids, const LV2_Atom_Event* event,
                          PinnaTransport* transport) PINNA_RT;

#endif // PINNA_PLUGINS_COMMON_TRANSPORT_H
