// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/control.h"

#include "host/control_path.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

// Control socket, serving side: a few clients at once, none of which can hold up the control loop

enum { MAX_CLIENTS = 8, MAX_REQUEST = 1024, PATIENCE_S = 5 };

typedef struct {
  int    fd; ///< -1: free
  size_t size;
  time_t since;
  char   request[MAX_REQUEST];
} Client;

struct PinnaControlImpl {
  struct sockaddr_un address;
  int                fd;
  Client             clients[MAX_CLIENTS];
};

static PinnaStatus
listen_at(PinnaControl* const control, const char* const name, PinnaError* const error) {
  const struct sockaddr* const address = (const struct sockaddr*)&control->address;
  control->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (control->fd < 0) {
    return pinna_fail(error, PINNA_STATUS_IO, "No control socket: %s", strerror(errno));
  }

  bool bound = !bind(control->fd, address, sizeof(control->address));
  if (!bound && errno == EADDRINUSE) {
    if (pinna_control_alive(&control->address)) {
      return pinna_fail(error, PINNA_STATUS_BUSY,
                        "A host named '%s' is running already (%s): give this one another name",
                        name, control->address.sun_path);
    }
    unlink(control->address.sun_path);
    bound = !bind(control->fd, address, sizeof(control->address));
  }
  if (!bound || chmod(control->address.sun_path, 0600) || listen(control->fd, MAX_CLIENTS)) {
    return pinna_fail(error, PINNA_STATUS_IO, "No control socket at %s: %s",
                      control->address.sun_path, strerror(errno));
  }
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_control_open(PinnaControl** const control, const char* const name, PinnaError* const error) {
  PinnaControl* const made = calloc(1, sizeof(PinnaControl));
  *control = NULL;
  if (!made) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  }
  for (int i = 0; i < MAX_CLIENTS; ++i) {
    made->clients[i].fd = -1;
  }

  made->fd = -1;
  PinnaStatus status = pinna_control_place(name, &made->address, error);
  status = status ? status : listen_at(made, name, error);
  if (status) {
    if (made->fd >= 0) {
      close(made->fd);
    }
    free(made);
    return status;
  }
  *control = made;
  return PINNA_STATUS_OK;
}

static void
drop(Client* const client) {
  if (client->fd >= 0) {
    close(client->fd);
  }
  client->fd = -1;
}

void
pinna_control_close(PinnaControl* const control) {
  if (control) {
    for (int i = 0; i < MAX_CLIENTS; ++i) {
      drop(&control->clients[i]);
    }
    close(control->fd);
    unlink(control->address.sun_path);
    free(control);
  }
}

const char*
pinna_control_path(const PinnaControl* const control) {
  return control->address.sun_path;
}

static void
welcome(PinnaControl* const control) {
  const int fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  for (int i = 0; i < MAX_CLIENTS && fd >= 0; ++i) {
    Client* const client = &control->clients[i];
    if (client->fd < 0) {
      client->fd = fd;
      client->size = 0;
      client->since = time(NULL);
      return;
    }
  }
  if (fd >= 0) {
    close(fd);
  }
}

/// A client that does not read for half a second loses the rest
static void
send_all(const int fd, const char* const text, const size_t size) {
  size_t sent = 0;
  while (sent < size) {
    const ssize_t n = send(fd, text + sent, size - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0) {
      sent += (size_t)n;
    } else {
      struct pollfd wait = {fd, POLLOUT, 0};
      if ((n < 0 && errno != EAGAIN && errno != EINTR) || poll(&wait, 1, 500) <= 0) {
        return;
      }
    }
  }
}

static void
answer(Client* const client, const PinnaControlFunc func, void* const handle) {
  char*       text = NULL;
  size_t      size = 0;
  FILE* const out = open_memstream(&text, &size);
  if (out) {
    func(handle, client->request, out);
    fputc('\n', out);
    fclose(out);
    send_all(client->fd, text, size);
    free(text);
  }
  drop(client);
}

static void
hear(Client* const client, const PinnaControlFunc func, void* const handle) {
  const size_t  space = MAX_REQUEST - 1U - client->size;
  const ssize_t n = recv(client->fd, client->request + client->size, space, MSG_DONTWAIT);
  if (n <= 0) {
    if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
      drop(client);
    }
    return;
  }

  client->size += (size_t)n;
  client->request[client->size] = '\0';
  char* const end = strpbrk(client->request, "\r\n");
  if (end) {
    *end = '\0';
    answer(client, func, handle);
  } else if (client->size == MAX_REQUEST - 1U) {
    drop(client);
  }
}

void
pinna_control_poll(PinnaControl* const control, const int timeout_ms, const PinnaControlFunc func,
                   void* const handle) {
  struct pollfd fds[MAX_CLIENTS + 1];
  const time_t  now = time(NULL);
  fds[MAX_CLIENTS] = (struct pollfd){control->fd, POLLIN, 0};
  for (int i = 0; i < MAX_CLIENTS; ++i) {
    if (control->clients[i].fd >= 0 && now - control->clients[i].since > PATIENCE_S) {
      drop(&control->clients[i]);
    }
    fds[i] = (struct pollfd){control->clients[i].fd, POLLIN, 0};
  }
  if (poll(fds, MAX_CLIENTS + 1, timeout_ms) <= 0) {
    return;
  }

  for (int i = 0; i < MAX_CLIENTS; ++i) {
    if (fds[i].fd >= 0 && fds[i].revents) {
      hear(&control->clients[i], func, handle);
    }
  }
  if (fds[MAX_CLIENTS].revents) {
    welcome(control);
  }
}
