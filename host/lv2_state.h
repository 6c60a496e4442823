// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_LV2_STATE_H
#define PINNA_HOST_LV2_STATE_H

#include "base/status.h"

#include <lilv/lilv.h>
#include <lv2/state/state.h>

// LV2 state: control values and what a plugin keeps besides, to and from folders

struct PinnaInstanceImpl;

/// Control values of `state` only, clamped
void pinna_state_apply_values(struct PinnaInstanceImpl* instance, const LilvState* state);

/// Everything in `state`, which must be of this plugin. Pauses the plugin if it cannot be restored
/// while it runs. Control thread.
/// @return BUSY: the audio thread did not leave the plugin within 5 s
PinnaStatus pinna_state_apply(struct PinnaInstanceImpl* instance, const LilvState* state,
                              PinnaError* error);

/// Features to save and restore with, beside those that lilv adds: at most PINNA_MAX_FEATURES and a
/// final NULL. @return their number
uint32_t pinna_state_features(const struct PinnaInstanceImpl* instance, const LV2_Feature** list);

/// The default state of plugins that ask for state:loadDefaultState
void pinna_state_load_default(struct PinnaInstanceImpl* instance);

/// state:makePath for use at any time: a file in a folder of the instance's own, removed with it
char* pinna_state_make_path(LV2_State_Make_Path_Handle handle, const char* path);

/// Remove that folder
void pinna_state_clean_up(struct PinnaInstanceImpl* instance);

#endif // PINNA_HOST_LV2_STATE_H
