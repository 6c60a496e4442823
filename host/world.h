// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_WORLD_H
#define PINNA_HOST_WORLD_H

#include "base/attributes.h"
#include "base/status.h"

#include <lilv/lilv.h>
#include <lv2/urid/urid.h>
#include <stdint.h>

// All installed LV2 plugins, and the URI numbers that the host and its plugins share

typedef struct PinnaWorldImpl PinnaWorld;

/// Load every bundle on LV2_PATH (or the system's default), plus the folder of Pinna's own bundles
/// beside the running program (`lv2` in the build folder). Not realtime.
/// @return NO_MEM, IO
PINNA_API PinnaStatus pinna_world_new(PinnaWorld** world, PinnaError* error);

/// Free. NULL is allowed. All instances must be gone.
PINNA_API void pinna_world_free(PinnaWorld* world);

/// Load the bundles that were installed since. Control thread.
PINNA_API void pinna_world_look_again(PinnaWorld* world);

/// The lilv world, for queries. Owned by `world`.
PINNA_API LilvWorld* pinna_world_lilv(PinnaWorld* world);

/// A plugin by URI. Control thread.
/// @return NULL if absent: the error names the URI, the nearest installed URIs and the search path
PINNA_API const LilvPlugin* pinna_world_plugin(PinnaWorld* world, const char* uri,
                                               PinnaError* error);

/// Number of a URI, never 0. Any non-realtime thread (locks).
PINNA_API LV2_URID pinna_world_map(PinnaWorld* world, const char* uri);

/// URI of a number, or NULL. Any non-realtime thread (locks).
PINNA_API const char* pinna_world_unmap(PinnaWorld* world, LV2_URID urid);

/// The map and unmap features to give to plugins; live as long as `world`
PINNA_API LV2_URID_Map*   pinna_world_urid_map(PinnaWorld* world);
PINNA_API LV2_URID_Unmap* pinna_world_urid_unmap(PinnaWorld* world);

#endif // PINNA_HOST_WORLD_H
