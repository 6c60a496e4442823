// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/feature_inputs.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Gathers files, lists and scp files

static bool
ends_with(const char* const text, const char* const end) {
  const size_t n = strlen(text);
  const size_t m = strlen(end);
  return n > m && !strcasecmp(text + n - m, end);
}

/// Name without folder and ending
static char*
stem_of(const char* const path) {
  const char* const slash = strrchr(path, '/');
  char* const       stem = strdup(slash ? slash + 1 : path);
  char* const       dot = stem ? strrchr(stem, '.') : NULL;
  if (dot && dot != stem) {
    *dot = '\0';
  }
  return stem;
}

/// "PATH:123": cut the number off. @return false: there is none
static bool
cut_offset(char* const path, uint64_t* const offset) {
  char* const colon = strrchr(path, ':');
  if (!colon || !isdigit((unsigned char)colon[1]) || colon[1 + strspn(colon + 1, "0123456789")]) {
    return false;
  }
  *offset = strtoull(colon + 1, NULL, 10);
  *colon = '\0';
  return true;
}

static PinnaStatus
add(CliInputs* const inputs, const char* const id, const char* const path) {
  CliInput* const items = (CliInput*)realloc(inputs->items, (inputs->n + 1U) * sizeof(CliInput));
  if (!items) {
    return PINNA_STATUS_NO_MEM;
  }
  inputs->items = items;
  CliInput* const item = &items[inputs->n++];
  *item = (CliInput){.path = strdup(path)};
  if (!item->path) {
    return PINNA_STATUS_NO_MEM;
  }
  if (id && cut_offset(item->path, &item->offset)) {
    item->kind = CLI_INPUT_ARK_AT;
  } else if (ends_with(path, ".ark")) {
    item->kind = CLI_INPUT_ARK;
  } else if (ends_with(path, ".npy")) {
    item->kind = CLI_INPUT_NPY;
  }
  item->id = id ? strdup(id) : stem_of(item->path);
  return item->id ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
}

/// One line: a path, or a name and a path
static PinnaStatus
add_line(CliInputs* const inputs, char* const line, const bool has_ids) {
  char* const begin = line + strspn(line, " \t");
  for (size_t n = strlen(begin); n && isspace((unsigned char)begin[n - 1U]); --n) {
    begin[n - 1U] = '\0';
  }
  if (!*begin || *begin == '#') {
    return PINNA_STATUS_OK;
  }
  char* const space = begin + strcspn(begin, " \t");
  if (!*space || (!has_ids && !access(begin, F_OK))) {
    return add(inputs, NULL, begin);
  }
  *space = '\0';
  return add(inputs, begin, space + 1 + strspn(space + 1, " \t"));
}

static PinnaStatus
add_list(CliInputs* const inputs, const char* const path, const bool has_ids,
         PinnaError* const error) {
  const bool  is_stdin = !strcmp(path, "-");
  FILE* const in = is_stdin ? stdin : fopen(path, "r");
  char*       line = NULL;
  size_t      size = 0U;
  PinnaStatus status = PINNA_STATUS_OK;
  if (!in) {
    return pinna_fail(error, PINNA_STATUS_NOT_FOUND, "%s: %s", path, strerror(errno));
  }
  while (!status && getline(&line, &size, in) > 0) {
    status = add_line(inputs, line, has_ids);
  }
  free(line);
  if (!is_stdin) {
    fclose(in);
  }
  return status;
}

static int
compare_ids(const void* const a, const void* const b) {
  const CliInput* const x = *(const CliInput* const*)a;
  const CliInput* const y = *(const CliInput* const*)b;
  const int             order = strcmp(x->id, y->id);
  return order ? order : (x > y) - (x < y);
}

static PinnaStatus
mark_doubles(const CliInputs* const inputs) {
  CliInput** const sorted = (CliInput**)malloc((inputs->n + 1U) * sizeof(CliInput*));
  if (!sorted) {
    return PINNA_STATUS_NO_MEM;
  }
  for (size_t i = 0U; i < inputs->n; ++i) {
    sorted[i] = &inputs->items[i];
  }
  qsort(sorted, inputs->n, sizeof(CliInput*), compare_ids);
  for (size_t i = 1U; i < inputs->n; ++i) {
    sorted[i]->is_double = !strcmp(sorted[i]->id, sorted[i - 1U]->id);
  }
  free(sorted);
  return PINNA_STATUS_OK;
}

static void
free_item(CliInput* const item) {
  free(item->id);
  free(item->path);
}

static PinnaStatus
cut_shard(CliInputs* const inputs, const char* const text, PinnaError* const error) {
  char extra = 0;
  inputs->n_all = inputs->n;
  inputs->shard = inputs->n_shards = 1U;
  if (!text) {
    return PINNA_STATUS_OK;
  }
  if (sscanf(text, "%u/%u%c", &inputs->shard, &inputs->n_shards, &extra) != 2 || !inputs->shard ||
      inputs->shard > inputs->n_shards) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG,
                      "--shard takes I/N with I from 1 to N, such as 1/8, not '%s'", text);
  }
  size_t n = 0U;
  for (size_t i = 0U; i < inputs->n; ++i) {
    if (i % inputs->n_shards == inputs->shard - 1U) {
      inputs->items[n++] = inputs->items[i];
    } else {
      free_item(&inputs->items[i]);
    }
  }
  inputs->n = n;
  return PINNA_STATUS_OK;
}

PinnaStatus
cli_inputs_gather(CliInputs* const inputs, const char* const* const paths, const size_t n_paths,
                  const char* const list, const char* const shard, PinnaError* const error) {
  PinnaStatus status = list ? add_list(inputs, list, false, error) : PINNA_STATUS_OK;
  for (size_t i = 0U; !status && i < n_paths; ++i) {
    status = ends_with(paths[i], ".scp") ? add_list(inputs, paths[i], true, error)
                                         : add(inputs, NULL, paths[i]);
  }
  status = status ? status : mark_doubles(inputs);
  return status ? status : cut_shard(inputs, shard, error);
}

void
cli_inputs_free(CliInputs* const inputs) {
  for (size_t i = 0U; i < inputs->n; ++i) {
    free_item(&inputs->items[i]);
  }
  free(inputs->items);
  *inputs = (CliInputs){0};
}
