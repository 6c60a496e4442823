// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/lv2_presets.h"

#include "host/instance_impl.h"
#include "host/lv2_state.h"

#include <lv2/presets/presets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Presets by URI or label

typedef struct PinnaPresetImpl {
  char* uri;
  char* label;
} Preset;

static char*
label_of(LilvWorld* const world, const LilvNode* const preset) {
  LilvNode* const predicate = lilv_new_uri(world, LILV_NS_RDFS "label");
  LilvNode* const label = lilv_world_get(world, preset, predicate, NULL);
  char* const     copy = strdup(lilv_node_as_string(label ? label : preset));
  lilv_node_free(label);
  lilv_node_free(predicate);
  return copy;
}

static int
compare(const void* const a, const void* const b) {
  return strcasecmp(((const Preset*)a)->label, ((const Preset*)b)->label);
}

static PinnaStatus
read_all(PinnaInstance* const instance, const LilvNodes* const nodes) {
  LilvWorld* const world = pinna_world_lilv(instance->world);
  instance->presets = (Preset*)calloc(lilv_nodes_size(nodes) + 1U, sizeof(Preset));
  if (!instance->presets) {
    return PINNA_STATUS_NO_MEM;
  }

  LILV_FOREACH(nodes, i, nodes) {
    const LilvNode* const node = lilv_nodes_get(nodes, i);
    lilv_world_load_resource(world, node);
    const Preset preset = {strdup(lilv_node_as_string(node)), label_of(world, node)};
    if (!preset.uri || !preset.label) {
      free(preset.uri);
      free(preset.label);
      return PINNA_STATUS_NO_MEM;
    }
    instance->presets[instance->n_presets++] = preset;
  }
  qsort(instance->presets, instance->n_presets, sizeof(Preset), compare);
  return PINNA_STATUS_OK;
}

static PinnaStatus
read_once(PinnaInstance* const instance, PinnaError* const error) {
  if (instance->presets) {
    return PINNA_STATUS_OK;
  }

  LilvNode* const   type = lilv_new_uri(pinna_world_lilv(instance->world), LV2_PRESETS__Preset);
  LilvNodes* const  nodes = lilv_plugin_get_related(instance->plugin, type);
  const PinnaStatus status = read_all(instance, nodes);
  lilv_nodes_free(nodes);
  lilv_node_free(type);
  if (status) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  }
  return PINNA_STATUS_OK;
}

static PinnaStatus
absent(const PinnaInstance* const instance, const char* const name, PinnaError* const error) {
  char   list[640] = "";
  size_t n = 0U;
  for (uint32_t i = 0U; i < instance->n_presets && n < sizeof(list); ++i) {
    n += (size_t)snprintf(list + n, sizeof(list) - n, "%s'%s'", i ? ", " : "; it has ",
                          instance->presets[i].label);
  }
  return pinna_fail(error, PINNA_STATUS_NOT_FOUND, "The plugin '%s' has no preset '%s'%s",
                    pinna_instance_uri(instance), name,
                    instance->n_presets ? list : ": it has none at all");
}

static PinnaStatus
apply(PinnaInstance* const instance, const char* const uri, PinnaError* const error) {
  LilvWorld* const world = pinna_world_lilv(instance->world);
  LilvNode* const  node = lilv_new_uri(world, uri);
  LilvState* const state =
      lilv_state_new_from_world(world, pinna_world_urid_map(instance->world), node);
  lilv_node_free(node);
  if (!state) {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE, "The preset <%s> cannot be read", uri);
  }

  const PinnaStatus status = pinna_state_apply(instance, state, error);
  lilv_state_free(state);
  return status;
}

PinnaStatus
pinna_instance_preset(PinnaInstance* const instance, const char* const preset,
                      PinnaError* const error) {
  const PinnaStatus status = read_once(instance, error);
  for (uint32_t i = 0U; !status && i < instance->n_presets; ++i) {
    if (!strcmp(instance->presets[i].uri, preset)) {
      return apply(instance, preset, error);
    }
  }
  for (uint32_t i = 0U; !status && i < instance->n_presets; ++i) {
    if (!strcasecmp(instance->presets[i].label, preset)) {
      return apply(instance, instance->presets[i].uri, error);
    }
  }
  return status ? status : absent(instance, preset, error);
}

char**
pinna_instance_preset_labels(PinnaInstance* const instance) {
  char** labels = NULL;
  if (!read_once(instance, NULL)) {
    labels = (char**)calloc((size_t)instance->n_presets + 1U, sizeof(char*));
  }
  for (uint32_t i = 0U; labels && i < instance->n_presets; ++i) {
    const char* const label = instance->presets[i].label;
    labels[i] = label ? strdup(label) : NULL;
  }
  return labels;
}

void
pinna_instance_free_labels(char** const labels) {
  for (char** label = labels; label && *label; ++label) {
    free(*label);
  }
  free(labels);
}

void
pinna_presets_free(PinnaInstance* const instance) {
  for (uint32_t i = 0U; i < instance->n_presets; ++i) {
    free(instance->presets[i].uri);
    free(instance->presets[i].label);
  }
  free(instance->presets);
}
