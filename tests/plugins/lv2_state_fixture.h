// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_PLUGINS_LV2_STATE_FIXTURE_H
#define PINNA_TESTS_PLUGINS_LV2_STATE_FIXTURE_H

#include "tests/plugins/lv2_fixture.h"

#include <lilv/lilv.h>

// State and presets of a fixture's plugins

/// All that a plugin keeps: ports and properties. Free with lilv_state_free().
LilvState* fixture_save_state(FixturePlugin* plugin);

/// Give both back to this or another instance
void fixture_restore_state(FixturePlugin* plugin, const LilvState* state);

/// Set the ports that a state names. Returns how many.
int fixture_apply_ports(FixturePlugin* plugin, const LilvState* state);

/// Presets that apply to the plugin. Free with lilv_nodes_free().
LilvNodes* fixture_presets(const FixturePlugin* plugin);

/// A preset as a state, NULL if it does not load. Free with lilv_state_free().
LilvState* fixture_read_preset(const FixturePlugin* plugin, const LilvNode* preset);

/// Set the ports that a preset names. Returns how many, -1 if it does not load.
int fixture_apply_preset(FixturePlugin* plugin, const LilvNode* preset);

#endif // PINNA_TESTS_PLUGINS_LV2_STATE_FIXTURE_H
