// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/shell.h"

#include "base/arena.h"
#include "plugins/common/shell_impl.h"
#include "plugins/common/state.h"

#include <lv2/atom/atom.h>
#include <lv2/buf-size/buf-size.h>
#include <lv2/log/log.h>
#include <lv2/options/options.h>
#include <lv2/worker/worker.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

// The set-up side: builds and frees an instance, draws its inline display

/// Rows of `n` floats behind pointers
static float**
take_rows(PinnaArena* const arena, const uint32_t n_rows, const size_t n) {
  float** const rows = PINNA_TAKE(arena, n_rows, float*);
  for (uint32_t r = 0U; r < n_rows; ++r) {
    float* const row = PINNA_TAKE(arena, n, float);
    if (rows) {
      rows[r] = row;
    }
  }
  return rows;
}

/// Build everything around a block that exists: `data` is a PinnaShell with its first members set
static PinnaStatus
build_shell(void** const object, PinnaArena* const arena, const void* const data) {
  const PinnaShell* const   plan = (const PinnaShell*)data;
  const PinnaVariant* const variant = plan->variant;
  const uint32_t            n_control = pinna_plugin.info->n_controls;
  PinnaShell* const         self = PINNA_TAKE(arena, 1U, PinnaShell);
  PinnaShell                shell = *plan;

  shell.in = PINNA_TAKE(arena, variant->n_in, const float*);
  shell.out = PINNA_TAKE(arena, variant->n_out, float*);
  shell.call_in = PINNA_TAKE(arena, variant->n_in, const float*);
  shell.call_out = PINNA_TAKE(arena, variant->n_out, float*);
  shell.control = PINNA_TAKE(arena, n_control, float*);
  shell.raw = PINNA_TAKE(arena, n_control, float);
  shell.values = PINNA_TAKE(arena, n_control, float);
  shell.reports = PINNA_TAKE(arena, n_control, float);
  shell.input_at = PINNA_TAKE(arena, n_control, uint32_t);
  shell.report_at = PINNA_TAKE(arena, n_control, uint32_t);
  shell.events.out_at = PINNA_TAKE(arena, n_control, uint32_t);
  shell.events.buffers = PINNA_TAKE(arena, n_control, LV2_Atom_Sequence*);
  shell.events.capacity = PINNA_TAKE(arena, n_control, uint32_t);
  shell.shown = PINNA_TAKE(arena, n_control, _Atomic float);
  shell.clean = take_rows(arena, variant->n_in, PINNA_SHELL_CHUNK);
  shell.dry = take_rows(arena, variant->n_out, PINNA_SHELL_CHUNK);
  shell.delay = take_rows(arena, variant->n_out, plan->max_latency);
  if (pinna_arena_state(arena) != PINNA_STATUS_OK) {
    return pinna_arena_result(arena);
  }

  for (uint32_t c = 0U; c < n_control; ++c) {
    const PinnaPort* const port = &pinna_plugin.info->controls[c];
    const float            value = port->def;
    if (port->kind == PINNA_CONTROL_IN) {
      shell.input_at[shell.n_inputs++] = c;
    } else if (port->kind == PINNA_CONTROL_OUT) {
      shell.report_at[shell.n_reports++] = c;
    } else if (port->kind == PINNA_EVENT_OUT) {
      shell.events.out_at[shell.events.n_out++] = c;
    }
    shell.raw[c] = value;
    shell.values[c] = value;
    atomic_store_explicit(&shell.shown[c], value, memory_order_relaxed);
  }
  shell.reports[PINNA_CONTROL_LATENCY] = (float)plan->n_latency;
  *self = shell;
  *object = self;
  return PINNA_STATUS_OK;
}

static const void*
find_feature(const LV2_Feature* const* const features, const char* const uri) {
  for (uint32_t f = 0U; features && features[f]; ++f) {
    if (!strcmp(features[f]->URI, uri)) {
      return features[f]->data;
    }
  }
  return NULL;
}

/// Lengths of blocks, as far as the host tells them
static void
read_options(PinnaPluginConfig* const config, const LV2_Options_Option* const options) {
  const LV2_URID_Map* const map = config->map;
  if (!map) {
    return;
  }
  const LV2_URID nominal = map->map(map->handle, LV2_BUF_SIZE__nominalBlockLength);
  const LV2_URID most = map->map(map->handle, LV2_BUF_SIZE__maxBlockLength);
  const LV2_URID type = map->map(map->handle, LV2_ATOM__Int);
  for (const LV2_Options_Option* o = options; o && o->key; ++o) {
    if (o->type == type && o->value && *(const int32_t*)o->value > 0) {
      const uint32_t value = (uint32_t) * (const int32_t*)o->value;
      config->nominal_block = o->key == nominal ? value : config->nominal_block;
      config->max_block = o->key == most ? value : config->max_block;
    }
  }
}

LV2_Handle
pinna_shell_instantiate(const LV2_Descriptor* const descriptor, const double rate,
                        const char* const bundle_path, const LV2_Feature* const* const features) {
  (void)bundle_path;
  const PinnaInfo* const info = pinna_plugin.info;
  PinnaPluginConfig      config = {.rate = rate,
                                   .map = (const LV2_URID_Map*)find_feature(features, LV2_URID__map),
                                   .log = (const LV2_Log_Log*)find_feature(features, LV2_LOG__log)};
  read_options(&config, (const LV2_Options_Option*)find_feature(features, LV2_OPTIONS__options));
  for (uint32_t v = 0U; v < info->n_variants; ++v) {
    if (!strcmp(info->variants[v].uri, descriptor->URI)) {
      config.variant = &info->variants[v];
    }
  }

  PinnaShell shell = {.variant = config.variant, .rate = rate, .map = config.map};
  if (!config.variant || !(rate > 0.0) ||
      pinna_arena_build(&shell.block_memory, &shell.block, pinna_plugin.build, &config)) {
    return NULL;
  }

  if (pinna_plugin.file) {
    shell.file = pinna_file_new(pinna_plugin.file, info, &config, features, shell.block);
  }
  void* memory = NULL;
  void* self = NULL;
  shell.n_latency = pinna_plugin.latency ? pinna_plugin.latency(shell.block) : 0U;
  shell.max_latency = shell.n_latency;
  pinna_event_map(&shell.events, config.map);
  shell.fade.pole = 1.0 - exp(-1.0 / (0.004 * rate));
  shell.queue_draw = (const InlineDisplay*)find_feature(features, INLINE_DISPLAY_QUEUE_DRAW_URI);
  if ((pinna_plugin.file && !shell.file) ||
      pinna_arena_build(&memory, &self, build_shell, &shell)) {
    pinna_file_free(shell.file, NULL);
    pinna_arena_free(shell.block_memory);
    return NULL;
  }
  return self; // The first slice: also the block of memory to free
}

void
pinna_shell_activate(const LV2_Handle handle) {
  PinnaShell* const self = (PinnaShell*)handle;
  for (uint32_t c = 0U; c < self->variant->n_out; ++c) {
    memset(self->delay[c], 0, self->max_latency * sizeof(float));
  }
  self->delay_at = 0U;
  self->fresh = true;
  pinna_plugin.reset(self->block);
  if (pinna_plugin.rest) {
    pinna_plugin.rest(self->block, false);
  }
}

void
pinna_shell_deactivate(const LV2_Handle handle) {
  const PinnaShell* const self = (const PinnaShell*)handle;
  if (pinna_plugin.finish) {
    pinna_plugin.finish(self->block);
  }
  if (pinna_plugin.rest) {
    pinna_plugin.rest(self->block, true);
  }
}

void
pinna_shell_cleanup(const LV2_Handle handle) {
  PinnaShell* const self = (PinnaShell*)handle;
  pinna_shell_deactivate(handle); // Some hosts do not
  free(self->surface.data);
  pinna_file_free(self->file, self->block);
  pinna_arena_free(self->block_memory);
  pinna_arena_free(self);
}

static InlineDisplaySurface*
render(void* const handle, const uint32_t w, const uint32_t max_h) {
  PinnaShell* const     self = (PinnaShell*)handle;
  InlineDisplaySurface* surface = &self->surface;
  const uint32_t        width = w < 4096U ? w : 4096U;
  const uint32_t        wanted = width * 2U / 5U > 16U ? width * 2U / 5U : 16U;
  const uint32_t        height = wanted < max_h ? wanted : max_h;
  if (!width || !height) {
    return NULL;
  }
  if (width * height > self->surface_size) {
    void* const data = realloc(surface->data, (size_t)width * height * sizeof(uint32_t));
    if (!data) {
      return NULL;
    }
    surface->data = (unsigned char*)data;
    self->surface_size = width * height;
  }
  surface->width = (int)width;
  surface->height = (int)height;
  surface->stride = (int)(width * sizeof(uint32_t));

  float* const values = (float*)calloc(pinna_plugin.info->n_controls, sizeof(float));
  if (!values) {
    return NULL;
  }
  for (uint32_t c = 0U; c < pinna_plugin.info->n_controls; ++c) {
    values[c] = atomic_load_explicit(&self->shown[c], memory_order_relaxed);
  }
  Paint paint = {(uint32_t*)(void*)surface->data, surface->width, surface->height};
  pinna_plugin.draw(&paint, values, self->rate, self->block);
  free(values);
  return surface;
}

static LV2_Worker_Status
work(const LV2_Handle handle, const LV2_Worker_Respond_Function respond,
     const LV2_Worker_Respond_Handle respond_handle, const uint32_t size, const void* const data) {
  (void)respond;
  (void)respond_handle;
  return pinna_file_work(((PinnaShell*)handle)->file, size, data);
}

const void*
pinna_shell_extension(const char* const uri) {
  static const InlineDisplayInterface display = {render};
  static const LV2_Worker_Interface   worker = {work, NULL, NULL};
  if (!strcmp(uri, INLINE_DISPLAY_INTERFACE_URI) && pinna_plugin.draw) {
    return &display;
  }
  if (!strcmp(uri, LV2_STATE__interface) && (pinna_plugin.state || pinna_plugin.file)) {
    return &pinna_state_interface;
  }
  if (!strcmp(uri, LV2_WORKER__interface) && pinna_plugin.file) {
    return &worker;
  }
  if (!strcmp(uri, PINNA_TABLE_URI)) {
    return pinna_plugin.info;
  }
  return NULL;
}
