// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/control.h"
#include "tests/host/session_fixture.h"
#include "tests/tap.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// The control socket: names, refusals, stale sockets, and clients that are slow, rude or many

static _Atomic bool stop;

static void
echo(void* const handle, const char* const request, FILE* const out) {
  (void)handle;
  if (!strcmp(request, "bad")) {
    fputs("{\"ok\":false,\"error\":\"no such luck\"}", out);
  } else if (!strcmp(request, "long")) {
    fputs("{\"ok\":true,\"text\":\"", out);
    for (int i = 0; i < 500000; ++i) {
      fputc('x', out);
    }
    fputs("\"}", out);
  } else {
    fprintf(out, "{\"ok\":true,\"was\":\"%s\"}", request);
  }
}

static void*
serve(void* const handle) {
  while (!atomic_load(&stop)) {
    pinna_control_poll(handle, 20, echo, NULL);
  }
  return NULL;
}

static int
dial(const PinnaControl* const control) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  memcpy(address.sun_path, pinna_control_path(control), strlen(pinna_control_path(control)));
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  return !connect(fd, (const struct sockaddr*)&address, sizeof(address)) ? fd : -1;
}

static void
test_asking(void) {
  PinnaError error = {""};
  char*      text = NULL;
  size_t     size = 0;
  FILE*      out = open_memstream(&text, &size);
  tap_int(pinna_control_ask("one", "hello there", out, &error), PINNA_STATUS_OK, "ask %s",
          error.text);
  fclose(out);
  tap_string(text, "{\"ok\":true,\"was\":\"hello there\"}\n", "answer");
  tap_int(pinna_control_ask("one", "bad", NULL, &error), PINNA_STATUS_BAD_ARG, "a refusal");
  tap_string(error.text, "no such luck", "in the host's words");
  error.text[0] = '\0';
  free(text);
  out = open_memstream(&text, &size);
  tap_int(pinna_control_ask("one", "long", out, &error), PINNA_STATUS_OK, "a long answer %s",
          error.text);
  fclose(out);
  tap_ok(size > 500000, "comes whole");
  free(text);
  tap_int(pinna_control_ask("three", "hello", NULL, &error), PINNA_STATUS_NOT_FOUND,
          "nobody of that name: %s", error.text);
  error.text[0] = '\0';
  tap_int(pinna_control_ask(NULL, "hello", NULL, &error), PINNA_STATUS_NOT_FOUND, "two run: %s",
          error.text);
  tap_ok(strstr(error.text, "one") && strstr(error.text, "two"), "both are named");
  tap_int(pinna_control_ask("one", "a\nb", NULL, NULL), PINNA_STATUS_BAD_ARG, "two lines");
}

static void
test_rude(const PinnaControl* const control) {
  int          fds[20];
  static char  flood[5000];
  const double start = host_now();
  for (int i = 0; i < 4; ++i) {
    fds[i] = dial(control); // Says nothing
  }
  tap_int(pinna_control_ask("one", "hello", NULL, NULL), PINNA_STATUS_OK, "beside silent clients");
  tap_at_most(host_now() - start, 1.0, "at once (s)");
  for (int i = 4; i < 20; ++i) {
    fds[i] = dial(control);
  }
  memset(flood, 'y', sizeof(flood));
  tap_ok(send(fds[0], flood, sizeof(flood), MSG_NOSIGNAL) > 0, "a line without end");
  host_sleep(0.2);
  char byte = 0;
  tap_ok(recv(fds[0], &byte, 1, 0) <= 0, "is cut off");
  for (int i = 0; i < 20; ++i) {
    close(fds[i]);
  }
  host_sleep(0.2);
  tap_int(pinna_control_ask("one", "hello", NULL, NULL), PINNA_STATUS_OK, "and it still answers");
}

int
main(void) {
  Host          host;
  PinnaControl* one = NULL;
  PinnaControl* two = NULL;
  PinnaControl* again = NULL;
  PinnaError    error = {""};
  pthread_t     threads[2];
  if (!host_open(&host)) {
    return 1;
  }
  tap_int(pinna_control_ask(NULL, "hello", NULL, &error), PINNA_STATUS_NOT_FOUND, "nobody: %s",
          error.text);
  tap_int(pinna_control_open(&one, "one", NULL), PINNA_STATUS_OK, "open one");
  tap_int(pinna_control_open(&two, "two", NULL), PINNA_STATUS_OK, "open two");
  pthread_create(&threads[0], NULL, serve, one);
  pthread_create(&threads[1], NULL, serve, two);
  error.text[0] = '\0';
  tap_int(pinna_control_open(&again, "one", &error), PINNA_STATUS_BUSY, "taken: %s", error.text);
  test_asking();
  test_rude(one);
  atomic_store(&stop, true);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);

  char path[300];
  snprintf(path, sizeof(path), "%s", pinna_control_path(one));
  pinna_control_close(one);
  tap_ok(access(path, F_OK) != 0, "closing removes the socket");
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  memcpy(address.sun_path, path, strlen(path));
  const int dead = socket(AF_UNIX, SOCK_STREAM, 0);
  tap_int(bind(dead, (const struct sockaddr*)&address, sizeof(address)), 0, "a crash leaves one");
  close(dead);
  tap_int(pinna_control_open(&one, "one", &error), PINNA_STATUS_OK, "a stale socket is replaced");
  pinna_control_close(one);
  pinna_control_close(two);
  pinna_control_close(NULL);
  host_close(&host);
  return tap_done();
}
