// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

// Peeking with tee(2), copying with a small buffer

bool
pinna_spool_needed(const int fd) {
  return lseek(fd, 0, SEEK_CUR) < 0;
}

uint32_t
pinna_spool_peek(const int fd, void* const bytes, const uint32_t size) {
  uint32_t seen = 0U;
  int      copy[2];
  for (bool more = true; more && seen < size;) {
    struct pollfd wait = {fd, POLLIN, 0};
    if (pipe2(copy, O_CLOEXEC)) {
      return 0U;
    }

    // A writer that dribbles makes tee() return what is there: look again from the start
    poll(&wait, 1U, -1);
    const ssize_t duplicated = tee(fd, copy[1], size, 0U);
    const ssize_t n = duplicated > 0 ? read(copy[0], bytes, (size_t)duplicated) : 0;
    close(copy[0]);
    close(copy[1]);
    more = n > 0 && !(wait.revents & POLLHUP);
    seen = n > 0 ? (uint32_t)n : 0U;
    if (more && seen < size) {
      const struct timespec nap = {0, 2000000};
      nanosleep(&nap, NULL);
    }
  }

  return seen;
}

int
pinna_spool_file(void) {
  const char* const folder = getenv("TMPDIR");
  char              path[4096];
  snprintf(path, sizeof(path), "%s/pinna-XXXXXX", folder && *folder ? folder : P_tmpdir);
  const int fd = mkostemp(path, O_CLOEXEC);
  if (fd >= 0) {
    unlink(path);
  }
  return fd;
}

bool
pinna_spool_write(const int fd, const void* const bytes, const uint32_t size) {
  for (uint32_t at = 0U; at < size;) {
    const ssize_t n = write(fd, (const char*)bytes + at, size - at);
    if (n < 0 && errno != EINTR) {
      return false;
    }
    at += n > 0 ? (uint32_t)n : 0U;
  }

  return true;
}

bool
pinna_spool_copy(const int from, const int to) {
  char bytes[65536];
  for (;;) {
    const ssize_t n = read(from, bytes, sizeof(bytes));
    if (n < 0 && errno != EINTR) {
      return false;
    }
    if (!n) {
      return true;
    }
    if (n > 0 && !pinna_spool_write(to, bytes, (uint32_t)n)) {
      return false;
    }
  }
}
