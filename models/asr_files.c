// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/asr_files.h"

#include "base/status.h"
#include "models/registry.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

// Looks into folders

/// What of a folder fits best so far
typedef struct {
  char     name[256];
  char     other[256]; ///< Fits as well, or ""
  uint32_t rank;       ///< 0: nothing
} Best;

static bool
ends_with(const char* const text, const char* const end) {
  const size_t n = strlen(text);
  const size_t m = strlen(end);
  return n >= m && !strcmp(text + n - m, end);
}

static void
offer(Best* const best, const char* const name, const uint32_t rank) {
  if (rank > best->rank) {
    snprintf(best->name, sizeof(best->name), "%s", name);
    best->other[0] = '\0';
    best->rank = rank;
  } else if (rank && rank == best->rank) {
    snprintf(best->other, sizeof(best->other), "%s", name);
  }
}

/// "FOLDER/NAME"; an empty folder is the working one
static bool
join(char* const path, const char* const folder, const char* const name) {
  const char* const slash = !*folder || ends_with(folder, "/") ? "" : "/";
  const int         n = snprintf(path, PINNA_ASR_MAX_PATH, "%s%s%s", folder, slash, name);
  return n >= 0 && (size_t)n < PINNA_ASR_MAX_PATH;
}

/// One file of weights; safetensors are what a folder that has both means
static PinnaStatus
find_weights(const char* const folder, char* const path, PinnaError* const error) {
  static const char* const endings[] = {".bin", ".tar", ".pth", ".pt", ".safetensors"};
  DIR* const               dir = opendir(folder);
  Best                     best = {"", "", 0U};
  for (const struct dirent* e; dir && (e = readdir(dir));) {
    for (uint32_t i = 0U; i < 5U && e->d_name[0] != '.'; ++i) {
      offer(&best, e->d_name, !ends_with(e->d_name, endings[i]) ? 0U : i < 4U ? 1U : 2U);
    }
  }
  if (dir) {
    closedir(dir);
  }
  if (!best.rank) {
    return pinna_fail(error, PINNA_STATUS_NOT_FOUND,
                      "%s: a folder without weights (.safetensors, .pt, .pth)", folder);
  }
  if (best.other[0]) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG,
                      "%s: a folder with weights of several names (%s, %s): name the one file",
                      folder, best.name, best.other);
  }
  return join(path, folder, best.name)
             ? PINNA_STATUS_OK
             : pinna_fail(error, PINNA_STATUS_BAD_ARG, "%s: too long a path", folder);
}

PinnaStatus
pinna_asr_files_weights(const char* const name, char* const path, PinnaError* const error) {
  struct stat info;
  if (!strchr(name, '/') && stat(name, &info)) {
    return pinna_registry_path(name, path, PINNA_ASR_MAX_PATH, error);
  }
  if (!stat(name, &info) && S_ISDIR(info.st_mode)) {
    return find_weights(name, path, error);
  }
  return (size_t)snprintf(path, PINNA_ASR_MAX_PATH, "%s", name) < PINNA_ASR_MAX_PATH
             ? PINNA_STATUS_OK
             : pinna_fail(error, PINNA_STATUS_BAD_ARG, "%s: too long a path", name);
}

const char*
pinna_asr_files_base(const char* const path) {
  const char* const slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/// Whether a file of a fixed name is this model's: "vocab.json" or "NAME.vocab.json"
static bool
is_own(const char* const stem, const size_t n_stem, const char* const name, const char* const end) {
  return !strcmp(name, end) ||
         (!strncmp(name, stem, n_stem) && name[n_stem] == '.' && !strcmp(name + n_stem + 1U, end));
}

/// How far two names agree, without what was asked for: from their beginnings or from their ends
static uint32_t
likeness(const char* const stem, const size_t n_stem, const char* const name, const size_t n_name) {
  const size_t most = n_stem < n_name ? n_stem : n_name;
  uint32_t     front = 0U;
  uint32_t     back = 0U;
  while (front < most && stem[front] == name[front]) {
    ++front;
  }
  while (back < most && stem[n_stem - 1U - back] == name[n_name - 1U - back]) {
    ++back;
  }
  return front > back ? front : back;
}

static void
search(Best* const best, const char* const folder, const char* const weights,
       const char* const begin, const char* const end) {
  const char* const base = pinna_asr_files_base(weights);
  const char* const dot = strrchr(base, '.');
  const size_t      n_stem = dot ? (size_t)(dot - base) : strlen(base);
  const bool        is_fixed = !*begin && *end != '.';
  DIR* const        dir = opendir(folder);
  for (const struct dirent* e; dir && (e = readdir(dir));) {
    const size_t n = strlen(e->d_name);
    if (is_fixed && !is_own(base, n_stem, e->d_name, end)) {
      continue;
    }
    if (e->d_name[0] != '.' && n >= strlen(begin) + strlen(end) && ends_with(e->d_name, end) &&
        !strncmp(e->d_name, begin, strlen(begin))) {
      offer(best, e->d_name, 1U + likeness(base, n_stem, e->d_name, n - strlen(end)));
    }
  }
  if (dir) {
    closedir(dir);
  }
}

PinnaStatus
pinna_asr_files_beside(const char* const weights, const char* const begin, const char* const end,
                       char* const path, PinnaError* const error) {
  static const char* const places[] = {"", "../pipeline-assets"};
  const int                n_folder = (int)(pinna_asr_files_base(weights) - weights);
  for (uint32_t i = 0U; i < 2U; ++i) {
    Best best = {"", "", 0U};
    char folder[PINNA_ASR_MAX_PATH + 32U];
    snprintf(folder, sizeof(folder), "%.*s%s", n_folder, weights, places[i]);
    search(&best, *folder ? folder : ".", weights, begin, end);
    if (best.other[0]) {
      return pinna_fail(error, PINNA_STATUS_BAD_ARG,
                        "%s: %s and %s beside it fit equally well: give each model a folder of its "
                        "own",
                        weights, best.name, best.other);
    }
    if (best.rank && join(path, folder, best.name)) {
      return PINNA_STATUS_OK;
    }
  }
  return pinna_fail(error, PINNA_STATUS_NOT_FOUND, "%s: no %s*%s beside it", weights, begin, end);
}
