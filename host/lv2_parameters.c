// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/lv2_parameters.h"

#include "base/number.h"
#include "host/instance_impl.h"

#include <limits.h>
#include <lv2/atom/forge.h>
#include <lv2/core/lv2.h>
#include <lv2/patch/patch.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

// Parameters from a plugin's data, and patch:Set of them

#define RDFS "http://www.w3.org/2000/01/rdf-schema#"

enum { MESSAGE = PATH_MAX + 1024 };

static char*
text_of(LilvWorld* const world, const LilvNode* const subject, const char* const predicate) {
  LilvNode* const node = lilv_new_uri(world, predicate);
  LilvNode* const value = lilv_world_get(world, subject, node, NULL);
  char* const     text = value ? strdup(lilv_node_as_string(value)) : NULL;
  lilv_node_free(value);
  lilv_node_free(node);
  return text;
}

static float
number_of(LilvWorld* const world, const LilvNode* const subject, const char* const predicate,
          const float other) {
  LilvNode* const node = lilv_new_uri(world, predicate);
  LilvNode* const value = lilv_world_get(world, subject, node, NULL);
  const bool      is = value && (lilv_node_is_float(value) || lilv_node_is_int(value));
  const float     number = is ? lilv_node_as_float(value) : other;
  lilv_node_free(value);
  lilv_node_free(node);
  return number;
}

/// The last part of a URI: what follows #, / or :
static const char*
last_part(const char* const uri) {
  const char* last = uri;
  for (const char* p = uri; *p; ++p) {
    last = (*p == '#' || *p == '/' || *p == ':') && p[1] ? p + 1 : last;
  }
  return last;
}

static bool
describe(LilvWorld* const world, const LilvNode* const node, PinnaParameterInfo* const info) {
  char* const symbol = text_of(world, node, LV2_CORE__symbol);
  char* const label = text_of(world, node, RDFS "label");
  info->uri = strdup(lilv_node_as_uri(node));
  info->symbol = symbol ? symbol : strdup(last_part(lilv_node_as_uri(node)));
  info->label = label ? label : strdup("");
  info->type = text_of(world, node, RDFS "range");
  info->comment = text_of(world, node, RDFS "comment");
  info->minimum = number_of(world, node, LV2_CORE__minimum, -INFINITY);
  info->maximum = number_of(world, node, LV2_CORE__maximum, INFINITY);
  return info->uri && info->symbol && info->label;
}

static int
compare(const void* const a, const void* const b) {
  return strcmp(((const PinnaParameterInfo*)a)->symbol, ((const PinnaParameterInfo*)b)->symbol);
}

PinnaStatus
pinna_parameters_describe(PinnaInstance* const instance, PinnaError* const error) {
  LilvWorld* const world = pinna_world_lilv(instance->world);
  LilvNode* const  writable = lilv_new_uri(world, LV2_PATCH__writable);
  LilvNodes* const nodes = lilv_plugin_get_value(instance->plugin, writable);
  lilv_node_free(writable);
  instance->parameters =
      (PinnaParameterInfo*)calloc(lilv_nodes_size(nodes) + 1U, sizeof(PinnaParameterInfo));
  bool good = instance->parameters;
  LILV_FOREACH(nodes, i, nodes) {
    const LilvNode* const node = lilv_nodes_get(nodes, i);
    if (good && lilv_node_is_uri(node)) {
      good = describe(world, node, &instance->parameters[instance->n_parameters++]);
    }
  }
  lilv_nodes_free(nodes);
  if (good) {
    qsort(instance->parameters, instance->n_parameters, sizeof(PinnaParameterInfo), compare);
  }
  return good ? PINNA_STATUS_OK : pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
}

void
pinna_parameters_free(PinnaInstance* const instance) {
  for (uint32_t i = 0U; i < instance->n_parameters; ++i) {
    free(instance->parameters[i].uri);
    free(instance->parameters[i].symbol);
    free(instance->parameters[i].label);
    free(instance->parameters[i].type);
    free(instance->parameters[i].comment);
  }
  free(instance->parameters);
}

const PinnaParameterInfo*
pinna_parameters_find(const PinnaInstance* const instance, const char* const name) {
  for (uint32_t i = 0U; i < instance->n_parameters; ++i) {
    const PinnaParameterInfo* const info = &instance->parameters[i];
    if (!strcmp(info->uri, name) || !strcmp(info->symbol, name) || !strcasecmp(info->label, name) ||
        !strcmp(last_part(info->uri), name)) {
      return info;
    }
  }
  return NULL;
}

const char*
pinna_parameters_names(const PinnaInstance* const instance, char* const text, const size_t size) {
  size_t n = 0U;
  text[0] = '\0';
  for (uint32_t i = 0U; i < instance->n_parameters && n < size; ++i) {
    const char* const before = !i ? "" : i + 1U < instance->n_parameters ? ", " : " and ";
    n += (size_t)snprintf(text + n, size - n, "%s%s", before, instance->parameters[i].symbol);
  }
  return text;
}

/// Where patch messages are taken; UINT32_MAX: nowhere
static uint32_t
port_of(const PinnaInstance* const instance) {
  for (uint32_t i = 0U; i < instance->n_atom_in; ++i) {
    const PinnaPort* const port = instance->ports + instance->atom_in[i];
    if ((port->info.flags & PINNA_PORT_PATCH) && port->sequence) {
      return instance->atom_in[i];
    }
  }
  return UINT32_MAX;
}

/// A path from the root, as plugins want it
static bool
add_path(LV2_Atom_Forge* const forge, const char* const text) {
  char      path[PATH_MAX];
  char      folder[PATH_MAX];
  const int n = text[0] == '/' || !getcwd(folder, sizeof(folder))
                    ? snprintf(path, sizeof(path), "%s", text)
                    : snprintf(path, sizeof(path), "%s/%s", folder, text);
  return n > 0 && n < (int)sizeof(path) && lv2_atom_forge_path(forge, path, (uint32_t)n + 1U);
}

/// @return 0: done, 1: another text is wanted, 2: no text says this type
static int
add_value(LV2_Atom_Forge* const forge, const PinnaParameterInfo* const info,
          const char* const text) {
  static const char* const switches[] = {"off", "on", "no", "yes", "false", "true"};
  const char* const        type = info->type ? info->type : LV2_ATOM__String;
  const uint32_t           n = (uint32_t)strlen(text);
  char*                    end = NULL;
  const double             number = pinna_number_read(text, &end);
  const bool               is_number =
      end != text && !*end && number >= (double)info->minimum && number <= (double)info->maximum;
  if (!strcmp(type, LV2_ATOM__Path)) {
    return !add_path(forge, text);
  }
  if (!strcmp(type, LV2_ATOM__String) || !strcmp(type, LV2_ATOM__Literal)) {
    return !lv2_atom_forge_string(forge, text, n + 1U);
  }
  if (!strcmp(type, LV2_ATOM__URI)) {
    return !lv2_atom_forge_uri(forge, text, n + 1U);
  }
  if (!strcmp(type, LV2_ATOM__Bool)) {
    for (unsigned i = 0U; i < 6U; ++i) {
      if (!strcasecmp(text, switches[i])) {
        return !lv2_atom_forge_bool(forge, i % 2U);
      }
    }
    return !is_number || !lv2_atom_forge_bool(forge, number != 0.0);
  }
  const bool is_whole = is_number && number == rint(number) && fabs(number) < 9e15;
  return !strcmp(type, LV2_ATOM__Float) ? !is_number || !lv2_atom_forge_float(forge, (float)number)
         : !strcmp(type, LV2_ATOM__Double) ? !is_number || !lv2_atom_forge_double(forge, number)
         : !strcmp(type, LV2_ATOM__Int)
             ? !is_whole || fabs(number) > INT32_MAX || !lv2_atom_forge_int(forge, (int32_t)number)
         : !strcmp(type, LV2_ATOM__Long) ? !is_whole || !lv2_atom_forge_long(forge, (int64_t)number)
                                         : 2;
}

static PinnaStatus
refuse(const PinnaParameterInfo* const info, const char* const text, PinnaError* const error) {
  const char* const type = last_part(info->type ? info->type : LV2_ATOM__String);
  const bool        is_whole = !strcmp(type, "Int") || !strcmp(type, "Long");
  char              range[96] = "";
  if (isfinite(info->minimum) && isfinite(info->maximum)) {
    snprintf(range, sizeof(range), " from %g to %g", (double)info->minimum, (double)info->maximum);
  }
  return pinna_fail(error, PINNA_STATUS_BAD_ARG, "The parameter '%s' takes %s%s, not '%s'",
                    info->symbol,
                    !strcmp(type, "Bool")                               ? "on or off"
                    : is_whole                                          ? "a whole number"
                    : !strcmp(type, "Float") || !strcmp(type, "Double") ? "a number"
                                                                        : "a shorter text",
                    range, text);
}

PinnaStatus
pinna_parameters_set(PinnaInstance* const instance, const PinnaParameterInfo* const info,
                     const char* const text, const bool sends, PinnaError* const error) {
  LV2_Atom_Forge       forge;
  LV2_Atom_Forge_Frame frame;
  _Alignas(8) uint8_t  message[MESSAGE];
  PinnaWorld* const    world = instance->world;
  const uint32_t       port = port_of(instance);
  lv2_atom_forge_init(&forge, pinna_world_urid_map(world));
  lv2_atom_forge_set_buffer(&forge, message, sizeof(message));
  lv2_atom_forge_object(&forge, &frame, 0U, pinna_world_map(world, LV2_PATCH__Set));
  lv2_atom_forge_key(&forge, pinna_world_map(world, LV2_PATCH__property));
  lv2_atom_forge_urid(&forge, pinna_world_map(world, info->uri));
  lv2_atom_forge_key(&forge, pinna_world_map(world, LV2_PATCH__value));
  const int failed = add_value(&forge, info, text);
  lv2_atom_forge_pop(&forge, &frame);
  if (failed == 2 || port == UINT32_MAX) {
    return pinna_fail(error, PINNA_STATUS_UNSUPPORTED,
                      port == UINT32_MAX ? "The parameter '%s' of '%s' cannot be set: the plugin "
                                           "has no port for messages"
                                         : "The parameter '%s' of '%s' is of a type that no text "
                                           "can say",
                      info->symbol, pinna_instance_uri(instance));
  }
  if (failed) {
    return refuse(info, text, error);
  }
  const PinnaStatus status =
      sends ? pinna_instance_write_event(instance, port, message) : PINNA_STATUS_OK;
  return status ? pinna_fail(error, status, "The parameter '%s' cannot be set: %s", info->symbol,
                             status == PINNA_STATUS_BUSY ? "too many wait" : "it is too long")
                : status;
}
