// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_STAND_IN_H
#define PINNA_HOST_STAND_IN_H

#include "base/status.h"
#include "host/config.h"
#include "host/instance.h"

#include <stdint.h>

// A through path in the place of a plugin that cannot be made, so that the rest goes on

/// An instance without plugin: no controls, no latency, each input goes to the output of its number
/// (a single one to all). It has no channels until pinna_stand_in_fit(). Control thread.
/// @param uri    Of the plugin that is missing, copied
/// @param reason Why it is, copied
/// @return NO_MEM
PINNA_API PinnaStatus pinna_stand_in_new(PinnaInstance** instance, const char* uri,
                                         const char* reason, PinnaError* error);

/// Why a plugin is missing, or NULL if the instance is the plugin. Any thread.
PINNA_API const char* pinna_stand_in_reason(const PinnaInstance* instance);

/// Give all stand-ins as many channels as the wires ask for; others are left alone. The same
/// configuration gives the same channels, so that it may be called again while they run.
/// Control thread.
/// @param instances [config->n_nodes] in order of nodes
PINNA_API void pinna_stand_in_fit(const PinnaConfig* config, PinnaInstance* const* instances,
                                  uint32_t n_inputs, uint32_t n_outputs);

#endif // PINNA_HOST_STAND_IN_H
