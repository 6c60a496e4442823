// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/lv2_ports.h"

#include "host/instance_impl.h"

#include <lv2/atom/atom.h>
#include <lv2/buf-size/buf-size.h>
#include <lv2/core/lv2.h>
#include <lv2/midi/midi.h>
#include <lv2/patch/patch.h>
#include <lv2/port-groups/port-groups.h>
#include <lv2/port-props/port-props.h>
#include <lv2/resize-port/resize-port.h>
#include <lv2/units/units.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// Port descriptions from a plugin's data

enum { MIN_SEQUENCE = 32768, MAX_SEQUENCE = 1 << 24 };

typedef struct {
  struct PinnaInstanceImpl* instance;
  LilvWorld*                world;
  const LilvPlugin*         plugin;
  const LilvPort*           port;
} Query;

static bool
is_a(const Query* const query, const char* const uri) {
  LilvNode* const node = lilv_new_uri(query->world, uri);
  const bool      yes = lilv_port_is_a(query->plugin, query->port, node);
  lilv_node_free(node);
  return yes;
}

static bool
has(const Query* const query, const char* const uri) {
  LilvNode* const node = lilv_new_uri(query->world, uri);
  const bool      yes = lilv_port_has_property(query->plugin, query->port, node);
  lilv_node_free(node);
  return yes;
}

static bool
supports(const Query* const query, const char* const uri) {
  LilvNode* const node = lilv_new_uri(query->world, uri);
  const bool      yes = lilv_port_supports_event(query->plugin, query->port, node);
  lilv_node_free(node);
  return yes;
}

/// First object of `predicate` on the port; to be freed
static LilvNode*
get(const Query* const query, const char* const predicate) {
  LilvNode* const node = lilv_new_uri(query->world, predicate);
  LilvNode* const value = lilv_port_get(query->plugin, query->port, node);
  lilv_node_free(node);
  return value;
}

static LilvNode*
get_of(const Query* const query, const LilvNode* const subject, const char* const predicate) {
  LilvNode* const node = lilv_new_uri(query->world, predicate);
  LilvNode* const value = lilv_world_get(query->world, subject, node, NULL);
  lilv_node_free(node);
  return value;
}

static bool
is_designated(const Query* const query, const char* const uri) {
  LilvNode* const value = get(query, LV2_CORE__designation);
  const bool      yes = value && lilv_node_is_uri(value) && !strcmp(lilv_node_as_uri(value), uri);
  lilv_node_free(value);
  return yes;
}

static bool
is_sidechain(const Query* const query) {
  LilvNode* const group = get(query, LV2_PORT_GROUPS__group);
  LilvNode* const of = group ? get_of(query, group, LV2_PORT_GROUPS__sideChainOf) : NULL;
  const bool      yes = of || has(query, LV2_CORE_PREFIX "isSideChain");
  lilv_node_free(of);
  lilv_node_free(group);
  return yes;
}

static char*
unit_of(const Query* const query) {
  static const struct {
    const char* uri;
    const char* symbol;
  } known[] = {
      {LV2_UNITS__db, "dB"},   {LV2_UNITS__hz, "Hz"},      {LV2_UNITS__khz, "kHz"},
      {LV2_UNITS__ms, "ms"},   {LV2_UNITS__s, "s"},        {LV2_UNITS__pc, "%"},
      {LV2_UNITS__coef, ""},   {LV2_UNITS__cent, "ct"},    {LV2_UNITS__semitone12TET, "semi"},
      {LV2_UNITS__bpm, "BPM"}, {LV2_UNITS__degree, "deg"},
  };

  LilvNode* const unit = get(query, LV2_UNITS__unit);
  LilvNode* const symbol = unit ? get_of(query, unit, LV2_UNITS__symbol) : NULL;
  const char*     text = symbol && lilv_node_is_literal(symbol) ? lilv_node_as_string(symbol) : "";
  for (size_t i = 0U; unit && lilv_node_is_uri(unit) && i < sizeof(known) / sizeof(known[0]); ++i) {
    text = strcmp(lilv_node_as_uri(unit), known[i].uri) ? text : known[i].symbol;
  }

  char* const copy = strdup(text);
  lilv_node_free(symbol);
  lilv_node_free(unit);
  return copy;
}

static int
compare_points(const void* const a, const void* const b) {
  const float x = ((const PinnaScalePoint*)a)->value;
  const float y = ((const PinnaScalePoint*)b)->value;
  return (x > y) - (x < y);
}

static void
describe_points(const Query* const query, PinnaPortInfo* const info) {
  LilvScalePoints* const points = lilv_port_get_scale_points(query->plugin, query->port);
  PinnaScalePoint* const copy =
      points ? (PinnaScalePoint*)calloc(lilv_scale_points_size(points), sizeof(*copy)) : NULL;
  if (copy) {
    LILV_FOREACH(scale_points, i, points) {
      const LilvScalePoint* const point = lilv_scale_points_get(points, i);
      const LilvNode* const       value = lilv_scale_point_get_value(point);
      char* const label = strdup(lilv_node_as_string(lilv_scale_point_get_label(point)));
      if (label && (lilv_node_is_float(value) || lilv_node_is_int(value))) {
        copy[info->n_points++] = (PinnaScalePoint){label, lilv_node_as_float(value)};
      } else {
        free(label);
      }
    }
    qsort(copy, info->n_points, sizeof(*copy), compare_points);
    info->points = copy;
  }
  lilv_scale_points_free(points);
}

/// Value of a range node, `otherwise` if absent or no number; frees the node
static float
number(LilvNode* const node, const float otherwise) {
  const bool  known = node && (lilv_node_is_float(node) || lilv_node_is_int(node));
  const float value = known ? lilv_node_as_float(node) : otherwise;
  lilv_node_free(node);
  return isnan(value) ? otherwise : value;
}

static void
describe_range(const Query* const query, PinnaPortInfo* const info) {
  LilvNode* initial = NULL;
  LilvNode* minimum = NULL;
  LilvNode* maximum = NULL;
  lilv_port_get_range(query->plugin, query->port, &initial, &minimum, &maximum);

  const bool  toggled = info->flags & PINNA_PORT_TOGGLED;
  const float scale =
      has(query, LV2_CORE__sampleRate) ? (float)query->instance->config.sample_rate : 1.0F;
  info->minimum = number(minimum, toggled ? 0.0F : -INFINITY) * scale;
  info->maximum = number(maximum, toggled ? 1.0F : INFINITY) * scale;
  if (info->minimum > info->maximum) {
    const float swapped = info->minimum;
    info->minimum = info->maximum;
    info->maximum = swapped;
  }

  const float fallback = info->flags & PINNA_PORT_ENABLED ? 1.0F : 0.0F;
  info->initial = number(initial, fallback / scale) * scale;
  describe_points(query, info);
  for (uint32_t i = 0U; scale != 1.0F && i < info->n_points; ++i) {
    ((PinnaScalePoint*)(uintptr_t)info->points)[i].value *= scale;
  }
  info->initial = pinna_ports_clamp(info, info->initial);
}

static uint32_t
flags_of(const Query* const query) {
  static const struct {
    const char* uri;
    uint32_t    flag;
  } properties[] = {
      {LV2_CORE__toggled, PINNA_PORT_TOGGLED},
      {LV2_CORE__integer, PINNA_PORT_INTEGER},
      {LV2_CORE__enumeration, PINNA_PORT_ENUMERATION},
      {LV2_PORT_PROPS__logarithmic, PINNA_PORT_LOGARITHMIC},
      {LV2_CORE__reportsLatency, PINNA_PORT_LATENCY},
      {LV2_CORE__connectionOptional, PINNA_PORT_OPTIONAL},
      {LV2_PORT_PROPS__trigger, PINNA_PORT_TRIGGER},
  };

  uint32_t flags = is_a(query, LV2_CORE__InputPort) ? PINNA_PORT_IS_INPUT : 0U;
  for (size_t i = 0U; i < sizeof(properties) / sizeof(properties[0]); ++i) {
    flags |= has(query, properties[i].uri) ? properties[i].flag : 0U;
  }
  flags |= is_designated(query, LV2_CORE__latency) ? PINNA_PORT_LATENCY : 0U;
  flags |= is_designated(query, LV2_CORE__enabled) ? PINNA_PORT_ENABLED : 0U;
  flags |= is_designated(query, LV2_CORE__freeWheeling) ? PINNA_PORT_FREEWHEEL : 0U;
  flags |= is_sidechain(query) ? PINNA_PORT_SIDECHAIN : 0U;
  return flags;
}

/// Bytes for the events of an atom port, 0 if it takes no sequences
static uint32_t
sequence_size(const Query* const query) {
  LilvNode* const type = get(query, LV2_ATOM__bufferType);
  LilvNode* const size = get(query, LV2_RESIZE_PORT__minimumSize);
  const bool      fits =
      !type || (lilv_node_is_uri(type) && !strcmp(lilv_node_as_uri(type), LV2_ATOM__Sequence));
  const int wish = size && lilv_node_is_int(size) ? lilv_node_as_int(size) : 0;
  lilv_node_free(type);
  lilv_node_free(size);
  return !fits                  ? 0U
         : wish <= MIN_SEQUENCE ? (uint32_t)MIN_SEQUENCE
         : wish > MAX_SEQUENCE  ? (uint32_t)MAX_SEQUENCE
                                : ((uint32_t)wish + 7U) / 8U * 8U;
}

static PinnaStatus
describe(const Query* const query, PinnaPort* const port, PinnaError* const error) {
  PinnaPortInfo* const info = &port->info;
  LilvNode* const      name = lilv_port_get_name(query->plugin, query->port);
  port->lilv = query->port;
  info->symbol = lilv_node_as_string(lilv_port_get_symbol(query->plugin, query->port));
  info->name = strdup(name ? lilv_node_as_string(name) : info->symbol);
  info->unit = unit_of(query);
  info->flags = flags_of(query);
  lilv_node_free(name);
  if (!info->name || !info->unit) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  }

  if (is_a(query, LV2_CORE__ControlPort)) {
    info->kind = PINNA_PORT_CONTROL;
    describe_range(query, info);
    port->value = info->initial;
    atomic_init(&port->shared, info->initial);
    return PINNA_STATUS_OK;
  }

  const bool is_atom = is_a(query, LV2_ATOM__AtomPort);
  info->kind = is_a(query, LV2_CORE__AudioPort) ? PINNA_PORT_AUDIO
               : is_a(query, LV2_CORE__CVPort)  ? PINNA_PORT_CV
                                                : PINNA_PORT_ATOM;
  port->capacity = is_atom ? sequence_size(query) : 0U;
  info->flags |= is_atom && supports(query, LV2_MIDI__MidiEvent) ? PINNA_PORT_MIDI : 0U;
  info->flags |= is_atom && supports(query, LV2_PATCH__Message) ? PINNA_PORT_PATCH : 0U;
  if (info->kind == PINNA_PORT_ATOM && !port->capacity && !(info->flags & PINNA_PORT_OPTIONAL)) {
    return pinna_fail(error, PINNA_STATUS_UNSUPPORTED,
                      "The plugin '%s' needs its port '%s' connected, which is of a kind that this "
                      "host does not know",
                      lilv_node_as_uri(lilv_plugin_get_uri(query->plugin)), info->symbol);
  }
  return PINNA_STATUS_OK;
}

float
pinna_ports_clamp(const PinnaPortInfo* const info, const float value) PINNA_RT {
  if (info->flags & PINNA_PORT_TOGGLED) {
    return isnan(value) ? value : value > 0.0F ? 1.0F : 0.0F;
  }
  if ((info->flags & PINNA_PORT_ENUMERATION) && info->n_points) {
    float best = info->points[0].value;
    for (uint32_t i = 1U; i < info->n_points; ++i) {
      const float point = info->points[i].value;
      best = fabsf(point - value) < fabsf(best - value) ? point : best;
    }
    return isnan(value) ? value : best;
  }

  const float whole = info->flags & PINNA_PORT_INTEGER ? rintf(value) : value;
  return whole < info->minimum ? info->minimum : whole > info->maximum ? info->maximum : whole;
}

typedef struct {
  PinnaPortKind kind;
  bool          input;
  int           sidechain; ///< 0 or 1, or -1 for either
} Class;

/// Append the ports of a class to `list`, return the new length
static uint32_t
collect(const struct PinnaInstanceImpl* const instance, uint32_t* const list, uint32_t n,
        const Class wanted) {
  for (uint32_t i = 0U; i < instance->n_ports; ++i) {
    const PinnaPortInfo* const info = &instance->ports[i].info;
    const bool                 input = info->flags & PINNA_PORT_IS_INPUT;
    const bool                 sidechain = info->flags & PINNA_PORT_SIDECHAIN;
    if (info->kind == wanted.kind && input == wanted.input &&
        (wanted.sidechain < 0 || sidechain == (wanted.sidechain > 0))) {
      list[n++] = i;
    }
  }
  return n;
}

static void
collect_channels(const struct PinnaInstanceImpl* const instance, uint32_t* const list,
                 uint32_t* const n, uint32_t* const n_main, const bool input) {
  const uint32_t audio = collect(instance, list, 0U, (Class){PINNA_PORT_AUDIO, input, 0});
  const uint32_t cv = collect(instance, list, audio, (Class){PINNA_PORT_CV, input, 0});
  *n_main = audio ? audio : cv;
  *n = collect(instance, list, cv, (Class){PINNA_PORT_AUDIO, input, 1});
  *n = collect(instance, list, *n, (Class){PINNA_PORT_CV, input, 1});
}

static void
collect_all(struct PinnaInstanceImpl* const instance) {
  collect_channels(instance, instance->audio_in, &instance->n_audio_in, &instance->n_main_in, true);
  collect_channels(instance, instance->audio_out, &instance->n_audio_out, &instance->n_main_out,
                   false);
  instance->n_control_in =
      collect(instance, instance->control_in, 0U, (Class){PINNA_PORT_CONTROL, true, -1});
  instance->n_control_out =
      collect(instance, instance->control_out, 0U, (Class){PINNA_PORT_CONTROL, false, -1});
  instance->n_atom_in =
      collect(instance, instance->atom_in, 0U, (Class){PINNA_PORT_ATOM, true, -1});
  instance->n_atom_out =
      collect(instance, instance->atom_out, 0U, (Class){PINNA_PORT_ATOM, false, -1});

  for (uint32_t i = 0U; i < instance->n_control_out; ++i) {
    PinnaPort* const port = instance->ports + instance->control_out[i];
    if ((port->info.flags & PINNA_PORT_LATENCY) && !instance->latency_port) {
      instance->latency_port = port;
    }
  }
}

PinnaStatus
pinna_ports_describe(struct PinnaInstanceImpl* const instance, PinnaError* const error) {
  enum { N_LISTS = 6 };
  const uint32_t n = lilv_plugin_get_num_ports(instance->plugin);
  instance->ports = (PinnaPort*)calloc((size_t)n + 1U, sizeof(PinnaPort));
  uint32_t* const lists = (uint32_t*)calloc(N_LISTS * ((size_t)n + 1U), sizeof(uint32_t));
  instance->audio_in = lists;
  if (!instance->ports || !lists) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  }

  instance->n_ports = n;
  instance->audio_out = lists + n;
  instance->control_in = lists + 2U * (size_t)n;
  instance->control_out = lists + 3U * (size_t)n;
  instance->atom_in = lists + 4U * (size_t)n;
  instance->atom_out = lists + 5U * (size_t)n;
  for (uint32_t i = 0U; i < n; ++i) {
    const Query       query = {instance, pinna_world_lilv(instance->world), instance->plugin,
                               lilv_plugin_get_port_by_index(instance->plugin, i)};
    const PinnaStatus status = describe(&query, instance->ports + i, error);
    if (status) {
      return status;
    }
  }
  collect_all(instance);
  return PINNA_STATUS_OK;
}

void
pinna_ports_free(struct PinnaInstanceImpl* const instance) {
  for (uint32_t i = 0U; i < instance->n_ports; ++i) {
    PinnaPortInfo* const info = &instance->ports[i].info;
    for (uint32_t p = 0U; p < info->n_points; ++p) {
      free((char*)(uintptr_t)info->points[p].label);
    }
    free((PinnaScalePoint*)(uintptr_t)info->points);
    free((char*)(uintptr_t)info->name);
    free((char*)(uintptr_t)info->unit);
  }
  free(instance->audio_in);
  free(instance->ports);
}
