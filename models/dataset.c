// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/dataset.h"

#include "base/grow.h"
#include "models/dataset_impl.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Folders walked, tables read, names of files taken apart

#define MAX_DEPTH 6U
#define MAX_PATH 4096U

enum { LIBRISPEECH, LJSPEECH, COMMONVOICE, SPEECHCOMMANDS, YESNO, FSDD, N_KINDS };

static const char* const kinds[N_KINDS + 1] = {
    "librispeech", "ljspeech", "commonvoice", "speechcommands", "yesno", "fsdd", NULL};

const char* const*
pinna_dataset_kinds(void) {
  return kinds;
}

PinnaStatus
pinna_dataset_add(PinnaDataset* const d, const char* const folder, const PinnaSpan file,
                  const PinnaSpan id, const PinnaSpan text, const PinnaSpan speaker) {
  const size_t n_folder = folder ? strlen(folder) + 1U : 0U;
  char* const  block = (char*)malloc(n_folder + file.n + id.n + text.n + speaker.n + 4U);
  if (!block || !pinna_grow(&d->items, d->n, &d->max, sizeof(*d->items))) {
    free(block);
    return PINNA_STATUS_NO_MEM;
  }
  char*           at = block;
  const PinnaSpan parts[] = {file, id, text, speaker};
  const char*     texts[4];
  for (int i = 0; i < 4; ++i) {
    texts[i] = at;
    if (!i && folder) {
      memcpy(at, folder, n_folder - 1U);
      at[n_folder - 1U] = '/';
      at += n_folder;
    }
    memcpy(at, parts[i].p, parts[i].n);
    at[parts[i].n] = '\0';
    at += parts[i].n + 1U;
  }
  d->items[d->n++] = (PinnaUtterance){texts[0], texts[1], texts[2], texts[3]};
  return PINNA_STATUS_OK;
}

typedef PinnaStatus (*ReadTable)(PinnaDataset*, const PinnaDatasetPlace*, const char*, size_t);

static PinnaStatus
read_table(PinnaDataset* const d, const ReadTable read, const char* const path,
           const char* const folder, PinnaError* const error) {
  const PinnaDatasetPlace place = {folder, path, error};
  char*                   data = NULL;
  size_t                  size = 0U;
  PinnaStatus             status = pinna_text_read(&data, &size, path, error);
  if (!status) {
    status = read(d, &place, data, size);
  }
  free(data);
  return status;
}

static bool
ends_with(const char* const name, const char* const ending) {
  const size_t n = strlen(name);
  const size_t n_ending = strlen(ending);
  return n > n_ending && !strcmp(name + n - n_ending, ending);
}

static bool
is_folder(const char* const path) {
  struct stat info;
  return !stat(path, &info) && S_ISDIR(info.st_mode);
}

/// Called for each entry that is no folder
typedef PinnaStatus (*Visit)(PinnaDataset* d, const char* folder, const char* name,
                             PinnaError* error);

static PinnaStatus
walk(PinnaDataset* const d, const char* const folder, const Visit visit, const unsigned depth,
     PinnaError* const error) {
  struct dirent** entries = NULL;
  PinnaStatus     status = PINNA_STATUS_OK;
  const int       n = scandir(folder, &entries, NULL, alphasort);
  for (int i = 0; i < n; ++i) {
    const char* const name = entries[i]->d_name;
    char              path[2U * MAX_PATH];
    const int         length = snprintf(path, sizeof(path), "%.4095s/%.255s", folder, name);
    if (!status && name[0] != '.' && length < (int)MAX_PATH) {
      status = !is_folder(path) ? visit(d, folder, name, error)
               : depth          ? walk(d, path, visit, depth - 1U, error)
                                : PINNA_STATUS_OK;
    }
    free(entries[i]);
  }
  free(entries);
  return status;
}

static PinnaStatus
visit_trans(PinnaDataset* const d, const char* const folder, const char* const name,
            PinnaError* const error) {
  char path[3U * MAX_PATH];
  if (!ends_with(name, ".trans.txt")) {
    return PINNA_STATUS_OK;
  }
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  return read_table(d, pinna_dataset_read_trans, path, folder, error);
}

/// The folder's name is the word
static PinnaStatus
visit_command(PinnaDataset* const d, const char* const folder, const char* const name,
              PinnaError* const error) {
  const char* const slash = strrchr(folder, '/');
  const char* const word = slash ? slash + 1 : folder;
  const char* const end = strchr(name, '_');
  char              id[512];
  (void)error;
  if (!ends_with(name, ".wav") || !end || word[0] == '_') {
    return PINNA_STATUS_OK;
  }
  const int n = snprintf(id, sizeof(id), "%s/%s", word, name);
  return n >= (int)sizeof(id)
             ? PINNA_STATUS_OK
             : pinna_dataset_add(d, folder, (PinnaSpan){name, strlen(name)},
                                 (PinnaSpan){id, (size_t)n}, (PinnaSpan){word, strlen(word)},
                                 (PinnaSpan){name, (size_t)(end - name)});
}

/// 0: lo, 1: ken, which are no and yes
static PinnaStatus
visit_yesno(PinnaDataset* const d, const char* const folder, const char* const name,
            PinnaError* const error) {
  char   text[64] = "";
  size_t n = 0U;
  (void)error;
  if (!ends_with(name, ".wav") || strlen(name) > 28U) {
    return PINNA_STATUS_OK;
  }
  for (const char* p = name; *p != '.'; ++p) {
    if (*p != '0' && *p != '1' && *p != '_') {
      return PINNA_STATUS_OK;
    }
    if (*p != '_') {
      n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s", n ? " " : "",
                            *p == '1' ? "yes" : "no");
    }
  }
  const PinnaSpan file = {name, strlen(name)};
  return pinna_dataset_add(d, folder, file, (PinnaSpan){name, file.n - 4U}, (PinnaSpan){text, n},
                           (PinnaSpan){"", 0U});
}

static PinnaStatus
visit_digit(PinnaDataset* const d, const char* const folder, const char* const name,
            PinnaError* const error) {
  static const char* const digits[] = {"zero", "one", "two",   "three", "four",
                                       "five", "six", "seven", "eight", "nine"};
  const char* const        end = strlen(name) > 6U ? strchr(name + 2, '_') : NULL;
  (void)error;
  if (!ends_with(name, ".wav") || name[0] < '0' || name[0] > '9' || name[1] != '_' || !end) {
    return PINNA_STATUS_OK;
  }
  const char* const word = digits[name[0] - '0'];
  const PinnaSpan   file = {name, strlen(name)};
  return pinna_dataset_add(d, folder, file, (PinnaSpan){name, file.n - 4U},
                           (PinnaSpan){word, strlen(word)},
                           (PinnaSpan){name + 2, (size_t)(end - name - 2)});
}

/// A table in the folder, or in one of its usual sub-folders, or `path` itself
static PinnaStatus
open_table(PinnaDataset* const d, const char* const path, const char* const sub,
           const char* const name, const ReadTable read, PinnaError* const error) {
  char table[MAX_PATH + 256U];
  char folder[MAX_PATH + 128U];
  snprintf(folder, sizeof(folder), "%s", path);
  if (!is_folder(path)) { // The table itself
    char* const slash = strrchr(folder, '/');
    snprintf(slash ? slash : folder, 2U, "%s", slash ? "" : ".");
    return read_table(d, read, path, folder, error);
  }
  snprintf(table, sizeof(table), "%s/%s", folder, name);
  if (access(table, R_OK)) {
    snprintf(folder, sizeof(folder), "%s/%s", path, sub);
    snprintf(table, sizeof(table), "%s/%s", folder, name);
  }
  if (access(table, R_OK)) {
    return pinna_fail(error, PINNA_STATUS_NOT_FOUND, "%s: no %s there", path, name);
  }
  return read_table(d, read, table, folder, error);
}

static PinnaStatus
open_kind(PinnaDataset* const d, const int kind, const char* const path, PinnaError* const error) {
  char list[MAX_PATH + 32U];
  switch (kind) {
  case LIBRISPEECH:
    return walk(d, path, visit_trans, MAX_DEPTH, error);
  case LJSPEECH:
    return open_table(d, path, "LJSpeech-1.1", "metadata.csv", pinna_dataset_read_metadata, error);
  case COMMONVOICE:
    return open_table(d, path, ".", "test.tsv", pinna_dataset_read_tsv, error);
  case SPEECHCOMMANDS:
    snprintf(list, sizeof(list), "%s/testing_list.txt", path);
    return access(list, R_OK) ? walk(d, path, visit_command, MAX_DEPTH, error)
                              : read_table(d, pinna_dataset_read_list, list, path, error);
  case YESNO:
    return walk(d, path, visit_yesno, 1U, error);
  default:
    return walk(d, path, visit_digit, 1U, error);
  }
}

static int
compare(const void* const a, const void* const b) {
  return strcmp(((const PinnaUtterance*)a)->id, ((const PinnaUtterance*)b)->id);
}

static PinnaStatus
finish(PinnaDataset** const dataset, PinnaDataset* const d, const PinnaStatus status) {
  if (status) {
    pinna_dataset_close(d);
    return status;
  }
  if (d->n) {
    qsort(d->items, d->n, sizeof(*d->items), compare);
  }
  *dataset = d;
  return PINNA_STATUS_OK;
}

static int
kind_of(const char* const name, const size_t n) {
  int kind = 0;
  while (kind < N_KINDS && (strlen(kinds[kind]) != n || strncmp(kinds[kind], name, n))) {
    ++kind;
  }
  return kind;
}

PinnaStatus
pinna_dataset_open(PinnaDataset** const dataset, const char* const spec, PinnaError* const error) {
  const char* const colon = strchr(spec, ':');
  const int         kind = colon ? kind_of(spec, (size_t)(colon - spec)) : N_KINDS;
  *dataset = NULL;
  if (kind == N_KINDS) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG,
                      "'%s' is no dataset: give KIND:PATH with librispeech, ljspeech, commonvoice, "
                      "speechcommands, yesno or fsdd as the kind",
                      spec);
  }
  if (strlen(colon + 1) >= MAX_PATH || access(colon + 1, R_OK)) {
    return pinna_fail(error, PINNA_STATUS_NOT_FOUND, "%s: no such file or folder", colon + 1);
  }
  PinnaDataset* const d = (PinnaDataset*)calloc(1U, sizeof(PinnaDataset));
  if (!d) {
    return PINNA_STATUS_NO_MEM;
  }
  PinnaStatus status = open_kind(d, kind, colon + 1, error);
  if (!status && !d->n) {
    status = pinna_fail(error, PINNA_STATUS_NOT_FOUND, "%s: nothing of a %s dataset there",
                        colon + 1, kinds[kind]);
  }
  return finish(dataset, d, status);
}

PinnaStatus
pinna_dataset_parse(PinnaDataset** const dataset, const char* const kind, const char* const data,
                    const size_t size, PinnaError* const error) {
  static const ReadTable  readers[] = {pinna_dataset_read_trans, pinna_dataset_read_metadata,
                                       pinna_dataset_read_tsv, pinna_dataset_read_list};
  const PinnaDatasetPlace place = {"folder", "table", error};
  const int               number = kind_of(kind, strlen(kind));
  *dataset = NULL;
  if (number > SPEECHCOMMANDS) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "'%s' has no table", kind);
  }
  PinnaDataset* const d = (PinnaDataset*)calloc(1U, sizeof(PinnaDataset));
  if (!d) {
    return PINNA_STATUS_NO_MEM;
  }
  d->is_dry = true;
  return finish(dataset, d, readers[number](d, &place, data, size));
}

void
pinna_dataset_close(PinnaDataset* const d) {
  for (uint32_t i = 0U; d && i < d->n; ++i) {
    free((char*)(uintptr_t)d->items[i].path); // The block's first text
  }
  if (d) {
    free(d->items);
  }
  free(d);
}

size_t
pinna_dataset_count(const PinnaDataset* const d) {
  return d->n;
}

const PinnaUtterance*
pinna_dataset_at(const PinnaDataset* const d, const size_t i) {
  return i < d->n ? &d->items[i] : NULL;
}
