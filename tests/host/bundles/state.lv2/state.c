// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/bundles/plugin.h"

#include <lv2/atom/atom.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

// Keeps the last number above 0 that it saw, as a property and in a file; never to be restored
// while it runs

typedef struct {
  Ports       ports;
  LV2_URID    number;
  LV2_URID    file;
  LV2_URID    atom_int;
  LV2_URID    atom_path;
  char*       scratch; ///< A file that exists while the plugin does
  atomic_int  kept;
  int         filed; ///< Number in the file that was restored
  atomic_bool running;
  atomic_int  n_clashes;
} State;

static LV2_Handle
make(const LV2_Descriptor* const d, const double rate, const char* const path,
     const LV2_Feature* const* const features) {
  (void)d;
  (void)rate;
  (void)path;
  State* const                     self = (State*)calloc(1U, sizeof(State));
  const LV2_URID_Map* const        map = (const LV2_URID_Map*)feature(features, LV2_URID__map);
  const LV2_State_Make_Path* const paths =
      (const LV2_State_Make_Path*)feature(features, LV2_STATE__makePath);
  self->number = map->map(map->handle, "urn:pinna:test:state#number");
  self->file = map->map(map->handle, "urn:pinna:test:state#file");
  self->atom_int = map->map(map->handle, LV2_ATOM__Int);
  self->atom_path = map->map(map->handle, LV2_ATOM__Path);
  self->scratch = paths->path(paths->handle, "deep/number.txt");
  return self;
}

static void
run(const LV2_Handle handle, const uint32_t n) {
  State* const self = (State*)handle;
  atomic_store(&self->running, true);
  const int number = (int)control(handle, 2U);
  if (number) {
    atomic_store(&self->kept, number);
  }
  memmove(audio(handle, 1U), audio(handle, 0U), n * sizeof(float));
  report(handle, 3U, (float)atomic_load(&self->kept));
  report(handle, 4U, (float)self->filed);
  report(handle, 5U, (float)atomic_load(&self->n_clashes));
  atomic_store(&self->running, false);
}

static LV2_State_Status
save(const LV2_Handle handle, const LV2_State_Store_Function store, const LV2_State_Handle state,
     const uint32_t flags, const LV2_Feature* const* const features) {
  (void)flags;
  State* const                    self = (State*)handle;
  const int                       kept = atomic_load(&self->kept);
  const LV2_State_Map_Path* const map =
      (const LV2_State_Map_Path*)feature(features, LV2_STATE__mapPath);
  FILE* const file = self->scratch ? fopen(self->scratch, "w") : NULL;
  if (file && map) {
    fprintf(file, "%d\n", kept);
    fclose(file);
    char* const abstract = map->abstract_path(map->handle, self->scratch);
    store(state, self->file, abstract, strlen(abstract) + 1U, self->atom_path,
          LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE);
    free(abstract);
  }
  return store(state, self->number, &kept, sizeof(kept), self->atom_int,
               LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE);
}

static LV2_State_Status
restore(const LV2_Handle handle, const LV2_State_Retrieve_Function retrieve,
        const LV2_State_Handle state, const uint32_t flags,
        const LV2_Feature* const* const features) {
  (void)flags;
  State* const                    self = (State*)handle;
  size_t                          size = 0U;
  uint32_t                        type = 0U;
  uint32_t                        value_flags = 0U;
  const LV2_State_Map_Path* const map =
      (const LV2_State_Map_Path*)feature(features, LV2_STATE__mapPath);
  const int* const kept = (const int*)retrieve(state, self->number, &size, &type, &value_flags);
  for (int i = 0; i < 200; ++i) {
    const struct timespec pause = {0, 100000};
    atomic_fetch_add(&self->n_clashes, atomic_load(&self->running));
    nanosleep(&pause, NULL);
  }
  if (kept && type == self->atom_int && size == sizeof(int)) {
    atomic_store(&self->kept, *kept);
  }

  const char* const abstract = (const char*)retrieve(state, self->file, &size, &type, &value_flags);
  char* const       absolute =
      abstract && map && type == self->atom_path ? map->absolute_path(map->handle, abstract) : NULL;
  FILE* const file = absolute ? fopen(absolute, "r") : NULL;
  if (file) {
    self->filed = fscanf(file, "%d", &self->filed) == 1 ? self->filed : -1;
    fclose(file);
  }
  free(absolute);
  return kept ? LV2_STATE_SUCCESS : LV2_STATE_ERR_NO_PROPERTY;
}

static void
drop(const LV2_Handle handle) {
  free(((State*)handle)->scratch);
  free(handle);
}

static const void*
extension(const char* const uri) {
  static const LV2_State_Interface state = {save, restore};
  return strcmp(uri, LV2_STATE__interface) ? NULL : &state;
}

TEST_PLUGIN("state", make, NULL, run, drop, extension)
