// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_SCENE_H
#define PINNA_HOST_SCENE_H

#include "base/status.h"
#include "host/config.h"
#include "host/instance.h"
#include "host/world.h"

#include <stdbool.h>

// A configuration and the plugins that play its nodes; what of it survives a change of either

typedef struct {
  PinnaConfig*    config;      ///< Owned; its nodes' `bypass` is the present one
  bool*           file_bypass; ///< [n_nodes] as the file has it
  bool*           muted;       ///< [n_nodes] the guard was seen to mute it
  PinnaInstance** instances;   ///< [n_nodes] in order of nodes, or NULL before the rate is known
  bool            goes_on;     ///< A node that cannot be made gets a through path, see stand_in.h
} PinnaScene;

/// Take over `config` (also on failure). No plugins yet. @return NO_MEM
PinnaStatus pinna_scene_new(PinnaScene** scene, PinnaConfig* config, PinnaError* error);

/// Free with the plugins that `keep` (or NULL) does not play. NULL is allowed.
void pinna_scene_free(PinnaScene* scene, const PinnaScene* keep);

/// Make the plugins, set to preset and values; of `old` (or NULL) those with the same id, plugin
/// and preset are shared, unchanged until pinna_scene_adopt(). Control thread.
/// A node that cannot be made is a failure, unless the scene goes on without: then it is named in
/// the log and passed by. Not so if the file requires it, or if `old` has it and plays it.
/// @return The first failure; the error names every node that cannot be made and why. Then none
///         are made.
PinnaStatus pinna_scene_equip(PinnaScene* scene, PinnaWorld* world,
                              const PinnaInstanceConfig* settings, const PinnaScene* old,
                              PinnaError* error);

/// After `scene` has replaced `old`: give the shared plugins the values that the file changed
void pinna_scene_adopt(const PinnaScene* scene, const PinnaScene* old);

/// Make all plugins anew for other settings, and carry their state over. No audio thread runs.
/// @param keep Plugins that this other scene (or NULL) plays are not freed
PinnaStatus pinna_scene_move(PinnaScene* scene, PinnaWorld* world,
                             const PinnaInstanceConfig* settings, const PinnaScene* keep,
                             PinnaError* error);

/// Save the state of all nodes below the empty folder `dir`. Control thread, also while running.
/// @param older Folder of a former save, from which missing nodes' state is taken over, or NULL
PinnaStatus pinna_scene_save(const PinnaScene* scene, const char* dir, const char* older,
                             PinnaError* error);

/// Restore what fits: nodes of the same id, plugin and preset; then the values that the file has
/// changed since that state was saved. What does not fit is named in the log.
/// No audio thread runs them yet. @param old Only the nodes that this scene had missing; NULL: all
void pinna_scene_restore(const PinnaScene* scene, const PinnaScene* old, const char* dir);

/// Number of nodes that are passed by, and the first of them. @param first NULL, or receives an id
unsigned pinna_scene_n_missing(const PinnaScene* scene, const char** first);

/// Index of the node `id`. @return NOT_FOUND: the error names the nearest
PinnaStatus pinna_scene_find(const PinnaScene* scene, const char* id, unsigned* node,
                             PinnaError* error);

#endif // PINNA_HOST_SCENE_H
