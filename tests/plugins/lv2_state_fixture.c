// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/plugins/lv2_state_fixture.h"

#include "tests/plugins/lv2_fixture.h"

#include <lv2/atom/atom.h>
#include <lv2/presets/presets.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>

#include <string.h>

// Ports by symbol, as lilv asks for them

typedef struct {
  FixturePlugin* plugin;
  int            n_set;
} Target;

static LV2_URID
float_type(const FixturePlugin* const plugin) {
  const LV2_URID_Map* const map = (const LV2_URID_Map*)fixture_urid_map(plugin->fixture);
  return map->map(map->handle, LV2_ATOM__Float);
}

static const void*
get_port(const char* const symbol, void* const data, uint32_t* const size, uint32_t* const type) {
  FixturePlugin* const plugin = (FixturePlugin*)data;
  *size = sizeof(float);
  *type = float_type(plugin);
  return fixture_control(plugin, symbol);
}

static void
set_port(const char* const symbol, void* const data, const void* const value, const uint32_t size,
         const uint32_t type) {
  Target* const target = (Target*)data;
  if (type == float_type(target->plugin) && size == sizeof(float)) {
    memcpy(fixture_control(target->plugin, symbol), value, sizeof(float));
    ++target->n_set;
  }
}

LilvState*
fixture_save_state(FixturePlugin* const plugin) {
  LV2_URID_Map* const map = (LV2_URID_Map*)fixture_urid_map(plugin->fixture);
  return lilv_state_new_from_instance(plugin->plugin, plugin->instance, map, NULL, NULL, NULL, NULL,
                                      get_port, plugin, LV2_STATE_IS_POD, NULL);
}

void
fixture_restore_state(FixturePlugin* const plugin, const LilvState* const state) {
  Target target = {plugin, 0};
  lilv_state_restore(state, plugin->instance, set_port, &target, 0U, NULL);
}

int
fixture_apply_ports(FixturePlugin* const plugin, const LilvState* const state) {
  Target target = {plugin, 0};
  lilv_state_emit_port_values(state, set_port, &target);
  return target.n_set;
}

LilvNodes*
fixture_presets(const FixturePlugin* const plugin) {
  return lilv_plugin_get_related(plugin->plugin,
                                 fixture_node(plugin->fixture, LV2_PRESETS__Preset));
}

LilvState*
fixture_read_preset(const FixturePlugin* const plugin, const LilvNode* const preset) {
  LilvWorld* const world = fixture_world(plugin->fixture);
  lilv_world_load_resource(world, preset);
  return lilv_state_new_from_world(world, (LV2_URID_Map*)fixture_urid_map(plugin->fixture), preset);
}

int
fixture_apply_preset(FixturePlugin* const plugin, const LilvNode* const preset) {
  LilvState* const state = fixture_read_preset(plugin, preset);
  const int        n_set = state ? fixture_apply_ports(plugin, state) : -1;
  lilv_state_free(state);
  return n_set;
}
