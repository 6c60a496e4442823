// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/file.h"

#include "plugins/common/file_impl.h"

#include <lv2/atom/atom.h>
#include <lv2/log/log.h>
#include <lv2/patch/patch.h>
#include <lv2/state/state.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Loads, closes, saves and restores a file

static void*
find_feature(const LV2_Feature* const* const features, const char* const uri) {
  for (uint32_t f = 0U; features && features[f]; ++f) {
    if (!strcmp(features[f]->URI, uri)) {
      return features[f]->data;
    }
  }
  return NULL;
}

static void
map_uris(PinnaFile* const self, const PinnaInfo* const info) {
  const LV2_URID_Map* const map = self->config.map;
  if (map) {
    char uri[160];
    char text_uri[160];
    snprintf(uri, sizeof(uri), "urn:pinna:%s#%s", info->name, info->file);
    char out_uri[160];
    snprintf(text_uri, sizeof(text_uri), "urn:pinna:%s#%s", info->name,
             info->text ? info->text : "");
    snprintf(out_uri, sizeof(out_uri), "urn:pinna:%s#%s", info->name, info->out ? info->out : "");
    const struct {
      LV2_URID*   urid;
      const char* uri;
    } all[] = {
        {&self->property, uri},
        {&self->log_error, LV2_LOG__Error},
        {&self->atom_path, LV2_ATOM__Path},
        {&self->atom_string, LV2_ATOM__String},
        {&self->atom_urid, LV2_ATOM__URID},
        {&self->atom_object, LV2_ATOM__Object},
        {&self->patch_set, LV2_PATCH__Set},
        {&self->patch_property, LV2_PATCH__property},
        {&self->patch_value, LV2_PATCH__value},
    };
    for (uint32_t i = 0U; i < PINNA_COUNT(all); ++i) {
      *all[i].urid = map->map(map->handle, all[i].uri);
    }
    self->text_property = info->text ? map->map(map->handle, text_uri) : 0U;
    self->out_property = info->out ? map->map(map->handle, out_uri) : 0U;
  }
}

PinnaFile*
pinna_file_new(const PinnaPluginFile* const kind, const PinnaInfo* const info,
               const PinnaPluginConfig* const config, const LV2_Feature* const* const features,
               void* const block) {
  PinnaFile* const self = (PinnaFile*)calloc(1U, sizeof(PinnaFile));
  if (!self) {
    return NULL;
  }
  self->kind = kind;
  self->config = *config;
  self->block = block;
  self->schedule = (const LV2_Worker_Schedule*)find_feature(features, LV2_WORKER__schedule);
  self->log = (LV2_Log_Log*)find_feature(features, LV2_LOG__log);
  for (uint32_t c = 0U; c < info->n_controls; ++c) {
    if (info->controls[c].role == PINNA_ROLE_CONTROL) {
      self->control = c;
    }
  }
  map_uris(self, info);
  pthread_mutex_init(&self->lock, NULL);
  if (!self->schedule) {
    pinna_file_load(self, "", ""); // Nobody to ask for it later
  }
  return self;
}

static void
close_one(const PinnaFile* const file, void* const object) {
  if (object) {
    file->kind->close(object);
  }
}

void
pinna_file_free(PinnaFile* const file, void* const block) {
  if (file) {
    close_one(file, block ? file->kind->swap(block, NULL) : NULL);
    close_one(file, atomic_load(&file->pending));
    close_one(file, atomic_load(&file->trash));
    pthread_mutex_destroy(&file->lock);
    free(file);
  }
}

static void
complain(const PinnaFile* const file, const PinnaError* const error) {
  if (file->log && (*file->path || *file->text)) { // That nothing is built in is nobody's mistake
    file->log->printf(file->log->handle, file->log_error, "Pinna: cannot load %s: %s\n",
                      *file->path ? file->path : "what is built in", error->text);
  }
}

void
pinna_file_load(PinnaFile* const file, const char* const path, const char* const text) {
  pthread_mutex_lock(&file->lock);
  if (path) {
    snprintf(file->path, sizeof(file->path), "%s", path);
  }
  if (text) {
    snprintf(file->text, sizeof(file->text), "%s", text);
  }
  PinnaError error = {""};
  file->config.text = file->text;
  void* const object = file->kind->open(&file->config, file->path, &error);
  if (object) {
    close_one(file, atomic_exchange(&file->pending, object));
    atomic_store(&file->status, *file->path ? PINNA_FILE_READY : PINNA_FILE_BUILT_IN);
  } else {
    atomic_store(&file->status, *file->path || *file->text ? PINNA_FILE_FAILED : PINNA_FILE_NONE);
    complain(file, &error);
  }
  close_one(file, atomic_exchange(&file->trash, NULL));
  pthread_mutex_unlock(&file->lock);
}

/// Write to another file from now on
static void
write_to(PinnaFile* const file, const char* const path) {
  pthread_mutex_lock(&file->lock);
  snprintf(file->out, sizeof(file->out), "%s", path);
  file->kind->write_to(file->block, file->out);
  pthread_mutex_unlock(&file->lock);
}

LV2_Worker_Status
pinna_file_work(PinnaFile* const file, const uint32_t size, const void* const data) {
  const char* const job = (const char*)data;
  if (!size) {
    close_one(file, atomic_exchange(&file->trash, NULL));
    return LV2_WORKER_SUCCESS;
  }
  if (*job == PINNA_FILE_JOB_WORK) {
    file->kind->work(file->block);
    return LV2_WORKER_SUCCESS;
  }
  char text[PINNA_FILE_MAX_PATH];
  snprintf(text, sizeof(text), "%.*s", (int)size - 1, job + 1);
  if (*job == PINNA_FILE_JOB_OUT) {
    write_to(file, text);
    return LV2_WORKER_SUCCESS;
  }
  const bool is_path = *job == PINNA_FILE_JOB_PATH;
  pinna_file_load(file, is_path ? text : NULL, is_path ? NULL : text);
  return LV2_WORKER_SUCCESS;
}

/// A text of the state, unless it is empty
static LV2_State_Status
store_text(const LV2_State_Store_Function store, const LV2_State_Handle state, const LV2_URID key,
           const LV2_URID type, const char* const text, const uint32_t flags) {
  return *text && key
             ? store(state, key, text, strlen(text) + 1U, type, (uint32_t)LV2_STATE_IS_POD | flags)
             : LV2_STATE_SUCCESS;
}

LV2_State_Status
pinna_file_save(PinnaFile* const file, const LV2_State_Store_Function store,
                const LV2_State_Handle state, const LV2_Feature* const* const features) {
  char path[PINNA_FILE_MAX_PATH];
  char text[PINNA_FILE_MAX_PATH];
  char out[PINNA_FILE_MAX_PATH];
  pthread_mutex_lock(&file->lock);
  memcpy(path, file->path, sizeof(path));
  memcpy(text, file->text, sizeof(text));
  memcpy(out, file->out, sizeof(out));
  pthread_mutex_unlock(&file->lock);
  LV2_State_Status stored =
      store_text(store, state, file->text_property, file->atom_string, text, LV2_STATE_IS_PORTABLE);
  stored = stored ? stored : store_text(store, state, file->out_property, file->atom_path, out, 0U);
  if (stored) {
    return stored;
  }
  if (!*path || !file->property) {
    return LV2_STATE_SUCCESS;
  }
  LV2_State_Map_Path* const  map = (LV2_State_Map_Path*)find_feature(features, LV2_STATE__mapPath);
  LV2_State_Free_Path* const release =
      (LV2_State_Free_Path*)find_feature(features, LV2_STATE__freePath);
  char* const            mapped = map ? map->abstract_path(map->handle, path) : NULL;
  const char* const      kept = mapped ? mapped : path;
  const LV2_State_Status status =
      store(state, file->property, kept, strlen(kept) + 1U, file->atom_path,
            LV2_STATE_IS_POD | (mapped ? (uint32_t)LV2_STATE_IS_PORTABLE : 0U));
  if (release && mapped) {
    release->free_path(release->handle, mapped);
  } else {
    free(mapped);
  }
  return status;
}

/// A text of the state, or NULL
static const char*
find_text(const LV2_URID key, const LV2_URID wanted, const LV2_State_Retrieve_Function retrieve,
          const LV2_State_Handle state) {
  size_t            size = 0U;
  uint32_t          type = 0U;
  uint32_t          flags = 0U;
  const char* const text = key ? (const char*)retrieve(state, key, &size, &type, &flags) : NULL;
  return text && size && type == wanted && !text[size - 1U] ? text : NULL;
}

LV2_State_Status
pinna_file_restore(PinnaFile* const file, const LV2_State_Retrieve_Function retrieve,
                   const LV2_State_Handle state, const LV2_Feature* const* const features) {
  const char* const text = find_text(file->text_property, file->atom_string, retrieve, state);
  const char* const out = find_text(file->out_property, file->atom_path, retrieve, state);
  const char* const kept = find_text(file->property, file->atom_path, retrieve, state);
  if (out) {
    write_to(file, out);
  }
  if (!kept && !text) { // A preset, or what is built in
    if (out && pinna_file_status(file) == PINNA_FILE_NONE) {
      pinna_file_load(file, "", ""); // An export writes from its first word
    }
    return LV2_STATE_SUCCESS;
  }
  if (!kept) {
    pinna_file_load(file, "", text);
    return LV2_STATE_SUCCESS;
  }
  LV2_State_Map_Path* const  map = (LV2_State_Map_Path*)find_feature(features, LV2_STATE__mapPath);
  LV2_State_Free_Path* const release =
      (LV2_State_Free_Path*)find_feature(features, LV2_STATE__freePath);
  char* const path = map ? map->absolute_path(map->handle, kept) : NULL;
  pinna_file_load(file, path ? path : kept, text ? text : "");
  if (release && path) {
    release->free_path(release->handle, path);
  } else {
    free(path);
  }
  return LV2_STATE_SUCCESS;
}
