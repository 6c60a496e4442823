// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_LV2_EVENTS_H
#define PINNA_HOST_LV2_EVENTS_H

#include "base/attributes.h"

// Atom events between the control thread's queues and the plugin's sequence ports

struct PinnaInstanceImpl;

/// Before a run: queued events become the inputs' sequences at frame 0, outputs are made empty.
/// Audio thread, realtime.
void pinna_events_begin(struct PinnaInstanceImpl* instance) PINNA_RT;

/// After a run that began `instance->n_frames` frames after activation: queue what the plugin
/// wrote. When the queue is full, events are dropped. Audio thread, realtime.
void pinna_events_end(struct PinnaInstanceImpl* instance) PINNA_RT;

#endif // PINNA_HOST_LV2_EVENTS_H
