// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_JACK_CONNECT_H
#define PINNA_HOST_JACK_CONNECT_H

#include "base/status.h"
#include "host/backend_jack_impl.h"

// Connections as desired state: wished by name or pattern, made when possible, never cut

/// Copy the wishes of a configuration. @return NO_MEM
PinnaStatus pinna_jack_wishes_copy(PinnaBackendJack* jack, const PinnaBackendConfig* config);

void pinna_jack_wishes_free(PinnaBackendJack* jack);

/// Make the wished connections that are missing and whose ports exist. Control thread, active
/// client.
void pinna_jack_heal(PinnaBackendJack* jack);

/// Cut all of our connections, so that the server does not repeat our last block. Control thread.
void pinna_jack_disconnect(PinnaBackendJack* jack);

/// Ask to be told (in `ports_moved`) when others' ports or connections change, and for our latency.
/// Before activation.
void pinna_jack_watch(PinnaBackendJack* jack);

#endif // PINNA_HOST_JACK_CONNECT_H
