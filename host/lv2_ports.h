// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_LV2_PORTS_H
#define PINNA_HOST_LV2_PORTS_H

#include "base/attributes.h"
#include "base/status.h"
#include "host/instance.h"

// What lilv knows of a plugin's ports, as the host uses it

struct PinnaInstanceImpl;

/// Allocate and fill `ports` and the index lists of an instance whose world, plugin and
/// configuration are set. On failure pinna_ports_free() is still due. Control thread.
/// @return UNSUPPORTED: names the port of a class that the host cannot serve; NO_MEM
PinnaStatus pinna_ports_describe(struct PinnaInstanceImpl* instance, PinnaError* error);

/// Free what pinna_ports_describe() allocated
void pinna_ports_free(struct PinnaInstanceImpl* instance);

/// Nearest value that a control may have: within range, whole, or one of the points. NaN for NaN.
/// Realtime.
float pinna_ports_clamp(const PinnaPortInfo* info, float value) PINNA_RT;

#endif // PINNA_HOST_LV2_PORTS_H
