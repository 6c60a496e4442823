// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/instance.h"
#include "host/instance_impl.h"
#include "host/lv2_state.h"
#include "host/paths.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// A state's folder: what lilv writes, then the exact control values (lilv rounds them to 8
// decimals) and a last line that proves that the file is whole, all as comments

enum { MAX_BYTES = 1 << 28, SEAL_SIZE = 64, SYMBOL_SIZE = 128 };

static const char* const file_name = "state.ttl";
static const char* const value_head = "\n# pinna value:";
static const char* const value_format = "# pinna value: %s %08" PRIx32 "\n";
static const char* const seal_format = "# pinna: %zu bytes, sum %016" PRIx64 "\n";

static char*
path_in(const char* const dir) {
  char*     path = NULL;
  const int n = asprintf(&path, "%s/%s", dir, file_name);
  return n < 0 ? NULL : path;
}

/// FNV-1a
static uint64_t
sum(const char* const bytes, const size_t size) {
  uint64_t h = 14695981039346656037U;
  for (size_t i = 0U; i < size; ++i) {
    h = (h ^ (unsigned char)bytes[i]) * 1099511628211U;
  }
  return h;
}

/// The whole file as text, to be freed
static PinnaStatus
read_file(const char* const path, char** const text, size_t* const size, PinnaError* const error) {
  FILE* const file = fopen(path, "rbe");
  if (!file) {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE, "Cannot open the saved state '%s': %s", path,
                      strerror(errno));
  }

  const long length = fseek(file, 0L, SEEK_END) ? -1L : ftell(file);
  rewind(file);
  *size = length > 0L && length < MAX_BYTES ? (size_t)length : 0U;
  *text = *size ? (char*)calloc(*size + 1U, 1U) : NULL;
  const bool read = *text && fread(*text, 1U, *size, file) == *size;
  fclose(file);
  if (!read) {
    free(*text);
    *text = NULL;
    return pinna_fail(error, PINNA_STATUS_BAD_FILE, "The saved state '%s' cannot be read: it is %s",
                      path, length > 0L ? "unreadable" : "empty");
  }
  return PINNA_STATUS_OK;
}

/// The text of a file that is what was written, to be freed
static PinnaStatus
read_sealed(const char* const path, char** const text, PinnaError* const error) {
  size_t            size = 0U;
  const PinnaStatus status = read_file(path, text, &size, error);
  if (status || !*text) {
    return status;
  }

  size_t body = size - 1U;
  while (body && (*text)[body - 1U] != '\n') {
    --body;
  }
  char seal[SEAL_SIZE];
  snprintf(seal, sizeof(seal), seal_format, body, sum(*text, body));
  if (!strcmp(*text + body, seal) && strlen(*text) == size) {
    return PINNA_STATUS_OK;
  }

  free(*text);
  *text = NULL;
  return pinna_fail(error, PINNA_STATUS_BAD_FILE,
                    "The saved state '%s' is damaged: it is not what was written", path);
}

static bool
is_kept(const PinnaPortInfo* const info) {
  const uint32_t volatile_flags = PINNA_PORT_FREEWHEEL | PINNA_PORT_TRIGGER;
  return info->kind == PINNA_PORT_CONTROL && (info->flags & PINNA_PORT_IS_INPUT) &&
         !(info->flags & volatile_flags);
}

static PinnaStatus
write_values(const PinnaInstance* const instance, const char* const path, PinnaError* const error) {
  FILE* const file = fopen(path, "abe");
  bool        written = file != NULL;
  for (uint32_t i = 0U; written && i < instance->n_ports; ++i) {
    if (is_kept(&instance->ports[i].info)) {
      const float value = pinna_instance_get(instance, i);
      uint32_t    bits = 0U;
      memcpy(&bits, &value, sizeof(bits));
      written = fprintf(file, value_format, instance->ports[i].info.symbol, bits) > 0;
    }
  }
  const bool closed = file && !fclose(file);
  return written && closed
             ? PINNA_STATUS_OK
             : pinna_fail(error, PINNA_STATUS_IO, "Cannot write '%s': %s", path, strerror(errno));
}

static void
set_exact_values(PinnaInstance* const instance, const char* const text) {
  const size_t n_head = strlen(value_head);
  for (const char* line = strstr(text, value_head); line; line = strstr(line + 1, value_head)) {
    char     symbol[SYMBOL_SIZE];
    uint32_t bits = 0U;
    uint32_t port = 0U;
    if (sscanf(line + n_head, " %127s %8" SCNx32, symbol, &bits) == 2 &&
        !pinna_instance_find(instance, symbol, &port, NULL) &&
        is_kept(&instance->ports[port].info)) {
      float value = 0.0F;
      memcpy(&value, &bits, sizeof(value));
      pinna_instance_set(instance, port, value);
    }
  }
}

static PinnaStatus
write_seal(const char* const path, PinnaError* const error) {
  char*             text = NULL;
  size_t            size = 0U;
  const PinnaStatus status = read_file(path, &text, &size, error);
  if (status || !text) {
    return status;
  }

  FILE* const file = fopen(path, "abe");
  const bool  written = file && fprintf(file, seal_format, size, sum(text, size)) > 0;
  const bool  closed = file && !fclose(file);
  free(text);
  return written && closed
             ? PINNA_STATUS_OK
             : pinna_fail(error, PINNA_STATUS_IO, "Cannot write '%s': %s", path, strerror(errno));
}

static const void*
get_value(const char* const symbol, void* const handle, uint32_t* const size,
          uint32_t* const type) {
  PinnaInstance* const instance = (PinnaInstance*)handle;
  uint32_t             port = 0U;
  if (pinna_instance_find(instance, symbol, &port, NULL) || !is_kept(&instance->ports[port].info)) {
    *size = 0U;
    *type = 0U;
    return NULL;
  }

  instance->saved_value = pinna_instance_get(instance, port);
  *size = (uint32_t)sizeof(float);
  *type = pinna_world_map(instance->world, LV2_ATOM__Float);
  return &instance->saved_value;
}

/// The folders in `from`, in `to` as well: lilv copies the plugin's files there, but makes no
/// folders
static PinnaStatus
mirror_folders(const char* const from, const char* const to, PinnaError* const error) {
  DIR* const  folder = opendir(from);
  PinnaStatus status = PINNA_STATUS_OK;
  for (struct dirent* entry = folder ? readdir(folder) : NULL; entry && !status;
       entry = readdir(folder)) {
    if (entry->d_type == DT_DIR && strcmp(entry->d_name, ".") != 0 &&
        strcmp(entry->d_name, "..") != 0) {
      char* deeper_from = NULL;
      char* deeper_to = NULL;
      if (asprintf(&deeper_from, "%s/%s", from, entry->d_name) >= 0 &&
          asprintf(&deeper_to, "%s/%s", to, entry->d_name) >= 0) {
        status = pinna_paths_make(deeper_to, error);
        status = status ? status : mirror_folders(deeper_from, deeper_to, error);
      }
      free(deeper_from);
      free(deeper_to);
    }
  }
  if (folder) {
    closedir(folder);
  }
  return status;
}

PinnaStatus
pinna_instance_save(PinnaInstance* const instance, const char* const dir, PinnaError* const error) {
  if (access(dir, W_OK)) {
    return pinna_fail(error, PINNA_STATUS_IO, "Cannot write into the folder '%s': %s", dir,
                      strerror(errno));
  }

  const PinnaStatus ready =
      instance->scratch_dir ? mirror_folders(instance->scratch_dir, dir, error) : PINNA_STATUS_OK;
  if (ready) {
    return ready;
  }

  const LV2_Feature* list[PINNA_MAX_FEATURES + 1U];
  pinna_state_features(instance, list);
  LV2_URID_Map* const map = pinna_world_urid_map(instance->world);
  LilvWorld* const    world = pinna_world_lilv(instance->world);
  char* const         path = path_in(dir);
  LilvState* const    state = lilv_state_new_from_instance(
         instance->plugin, instance->lilv, map, instance->scratch_dir, dir, dir, dir, get_value,
         instance, LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE, list);
  if (!path || !state) {
    free(path);
    lilv_state_free(state);
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  }

  PinnaStatus status = PINNA_STATUS_OK;
  if (lilv_state_save(world, map, pinna_world_urid_unmap(instance->world), state, NULL, dir,
                      file_name)) {
    status = pinna_fail(error, PINNA_STATUS_IO, "Cannot save the state of '%s' in the folder '%s'",
                        pinna_instance_uri(instance), dir);
  }
  status = status ? status : write_values(instance, path, error);
  status = status ? status : write_seal(path, error);
  lilv_state_free(state);
  free(path);
  return status;
}

static PinnaStatus
restore_file(PinnaInstance* const instance, const char* const path, PinnaError* const error) {
  LilvState* const state = lilv_state_new_from_file(
      pinna_world_lilv(instance->world), pinna_world_urid_map(instance->world), NULL, path);
  if (!state) {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE, "The saved state '%s' is malformed", path);
  }

  const LilvNode* const plugin = lilv_state_get_plugin_uri(state);
  const char* const     uri = plugin ? lilv_node_as_string(plugin) : "nobody";
  const PinnaStatus     status =
      strcmp(uri, pinna_instance_uri(instance))
              ? pinna_fail(error, PINNA_STATUS_BAD_FILE,
                           "The saved state '%s' belongs to the plugin '%s', not to '%s'", path, uri,
                           pinna_instance_uri(instance))
              : pinna_state_apply(instance, state, error);
  lilv_state_free(state);
  return status;
}

PinnaStatus
pinna_instance_restore(PinnaInstance* const instance, const char* const dir,
                       PinnaError* const error) {
  char* const path = path_in(dir);
  if (!path) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  }

  char*       text = NULL;
  PinnaStatus status = read_sealed(path, &text, error);
  status = status ? status : restore_file(instance, path, error);
  if (!status && text) {
    set_exact_values(instance, text);
  }
  free(text);
  free(path);
  return status;
}
