// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/registry.h"

#include "base/status.h"
#include "models/embedded.h"
#include "models/registry_impl.h"
#include "nn/weights.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Names to entries, entries to files

const PinnaRegistryEntry*
pinna_registry_at(const size_t i) {
  return i < pinna_registry_count ? &pinna_registry_entries[i] : NULL;
}

const PinnaRegistryEntry*
pinna_registry_find(const char* const name) {
  for (size_t i = 0U; i < pinna_registry_count; ++i) {
    if (!strcmp(pinna_registry_entries[i].name, name)) {
      return &pinna_registry_entries[i];
    }
  }
  return NULL;
}

const PinnaRegistryCompanion*
pinna_registry_companion(const char* const name, size_t i) {
  for (size_t k = 0U; k < pinna_registry_n_companions; ++k) {
    const PinnaRegistryCompanion* const one = &pinna_registry_companions[k];
    if (!strcmp(one->name, name) && !i--) {
      return one;
    }
  }
  return NULL;
}

PinnaStatus
pinna_registry_folder(char* const path, const size_t size, PinnaError* const error) {
  const char* const data = getenv("XDG_DATA_HOME");
  const char* const home = getenv("HOME");
  int               n = 0;
  if (data && data[0] == '/') { // Relative ones are to be ignored, says the specification
    n = snprintf(path, size, "%s/pinna/models", data);
  } else if (home && home[0] == '/') {
    n = snprintf(path, size, "%s/.local/share/pinna/models", home);
  } else {
    return pinna_fail(error, PINNA_STATUS_NOT_FOUND,
                      "no folder for models: neither XDG_DATA_HOME nor HOME is set");
  }
  return (size_t)n < size
             ? PINNA_STATUS_OK
             : pinna_fail(error, PINNA_STATUS_BAD_ARG, "the folder for models has too long a path");
}

/// Whether a file's name is the model's with an ending that is not a companion's
static int
is_copy(const char* const file, const char* const name) {
  const size_t      n = strlen(name);
  const char* const end = file + n;
  return !strncmp(file, name, n) && *end == '.' && !strchr(end + 1, '.');
}

PinnaStatus
pinna_registry_path(const char* const name, char* const path, const size_t size,
                    PinnaError* const error) {
  const PinnaStatus status = pinna_registry_folder(path, size, error);
  if (status) {
    return status;
  }
  const size_t n = strlen(path);
  DIR* const   folder = opendir(path);
  int          found = 0;
  for (const struct dirent* e; folder && !found && (e = readdir(folder));) {
    if (is_copy(e->d_name, name)) {
      found = (size_t)snprintf(path + n, size - n, "/%s", e->d_name) < size - n;
    }
  }
  if (folder) {
    closedir(folder);
  }
  if (found) {
    return PINNA_STATUS_OK;
  }
  path[n] = '\0';
  return pinna_registry_find(name)
             ? pinna_fail(error, PINNA_STATUS_NOT_FOUND,
                          "%s: not on this machine; 'pinna model get %s' fetches it", name, name)
             : pinna_fail(error, PINNA_STATUS_NOT_FOUND,
                          "%s: neither a file nor the name of a model; 'pinna model list' has the "
                          "names",
                          name);
}

PinnaStatus
pinna_registry_open(PinnaWeights** const weights, const char* const name, PinnaError* const error) {
  char path[4096];
  *weights = NULL;
  if (strchr(name, '/') || !access(name, F_OK)) {
    return pinna_weights_open(weights, name, error);
  }
  if (pinna_embedded_find(name)) {
    return pinna_embedded_open(weights, name, error);
  }
  const PinnaStatus status = pinna_registry_path(name, path, sizeof(path), error);
  return status ? status : pinna_weights_open(weights, path, error);
}
