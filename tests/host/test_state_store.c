// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/log.h"
#include "host/paths.h"
#include "host/state_manifest.h"
#include "host/state_store.h"
#include "tests/tap.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Saved states through power cuts: whatever is torn, the newest whole generation is found

static char root[256];

static void
put(const char* const dir, const char* const name, const char* const text) {
  char path[900];
  snprintf(path, sizeof(path), "%s/%s", dir, name);
  FILE* const file = fopen(path, "w");
  if (file) {
    fputs(text, file);
    fclose(file);
  }
}

static void
get(const char* const dir, const char* const name, char* const text, const size_t size) {
  char path[900];
  snprintf(path, sizeof(path), "%s/%s", dir, name);
  FILE* const  file = fopen(path, "r");
  const size_t n = file ? fread(text, 1, size - 1U, file) : 0;
  text[n] = '\0';
  if (file) {
    fclose(file);
  }
}

static PinnaStatus
save(PinnaStateStore* const store, const char* const text) {
  const char* dir = NULL;
  char        below[900];
  PinnaStatus status = pinna_state_store_begin(store, &dir, NULL);
  if (status) {
    return status;
  }
  put(dir, "node.json", text);
  snprintf(below, sizeof(below), "%s/node", dir);
  mkdir(below, 0755);
  put(below, "state.ttl", "# state\n");
  return pinna_state_store_commit(store, NULL);
}

/// What the newest good generation holds, or "none"
static const char*
newest(PinnaStateStore* const store, char* const dir, const size_t size) {
  static char text[64];
  if (pinna_state_store_newest(store, dir, size)) {
    return "none";
  }
  get(dir, "node.json", text, sizeof(text));
  return text;
}

static int
count(void) {
  DIR* const list = opendir(root);
  int        n = 0;
  for (const struct dirent* e = list ? readdir(list) : NULL; e; e = readdir(list)) {
    n += e->d_name[0] != '.';
  }
  if (list) {
    closedir(list);
  }
  return n;
}

static void
test_generations(PinnaStateStore* const store) {
  char dir[512];
  tap_string(newest(store, dir, sizeof(dir)), "none", "nothing at first");
  tap_int(save(store, "one"), PINNA_STATUS_OK, "save");
  tap_string(newest(store, dir, sizeof(dir)), "one", "found");
  save(store, "one");
  tap_int(count(), 1, "the same again makes no new generation");
  save(store, "two");
  save(store, "three");
  save(store, "four");
  tap_int(count(), 3, "three are kept");
  tap_string(newest(store, dir, sizeof(dir)), "four", "the newest");

  const char* work = NULL;
  pinna_state_store_begin(store, &work, NULL);
  put(work, "half", "written");
  tap_string(newest(store, dir, sizeof(dir)), "four", "one that is being written does not count");
  pinna_state_store_abort(store);
  tap_int(count(), 3, "nor remains");
}

/// Every prefix of the manifest, and every file torn: never taken for good
static void
test_torn(PinnaStateStore* const store) {
  char dir[512];
  char again[600];
  char manifest[4096];
  int  n_accepted = 0;
  save(store, "five");
  newest(store, dir, sizeof(dir));
  get(dir, PINNA_MANIFEST_NAME, manifest, sizeof(manifest));
  const size_t size = strlen(manifest);
  pinna_log_set_level(PINNA_LOG_ERROR); // A thousand warnings are meant
  for (size_t n = 0; n < size; ++n) {
    char torn[4096];
    snprintf(torn, sizeof(torn), "%.*s", (int)n, manifest);
    put(dir, PINNA_MANIFEST_NAME, torn);
    n_accepted += strcmp(newest(store, again, sizeof(again)), "four") != 0;
  }
  tap_int(n_accepted, 0, "%zu torn manifests: the generation before is taken each time", size);
  put(dir, PINNA_MANIFEST_NAME, manifest);
  tap_string(newest(store, again, sizeof(again)), "five", "whole again");

  put(dir, "node.json", "fiv");
  tap_string(newest(store, again, sizeof(again)), "four", "a shortened file");
  put(dir, "node.json", "fivE");
  tap_string(newest(store, again, sizeof(again)), "four", "a rotten file");
  put(dir, "node.json", "five");
  put(dir, "extra", "");
  tap_string(newest(store, again, sizeof(again)), "four", "a file too many");
  snprintf(again, sizeof(again), "%s/extra", dir);
  unlink(again);
  snprintf(again, sizeof(again), "%s/node/state.ttl", dir);
  unlink(again);
  tap_string(newest(store, again, sizeof(again)), "four", "a missing file");
  tap_int(save(store, "six"), PINNA_STATUS_OK, "saving goes on");
  tap_string(newest(store, again, sizeof(again)), "six", "after it");
}

static void
test_places(void) {
  PinnaStateStore* store = NULL;
  PinnaError       error = {""};
  char             path[512];
  snprintf(path, sizeof(path), "%s/tmp-Abcdef", root);
  mkdir(path, 0755);
  put(path, "half", "written before the power went");
  tap_int(pinna_state_store_open(&store, root, 3, &error), PINNA_STATUS_OK, "open again");
  tap_ok(access(path, F_OK) != 0, "what a crash left is cleared away");
  char dir[512];
  tap_string(newest(store, dir, sizeof(dir)), "six", "and the state is there");
  pinna_state_store_close(store);

  tap_int(pinna_state_store_open(&store, "/proc/1/pinna", 3, &error), PINNA_STATUS_OK,
          "a read-only place is opened for reading");
  const char* work = NULL;
  tap_int(pinna_state_store_begin(store, &work, &error), PINNA_STATUS_IO, "but not written: %s",
          error.text);
  tap_string(newest(store, dir, sizeof(dir)), "none", "nor read, there being nothing");
  pinna_state_store_close(store);
  pinna_state_store_close(NULL);
}

int
main(void) {
  PinnaStateStore*  store = NULL;
  PinnaError        error = {""};
  const char* const tmp = getenv("TMPDIR");
  snprintf(root, sizeof(root), "%s/pinna-store-XXXXXX", tmp && tmp[0] ? tmp : "/tmp");
  if (!tap_ok(mkdtemp(root) && !pinna_state_store_open(&store, root, 3, &error), "open %s",
              error.text)) {
    return tap_done();
  }
  test_generations(store);
  test_torn(store);
  pinna_state_store_close(store);
  test_places();
  pinna_paths_remove(root);
  return tap_done();
}
