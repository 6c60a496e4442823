// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/lv2_features.h"

#include "host/instance_impl.h"
#include "host/lv2_state.h"

#include <lv2/buf-size/buf-size.h>
#include <lv2/parameters/parameters.h>
#include <stdio.h>
#include <string.h>

// Features and options, and the refusal of plugins that need more

static void
offer(PinnaFeatures* const features, const char* const uri, void* const data) {
  LV2_Feature* const feature = features->features + features->n;
  *feature = (LV2_Feature){uri, data};
  features->list[features->n++] = feature;
  features->list[features->n] = NULL;
}

static void
set_options(struct PinnaInstanceImpl* const instance) {
  PinnaFeatures* const features = &instance->features;
  PinnaWorld* const    world = instance->world;
  const LV2_URID       atom_int = pinna_world_map(world, LV2_ATOM__Int);
  const LV2_URID       atom_float = pinna_world_map(world, LV2_ATOM__Float);
  const struct {
    const char* key;
    LV2_URID    type;
    const void* value;
  } options[] = {
      {LV2_BUF_SIZE__minBlockLength, atom_int, &features->min_block},
      {LV2_BUF_SIZE__maxBlockLength, atom_int, &features->max_block},
      {LV2_BUF_SIZE__nominalBlockLength, atom_int, &features->max_block},
      {LV2_BUF_SIZE__sequenceSize, atom_int, &features->sequence_size},
      {LV2_PARAMETERS__sampleRate, atom_float, &features->sample_rate},
  };

  const uint32_t n = sizeof(options) / sizeof(options[0]);
  for (uint32_t i = 0U; i < n; ++i) {
    features->options[i] = (LV2_Options_Option){
        LV2_OPTIONS_INSTANCE, 0U, pinna_world_map(world, options[i].key), 4U, options[i].type,
        options[i].value};
  }
}

static bool
lists(const LilvNodes* const nodes, const char* const uri) {
  LILV_FOREACH(nodes, i, nodes) {
    if (!strcmp(lilv_node_as_string(lilv_nodes_get(nodes, i)), uri)) {
      return true;
    }
  }
  return false;
}

static bool
is_offered(const PinnaFeatures* const features, const char* const uri) {
  for (uint32_t i = 0U; i < features->n; ++i) {
    if (!strcmp(features->features[i].URI, uri)) {
      return true;
    }
  }
  return false;
}

static bool
is_option(const struct PinnaInstanceImpl* const instance, const char* const uri) {
  const LV2_URID key = pinna_world_map(instance->world, uri);
  for (const LV2_Options_Option* o = instance->features.options; o->key; ++o) {
    if (o->key == key) {
      return true;
    }
  }
  return false;
}

static void
offer_all(struct PinnaInstanceImpl* const instance, const LilvNodes* const required) {
  PinnaFeatures* const features = &instance->features;
  PinnaWorld* const    world = instance->world;
  const uint32_t       block = instance->config.max_block;
  const bool           fixed = instance->config.fixed_block;
  const bool           always_pow2 = fixed && !(block & (block - 1U));
  instance->split = lists(required, LV2_BUF_SIZE__powerOf2BlockLength) && !always_pow2;

  offer(features, LV2_URID__map, pinna_world_urid_map(world));
  offer(features, LV2_URID__unmap, pinna_world_urid_unmap(world));
  offer(features, LV2_OPTIONS__options, features->options);
  offer(features, LV2_LOG__log, pinna_lv2_log_feature(instance->log));
  offer(features, LV2_WORKER__schedule, pinna_worker_schedule(instance->worker));
  offer(features, LV2_STATE__makePath, &features->make_path);
  offer(features, LV2_STATE__mapPath, NULL);
  offer(features, LV2_STATE__freePath, NULL);
  offer(features, LV2_STATE__loadDefaultState, NULL);
  offer(features, LV2_STATE__threadSafeRestore, NULL);
  offer(features, LV2_BUF_SIZE__boundedBlockLength, NULL);
  offer(features, LV2_CORE__hardRTCapable, NULL);
  offer(features, LV2_CORE__inPlaceBroken, NULL);
  if (!instance->split) {
    offer(features, LV2_BUF_SIZE__coarseBlockLength, NULL);
  }
  if (fixed && !instance->split) {
    offer(features, LV2_BUF_SIZE__fixedBlockLength, NULL);
  }
  if (instance->split || always_pow2) {
    offer(features, LV2_BUF_SIZE__powerOf2BlockLength, NULL);
  }
  if (!instance->config.offline || lists(required, LV2_CORE__isLive)) {
    offer(features, LV2_CORE__isLive, NULL);
  }
}

static PinnaStatus
refuse(const struct PinnaInstanceImpl* const instance, const LilvNodes* const required,
       const LilvNodes* const options, PinnaError* const error) {
  char   missing[512] = "";
  size_t n = 0U;
  LILV_FOREACH(nodes, i, required) {
    const char* const uri = lilv_node_as_string(lilv_nodes_get(required, i));
    if (n < sizeof(missing) && !is_offered(&instance->features, uri)) {
      n += (size_t)snprintf(missing + n, sizeof(missing) - n, " <%s>", uri);
    }
  }
  LILV_FOREACH(nodes, i, options) {
    const char* const uri = lilv_node_as_string(lilv_nodes_get(options, i));
    if (n < sizeof(missing) && !is_option(instance, uri)) {
      n += (size_t)snprintf(missing + n, sizeof(missing) - n, " <%s>", uri);
    }
  }
  return n ? pinna_fail(error, PINNA_STATUS_UNSUPPORTED,
                        "The plugin '%s' requires what this host does not offer:%s",
                        pinna_instance_uri(instance), missing)
           : PINNA_STATUS_OK;
}

PinnaStatus
pinna_features_init(struct PinnaInstanceImpl* const instance, PinnaError* const error) {
  PinnaFeatures* const features = &instance->features;
  LilvWorld* const     world = pinna_world_lilv(instance->world);
  LilvNode* const      key = lilv_new_uri(world, LV2_OPTIONS__requiredOption);
  LilvNode* const      broken = lilv_new_uri(world, LV2_CORE__inPlaceBroken);
  LilvNodes* const     required = lilv_plugin_get_required_features(instance->plugin);
  LilvNodes* const     options = lilv_plugin_get_value(instance->plugin, key);

  features->min_block = instance->config.fixed_block ? (int32_t)instance->config.max_block : 1;
  features->max_block = (int32_t)instance->config.max_block;
  features->sequence_size = 32768;
  features->sample_rate = (float)instance->config.sample_rate;
  features->make_path = (LV2_State_Make_Path){instance, pinna_state_make_path};
  set_options(instance);
  offer_all(instance, required);
  features->min_block = instance->split ? 1 : features->min_block;
  instance->in_place = !lilv_plugin_has_feature(instance->plugin, broken);

  const PinnaStatus status = refuse(instance, required, options, error);
  lilv_nodes_free(options);
  lilv_nodes_free(required);
  lilv_node_free(broken);
  lilv_node_free(key);
  return status;
}
