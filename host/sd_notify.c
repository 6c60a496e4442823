// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/sd_notify.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// sd_notify's protocol: one datagram to $NOTIFY_SOCKET

bool
pinna_sd_notify(const char* const format, ...) {
  const char* const  path = getenv("NOTIFY_SOCKET");
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (!path || !strchr("/@", path[0]) || strlen(path) < 2 ||
      strlen(path) >= sizeof(address.sun_path)) {
    return false;
  }
  memcpy(address.sun_path, path, strlen(path));
  if (path[0] == '@') {
    address.sun_path[0] = '\0'; // Linux's abstract name space
  }

  char    text[1024];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof(text), format, args);
  va_end(args);

  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return false;
  }
  const socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
  const ssize_t   sent = sendto(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT,
                                (const struct sockaddr*)&address, size);
  close(fd);
  return sent == (ssize_t)strlen(text);
}

PinnaWatchdog
pinna_watchdog(void) {
  const char* const pid = getenv("WATCHDOG_PID");
  const char* const period = getenv("WATCHDOG_USEC");
  const bool        ours = !pid || strtol(pid, NULL, 10) == (long)getpid();
  const double      seconds = period && ours ? 1e-6 * strtod(period, NULL) : 0.0;
  return (PinnaWatchdog){seconds > 0.0 ? seconds / 3.0 : 0.0, 0.0, 0};
}

bool
pinna_watchdog_feed(PinnaWatchdog* const watchdog, const uint64_t frames, const double now) {
  if (watchdog->interval <= 0.0 || now - watchdog->last < watchdog->interval ||
      frames == watchdog->frames) {
    return false;
  }
  watchdog->last = now;
  watchdog->frames = frames;
  return pinna_sd_notify("WATCHDOG=1");
}
