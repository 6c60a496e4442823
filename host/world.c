// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/world.h"

#include "host/nearest.h"
#include "host/paths.h"

#include <dirent.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

// Bundles through lilv; URI numbers in a growing open hash under a lock

struct PinnaWorldImpl {
  LilvWorld*      lilv;
  char*           path;   ///< Search path that was loaded
  time_t          looked; ///< When
  LV2_URID_Map    map;
  LV2_URID_Unmap  unmap;
  pthread_mutex_t lock;  ///< Guards everything below
  char**          uris;  ///< [n_uris], number 1 is the first
  LV2_URID*       slots; ///< [n_slots], 0 is free
  uint32_t        n_uris;
  uint32_t        n_slots; ///< Power of two, more than half free
};

static LV2_URID
map_uri(const LV2_URID_Map_Handle handle, const char* const uri) {
  return pinna_world_map((PinnaWorld*)handle, uri);
}

static const char*
unmap_urid(const LV2_URID_Unmap_Handle handle, const LV2_URID urid) {
  return pinna_world_unmap((PinnaWorld*)handle, urid);
}

static PinnaStatus
load(PinnaWorld* const world, PinnaError* const error) {
  world->path = pinna_paths_lv2();
  world->looked = time(NULL);
  world->lilv = lilv_world_new();
  LilvNode* const path =
      world->lilv && world->path ? lilv_new_string(world->lilv, world->path) : NULL;
  if (!path) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory while looking for plugins");
  }

  lilv_world_set_option(world->lilv, LILV_OPTION_LV2_PATH, path);
  lilv_world_load_all(world->lilv);
  lilv_node_free(path);
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_world_new(PinnaWorld** const world, PinnaError* const error) {
  *world = NULL;
  PinnaWorld* const made = (PinnaWorld*)calloc(1U, sizeof(PinnaWorld));
  if (!made) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  }

  made->map = (LV2_URID_Map){made, map_uri};
  made->unmap = (LV2_URID_Unmap){made, unmap_urid};
  pthread_mutex_init(&made->lock, NULL);
  const PinnaStatus status = load(made, error);
  if (status) {
    pinna_world_free(made);
    return status;
  }

  *world = made;
  return PINNA_STATUS_OK;
}

void
pinna_world_free(PinnaWorld* const world) {
  if (world) {
    lilv_world_free(world->lilv);
    for (uint32_t i = 0U; i < world->n_uris; ++i) {
      free(world->uris[i]);
    }
    free(world->uris);
    free(world->slots);
    free(world->path);
    pthread_mutex_destroy(&world->lock);
    free(world);
  }
}

/// True if something arrived under this name after `since`, give or take a second
static bool
is_newer(const char* const path, const time_t since) {
  struct stat here;
  struct stat there;
  return !lstat(path, &here) && !stat(path, &there) &&
         (here.st_ctime >= since - 1 || there.st_ctime >= since - 1);
}

/// True if a plugin of this bundle is known
static bool
has_bundle(const PinnaWorld* const world, const LilvNode* const bundle) {
  const LilvPlugins* const plugins = lilv_world_get_all_plugins(world->lilv);
  LILV_FOREACH(plugins, i, plugins) {
    if (lilv_node_equals(lilv_plugin_get_bundle_uri(lilv_plugins_get(plugins, i)), bundle)) {
      return true;
    }
  }
  return false;
}

static void
look_in(const PinnaWorld* const world, const char* const folder) {
  struct dirent** entries = NULL;
  const int       n = scandir(folder, &entries, NULL, alphasort);
  for (int i = 0; i < n; ++i) {
    char dir[PATH_MAX];
    char manifest[PATH_MAX];
    if (entries[i]->d_name[0] != '.' &&
        snprintf(dir, sizeof(dir), "%s/%s/", folder, entries[i]->d_name) < (int)sizeof(dir) &&
        snprintf(manifest, sizeof(manifest), "%smanifest.ttl", dir) < (int)sizeof(manifest)) {
      LilvNode* const bundle = lilv_new_file_uri(world->lilv, NULL, dir);
      const bool      there = is_newer(manifest, 0);
      dir[strlen(dir) - 1U] = '\0'; // Of a link, the link itself
      if (there && (is_newer(dir, world->looked) || is_newer(manifest, world->looked)) &&
          !has_bundle(world, bundle)) {
        lilv_world_load_bundle(world->lilv, bundle);
      }
      lilv_node_free(bundle);
    }
    free(entries[i]);
  }
  free((void*)entries);
}

void
pinna_world_look_again(PinnaWorld* const world) {
  const time_t now = time(NULL);
  char* const  list = strdup(world->path);
  char*        rest = NULL;
  for (const char* folder = list ? strtok_r(list, ":", &rest) : NULL; folder;
       folder = strtok_r(NULL, ":", &rest)) {
    look_in(world, folder);
  }
  free(list);
  world->looked = now;
}

LilvWorld*
pinna_world_lilv(PinnaWorld* const world) {
  return world->lilv;
}

static const LilvPlugin*
by_uri(const PinnaWorld* const world, const char* const uri) {
  const char* const       colon = strchr(uri, ':');
  LilvNode* const         node = colon ? lilv_new_uri(world->lilv, uri) : NULL;
  const LilvPlugin* const plugin =
      node ? lilv_plugins_get_by_uri(lilv_world_get_all_plugins(world->lilv), node) : NULL;
  lilv_node_free(node);
  return plugin;
}

static PinnaStatus
absent(const PinnaWorld* const world, const char* const uri, PinnaError* const error) {
  PinnaNearest             nearest = pinna_nearest(uri);
  const LilvPlugins* const plugins = lilv_world_get_all_plugins(world->lilv);
  LILV_FOREACH(plugins, i, plugins) {
    const LilvPlugin* const plugin = lilv_plugins_get(plugins, i);
    const char* const       candidate = lilv_node_as_uri(lilv_plugin_get_uri(plugin));
    pinna_nearest_offer(&nearest, candidate, candidate);
    if (!strchr(uri, ':')) { // Names cost reading all that the bundles say
      LilvNode* const name = lilv_plugin_get_name(plugin);
      pinna_nearest_offer(&nearest, candidate, name ? lilv_node_as_string(name) : "");
      lilv_node_free(name);
    }
  }

  char text[512];
  return pinna_fail(error, PINNA_STATUS_NOT_FOUND,
                    "No LV2 plugin '%s' is installed%s (%u plugins found in %s)", uri,
                    pinna_nearest_text(&nearest, text, sizeof(text)), lilv_plugins_size(plugins),
                    world->path[0] ? world->path : "no folder at all: LV2_PATH names none");
}

const LilvPlugin*
pinna_world_plugin(PinnaWorld* const world, const char* const uri, PinnaError* const error) {
  const LilvPlugin* const plugin = by_uri(world, uri);
  if (!plugin) {
    absent(world, uri, error);
  }
  return plugin;
}

static uint32_t
hash(const char* text) {
  uint32_t h = 2166136261U;
  for (; *text; ++text) {
    h = (h ^ (unsigned char)*text) * 16777619U;
  }
  return h;
}

/// The slot that holds `uri`, or the free one where it belongs
static LV2_URID*
slot(const PinnaWorld* const world, const char* const uri) {
  const uint32_t mask = world->n_slots - 1U;
  uint32_t       i = hash(uri) & mask;
  while (world->slots[i] && strcmp(world->uris[world->slots[i] - 1U], uri)) {
    i = (i + 1U) & mask;
  }
  return world->slots + i;
}

/// Room for one more; false when memory is short
static bool
grow(PinnaWorld* const world) {
  if (world->n_uris * 2U < world->n_slots) {
    return true;
  }

  const uint32_t  n = world->n_slots ? world->n_slots * 2U : 1024U;
  LV2_URID* const slots = (LV2_URID*)calloc(n, sizeof(LV2_URID));
  char** const    uris = (char**)realloc(world->uris, (n / 2U + 1U) * sizeof(char*));
  world->uris = uris ? uris : world->uris;
  if (!slots || !uris) {
    free(slots);
    return false;
  }

  free(world->slots);
  world->slots = slots;
  world->n_slots = n;
  for (uint32_t i = 0U; i < world->n_uris; ++i) {
    *slot(world, world->uris[i]) = i + 1U;
  }
  return true;
}

static LV2_URID
intern(PinnaWorld* const world, const char* const uri) {
  if (!grow(world)) {
    return 0U;
  }

  LV2_URID* const at = slot(world, uri);
  if (!*at) {
    char* const copy = strdup(uri);
    if (copy) {
      world->uris[world->n_uris] = copy;
      *at = ++world->n_uris;
    }
  }
  return *at;
}

LV2_URID
pinna_world_map(PinnaWorld* const world, const char* const uri) {
  pthread_mutex_lock(&world->lock);
  const LV2_URID urid = uri ? intern(world, uri) : 0U;
  pthread_mutex_unlock(&world->lock);
  return urid;
}

const char*
pinna_world_unmap(PinnaWorld* const world, const LV2_URID urid) {
  pthread_mutex_lock(&world->lock);
  const char* const uri = urid && urid <= world->n_uris ? world->uris[urid - 1U] : NULL;
  pthread_mutex_unlock(&world->lock);
  return uri;
}

LV2_URID_Map*
pinna_world_urid_map(PinnaWorld* const world) {
  return &world->map;
}

LV2_URID_Unmap*
pinna_world_urid_unmap(PinnaWorld* const world) {
  return &world->unmap;
}
