// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/state_store.h"

#include "host/log.h"
#include "host/paths.h"
#include "host/state_manifest.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// State generations on disk

enum { DIGITS = 10 };

struct PinnaStateStoreImpl {
  char*    dir;
  unsigned keep;
  char     work[PATH_MAX]; ///< Generation that is being filled, or empty
};

static int
is_generation(const struct dirent* const entry) {
  return strlen(entry->d_name) == DIGITS && strspn(entry->d_name, "0123456789") == DIGITS;
}

static int
is_leftover(const struct dirent* const entry) {
  return !strncmp(entry->d_name, "tmp-", 4);
}

/// Names of the store's folders that `filter` takes, in ascending order. @return their number
static int
list(const PinnaStateStore* const store, int (*const filter)(const struct dirent*),
     struct dirent*** const       entries) {
  *entries = NULL;
  const int n = scandir(store->dir, entries, filter, alphasort);
  return n > 0 ? n : 0;
}

static void
free_list(struct dirent** const entries, const int n) {
  for (int i = 0; i < n; ++i) {
    free(entries[i]);
  }
  free(entries);
}

/// Remove all but the last `n_keep` of the folders that `filter` takes
static void
prune(const PinnaStateStore* const store, int (*const filter)(const struct dirent*),
      const int                    n_keep) {
  struct dirent** entries = NULL;
  const int       n = list(store, filter, &entries);
  for (int i = 0; i < n - n_keep; ++i) {
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/%s", store->dir, entries[i]->d_name);
    pinna_paths_remove(path);
  }
  free_list(entries, n);
}

PinnaStatus
pinna_state_store_open(PinnaStateStore** const store, const char* const dir, const unsigned keep,
                       PinnaError* const error) {
  *store = NULL;
  PinnaStateStore* const made = calloc(1, sizeof(PinnaStateStore));
  if (!made || !(made->dir = strdup(dir))) {
    free(made);
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  }
  made->keep = keep ? keep : 1U;
  if (!pinna_paths_make(dir, NULL)) {
    prune(made, is_leftover, 0);
  }
  *store = made;
  return PINNA_STATUS_OK;
}

void
pinna_state_store_close(PinnaStateStore* const store) {
  if (store) {
    pinna_state_store_abort(store);
    free(store->dir);
    free(store);
  }
}

PinnaStatus
pinna_state_store_begin(PinnaStateStore* const store, const char** const dir,
                        PinnaError* const error) {
  pinna_state_store_abort(store);
  snprintf(store->work, sizeof(store->work), "%s/tmp-XXXXXX", store->dir);
  if (!mkdtemp(store->work)) {
    store->work[0] = '\0';
    return pinna_fail(error, PINNA_STATUS_IO, "Cannot save state in %s: %s", store->dir,
                      strerror(errno));
  }
  *dir = store->work;
  return PINNA_STATUS_OK;
}

void
pinna_state_store_abort(PinnaStateStore* const store) {
  if (store->work[0]) {
    pinna_paths_remove(store->work);
    store->work[0] = '\0';
  }
}

/// Path of the newest generation, good or not, and the name of the next
static bool
neighbours(const PinnaStateStore* const store, char* const newest, char* const next) {
  struct dirent**     entries = NULL;
  const int           n = list(store, is_generation, &entries);
  const char* const   last = n ? entries[n - 1]->d_name : "0";
  const unsigned long number = strtoul(last, NULL, 10) + 1U;
  snprintf(newest, PATH_MAX, "%s/%s", store->dir, last);
  snprintf(next, PATH_MAX, "%s/%0*lu", store->dir, (int)DIGITS, number);
  free_list(entries, n);
  return n > 0;
}

static bool
is_good(const char* const dir) {
  char* const stored = pinna_manifest_read(dir);
  char* const actual = stored ? pinna_manifest_make(dir, false) : NULL;
  const bool  good = stored && actual && !strcmp(stored, actual);
  free(stored);
  free(actual);
  return good;
}

PinnaStatus
pinna_state_store_commit(PinnaStateStore* const store, PinnaError* const error) {
  char        newest[PATH_MAX];
  char        next[PATH_MAX];
  const bool  has_newest = neighbours(store, newest, next);
  char* const manifest = pinna_manifest_make(store->work, true);
  char* const older = has_newest && is_good(newest) ? pinna_manifest_read(newest) : NULL;
  const bool  same = manifest && older && !strcmp(manifest, older);
  const bool  good = same || (manifest && pinna_manifest_write(store->work, manifest) &&
                             !rename(store->work, next) && pinna_manifest_flush_folder(store->dir));
  const int   reason = errno;
  free(manifest);
  free(older);
  if (!good) {
    pinna_state_store_abort(store);
    return pinna_fail(error, PINNA_STATUS_IO, "Cannot save state in %s: %s", store->dir,
                      strerror(reason));
  }
  if (same) {
    pinna_state_store_abort(store);
  }
  store->work[0] = '\0';
  prune(store, is_generation, (int)store->keep);
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_state_store_newest(PinnaStateStore* const store, char* const dir, const size_t size) {
  struct dirent** entries = NULL;
  const int       n = list(store, is_generation, &entries);
  bool            found = false;
  for (int i = n - 1; i >= 0 && !found; --i) {
    const int length = snprintf(dir, size, "%s/%s", store->dir, entries[i]->d_name);
    found = length > 0 && (size_t)length < size && is_good(dir);
    if (!found) {
      pinna_log(PINNA_LOG_WARNING, "The saved state %s is incomplete or damaged: passed over", dir);
    }
  }
  free_list(entries, n);
  return found ? PINNA_STATUS_OK : PINNA_STATUS_NOT_FOUND;
}
