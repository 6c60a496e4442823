// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/lv2_state.h"

#include "host/instance_impl.h"
#include "host/paths.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// State through lilv

enum { WAIT_STEPS = 5000, WAIT_NS = 1000000 };

static void
set_value(const char* const symbol, void* const handle, const void* const value,
          const uint32_t size, const uint32_t type) {
  PinnaInstance* const instance = (PinnaInstance*)handle;
  PinnaWorld* const    world = instance->world;
  const char* const    name = pinna_world_unmap(world, type);
  uint32_t             port = 0U;
  if (!name || pinna_instance_find(instance, symbol, &port, NULL) ||
      (instance->ports[port].info.flags & PINNA_PORT_FREEWHEEL)) {
    return;
  }

  if (size == 4U && !strcmp(name, LV2_ATOM__Float)) {
    pinna_instance_set(instance, port, *(const float*)value);
  } else if (size == 4U && (!strcmp(name, LV2_ATOM__Int) || !strcmp(name, LV2_ATOM__Bool))) {
    pinna_instance_set(instance, port, (float)*(const int32_t*)value);
  } else if (size == 8U && !strcmp(name, LV2_ATOM__Double)) {
    pinna_instance_set(instance, port, (float)*(const double*)value);
  } else if (size == 8U && !strcmp(name, LV2_ATOM__Long)) {
    pinna_instance_set(instance, port, (float)*(const int64_t*)value);
  }
}

void
pinna_state_apply_values(PinnaInstance* const instance, const LilvState* const state) {
  lilv_state_emit_port_values(state, set_value, instance);
}

/// Keep the audio thread out of the plugin; false if it does not leave
static bool
close_gate(PinnaInstance* const instance) {
  const struct timespec pause = {0, WAIT_NS};
  for (int i = 0; i < WAIT_STEPS; ++i) {
    int gate = PINNA_GATE_OPEN;
    if (atomic_compare_exchange_strong_explicit(&instance->gate, &gate, PINNA_GATE_CLOSED,
                                                memory_order_acquire, memory_order_relaxed)) {
      return true;
    }
    nanosleep(&pause, NULL);
  }
  return false;
}

static void
open_gate(PinnaInstance* const instance) {
  atomic_store_explicit(&instance->gate, PINNA_GATE_OPEN, memory_order_release);
}

static bool
restores_running(const PinnaInstance* const instance) {
  LilvNode* const safe =
      lilv_new_uri(pinna_world_lilv(instance->world), LV2_STATE__threadSafeRestore);
  const bool yes = lilv_plugin_has_feature(instance->plugin, safe);
  lilv_node_free(safe);
  return yes;
}

uint32_t
pinna_state_features(const PinnaInstance* const instance, const LV2_Feature** const list) {
  static const char* const others[] = {LV2_WORKER__schedule, LV2_STATE__mapPath,
                                       LV2_STATE__freePath, LV2_STATE__makePath};
  uint32_t                 n = 0U;
  for (uint32_t i = 0U; i < instance->features.n; ++i) {
    const LV2_Feature* const feature = instance->features.list[i];
    bool                     other = false;
    for (size_t o = 0U; o < sizeof(others) / sizeof(others[0]); ++o) {
      other = other || !strcmp(feature->URI, others[o]);
    }
    if (!other) {
      list[n++] = feature;
    }
  }
  list[n] = NULL;
  return n;
}

static void
restore(PinnaInstance* const instance, const LilvState* const state, const bool running) {
  const LV2_Feature* list[PINNA_MAX_FEATURES + 2U];
  LV2_Feature        schedule = {LV2_WORKER__schedule, NULL};
  const uint32_t     n = pinna_state_features(instance, list);
  if (running && instance->worker) {
    schedule.data = pinna_worker_restore_schedule(instance->worker);
    list[n] = &schedule;
    list[n + 1U] = NULL;
  }
  lilv_state_restore(state, instance->lilv, set_value, instance, 0U, list);
}

PinnaStatus
pinna_state_apply(PinnaInstance* const instance, const LilvState* const state,
                  PinnaError* const error) {
  if (!lilv_state_get_num_properties(state)) {
    pinna_state_apply_values(instance, state);
    return PINNA_STATUS_OK;
  }
  if (instance->active && restores_running(instance)) {
    restore(instance, state, true);
    return PINNA_STATUS_OK;
  }

  if (!close_gate(instance)) {
    return pinna_fail(error, PINNA_STATUS_BUSY,
                      "The plugin '%s' hangs in the audio thread: its state cannot be set",
                      pinna_instance_uri(instance));
  }
  if (instance->worker) {
    pinna_worker_hold(instance->worker);
  }
  restore(instance, state, false);
  if (instance->worker) {
    pinna_worker_release(instance->worker);
  }
  open_gate(instance);
  return PINNA_STATUS_OK;
}

void
pinna_state_load_default(PinnaInstance* const instance) {
  LilvWorld* const world = pinna_world_lilv(instance->world);
  LilvNode* const  wish = lilv_new_uri(world, LV2_STATE__loadDefaultState);
  if (lilv_plugin_has_feature(instance->plugin, wish)) {
    LilvState* const state = lilv_state_new_from_world(world, pinna_world_urid_map(instance->world),
                                                       lilv_plugin_get_uri(instance->plugin));
    if (state) {
      pinna_state_apply(instance, state, NULL);
      lilv_state_free(state);
    }
  }
  lilv_node_free(wish);
}

char*
pinna_state_make_path(const LV2_State_Make_Path_Handle handle, const char* const path) {
  PinnaInstance* const instance = (PinnaInstance*)handle;
  if (!instance->scratch_dir) {
    const char* const tmp = getenv("TMPDIR");
    char*             dir = NULL;
    if (asprintf(&dir, "%s/pinna-XXXXXX", tmp && tmp[0] ? tmp : "/tmp") < 0 || !mkdtemp(dir)) {
      return NULL;
    }
    instance->scratch_dir = dir;
  }

  char* full = NULL;
  if (strstr(path, "..") || asprintf(&full, "%s/%s", instance->scratch_dir, path) < 0) {
    return NULL;
  }

  char* const slash = strrchr(full, '/');
  *slash = '\0';
  const PinnaStatus status = pinna_paths_make(full, NULL);
  *slash = '/';
  if (status) {
    free(full);
    full = NULL;
  }
  return full;
}

void
pinna_state_clean_up(PinnaInstance* const instance) {
  if (instance->scratch_dir) {
    pinna_paths_remove(instance->scratch_dir);
    free(instance->scratch_dir);
    instance->scratch_dir = NULL;
  }
}
