// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/paths.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Folders by environment, program and prefix

enum { MAX_OPEN = 8 };

static const char* const system_lv2 =
    "~/.lv2:/usr/local/lib/lv2:/usr/lib/lv2:"
    "/usr/lib/x86_64-linux-gnu/lv2:/usr/lib/aarch64-linux-gnu/lv2";

PINNA_PRINTF(1, 2)
static char*
text(const char* const format, ...) {
  va_list args;
  va_start(args, format);
  char*     result = NULL;
  const int n = vasprintf(&result, format, args);
  va_end(args);
  return n < 0 ? NULL : result;
}

static bool
is_folder(const char* const path) {
  struct stat info;
  return path && !stat(path, &info) && S_ISDIR(info.st_mode);
}

char*
pinna_paths_program(void) {
  char          path[PATH_MAX];
  const ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1U);
  if (n <= 0) {
    return strdup(".");
  }

  path[n] = '\0';
  char* const slash = strrchr(path, '/');
  *(slash == path ? slash + 1 : slash) = '\0';
  return strdup(path);
}

/// Append a folder that exists and is not yet on `path`; takes and returns ownership of `path`
static char*
append(char* const path, const char* const folder) {
  char* const home = folder[0] == '~'
                         ? text("%s%s", getenv("HOME") ? getenv("HOME") : "", folder + 1)
                         : strdup(folder);
  char* const real = home && is_folder(home) ? realpath(home, NULL) : NULL;
  free(home);
  if (!path || !real) {
    free(real);
    return path;
  }

  char* const list = text(":%s:", path);
  char* const item = text(":%s:", real);
  char*       result = path;
  if (list && item && !strstr(list, item)) {
    result = text("%s%s%s", path, path[0] ? ":" : "", real);
    free(path);
  }
  free(list);
  free(item);
  free(real);
  return result;
}

static char*
append_list(char* path, const char* const folders) {
  char* const list = strdup(folders);
  char*       rest = NULL;
  for (char* item = list ? strtok_r(list, ":", &rest) : NULL; item;
       item = strtok_r(NULL, ":", &rest)) {
    path = append(path, item);
  }
  free(list);
  return path;
}

char*
pinna_paths_lv2(void) {
  const char* const own = getenv("PINNA_LV2_DIR");
  const char* const lv2 = getenv("LV2_PATH");
  char* const       program = pinna_paths_program();
  char* const       near = program ? text("%s/lv2:%s/../lib/lv2", program, program) : NULL;
  free(program);

  char* path = strdup("");
  path = own ? append_list(path, own) : path;
  path = near ? append_list(path, near) : path;
  path = append_list(path, lv2 && lv2[0] ? lv2 : system_lv2);
  free(near);
  return path;
}

char*
pinna_paths_data(const char* const name) {
  char* const program = pinna_paths_program();
  if (!program) {
    return NULL;
  }

  char* found = NULL;
  for (size_t i = 0U; i < 2U && !found; ++i) {
    char* const path =
        i ? text("%s/../share/pinna/%s", program, name) : text("%s/%s", program, name);
    found = is_folder(path) ? realpath(path, NULL) : NULL;
    free(path);
  }
  free(program);
  return found;
}

char*
pinna_paths_state(const char* const name) {
  const char* const systemd = getenv("STATE_DIRECTORY");
  const char* const xdg = getenv("XDG_STATE_HOME");
  const char* const home = getenv("HOME");
  return systemd && systemd[0] ? strndup(systemd, strcspn(systemd, ":"))
         : xdg && xdg[0]       ? text("%s/pinna/%s", xdg, name)
                               : text("%s/.local/state/pinna/%s", home ? home : "", name);
}

PinnaStatus
pinna_paths_make(const char* const path, PinnaError* const error) {
  char* const copy = strdup(path);
  if (!copy) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  }

  PinnaStatus status = PINNA_STATUS_OK;
  for (char* end = copy; !status && *end; ++end) {
    const char next = end[1];
    if (next == '/' || next == '\0') {
      end[1] = '\0';
      if (mkdir(copy, 0777) && errno != EEXIST) {
        status = pinna_fail(error, PINNA_STATUS_IO, "Cannot make the folder '%s': %s", copy,
                            strerror(errno));
      }
      end[1] = next;
    }
  }
  if (!status && !is_folder(path)) {
    status = pinna_fail(error, PINNA_STATUS_IO, "'%s' is not a folder", path);
  }
  free(copy);
  return status;
}

static int
remove_entry(const char* const path, const struct stat* const info, const int kind,
             struct FTW* const place) {
  (void)info;
  (void)kind;
  (void)place;
  return remove(path);
}

void
pinna_paths_remove(const char* const path) {
  nftw(path, remove_entry, MAX_OPEN, FTW_DEPTH | FTW_PHYS);
}
