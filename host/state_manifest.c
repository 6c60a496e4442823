// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/state_manifest.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Manifest: FNV-1a checksums of all files below a folder

#define HASH_START 0xCBF29CE484222325U

static uint64_t
hash(uint64_t value, const uint8_t* const bytes, const size_t size) {
  for (size_t i = 0; i < size; ++i) {
    value = (value ^ bytes[i]) * 0x100000001B3U;
  }
  return value;
}

static bool
list_file(FILE* const out, const char* const path, const char* const name, const bool flush) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  uint8_t   bytes[16384];
  uint64_t  sum = HASH_START;
  uint64_t  size = 0;
  ssize_t   n = -1;
  while (fd >= 0 && (n = read(fd, bytes, sizeof(bytes))) > 0) {
    sum = hash(sum, bytes, (size_t)n);
    size += (uint64_t)n;
  }
  const bool good = n == 0 && (!flush || !fsync(fd));
  if (fd >= 0) {
    close(fd);
  }
  return good && fprintf(out, "%016" PRIx64 " %" PRIu64 " %s\n", sum, size, name) > 0;
}

bool
pinna_manifest_flush_folder(const char* const dir) {
  const int  fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool good = fd >= 0 && !fsync(fd);
  if (fd >= 0) {
    close(fd);
  }
  return good;
}

/// @param name Of the folder below the root, "" or ending in '/'
static bool
list_folder(FILE* const out, const char* const root, const char* const name, const bool flush) {
  char            path[PATH_MAX];
  struct dirent** entries = NULL;
  snprintf(path, sizeof(path), "%s/%s", root, name);
  const int n = scandir(path, &entries, NULL, alphasort);
  bool      good = n >= 0;
  for (int i = 0; i < n; ++i) {
    const char* const entry = entries[i]->d_name;
    char              below[PATH_MAX];
    struct stat       info;
    const bool        skip = !strcmp(entry, ".") || !strcmp(entry, "..") ||
                      (!name[0] && !strcmp(entry, PINNA_MANIFEST_NAME));
    if (good && !skip) {
      good = snprintf(below, sizeof(below), "%s%s", name, entry) < (int)sizeof(below) - 2 &&
             snprintf(path, sizeof(path), "%s/%s", root, below) < (int)sizeof(path) &&
             !stat(path, &info);
      if (good && S_ISDIR(info.st_mode)) {
        memcpy(below + strlen(below), "/", sizeof("/"));
        good = list_folder(out, root, below, flush);
      } else if (good) {
        good = list_file(out, path, below, flush);
      }
    }
    free(entries[i]);
  }
  free(entries);
  snprintf(path, sizeof(path), "%s/%s", root, name);
  return good && (!flush || pinna_manifest_flush_folder(path));
}

char*
pinna_manifest_make(const char* const dir, const bool flush) {
  char*       text = NULL;
  size_t      size = 0;
  FILE* const out = open_memstream(&text, &size);
  if (!out) {
    return NULL;
  }
  const bool good = list_folder(out, dir, "", flush) && !fflush(out);
  fprintf(out, "end %016" PRIx64 "\n", hash(HASH_START, (const uint8_t*)text, size));
  if (fclose(out) || !good) {
    free(text);
    return NULL;
  }
  return text;
}

char*
pinna_manifest_read(const char* const dir) {
  char path[PATH_MAX];
  snprintf(path, sizeof(path), "%s/" PINNA_MANIFEST_NAME, dir);
  FILE* const in = fopen(path, "re");
  char*       text = NULL;
  size_t      size = 0;
  if (in) {
    if (getdelim(&text, &size, '\0', in) < 0) {
      free(text);
      text = NULL;
    }
    fclose(in);
  }
  return text;
}

bool
pinna_manifest_write(const char* const dir, const char* const text) {
  char path[PATH_MAX];
  snprintf(path, sizeof(path), "%s/" PINNA_MANIFEST_NAME, dir);
  FILE* const out = fopen(path, "we");
  if (!out) {
    return false;
  }
  const bool good = fputs(text, out) >= 0 && !fflush(out) && !fsync(fileno(out));
  return !fclose(out) && good && pinna_manifest_flush_folder(dir);
}
