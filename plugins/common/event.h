// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_EVENT_H
#define PINNA_PLUGINS_COMMON_EVENT_H

#include "base/attributes.h"
#include "plugins/common/port.h"

#include <lv2/atom/atom.h>
#include <lv2/urid/urid.h>

#include <stdbool.h>
#include <stdint.h>

// Events of a plugin's atom ports: those that came in, and vectors of floats to send out

/// The ports of one instance and what is needed to write them; the shell fills it
typedef struct {
  LV2_Atom_Sequence**
            buffers;  ///< What the host connected [n_controls], NULL where it is no event port
  uint32_t* capacity; ///< Bytes that an output's atom may have [n_controls]
  uint32_t* out_at;   ///< Which controls are event outputs [n_out]
  uint32_t  n_out;
  uint32_t  first;    ///< Frame of the run at which this chunk begins
  uint32_t  n_frames; ///< Of this chunk
  bool      last;     ///< No further chunk in this run
  LV2_URID  sequence; ///< 0: the host maps no URIs, and no event is sent
  LV2_URID  floats;
  LV2_URID  object;
  LV2_URID  urid;
  LV2_URID  vector;
  LV2_URID  set;
  LV2_URID  property;
  LV2_URID  value;
} PinnaEvents;

/// Look up the URIDs. `map` may be NULL. Not realtime.
void pinna_event_map(PinnaEvents* events, const LV2_URID_Map* map);

/// Begin a run: outputs are emptied. Realtime.
void pinna_event_begin(PinnaEvents* events) PINNA_RT;

/// The event after `previous` (NULL: the first) that falls into this chunk. Realtime.
/// @param control Index in the table of controls, a PINNA_EVENT_IN
/// @param frame   Receives its frame in the chunk, 0 to n_frames - 1
/// @return NULL: no more
const LV2_Atom_Event* pinna_event_next(const PinnaEvents* events, uint32_t control,
                                       const LV2_Atom_Event* previous, uint32_t* frame) PINNA_RT;

/// Send a patch:Set whose patch:property is `property` and whose patch:value is an atom:Vector of
/// atom:Float. Realtime, in the order of frames.
/// @param control Index in the table of controls, a PINNA_EVENT_OUT
/// @param frame   In the chunk
/// @param values  [n]
/// @return False if nobody listens, or the host's buffer is full: the event is lost
bool pinna_event_send(PinnaEvents* events, uint32_t control, uint32_t frame, LV2_URID property,
                      const float* values, uint32_t n) PINNA_RT;

/// The floats of such a patch:Set that came in. Realtime.
/// @param event From pinna_event_next()
/// @param n     Receives how many there are
/// @return NULL: it is something else
const float* pinna_event_floats(const PinnaEvents* events, const LV2_Atom_Event* event,
                                LV2_URID property, uint32_t* n) PINNA_RT;

#endif // PINNA_PLUGINS_COMMON_EVENT_H
