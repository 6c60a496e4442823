// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/control.h"
#include "host/control_path.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

// Control socket, asking side

enum { PATIENCE_S = 10, MAX_ANSWER = 1 << 22 };

static char*
receive(const int fd, size_t* const size) {
  char* text = NULL;
  *size = 0;
  for (;;) {
    char* const more = realloc(text, *size + 4097U);
    if (!more || *size > MAX_ANSWER) {
      free(more ? more : text);
      return NULL;
    }
    text = more;
    const ssize_t n = recv(fd, text + *size, 4096, 0);
    if (n > 0) {
      *size += (size_t)n;
    } else if (n == 0 || errno != EINTR) {
      text[*size] = '\0';
      return text;
    }
  }
}

/// The host's own verdict on the request
static PinnaStatus
judge(const char* const text, PinnaError* const error) {
  json_t* const     answer = json_loads(text, 0, NULL);
  const char* const reason = json_string_value(json_object_get(answer, "error"));
  PinnaStatus       status = PINNA_STATUS_OK;
  if (!answer) {
    status = pinna_fail(error, PINNA_STATUS_LOST, "The host did not answer");
  } else if (!json_is_true(json_object_get(answer, "ok"))) {
    const json_int_t code = json_integer_value(json_object_get(answer, "code"));
    const bool       known = code > PINNA_STATUS_OK && code <= PINNA_STATUS_END;
    status = pinna_fail(error, known ? (PinnaStatus)code : PINNA_STATUS_BAD_ARG, "%s",
                        reason ? reason : "The host refused");
  }
  json_decref(answer);
  return status;
}

static PinnaStatus
talk(const int fd, const struct sockaddr_un* const address, const char* const request,
     FILE* const out, PinnaError* const error) {
  const struct timeval patience = {PATIENCE_S, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  if (connect(fd, (const struct sockaddr*)address, sizeof(*address))) {
    return pinna_fail(error, PINNA_STATUS_NOT_FOUND, "No host answers at %s: %s", address->sun_path,
                      strerror(errno));
  }

  const size_t length = strlen(request);
  if (send(fd, request, length, MSG_NOSIGNAL) != (ssize_t)length ||
      send(fd, "\n", 1, MSG_NOSIGNAL) != 1) {
    return pinna_fail(error, PINNA_STATUS_LOST, "The host at %s does not listen: %s",
                      address->sun_path, strerror(errno));
  }

  size_t      size = 0;
  char* const text = receive(fd, &size);
  if (!text) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "The answer is too long");
  }
  const PinnaStatus status = judge(text, error);
  if (out) {
    fwrite(text, 1, size, out);
  }
  free(text);
  return status;
}

PinnaStatus
pinna_control_ask(const char* const name, const char* const request, FILE* const out,
                  PinnaError* const error) {
  struct sockaddr_un address;
  const PinnaStatus  status = pinna_control_locate(name, &address, error);
  if (status) {
    return status;
  }
  if (strpbrk(request, "\r\n")) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "A request is one line");
  }
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return pinna_fail(error, PINNA_STATUS_IO, "No socket: %s", strerror(errno));
  }
  const PinnaStatus result = talk(fd, &address, request, out, error);
  close(fd);
  return result;
}
