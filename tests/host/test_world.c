// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/world.h"
#include "tests/host/fixture.h"
#include "tests/tap.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

// Bundles are found, misspelt URIs are answered, URI numbers hold under threads

enum { N_THREADS = 4, N_URIS = 3000 };

static void
test_plugins(PinnaWorld* const world) {
  PinnaError error = {""};
  tap_ok(!pinna_world_plugin(world, "urn:pinna:nowhere-near-anything-at-all", &error),
         "absent URI");
  tap_ok(strstr(error.text, "urn:pinna:nowhere") != NULL, "the error names the URI");
  tap_ok(strstr(error.text, "plugins found in") != NULL, "and the search path: %s", error.text);
  tap_ok(!pinna_world_plugin(world, "no colon", NULL), "not a URI at all");
  tap_ok(!pinna_world_plugin(world, "", NULL), "an empty URI");

  if (!pinna_world_plugin(world, "http://lv2plug.in/plugins/eg-amp", NULL)) {
    tap_skip("package lv2-examples is not installed", "near misses");
    return;
  }
  error.text[0] = '\0';
  tap_ok(!pinna_world_plugin(world, "http://lv2plug.in/plugin/eg-ampp", &error), "misspelt URI");
  tap_ok(strstr(error.text, "did you mean 'http://lv2plug.in/plugins/eg-amp'") != NULL,
         "the error names the right one: %s", error.text);
  error.text[0] = '\0';
  pinna_world_plugin(world, "eg-amp", &error);
  tap_ok(strstr(error.text, "http://lv2plug.in/plugins/eg-amp") != NULL, "part of a URI");
}

typedef struct {
  PinnaWorld* world;
  LV2_URID    urids[N_URIS];
} Mapper;

static void*
map_all(void* const handle) {
  Mapper* const mapper = (Mapper*)handle;
  for (unsigned i = 0U; i < N_URIS; ++i) {
    char uri[64];
    snprintf(uri, sizeof(uri), "urn:test:%u", i);
    mapper->urids[i] = pinna_world_map(mapper->world, uri);
  }
  return NULL;
}

static void
test_urids(PinnaWorld* const world) {
  static Mapper mappers[N_THREADS];
  pthread_t     threads[N_THREADS];
  for (unsigned t = 0U; t < N_THREADS; ++t) {
    mappers[t].world = world;
    pthread_create(&threads[t], NULL, map_all, &mappers[t]);
  }
  for (unsigned t = 0U; t < N_THREADS; ++t) {
    pthread_join(threads[t], NULL);
  }

  unsigned n_bad = 0U;
  for (unsigned i = 0U; i < N_URIS; ++i) {
    char uri[64];
    snprintf(uri, sizeof(uri), "urn:test:%u", i);
    const LV2_URID    urid = mappers[0].urids[i];
    const char* const back = pinna_world_unmap(world, urid);
    n_bad += !urid || !back || strcmp(back, uri) != 0;
    for (unsigned t = 1U; t < N_THREADS; ++t) {
      n_bad += mappers[t].urids[i] != urid;
    }
  }
  tap_int(n_bad, 0, "four threads agree on %d numbers", N_URIS);
  tap_ok(!pinna_world_unmap(world, 0U), "0 is nobody");
  tap_ok(!pinna_world_unmap(world, UINT32_MAX), "so is a number never given");

  LV2_URID_Map* const   map = pinna_world_urid_map(world);
  LV2_URID_Unmap* const unmap = pinna_world_urid_unmap(world);
  tap_string(unmap->unmap(unmap->handle, map->map(map->handle, "urn:test:feature")),
             "urn:test:feature", "through the features");
}

static void
test_all(PinnaWorld* const world) {
  test_plugins(world);
  test_urids(world);
  pinna_world_free(NULL);
}

int
main(void) {
  return try_world(test_all);
}
