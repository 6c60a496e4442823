// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_STATE_H
#define PINNA_PLUGINS_COMMON_STATE_H

#include <lv2/state/state.h>

// A block's numbers in the host's state: PinnaPlugin.state by LV2's rules, portable and thread-safe

/// What extension_data(LV2_STATE__interface) returns
extern const LV2_State_Interface pinna_state_interface;

#endif // PINNA_PLUGINS_COMMON_STATE_H
