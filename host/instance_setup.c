// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/instance.h"

#include "base/arena.h"
#include "host/instance_impl.h"
#include "host/lv2_parameters.h"
#include "host/lv2_ports.h"
#include "host/lv2_presets.h"
#include "host/lv2_state.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

// Plugin instance, planning side: from URI to a plugin that is ready to run

enum { PROBE_FRAMES = 64, MAX_SETTLE = 64, MIN_RING = 65536 };

static PinnaStatus
take_rings(PinnaInstance* const instance, PinnaArena* const arena) {
  uint32_t in_size = 0U;
  uint32_t out_size = 0U;
  for (uint32_t i = 0U; i < instance->n_ports; ++i) {
    const PinnaPort* const port = instance->ports + i;
    uint32_t* const        size = port->info.flags & PINNA_PORT_IS_INPUT ? &in_size : &out_size;
    *size = port->capacity > *size ? port->capacity : *size;
  }

  PinnaStatus status = PINNA_STATUS_OK;
  if (in_size) {
    status = pinna_ring_init(&instance->events_in, arena, 2U * in_size + MIN_RING);
  }
  if (out_size && !status) {
    instance->event_size = out_size;
    instance->event = PINNA_TAKE(arena, out_size, char);
    status = pinna_ring_init(&instance->events_out, arena,
                             2U * out_size + (instance->config.offline ? 16U : 1U) * MIN_RING);
  }
  return status;
}

/// Buffers that the ports need; the pointers are only good after the building pass
static PinnaStatus
take_buffers(void** const object, PinnaArena* const arena, const void* const config) {
  PinnaInstance* const instance = *(PinnaInstance* const*)config;
  const uint32_t       block = instance->config.max_block;
  instance->silence = PINNA_TAKE(arena, block, float);
  for (uint32_t i = 0U; i < instance->n_ports; ++i) {
    PinnaPort* const port = instance->ports + i;
    const bool audio = port->info.kind == PINNA_PORT_AUDIO || port->info.kind == PINNA_PORT_CV;
    if (audio && !(port->info.flags & PINNA_PORT_IS_INPUT)) {
      port->scratch = PINNA_TAKE(arena, block, float);
    }
    if (port->capacity) {
      port->sequence = (LV2_Atom_Sequence*)PINNA_TAKE(arena, port->capacity, char);
    }
  }
  const PinnaStatus status = take_rings(instance, arena);
  *object = instance;
  return status ? status : pinna_arena_result(arena);
}

static PinnaStatus
prepare(PinnaInstance* const instance, PinnaError* const error) {
  if (!lilv_plugin_get_num_ports(instance->plugin)) {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE,
                      "The plugin '%s' has no ports: its description in %s is damaged",
                      pinna_instance_uri(instance),
                      lilv_node_as_uri(lilv_plugin_get_bundle_uri(instance->plugin)));
  }

  PinnaInstance* const config = instance;
  LilvNode* const      name = lilv_plugin_get_name(instance->plugin);
  void*                object = NULL;
  instance->name = strdup(name ? lilv_node_as_string(name) : pinna_instance_uri(instance));
  lilv_node_free(name);
  instance->urid_chunk = pinna_world_map(instance->world, LV2_ATOM__Chunk);
  instance->urid_sequence = pinna_world_map(instance->world, LV2_ATOM__Sequence);

  PinnaStatus status = pinna_ports_describe(instance, error);
  status = status ? status : pinna_parameters_describe(instance, error);
  if (!status) {
    status = pinna_arena_build(&instance->memory, &object, take_buffers, &config);
    instance->log = pinna_lv2_log_new(instance->world, instance->name, instance->config.log,
                                      instance->config.log_handle);
    instance->worker = pinna_worker_new(instance->config.offline);
    if (status || !instance->name || !instance->log || !instance->worker) {
      status = pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory for the plugin '%s'",
                          pinna_instance_uri(instance));
    }
  }
  return status ? status : pinna_features_init(instance, error);
}

/// Why no instance came about: the dynamic linker's reason, if it is that
static PinnaStatus
did_not_start(const PinnaInstance* const instance, PinnaError* const error) {
  const LilvNode* const library = lilv_plugin_get_library_uri(instance->plugin);
  char* const           path = library ? lilv_node_get_path(library, NULL) : NULL;
  void* const           module = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
  const char* const     reason = module ? NULL : path ? dlerror() : "it names no library";
  const PinnaStatus     status =
      reason ? pinna_fail(error, PINNA_STATUS_BAD_FILE, "The plugin '%s' cannot be loaded: %s",
                              pinna_instance_uri(instance), reason)
                 : pinna_fail(error, PINNA_STATUS_UNSUPPORTED,
                              "The plugin '%s' refuses to start at %g Hz in blocks of %u frames "
                                  "(its library is %s)",
                              pinna_instance_uri(instance), instance->config.sample_rate,
                              instance->config.max_block, path);
  if (module) {
    dlclose(module);
  }
  lilv_free(path);
  return status;
}

static PinnaStatus
instantiate(PinnaInstance* const instance, PinnaError* const error) {
  instance->lilv = lilv_plugin_instantiate(instance->plugin, instance->config.sample_rate,
                                           instance->features.list);
  pinna_lv2_log_drain(instance->log);
  if (!instance->lilv) {
    return did_not_start(instance, error);
  }

  const LV2_Worker_Interface* const iface =
      (const LV2_Worker_Interface*)lilv_instance_get_extension_data(instance->lilv,
                                                                    LV2_WORKER__interface);
  if (!iface || !iface->work) {
    // The plugin may hold the schedule feature, so the worker stays until the end
    instance->idle_worker = instance->worker;
    instance->worker = NULL;
    return PINNA_STATUS_OK;
  }
  return pinna_worker_start(instance->worker, instance->lilv, iface)
             ? pinna_fail(error, PINNA_STATUS_NO_MEM, "No thread for the worker of '%s'",
                          pinna_instance_uri(instance))
             : PINNA_STATUS_OK;
}

static void
connect_ports(PinnaInstance* const instance) {
  for (uint32_t i = 0U; i < instance->n_ports; ++i) {
    PinnaPort* const port = instance->ports + i;
    const bool       input = port->info.flags & PINNA_PORT_IS_INPUT;
    port->buffer = port->info.kind == PINNA_PORT_CONTROL ? (void*)&port->value
                   : port->info.kind == PINNA_PORT_ATOM  ? (void*)port->sequence
                   : input                               ? (void*)instance->silence
                                                         : (void*)port->scratch;
    lilv_instance_connect_port(instance->lilv, i, port->buffer);
  }
}

static void
activate(PinnaInstance* const instance) {
  lilv_instance_activate(instance->lilv);
  instance->active = true;
  instance->n_frames = 0U;
}

static void
deactivate(PinnaInstance* const instance) {
  if (instance->active) {
    lilv_instance_deactivate(instance->lilv);
    instance->active = false;
  }
}

/// Messages that wait reach the plugin, and its worker does what they ask for
static void
settle(PinnaInstance* const instance) {
  const uint32_t most = instance->config.max_block;
  const bool     fixed = instance->config.fixed_block;
  PinnaMessage   head;
  bool           waits = instance->events_in && pinna_ring_peek(instance->events_in, &head);
  for (int i = 0; i < MAX_SETTLE && waits; ++i) {
    pinna_instance_run(instance, NULL, NULL, fixed || most < PROBE_FRAMES ? most : PROBE_FRAMES);
    waits = pinna_ring_peek(instance->events_in, &head);
    waits = (instance->worker && pinna_worker_settle(instance->worker)) || waits;
  }
}

// A few silent frames, forgotten at once: many plugins tell their latency only in run(), and some
// do not survive the run of 0 frames that the specification has for this
void
pinna_instance_reset(PinnaInstance* const instance) {
  settle(instance);
  deactivate(instance);
  activate(instance);
  if (instance->latency_port) {
    const uint32_t most = instance->config.max_block;
    const bool     fixed = instance->config.fixed_block;
    const uint32_t step = fixed || most < PROBE_FRAMES ? most : (uint32_t)PROBE_FRAMES;
    for (uint32_t done = 0U; done < PROBE_FRAMES; done += step) {
      pinna_instance_run(instance, NULL, NULL, step);
    }
    deactivate(instance);
    activate(instance);
  }
}

static void
set_freewheel(PinnaInstance* const instance) {
  for (uint32_t i = 0U; i < instance->n_control_in; ++i) {
    const uint32_t index = instance->control_in[i];
    if (instance->ports[index].info.flags & PINNA_PORT_FREEWHEEL) {
      pinna_instance_set(instance, index, instance->config.offline ? 1.0F : 0.0F);
    }
  }
}

static PinnaStatus
make(PinnaInstance* const instance, PinnaError* const error) {
  PinnaStatus status = prepare(instance, error);
  status = status ? status : instantiate(instance, error);
  if (!status) {
    connect_ports(instance);
    pinna_state_load_default(instance);
    set_freewheel(instance);
    pinna_instance_reset(instance);
    pinna_lv2_log_drain(instance->log);
  }
  return status;
}

PinnaStatus
pinna_instance_new(PinnaInstance** const instance, PinnaWorld* const world, const char* const uri,
                   const PinnaInstanceConfig* const config, PinnaError* const error) {
  *instance = NULL;
  if (!(config->sample_rate >= 1.0 && config->sample_rate <= 1e6) || !config->max_block ||
      config->max_block > (1U << 24U)) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG,
                      "A plugin cannot run at %g Hz in blocks of %u frames", config->sample_rate,
                      config->max_block);
  }

  const LilvPlugin* const plugin = pinna_world_plugin(world, uri, error);
  if (!plugin) {
    return PINNA_STATUS_NOT_FOUND;
  }

  PinnaInstance* const made = (PinnaInstance*)calloc(1U, sizeof(PinnaInstance));
  if (!made) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  }

  made->world = world;
  made->plugin = plugin;
  made->config = *config;
  atomic_init(&made->gate, PINNA_GATE_OPEN);
  const PinnaStatus status = make(made, error);
  if (status) {
    pinna_instance_free(made);
    return status;
  }
  *instance = made;
  return PINNA_STATUS_OK;
}

void
pinna_instance_free(PinnaInstance* const instance) {
  if (instance) {
    if (instance->worker) {
      pinna_worker_stop(instance->worker);
    }
    if (instance->lilv) {
      deactivate(instance);
      lilv_instance_free(instance->lilv);
    }
    pinna_worker_free(instance->worker);
    pinna_worker_free(instance->idle_worker);
    pinna_lv2_log_free(instance->log);
    pinna_state_clean_up(instance);
    pinna_presets_free(instance);
    pinna_parameters_free(instance);
    pinna_ports_free(instance);
    pinna_arena_free(instance->memory);
    free(instance->name);
    free(instance->missing);
    free(instance);
  }
}

void
pinna_instance_idle(PinnaInstance* const instance) {
  if (instance->log) {
    pinna_lv2_log_drain(instance->log);
  }
}
