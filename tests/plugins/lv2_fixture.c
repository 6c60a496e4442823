// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/plugins/lv2_fixture.h"

#include "plugins/common/inline_display.h"
#include "plugins/common/shell.h"
#include "tests/tap.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/buf-size/buf-size.h>
#include <lv2/core/lv2.h>
#include <lv2/options/options.h>
#include <lv2/parameters/parameters.h>
#include <lv2/patch/patch.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The host side of lilv

enum { MAX_URIS = 512, MAX_PLUGINS = 1024, MAX_FEATURES = 7, MAX_ASKED = 64 };

struct FixtureImpl {
  LilvWorld*          world;
  const LilvPlugins*  plugins;
  const char*         uris[MAX_PLUGINS];
  uint32_t            n_uris;
  char*               mapped[MAX_URIS];
  LilvNode*           nodes[MAX_URIS]; ///< Of the same URIs, made on demand
  uint32_t            n_mapped;
  pthread_mutex_t     lock;
  atomic_uint         n_redraws;
  int32_t             min_block;
  int32_t             max_block;
  float               rate;
  LV2_URID            sequence;
  LV2_URID            chunk;
  const LilvNode*     input_class;
  LV2_URID_Map        map;
  LV2_URID_Unmap      unmap;
  InlineDisplay       display;
  LV2_Options_Option  options[4];
  LV2_Worker_Schedule schedule;
  char                asked[MAX_ASKED][1024]; ///< Of a worker
  uint32_t            asked_size[MAX_ASKED];
  uint32_t            n_asked;
  LV2_Feature         features[MAX_FEATURES];
  const LV2_Feature*  feature_list[MAX_FEATURES];
};

static LV2_URID
map_uri(const LV2_URID_Map_Handle handle, const char* const uri) {
  Fixture* const self = (Fixture*)handle;
  pthread_mutex_lock(&self->lock);
  uint32_t i = 0U;
  while (i < self->n_mapped && strcmp(self->mapped[i], uri) != 0) {
    ++i;
  }
  if (i == self->n_mapped && i < MAX_URIS) {
    self->mapped[self->n_mapped++] = strdup(uri);
  }
  pthread_mutex_unlock(&self->lock);
  return i < MAX_URIS ? i + 1U : 0U;
}

static const char*
unmap_uri(const LV2_URID_Unmap_Handle handle, const LV2_URID urid) {
  const Fixture* const self = (const Fixture*)handle;
  return urid && urid <= self->n_mapped ? self->mapped[urid - 1U] : NULL;
}

static void
queue_draw(void* const handle) {
  atomic_fetch_add_explicit(&((Fixture*)handle)->n_redraws, 1U, memory_order_relaxed);
}

static int
compare_uris(const void* const a, const void* const b) {
  return strcmp(*(const char* const*)a, *(const char* const*)b);
}

static void
offer_features(Fixture* const self) {
  self->map = (LV2_URID_Map){self, map_uri};
  self->unmap = (LV2_URID_Unmap){self, unmap_uri};
  self->display = (InlineDisplay){self, queue_draw};
  self->max_block = 8192;
  self->sequence = map_uri(self, LV2_ATOM__Sequence);
  self->chunk = map_uri(self, LV2_ATOM__Chunk);
  self->input_class = fixture_node(self, LV2_CORE__InputPort);
  const LV2_URID type_int = map_uri(self, LV2_ATOM__Int);
  const LV2_URID type_float = map_uri(self, LV2_ATOM__Float);
  self->options[0] = (LV2_Options_Option){
      LV2_OPTIONS_INSTANCE, 0U,       map_uri(self, LV2_BUF_SIZE__minBlockLength),
      sizeof(int32_t),      type_int, &self->min_block};
  self->options[1] = (LV2_Options_Option){
      LV2_OPTIONS_INSTANCE, 0U,       map_uri(self, LV2_BUF_SIZE__maxBlockLength),
      sizeof(int32_t),      type_int, &self->max_block};
  self->options[2] = (LV2_Options_Option){
      LV2_OPTIONS_INSTANCE, 0U,         map_uri(self, LV2_PARAMETERS__sampleRate),
      sizeof(float),        type_float, &self->rate};

  self->features[0] = (LV2_Feature){LV2_URID__map, &self->map};
  self->features[1] = (LV2_Feature){LV2_URID__unmap, &self->unmap};
  self->features[2] = (LV2_Feature){LV2_OPTIONS__options, self->options};
  self->features[3] = (LV2_Feature){LV2_BUF_SIZE__boundedBlockLength, NULL};
  self->features[4] = (LV2_Feature){INLINE_DISPLAY_QUEUE_DRAW_URI, &self->display};
  for (int f = 0; f < 5; ++f) {
    self->feature_list[f] = &self->features[f];
  }
}

static LV2_Worker_Status
schedule_work(const LV2_Worker_Schedule_Handle handle, const uint32_t size,
              const void* const data) {
  Fixture* const self = (Fixture*)handle;
  if (self->n_asked == MAX_ASKED || size > sizeof(self->asked[0])) {
    return LV2_WORKER_ERR_NO_SPACE;
  }
  memcpy(self->asked[self->n_asked], size ? data : "", size);
  self->asked_size[self->n_asked++] = size;
  return LV2_WORKER_SUCCESS;
}

void
fixture_offer_worker(Fixture* const fixture) {
  fixture->schedule = (LV2_Worker_Schedule){fixture, schedule_work};
  fixture->features[5] = (LV2_Feature){LV2_WORKER__schedule, &fixture->schedule};
  fixture->feature_list[5] = &fixture->features[5];
}

unsigned
fixture_work(FixturePlugin* const plugin) {
  Fixture* const                    fixture = plugin->fixture;
  const LV2_Worker_Interface* const worker =
      (const LV2_Worker_Interface*)lilv_instance_get_extension_data(plugin->instance,
                                                                    LV2_WORKER__interface);
  const LV2_Handle handle = lilv_instance_get_handle(plugin->instance);
  const uint32_t   n = worker ? fixture->n_asked : 0U;
  for (uint32_t i = 0U; i < n; ++i) {
    worker->work(handle, NULL, NULL, fixture->asked_size[i], fixture->asked[i]);
  }
  fixture->n_asked = 0U;
  return n;
}

void
fixture_send_path(FixturePlugin* const plugin, const char* const property, const char* const path) {
  fixture_send_floats(plugin, property, NULL, 0U);
  snprintf(plugin->path, sizeof(plugin->path), "%s", path);
}

void
fixture_send_floats(FixturePlugin* const plugin, const char* const property,
                    const float* const values, const uint32_t n_values) {
  snprintf(plugin->property, sizeof(plugin->property), "%s", property);
  plugin->floats = values;
  plugin->n_floats = n_values;
}

/// A patch:Set of the property that waits, into the port "control"
static void
forge_property(FixturePlugin* const plugin) {
  Fixture* const       fixture = plugin->fixture;
  const uint32_t       n_audio = plugin->n_in + plugin->n_out;
  const uint32_t       n_path = (uint32_t)strlen(plugin->path) + 1U;
  uint32_t             c = 0U;
  LV2_Atom_Forge       forge;
  LV2_Atom_Forge_Frame sequence;
  LV2_Atom_Forge_Frame object;
  while (plugin->info->controls[c].role != PINNA_ROLE_CONTROL) {
    ++c;
  }
  lv2_atom_forge_init(&forge, &fixture->map);
  lv2_atom_forge_set_buffer(&forge, (uint8_t*)plugin->events[n_audio + c], FIXTURE_EVENT_BYTES);
  lv2_atom_forge_sequence_head(&forge, &sequence, 0U);
  lv2_atom_forge_frame_time(&forge, 0);
  lv2_atom_forge_object(&forge, &object, 0U, map_uri(fixture, LV2_PATCH__Set));
  lv2_atom_forge_key(&forge, map_uri(fixture, LV2_PATCH__property));
  lv2_atom_forge_urid(&forge, map_uri(fixture, plugin->property));
  lv2_atom_forge_key(&forge, map_uri(fixture, LV2_PATCH__value));
  plugin->floats ? lv2_atom_forge_vector(&forge, sizeof(float), map_uri(fixture, LV2_ATOM__Float),
                                         plugin->n_floats, plugin->floats)
                 : lv2_atom_forge_path(&forge, plugin->path, n_path);
  lv2_atom_forge_pop(&forge, &object);
  lv2_atom_forge_pop(&forge, &sequence);
  plugin->property[0] = '\0';
}

Fixture*
fixture_open(void) {
  Fixture* const self = (Fixture*)calloc(1U, sizeof(Fixture));
  pthread_mutex_init(&self->lock, NULL);
  self->world = lilv_world_new();
  lilv_world_load_all(self->world);
  self->plugins = lilv_world_get_all_plugins(self->world);
  LILV_FOREACH(plugins, i, self->plugins) {
    if (self->n_uris < MAX_PLUGINS) {
      self->uris[self->n_uris++] =
          lilv_node_as_uri(lilv_plugin_get_uri(lilv_plugins_get(self->plugins, i)));
    }
  }
  qsort(self->uris, self->n_uris, sizeof(char*), compare_uris);
  offer_features(self);
  if (!self->n_uris) {
    tap_ok(false, "LV2_PATH=%s holds plugins", getenv("LV2_PATH"));
    exit(tap_done());
  }
  return self;
}

void
fixture_close(Fixture* const fixture) {
  for (uint32_t i = 0U; i < fixture->n_mapped; ++i) {
    free(fixture->mapped[i]);
    lilv_node_free(fixture->nodes[i]);
  }
  lilv_world_free(fixture->world);
  pthread_mutex_destroy(&fixture->lock);
  free(fixture);
}

const char*
fixture_uri(const Fixture* const fixture, const uint32_t index) {
  return index < fixture->n_uris ? fixture->uris[index] : NULL;
}

LilvWorld*
fixture_world(const Fixture* const fixture) {
  return fixture->world;
}

const LilvNode*
fixture_node(Fixture* const fixture, const char* const uri) {
  const uint32_t i = map_uri(fixture, uri) - 1U;
  if (!fixture->nodes[i]) {
    fixture->nodes[i] = lilv_new_uri(fixture->world, uri);
  }
  return fixture->nodes[i];
}

void*
fixture_urid_map(Fixture* const fixture) {
  return &fixture->map;
}

void*
fixture_urid_unmap(Fixture* const fixture) {
  return &fixture->unmap;
}

unsigned
fixture_n_redraws(const Fixture* const fixture) {
  return atomic_load_explicit(&fixture->n_redraws, memory_order_relaxed);
}

static void
find_ports(FixturePlugin* const self) {
  const LilvNode* const audio = fixture_node(self->fixture, LV2_CORE__AudioPort);
  const LilvNode* const event = fixture_node(self->fixture, LV2_ATOM__AtomPort);
  const LilvNode* const input = fixture_node(self->fixture, LV2_CORE__InputPort);

  self->n_ports = lilv_plugin_get_num_ports(self->plugin);
  self->value = (float*)calloc(self->n_ports + 1U, sizeof(float));
  self->events = (void**)calloc(self->n_ports + 1U, sizeof(void*));
  lilv_plugin_get_port_ranges_float(self->plugin, NULL, NULL, self->value);
  for (uint32_t p = 0U; p < self->n_ports; ++p) {
    const LilvPort* const port = lilv_plugin_get_port_by_index(self->plugin, p);
    self->value[p] = isfinite(self->value[p]) ? self->value[p] : 0.0f;
    if (lilv_port_is_a(self->plugin, port, event)) {
      self->has_events = true;
      self->events[p] = calloc(1U, FIXTURE_EVENT_BYTES);
      lilv_instance_connect_port(self->instance, p, self->events[p]);
    } else if (!lilv_port_is_a(self->plugin, port, audio)) {
      lilv_instance_connect_port(self->instance, p, &self->value[p]);
    } else if (lilv_port_is_a(self->plugin, port, input)) {
      self->in_port[self->n_in++] = p;
    } else {
      self->out_port[self->n_out++] = p;
    }
  }
}

/// What comes beside time is the same only so
static void
render_offline(FixturePlugin* const plugin) {
  if (plugin->info && plugin->info->has_workers) {
    *fixture_control(plugin, "freewheel") = 1.0f;
  }
}

FixturePlugin*
fixture_load(Fixture* const fixture, const char* const uri, const double rate) {
  const LilvPlugin* const plugin =
      lilv_plugins_get_by_uri(fixture->plugins, fixture_node(fixture, uri));
  fixture->rate = (float)rate;
  LilvInstance* const instance =
      plugin ? lilv_plugin_instantiate(plugin, rate, fixture->feature_list) : NULL;
  if (!instance) {
    return NULL;
  }

  FixturePlugin* const self = (FixturePlugin*)calloc(1U, sizeof(FixturePlugin));
  self->fixture = fixture;
  self->plugin = plugin;
  self->instance = instance;
  self->info = (const PinnaInfo*)lilv_instance_get_extension_data(instance, PINNA_TABLE_URI);
  for (uint32_t v = 0U; self->info && v < self->info->n_variants; ++v) {
    if (!strcmp(self->info->variants[v].uri, uri)) {
      self->variant = &self->info->variants[v];
    }
  }
  find_ports(self);
  render_offline(self);
  lilv_instance_activate(instance);
  return self;
}

void
fixture_free(FixturePlugin* const plugin) {
  if (plugin) {
    lilv_instance_deactivate(plugin->instance);
    lilv_instance_free(plugin->instance);
    for (uint32_t p = 0U; p < plugin->n_ports; ++p) {
      free(plugin->events[p]);
    }
    free(plugin->events);
    free(plugin->value);
    free(plugin);
  }
}

float*
fixture_control(FixturePlugin* const plugin, const char* const symbol) {
  for (uint32_t p = 0U; p < plugin->n_ports; ++p) {
    const LilvPort* const port = lilv_plugin_get_port_by_index(plugin->plugin, p);
    if (!strcmp(lilv_node_as_string(lilv_port_get_symbol(plugin->plugin, port)), symbol)) {
      return &plugin->value[p];
    }
  }
  tap_ok(false, "%s has a port '%s'", lilv_node_as_uri(lilv_plugin_get_uri(plugin->plugin)),
         symbol);
  exit(tap_done());
}

void
fixture_set_band(FixturePlugin* const plugin, const char* const symbol, const int band,
                 const double value) {
  char name[32];
  snprintf(name, sizeof(name), "%s_%d", symbol, band);
  *fixture_control(plugin, name) = (float)value;
}

static float
random_value(const PinnaPort* const port, unsigned* const seed) {
  const float x = 0.5f + 0.5f * tap_noise(seed);
  if (port->flags & PINNA_ENUMERATION) {
    unsigned n = 0U;
    while (port->points[n].label) {
      ++n;
    }
    return port->points[(unsigned)(x * (float)n) % n].value;
  }
  if (port->flags & PINNA_LOGARITHMIC) {
    return port->min * powf(port->max / port->min, x);
  }
  const float value = port->min + x * (port->max - port->min);
  return port->flags & (PINNA_TOGGLED | PINNA_INTEGER) ? rintf(value) : value;
}

void
fixture_randomise(FixturePlugin* const plugin, unsigned* const seed) {
  const PinnaInfo* const info = plugin->info;
  const uint32_t         n_audio = plugin->n_in + plugin->n_out;
  for (uint32_t c = 0U; info && c < info->n_controls; ++c) {
    if (info->controls[c].kind == PINNA_CONTROL_IN && !info->controls[c].role) {
      plugin->value[n_audio + c] = random_value(&info->controls[c], seed);
    }
  }
}

void
fixture_defaults(FixturePlugin* const plugin) {
  const PinnaInfo* const info = plugin->info;
  const uint32_t         n_audio = plugin->n_in + plugin->n_out;
  for (uint32_t c = 0U; info && c < info->n_controls; ++c) {
    if (info->controls[c].kind == PINNA_CONTROL_IN) {
      plugin->value[n_audio + c] = info->controls[c].def;
    }
  }
  render_offline(plugin);
}

void
fixture_restart(FixturePlugin* const plugin) {
  lilv_instance_deactivate(plugin->instance);
  lilv_instance_activate(plugin->instance);
}

/// No events come in, room for events to go out
static void
clear_events(const FixturePlugin* const plugin) {
  for (uint32_t p = 0U; p < plugin->n_ports; ++p) {
    LV2_Atom_Sequence* const events = (LV2_Atom_Sequence*)plugin->events[p];
    if (events) {
      const LilvPort* const port = lilv_plugin_get_port_by_index(plugin->plugin, p);
      const bool            in = lilv_port_is_a(plugin->plugin, port, plugin->fixture->input_class);
      events->atom.type = in ? plugin->fixture->sequence : plugin->fixture->chunk;
      events->atom.size =
          in ? sizeof(LV2_Atom_Sequence_Body) : FIXTURE_EVENT_BYTES - (uint32_t)sizeof(LV2_Atom);
      events->body = (LV2_Atom_Sequence_Body){0U, 0U};
    }
  }
}

void
fixture_run(FixturePlugin* const plugin, float* const* const in, float* const* const out,
            const uint32_t n_frames) {
  if (plugin->has_events) {
    clear_events(plugin);
  }
  if (plugin->property[0]) {
    forge_property(plugin);
  }
  for (uint32_t c = 0U; c < plugin->n_in; ++c) {
    lilv_instance_connect_port(plugin->instance, plugin->in_port[c], in[c]);
  }
  for (uint32_t c = 0U; c < plugin->n_out; ++c) {
    lilv_instance_connect_port(plugin->instance, plugin->out_port[c], out[c]);
  }
  lilv_instance_run(plugin->instance, n_frames);
}

void
fixture_render(FixturePlugin* const plugin, float* const* const in, float* const* const out,
               const uint32_t n_frames, const uint32_t block) {
  for (uint32_t at = 0U; at < n_frames; at += block) {
    float* in_at[FIXTURE_MAX_CHANNELS];
    float* out_at[FIXTURE_MAX_CHANNELS];
    for (uint32_t c = 0U; c < FIXTURE_MAX_CHANNELS; ++c) {
      in_at[c] = c < plugin->n_in ? in[c] + at : NULL;
      out_at[c] = c < plugin->n_out ? out[c] + at : NULL;
    }
    fixture_run(plugin, in_at, out_at, n_frames - at < block ? n_frames - at : block);
  }
}

uint32_t
fixture_latency(FixturePlugin* const plugin) {
  fixture_run(plugin, (float* [FIXTURE_MAX_CHANNELS]){0}, (float* [FIXTURE_MAX_CHANNELS]){0}, 0U);
  return (uint32_t)*fixture_control(plugin, "latency");
}

float**
fixture_buffers(const uint32_t n_channels, const uint32_t n_frames) {
  const size_t  head = (n_channels * sizeof(float*) + 63U) / 64U * 64U;
  char* const   raw = (char*)calloc(1U, head + (size_t)n_channels * n_frames * sizeof(float));
  float** const rows = (float**)(void*)raw;
  for (uint32_t c = 0U; c < n_channels; ++c) {
    rows[c] = (float*)(void*)(raw + head) + (size_t)c * n_frames;
  }
  return rows;
}

int
fixture_try_all(void (*const check)(Fixture* fixture, const char* uri)) {
  Fixture* const fixture = fixture_open();
  for (uint32_t i = 0U; i < fixture->n_uris; ++i) {
    check(fixture, fixture->uris[i]);
  }
  fixture_close(fixture);
  return tap_done();
}
