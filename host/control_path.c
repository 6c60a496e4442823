// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/control_path.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

// Sockets by name

enum { N_FOLDERS = 3, FOLDER_SIZE = 256 };

/// The n-th folder in which sockets may be, best first; empty if there is none
static void
folder(char* const path, const int n) {
  const char* const runtime = getenv("XDG_RUNTIME_DIR");
  const char* const tmp = getenv("TMPDIR");
  path[0] = '\0';
  if (n == 0 && runtime && runtime[0] == '/') {
    snprintf(path, FOLDER_SIZE, "%s/pinna", runtime);
  } else if (n == 1) {
    snprintf(path, FOLDER_SIZE, "/run/pinna");
  } else if (n == 2) {
    snprintf(path, FOLDER_SIZE, "%s/pinna-%u", tmp && tmp[0] == '/' ? tmp : "/tmp",
             (unsigned)getuid());
  }
}

static PinnaStatus
set_address(struct sockaddr_un* const address, PinnaError* const error, const char* const dir,
            const char* const name) {
  memset(address, 0, sizeof(*address));
  address->sun_family = AF_UNIX;
  const int n =
      dir ? snprintf(address->sun_path, sizeof(address->sun_path), "%s/%s.sock", dir, name)
          : snprintf(address->sun_path, sizeof(address->sun_path), "%s", name);
  return n >= 0 && (size_t)n < sizeof(address->sun_path)
             ? PINNA_STATUS_OK
             : pinna_fail(error, PINNA_STATUS_BAD_ARG,
                          "The path of the control socket for '%s' is longer than %zu characters",
                          name, sizeof(address->sun_path) - 1U);
}

/// Ours, and writable by nobody else: the temporary folder is everybody's
static bool
is_private(const char* const dir) {
  struct stat info;
  return !lstat(dir, &info) && S_ISDIR(info.st_mode) && info.st_uid == geteuid() &&
         !access(dir, W_OK);
}

PinnaStatus
pinna_control_place(const char* const name, struct sockaddr_un* const address,
                    PinnaError* const error) {
  if (strchr(name, '/')) {
    return set_address(address, error, NULL, name);
  }
  for (int i = 0; i < N_FOLDERS; ++i) {
    char dir[FOLDER_SIZE];
    folder(dir, i);
    if (dir[0] && (!mkdir(dir, 0700) || errno == EEXIST) && is_private(dir)) {
      return set_address(address, error, dir, name);
    }
  }
  return pinna_fail(error, PINNA_STATUS_IO,
                    "No folder for the control socket: set XDG_RUNTIME_DIR to one that is yours");
}

bool
pinna_control_alive(const struct sockaddr_un* const address) {
  const int  fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool alive = fd >= 0 && !connect(fd, (const struct sockaddr*)address, sizeof(*address));
  if (fd >= 0) {
    close(fd);
  }
  return alive;
}

static PinnaStatus
locate_only(struct sockaddr_un* const found, PinnaError* const error) {
  char     names[512] = "";
  unsigned n_found = 0;
  for (int i = 0; i < N_FOLDERS; ++i) {
    char dir[FOLDER_SIZE];
    folder(dir, i);
    DIR* const list = dir[0] ? opendir(dir) : NULL;
    for (const struct dirent* e = list ? readdir(list) : NULL; e; e = readdir(list)) {
      struct sockaddr_un address;
      const size_t       length = strlen(e->d_name);
      char               name[256];
      if (length > 5 && !strcmp(e->d_name + length - 5, ".sock")) {
        snprintf(name, sizeof(name), "%.*s", (int)(length - 5), e->d_name);
        if (!set_address(&address, NULL, dir, name) && pinna_control_alive(&address)) {
          *found = address;
          ++n_found;
          snprintf(names + strlen(names), sizeof(names) - strlen(names), " %s", name);
        }
      }
    }
    if (list) {
      closedir(list);
    }
  }
  return n_found == 1   ? PINNA_STATUS_OK
         : n_found == 0 ? pinna_fail(error, PINNA_STATUS_NOT_FOUND,
                                     "No Pinna host is running: start one with 'pinna run CONFIG'")
                        : pinna_fail(error, PINNA_STATUS_NOT_FOUND,
                                     "Several Pinna hosts are running; name one of:%s", names);
}

PinnaStatus
pinna_control_locate(const char* const name, struct sockaddr_un* const address,
                     PinnaError* const error) {
  if (!name || !name[0]) {
    return locate_only(address, error);
  }
  if (strchr(name, '/')) {
    return set_address(address, error, NULL, name);
  }
  for (int i = 0; i < N_FOLDERS; ++i) {
    char dir[FOLDER_SIZE];
    folder(dir, i);
    if (dir[0] && !set_address(address, error, dir, name) && pinna_control_alive(address)) {
      return PINNA_STATUS_OK;
    }
  }
  return pinna_fail(
      error, PINNA_STATUS_NOT_FOUND,
      "No Pinna host named '%s' is running: 'pinna status' finds one without its name", name);
}
