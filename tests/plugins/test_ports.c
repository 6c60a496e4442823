// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/shell.h"
#include "tests/plugins/lv2_fixture.h"
#include "tests/tap.h"

#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/port-props/port-props.h>
#include <lv2/units/units.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Every plugin's Turtle, as lilv reads it, says what the plugin's own table of ports says

#define UNIT_PREFIX LV2_UNITS_PREFIX

static const char* const unit_uris[PINNA_N_UNITS] = {
    [PINNA_UNIT_DB] = UNIT_PREFIX "db",
    [PINNA_UNIT_HZ] = UNIT_PREFIX "hz",
    [PINNA_UNIT_FRAME] = UNIT_PREFIX "frame",
    [PINNA_UNIT_MS] = UNIT_PREFIX "ms",
    [PINNA_UNIT_S] = UNIT_PREFIX "s",
    [PINNA_UNIT_PC] = UNIT_PREFIX "pc",
    [PINNA_UNIT_CENT] = UNIT_PREFIX "cent",
    [PINNA_UNIT_DEGREE] = UNIT_PREFIX "degree",
    [PINNA_UNIT_MM] = UNIT_PREFIX "mm",
    [PINNA_UNIT_COEF] = UNIT_PREFIX "coef",
    [PINNA_UNIT_SEMITONE] = UNIT_PREFIX "semitone12TET",
    [PINNA_UNIT_BPM] = UNIT_PREFIX "bpm",
};

static bool
has_property(const FixturePlugin* const p, const LilvPort* const port, const char* const uri) {
  return lilv_port_has_property(p->plugin, port, fixture_node(p->fixture, uri));
}

/// Name of the first thing that differs, NULL if nothing does
static const char*
compare_flags(const FixturePlugin* const p, const LilvPort* const port,
              const PinnaPort* const row) {
  static const struct {
    unsigned    flags;
    const char* uri;
  } properties[] = {
      {PINNA_TOGGLED, LV2_CORE__toggled},
      {PINNA_INTEGER | PINNA_ENUMERATION, LV2_CORE__integer},
      {PINNA_ENUMERATION, LV2_CORE__enumeration},
      {PINNA_LOGARITHMIC, LV2_PORT_PROPS__logarithmic},
      {PINNA_NOT_AUTOMATIC, LV2_PORT_PROPS_PREFIX "notAutomatic"},
      {PINNA_NOT_ON_GUI, LV2_PORT_PROPS__notOnGUI},
      {PINNA_TRIGGER, LV2_PORT_PROPS__trigger},
  };
  for (size_t i = 0U; i < PINNA_COUNT(properties); ++i) {
    if (has_property(p, port, properties[i].uri) != !!(row->flags & properties[i].flags)) {
      return properties[i].uri;
    }
  }
  return NULL;
}

static const char*
compare_range(const FixturePlugin* const p, const LilvPort* const port,
              const PinnaPort* const row) {
  LilvNode* nodes[3];
  float     values[3];
  lilv_port_get_range(p->plugin, port, &nodes[0], &nodes[1], &nodes[2]);
  for (int i = 0; i < 3; ++i) {
    values[i] = nodes[i] ? lilv_node_as_float(nodes[i]) : NAN;
    lilv_node_free(nodes[i]);
  }
  if (row->kind == PINNA_CONTROL_IN && !(values[0] == row->def)) {
    return "lv2:default";
  }
  return !(values[1] == row->min) ? "lv2:minimum" : !(values[2] == row->max) ? "lv2:maximum" : NULL;
}

static const char*
compare_points(const FixturePlugin* const p, const LilvPort* const port,
               const PinnaPort* const row) {
  LilvScalePoints* const points = lilv_port_get_scale_points(p->plugin, port);
  unsigned               n = 0U;
  unsigned               n_same = 0U;
  for (; row->points && row->points[n].label; ++n) {
    LILV_FOREACH(scale_points, i, points) {
      const LilvScalePoint* const point = lilv_scale_points_get(points, i);
      n_same +=
          lilv_node_as_float(lilv_scale_point_get_value(point)) == row->points[n].value &&
          !strcmp(lilv_node_as_string(lilv_scale_point_get_label(point)), row->points[n].label);
    }
  }
  const bool same = n == n_same && n == lilv_scale_points_size(points);
  lilv_scale_points_free(points);
  return same ? NULL : "lv2:scalePoint";
}

static const char*
compare_unit(const FixturePlugin* const p, const LilvPort* const port, const PinnaPort* const row) {
  LilvNode* const unit = lilv_port_get(p->plugin, port, fixture_node(p->fixture, LV2_UNITS__unit));
  const char* const want = unit_uris[row->unit];
  const bool        same = !row->unit ? !unit
                           : want     ? unit && !strcmp(lilv_node_as_string(unit), want)
                                      : unit && lilv_node_is_blank(unit);
  lilv_node_free(unit);
  return same ? NULL : "units:unit";
}

static const char*
compare_port(const FixturePlugin* const p, const uint32_t index, const PinnaPort* const row) {
  static const char* const roles[PINNA_N_ROLES] = {[PINNA_ROLE_ENABLED] = LV2_CORE__enabled,
                                                   [PINNA_ROLE_LATENCY] = LV2_CORE__latency,
                                                   [PINNA_ROLE_FREEWHEEL] = LV2_CORE__freeWheeling};
  const LilvPort* const    port = lilv_plugin_get_port_by_index(p->plugin, index);
  const bool               is_in =
      row->kind == PINNA_AUDIO_IN || row->kind == PINNA_CONTROL_IN || row->kind == PINNA_EVENT_IN;
  const bool      event = row->kind == PINNA_EVENT_IN || row->kind == PINNA_EVENT_OUT;
  const bool      audio = row->kind == PINNA_AUDIO_IN || row->kind == PINNA_AUDIO_OUT;
  LilvNode* const name = lilv_port_get_name(p->plugin, port);
  const bool      renamed = strcmp(lilv_node_as_string(name), row->name) != 0;
  const char*     differs = NULL;

  lilv_node_free(name);
  if (strcmp(lilv_node_as_string(lilv_port_get_symbol(p->plugin, port)), row->symbol) != 0) {
    return "lv2:symbol";
  }
  if (renamed) {
    return "lv2:name";
  }
  if (!lilv_port_is_a(
          p->plugin, port,
          fixture_node(p->fixture, is_in ? LV2_CORE__InputPort : LV2_CORE__OutputPort)) ||
      !lilv_port_is_a(p->plugin, port,
                      fixture_node(p->fixture, audio   ? LV2_CORE__AudioPort
                                               : event ? LV2_ATOM__AtomPort
                                                       : LV2_CORE__ControlPort))) {
    return "class";
  }
  if (audio || event) {
    return NULL;
  }
  if (roles[row->role]) {
    const LilvPort* const designated = lilv_plugin_get_port_by_designation(
        p->plugin, fixture_node(p->fixture, is_in ? LV2_CORE__InputPort : LV2_CORE__OutputPort),
        fixture_node(p->fixture, roles[row->role]));
    if (designated != port) {
      return "lv2:designation";
    }
  }
  (void)((differs = compare_range(p, port, row)) || (differs = compare_flags(p, port, row)) ||
         (differs = compare_unit(p, port, row)) || (differs = compare_points(p, port, row)));
  return differs;
}

/// What is wrong with a row of the table itself, or NULL
static const char*
judge_row(const PinnaPort* const row) {
  if (strlen(row->name) > 16U) {
    return "its name is longer than 16 characters";
  }
  if (row->kind != PINNA_CONTROL_IN && row->kind != PINNA_CONTROL_OUT) {
    return NULL;
  }
  if (!(row->min < row->max) || row->def < row->min || row->def > row->max) {
    return "its default is outside its range";
  }
  if (!row->unit && !(row->flags & (PINNA_TOGGLED | PINNA_ENUMERATION | PINNA_INTEGER))) {
    return "it has neither unit nor toggle nor enumeration";
  }
  if ((row->flags & PINNA_ENUMERATION) && !row->points) {
    return "it is an enumeration without scale points";
  }
  if ((row->flags & PINNA_LOGARITHMIC) && !(row->min > 0.0f)) {
    return "it is logarithmic and begins at zero";
  }
  return NULL;
}

static void
check_plugin(Fixture* const fixture, const char* const uri) {
  FixturePlugin* const p = fixture_load(fixture, uri, 48000.0);
  if (!tap_ok(p && p->variant, "%s loads and shows its table of ports", uri)) {
    return;
  }

  const uint32_t n_audio = p->variant->n_in + p->variant->n_out;
  tap_int(p->n_ports, n_audio + p->info->n_controls, "%s has as many ports as its table", uri);
  for (uint32_t i = 0U; i < n_audio + p->info->n_controls && i < p->n_ports; ++i) {
    const PinnaPort* const row =
        i < n_audio ? &p->variant->audio[i] : &p->info->controls[i - n_audio];
    const char* const differs = compare_port(p, i, row);
    const char* const wrong = judge_row(row);
    tap_ok(!differs && !wrong, "%s port %s: %s", uri, row->symbol,
           differs ? differs
           : wrong ? wrong
                   : "Turtle and table agree");
    for (uint32_t j = 0U; j < i; ++j) {
      const PinnaPort* const other =
          j < n_audio ? &p->variant->audio[j] : &p->info->controls[j - n_audio];
      if (!strcmp(other->symbol, row->symbol) || !strcmp(other->name, row->name)) {
        tap_ok(false, "%s ports %s and %s differ in symbol and name", uri, other->symbol,
               row->symbol);
      }
    }
  }

  tap_ok(lilv_plugin_has_feature(p->plugin, fixture_node(fixture, LV2_CORE__hardRTCapable)),
         "%s is hardRTCapable", uri);
  tap_ok(!lilv_plugin_has_feature(p->plugin, fixture_node(fixture, LV2_CORE__inPlaceBroken)),
         "%s works in place", uri);
  tap_ok(lilv_plugin_has_latency(p->plugin), "%s reports its latency", uri);
  LilvNodes* const required = lilv_plugin_get_required_features(p->plugin);
  tap_int(lilv_nodes_size(required), 0, "%s requires no feature", uri);
  lilv_nodes_free(required);
  tap_ok(lilv_plugin_verify(p->plugin), "%s has what a plugin must have", uri);
  fixture_free(p);
}

int
main(void) {
  return fixture_try_all(check_plugin);
}
