// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/bundles/plugin.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>
#include <lv2/patch/patch.h>
#include <lv2/urid/urid.h>

// Is set by messages only, and tells what it was set to; its sound is the gain

enum { IN, OUT, CONTROL, GAIN, COUNT, ON, TEXT, PATH, N_TOLD = 5 };

typedef struct {
  Ports    ports;
  float    told[N_TOLD]; ///< From GAIN on
  LV2_URID keys[N_TOLD];
  LV2_URID object;
  LV2_URID set;
  LV2_URID property;
  LV2_URID value;
  LV2_URID type_float;
  LV2_URID type_long;
  LV2_URID type_bool;
  LV2_URID type_string;
  LV2_URID type_path;
} Params;

static LV2_Handle
make(const LV2_Descriptor* const d, const double rate, const char* const path,
     const LV2_Feature* const* const features) {
  (void)d;
  (void)rate;
  (void)path;
  Params* const             self = (Params*)calloc(1U, sizeof(Params));
  const LV2_URID_Map* const map = (const LV2_URID_Map*)feature(features, LV2_URID__map);
  self->keys[0] = map->map(map->handle, "urn:pinna:test:params#gain");
  self->keys[1] = map->map(map->handle, "urn:pinna:test:params#count");
  self->keys[2] = map->map(map->handle, "urn:pinna:test:params#on");
  self->keys[3] = map->map(map->handle, "urn:pinna:test:params#text");
  self->keys[4] = map->map(map->handle, "urn:pinna:test:params#path");
  self->object = map->map(map->handle, LV2_ATOM__Object);
  self->set = map->map(map->handle, LV2_PATCH__Set);
  self->property = map->map(map->handle, LV2_PATCH__property);
  self->value = map->map(map->handle, LV2_PATCH__value);
  self->type_float = map->map(map->handle, LV2_ATOM__Float);
  self->type_long = map->map(map->handle, LV2_ATOM__Long);
  self->type_bool = map->map(map->handle, LV2_ATOM__Bool);
  self->type_string = map->map(map->handle, LV2_ATOM__String);
  self->type_path = map->map(map->handle, LV2_ATOM__Path);
  self->told[0] = 1.0F;
  return self;
}

/// The value as a number: of texts the length, of a path from the root as well; -1: another type
static float
number_of(const Params* const self, const int key, const LV2_Atom* const value) {
  const char* const text = (const char*)(value + 1);
  switch (key) {
  case 0:
    return value->type == self->type_float ? *(const float*)(value + 1) : -1.0F;
  case 1:
    return value->type == self->type_long ? (float)*(const int64_t*)(value + 1) : -1.0F;
  case 2:
    return value->type == self->type_bool ? (float)*(const int32_t*)(value + 1) : -1.0F;
  case 3:
    return value->type == self->type_string ? (float)strlen(text) : -1.0F;
  default:
    return value->type == self->type_path && text[0] == '/' ? (float)strlen(text) : -1.0F;
  }
}

static void
run(const LV2_Handle handle, const uint32_t n) {
  Params* const                  self = (Params*)handle;
  const LV2_Atom_Sequence* const events = (const LV2_Atom_Sequence*)self->ports.ports[CONTROL];
  LV2_ATOM_SEQUENCE_FOREACH(events, event) {
    const LV2_Atom_Object* const object = (const LV2_Atom_Object*)&event->body;
    const LV2_Atom*              key = NULL;
    const LV2_Atom*              value = NULL;
    if (object->atom.type == self->object && object->body.otype == self->set) {
      lv2_atom_object_get(object, self->property, &key, self->value, &value, 0);
    }
    for (int i = 0; key && value && i < N_TOLD; ++i) {
      if (((const LV2_Atom_URID*)key)->body == self->keys[i]) {
        self->told[i] = number_of(self, i, value);
      }
    }
  }
  for (uint32_t i = 0U; i < n; ++i) {
    audio(handle, OUT)[i] = self->told[0];
  }
  for (int i = 0; i < N_TOLD; ++i) {
    report(handle, (uint32_t)(GAIN + i), self->told[i]);
  }
}

static void
drop(const LV2_Handle handle) {
  free(handle);
}

static const void*
extension(const char* const uri) {
  (void)uri;
  return NULL;
}

TEST_PLUGIN("params", make, NULL, run, drop, extension)
