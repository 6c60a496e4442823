// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/model_store.h"

#include "base/status.h"
#include "cli/fetch.h"
#include "cli/progress.h"
#include "models/architecture.h"
#include "models/embedded.h"
#include "models/registry.h"
#include "nn/weights.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Beside each NAME.ENDING: NAME.ENDING.sha256; while it is made, NAME.ENDING.part

/// Where a model's files are; without a slash or a dot of its own a name cannot leave the folder
typedef struct {
  char file[PATH_MAX];
  char part[PATH_MAX + 8];
  char record[PATH_MAX + 8];
} Place;

static PinnaStatus
make_folder(char* const path, PinnaError* const error) {
  for (char* c = path + 1;; ++c) {
    const char last = *c;
    if (last == '/' || !last) {
      *c = '\0';
      if (mkdir(path, 0777) && errno != EEXIST) {
        return pinna_fail(error, PINNA_STATUS_IO, "%s: %s", path, strerror(errno));
      }
      *c = last;
    }
    if (!last) {
      return PINNA_STATUS_OK;
    }
  }
}

static PinnaStatus
find_place(const char* const name, const char* const ending, Place* const place,
           PinnaError* const error) {
  const size_t good = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");
  if (name[good] || !good || good > 64U) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG,
                      "%s: a name has 1 to 64 of a to z, 0 to 9, _ and -", name);
  }
  if (pinna_embedded_find(name)) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "%s: is the name of weights that are built in",
                      name);
  }
  char        folder[PATH_MAX - 128];
  PinnaStatus status = pinna_registry_folder(folder, sizeof(folder), error);
  status = status ? status : make_folder(folder, error);
  if (!status) {
    snprintf(place->file, sizeof(place->file), "%s/%s%s", folder, name, ending);
    snprintf(place->part, sizeof(place->part), "%s.part", place->file);
    snprintf(place->record, sizeof(place->record), "%s.sha256", place->file);
  }
  return status;
}

/// The recorded hash, or ""
static void
read_record(const Place* const place, char text[CLI_SHA256_SIZE]) {
  FILE* const file = fopen(place->record, "r");
  text[0] = '\0';
  if (file) {
    if (fread(text, 1U, CLI_SHA256_SIZE - 1U, file) != CLI_SHA256_SIZE - 1U) {
      text[0] = '\0';
    }
    text[CLI_SHA256_SIZE - 1U] = '\0';
    fclose(file);
  }
}

static PinnaStatus
write_record(const Place* const place, const char* const sha256, PinnaError* const error) {
  FILE* const file = fopen(place->record, "w");
  const bool  good = file && fprintf(file, "%s  %s\n", sha256, strrchr(place->file, '/') + 1) > 0;
  if ((file && fclose(file)) || !good) {
    return pinna_fail(error, PINNA_STATUS_IO, "%s: %s", place->record, strerror(errno));
  }
  return PINNA_STATUS_OK;
}

/// Whether a file holds a whole network, of the architecture `wanted` unless that is NULL
static PinnaStatus
check_file(const char* const path, const char* const shown, const char* const wanted,
           const PinnaArchitecture** const network, PinnaError* const error) {
  PinnaWeights* weights = NULL;
  PinnaError    found = {""};
  PinnaStatus   status = pinna_weights_open(&weights, path, &found);
  status = status ? status : pinna_architecture_check(weights, network, &found);
  pinna_weights_free(weights);
  if (status) {
    return pinna_fail(error, status, "%s: %s", shown, found.text);
  }
  if (wanted && strcmp((*network)->name, wanted)) {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE, "%s: is of %s, not of %s", shown,
                      (*network)->name, wanted);
  }
  return PINNA_STATUS_OK;
}

/// The file is complete: give it its name, and the hash its record
static PinnaStatus
put_in_place(const Place* const place, const char* const sha256, PinnaError* const error) {
  if (rename(place->part, place->file)) {
    return pinna_fail(error, PINNA_STATUS_IO, "%s: %s", place->file, strerror(errno));
  }
  cli_fetch_forget(place->part);
  return write_record(place, sha256, error);
}

/// Whether what is there is what should be there
static PinnaStatus
judge_copy(const Place* const place, const PinnaRegistryEntry* const entry,
           PinnaError* const error) {
  char              has[CLI_SHA256_SIZE];
  char              recorded[CLI_SHA256_SIZE];
  const PinnaStatus status = cli_sha256(place->file, has, error);
  read_record(place, recorded);
  const char* const wanted = entry->sha256 ? entry->sha256 : recorded;
  if (status) {
    return status;
  }
  if (wanted[0] && strcmp(has, wanted)) {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE,
                      "%s: is there with SHA-256 %s, not %s; --again replaces it", entry->name, has,
                      wanted);
  }
  printf("%s: is there already\n", entry->name);
  return PINNA_STATUS_OK;
}

static PinnaStatus
download(const PinnaRegistryEntry* const entry, const Place* const place,
         const CliModelGet* const get, PinnaError* const error) {
  const char* const base = strrchr(entry->url, '/') + 1;
  const bool        has_slash = get->from && *get->from && get->from[strlen(get->from) - 1U] == '/';
  char              url[2048];
  if (get->from) {
    snprintf(url, sizeof(url), "%s%s%s", get->from, has_slash ? "" : "/", base);
  } else {
    snprintf(url, sizeof(url), "%s", entry->url);
  }
  CliProgress       progress = cli_progress_start(entry->name, get->quiet);
  const CliFetch    fetch = {.url = url,
                             .part = place->part,
                             .size = entry->size,
                             .timeout_s = get->timeout_s,
                             .n_tries = 4U,
                             .plain = get->from != NULL,
                             .progress = &progress};
  const PinnaStatus status = cli_fetch(&fetch, error);
  cli_progress_end(&progress);
  return status;
}

/// Against the known hash, or that of the first time
static PinnaStatus
judge_download(const PinnaRegistryEntry* const entry, const Place* const place,
               const CliModelGet* const get, char has[CLI_SHA256_SIZE], PinnaError* const error) {
  char              recorded[CLI_SHA256_SIZE];
  const PinnaStatus status = cli_sha256(place->part, has, error);
  read_record(place, recorded);
  if (status) {
    return status;
  }
  if (entry->sha256 && strcmp(has, entry->sha256)) {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE,
                      "%s: came with SHA-256 %s, but was published with %s; thrown away",
                      entry->name, has, entry->sha256);
  }
  if (!entry->sha256 && recorded[0] && strcmp(has, recorded) && !get->again) {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE,
                      "%s: came with SHA-256 %s, but with %s the first time; thrown away",
                      entry->name, has, recorded);
  }
  if (!entry->sha256 && !recorded[0]) {
    printf("%s: nobody has told its SHA-256; recorded what came this first time:\n  %s\n",
           entry->name, has);
  }
  return PINNA_STATUS_OK;
}

/// Files without which the network is there but cannot speak
static PinnaStatus
get_companions(const PinnaRegistryEntry* const entry, const CliModelGet* const get,
               PinnaError* const error) {
  const PinnaRegistryCompanion* companion = NULL;
  PinnaStatus                   status = PINNA_STATUS_OK;
  for (size_t i = 0U; !status && (companion = pinna_registry_companion(entry->name, i)); ++i) {
    PinnaRegistryEntry one = *entry;
    Place              place;
    char               sha256[CLI_SHA256_SIZE];
    one.url = companion->url;
    one.ending = companion->ending;
    one.sha256 = NULL;
    one.size = 0U;
    status = find_place(entry->name, one.ending, &place, error);
    if (status || (!access(place.file, F_OK) && !get->again)) {
      continue;
    }
    status = download(&one, &place, get, error);
    if (!status) {
      status = judge_download(&one, &place, get, sha256, error);
      status = status ? status : put_in_place(&place, sha256, error);
      if (status) {
        cli_fetch_forget(place.part);
      }
    }
  }
  return status;
}

PinnaStatus
cli_model_get(const char* const name, const CliModelGet* const get, PinnaError* const error) {
  const PinnaRegistryEntry* const entry = pinna_registry_find(name);
  const PinnaArchitecture*        network = NULL;
  Place                           place;
  char                            sha256[CLI_SHA256_SIZE];
  if (!entry) {
    return pinna_fail(error, PINNA_STATUS_NOT_FOUND,
                      "%s: no published checkpoint has this name; 'pinna model list' has them all",
                      name);
  }
  PinnaStatus status = find_place(name, entry->ending, &place, error);
  if (status) {
    return status;
  }
  if (!access(place.file, F_OK) && !get->again) {
    status = judge_copy(&place, entry, error);
    return status ? status : get_companions(entry, get, error);
  }
  status = download(entry, &place, get, error);
  if (status) {
    return status;
  }
  status = judge_download(entry, &place, get, sha256, error);
  status = status ? status : check_file(place.part, name, entry->architecture, &network, error);
  if (status) {
    cli_fetch_forget(place.part);
    return status;
  }
  status = put_in_place(&place, sha256, error);
  if (!status) {
    printf("%s: %s, licence %s, in %s\n", name, network ? network->name : "", entry->licence,
           place.file);
  }
  return status ? status : get_companions(entry, get, error);
}

static PinnaStatus
copy(const char* const from, const char* const to, PinnaError* const error) {
  static const size_t n_buffer = (size_t)1U << 20U;
  const int           in = open(from, O_RDONLY | O_CLOEXEC);
  const int           out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  char* const         buffer = (char*)malloc(n_buffer);
  ssize_t             n = in >= 0 && out >= 0 && buffer ? 1 : -1;
  while (n > 0) {
    n = read(in, buffer, n_buffer);
    for (ssize_t done = 0; done < n;) {
      const ssize_t wrote = write(out, buffer + done, (size_t)(n - done));
      if (wrote < 0) {
        n = -1;
        break;
      }
      done += wrote;
    }
  }
  if (!n && fsync(out)) {
    n = -1;
  }
  const int why = errno;
  free(buffer);
  if (in >= 0) {
    close(in);
  }
  if (out >= 0) {
    close(out);
  }
  if (n < 0) {
    unlink(to);
    return pinna_fail(error, PINNA_STATUS_IO, "%s: cannot be copied: %s", from, strerror(why));
  }
  return PINNA_STATUS_OK;
}

static PinnaStatus
link_to(const char* const from, const char* const to, PinnaError* const error) {
  char* const whole = realpath(from, NULL);
  unlink(to);
  const bool good = whole && !symlink(whole, to);
  free(whole);
  return good ? PINNA_STATUS_OK
              : pinna_fail(error, PINNA_STATUS_IO, "%s: cannot be linked to: %s", from,
                           strerror(errno));
}

/// The file's own ending if readers of weights are used to it
static const char*
ending_of(const char* const file) {
  static const char* const endings[] = {".safetensors", ".pt", ".pth", ".tar", ".bin"};
  const size_t             n = strlen(file);
  for (size_t i = 0U; i < sizeof(endings) / sizeof(endings[0]); ++i) {
    const size_t m = strlen(endings[i]);
    if (n > m && !strcmp(file + n - m, endings[i])) {
      return endings[i];
    }
  }
  return ".weights";
}

PinnaStatus
cli_model_add(const char* const file, const char* const name, const bool link, const bool again,
              PinnaError* const error) {
  const PinnaRegistryEntry* const entry = pinna_registry_find(name);
  const PinnaArchitecture*        network = NULL;
  Place                           place;
  char                            there[PATH_MAX];
  char                            sha256[CLI_SHA256_SIZE];
  PinnaStatus status = check_file(file, file, entry ? entry->architecture : NULL, &network, error);
  status = status ? status : cli_sha256(file, sha256, error);
  if (!status && entry && entry->sha256 && strcmp(sha256, entry->sha256)) {
    status = pinna_fail(error, PINNA_STATUS_BAD_FILE, "%s: has SHA-256 %s, but %s has %s", file,
                        sha256, name, entry->sha256);
  }
  status =
      status ? status : find_place(name, entry ? entry->ending : ending_of(file), &place, error);
  if (status) {
    return status;
  }
  const bool is_there = !pinna_registry_path(name, there, sizeof(there), NULL);
  if (is_there && !again) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "%s: is there already; --again replaces it",
                      name);
  }
  status = link ? link_to(file, place.part, error) : copy(file, place.part, error);
  status = status ? status : put_in_place(&place, sha256, error);
  if (!status && is_there && strcmp(there, place.file)) { // The one before had another ending
    unlink(there);
  }
  if (!status) {
    printf("%s: %s, in %s\n", name, network ? network->name : "", place.file);
  }
  return status;
}

static int
compare(const void* const a, const void* const b) {
  return strcmp(*(char* const*)a, *(char* const*)b);
}

char**
cli_model_names(void) {
  char       path[PATH_MAX];
  unsigned   n = 0U;
  DIR* const folder = pinna_registry_folder(path, sizeof(path), NULL) ? NULL : opendir(path);
  char**     names = (char**)calloc(1U, sizeof(char*));
  for (const struct dirent* e; folder && names && (e = readdir(folder));) {
    const char* const dot = strchr(e->d_name, '.');
    if (dot && dot != e->d_name && !strchr(dot + 1, '.')) {
      char** const more = (char**)realloc(names, (n + 2U) * sizeof(char*));
      names = more ? more : names;
      if (more) {
        names[n++] = strndup(e->d_name, (size_t)(dot - e->d_name));
        names[n] = NULL;
      }
    }
  }
  if (folder) {
    closedir(folder);
  }
  if (names) {
    qsort(names, n, sizeof(char*), compare);
  }
  return names;
}
