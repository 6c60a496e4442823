// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/session_fixture.h"

#include "host/control.h"
#include "host/paths.h"

#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// A session under test

double
host_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void
host_sleep(const double seconds) {
  const struct timespec pause = {(time_t)seconds, (long)(1e9 * (seconds - floor(seconds)))};
  nanosleep(&pause, NULL);
}

bool
host_open(Host* const host) {
  const char* const tmp = getenv("TMPDIR");
  memset(host, 0, sizeof(*host));
  snprintf(host->dir, sizeof(host->dir), "%s/pinna-test-XXXXXX", tmp && tmp[0] ? tmp : "/tmp");
  if (!mkdtemp(host->dir)) {
    return false;
  }
  snprintf(host->config, sizeof(host->config), "%s/room.yaml", host->dir);
  setenv("XDG_RUNTIME_DIR", host->dir, 1);
  setenv("XDG_STATE_HOME", host->dir, 1);
  unsetenv("STATE_DIRECTORY");
  return !pinna_world_new(&host->world, &host->error);
}

void
host_close(Host* const host) {
  host_stop(host);
  pinna_world_free(host->world);
  pinna_paths_remove(host->dir);
}

void
host_write(const Host* const host, const char* text) {
  char path[320];
  snprintf(path, sizeof(path), "%s.new", host->config);
  FILE* const file = fopen(path, "w");
  for (const char* dir = NULL; file && (dir = strstr(text, "$DIR")); text = dir + 4) {
    fprintf(file, "%.*s%s", (int)(dir - text), text, host->dir);
  }
  if (file) {
    fputs(text, file);
    fclose(file);
    rename(path, host->config);
  }
}

static void*
run(void* const handle) {
  Host* const host = handle;
  host->result = pinna_host_session_run(host->session, &host->error);
  return NULL;
}

int
host_main(const int argc, char** const argv) {
  if (argc != 3 || strcmp(argv[1], "--host")) {
    return -1;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL); // Whoever reads the test's output waits for us, too
  PinnaWorld*       world = NULL;
  PinnaHostSession* session = NULL;
  PinnaError        error = {""};
  char              path[320];
  PinnaStatus       status = pinna_world_new(&world, &error);
  status = status ? status : pinna_host_session_new(&session, world, argv[2], &error);
  if (!status) {
    pinna_host_session_catch_signals(session);
    status = pinna_host_session_run(session, &error);
    pinna_host_session_catch_signals(NULL);
    pinna_host_session_free(session);
  }
  pinna_world_free(world);
  snprintf(path, sizeof(path), "%s.error", argv[2]);
  FILE* const file = fopen(path, "w");
  if (file) {
    fputs(error.text, file);
    fclose(file);
  }
  return (int)status;
}

/// @return true if the process has ended; then host->result and host->error are its
static bool
reap(Host* const host) {
  int  status = 0;
  char path[320];
  if (waitpid(host->pid, &status, WNOHANG) != host->pid) {
    return false;
  }
  host->running = false;
  host->result = WIFEXITED(status) ? (PinnaStatus)WEXITSTATUS(status) : PINNA_STATUS_IO;
  snprintf(path, sizeof(path), "%s.error", host->config);
  FILE* const  file = fopen(path, "r");
  const size_t n = file ? fread(host->error.text, 1, sizeof(host->error.text) - 1U, file) : 0;
  host->error.text[n] = '\0';
  if (file) {
    fclose(file);
  }
  if (!WIFEXITED(status)) {
    snprintf(host->error.text, sizeof(host->error.text), "crashed: signal %d", WTERMSIG(status));
  }
  return true;
}

static PinnaStatus
start_apart(Host* const host) {
  char        name[] = "test";
  char        flag[] = "--host";
  char* const argv[] = {name, flag, host->config, NULL};
  host->result = PINNA_STATUS_OK;
  host->running = !posix_spawn(&host->pid, "/proc/self/exe", NULL, NULL, argv, environ);
  for (const double end = host_now() + 20.0; host_now() < end; host_sleep(0.02)) {
    if (reap(host)) {
      return host->result;
    }
    if (!host_ask(host, NULL, "status")) {
      return PINNA_STATUS_OK;
    }
  }
  return PINNA_STATUS_BUSY;
}

PinnaStatus
host_start(Host* const host) {
  host->error.text[0] = '\0';
  if (host->apart) {
    return start_apart(host);
  }
  const PinnaStatus status =
      pinna_host_session_new(&host->session, host->world, host->config, &host->error);
  if (!status) {
    host->running = !pthread_create(&host->thread, NULL, run, host);
  }
  return status;
}

bool
host_wait(Host* const host, const double seconds) {
  if (host->apart) {
    const double end = host_now() + seconds;
    while (host->running && !reap(host) && host_now() < end) {
      host_sleep(0.02);
    }
    return !host->running;
  }
  struct timespec end;
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_sec += (time_t)seconds;
  if (host->running && pthread_timedjoin_np(host->thread, NULL, &end)) {
    return false;
  }
  host->running = false;
  pinna_host_session_free(host->session);
  host->session = NULL;
  return true;
}

PinnaStatus
host_stop(Host* const host) {
  if (host->apart) {
    if (host->running) {
      kill(host->pid, SIGTERM);
      if (!host_wait(host, 10.0)) {
        kill(host->pid, SIGKILL);
        host_wait(host, 5.0);
      }
    }
    return host->result;
  }
  if (host->running) {
    pinna_host_session_request(host->session, PINNA_REQUEST_STOP);
    pthread_join(host->thread, NULL);
    host->running = false;
  }
  pinna_host_session_free(host->session);
  host->session = NULL;
  return host->result;
}

PinnaStatus
host_ask(const Host* const host, PinnaError* const error, const char* const format, ...) {
  (void)host;
  char    request[512];
  va_list args;
  va_start(args, format);
  vsnprintf(request, sizeof(request), format, args);
  va_end(args);
  return pinna_control_ask("room", request, NULL, error);
}

/// The value at `path` in a fresh status; `*root` to be released
static const json_t*
look(const Host* const host, const char* const path, json_t** const root) {
  char*       text = NULL;
  size_t      size = 0;
  FILE* const out = open_memstream(&text, &size);
  (void)host;
  *root = NULL;
  if (out) {
    const PinnaStatus status = pinna_control_ask("room", "status", out, NULL);
    fclose(out);
    *root = status ? NULL : json_loads(text, 0, NULL);
    free(text);
  }

  const json_t* value = *root;
  char          words[128];
  snprintf(words, sizeof(words), "%s", path);
  char* rest = NULL;
  for (const char* w = strtok_r(words, ".", &rest); w && value; w = strtok_r(NULL, ".", &rest)) {
    value = json_is_array(value) ? json_array_get(value, strtoul(w, NULL, 10))
                                 : json_object_get(value, w);
  }
  return value;
}

double
host_number(const Host* const host, const char* const path) {
  json_t*             root = NULL;
  const json_t* const value = look(host, path, &root);
  const double        number = json_is_boolean(value)  ? (double)json_is_true(value)
                               : json_is_number(value) ? json_number_value(value)
                                                       : (double)NAN;
  json_decref(root);
  return number;
}

double
host_number_becomes(const Host* const host, const char* const path, const double value) {
  const double end = host_now() + 10.0;
  double       number = host_number(host, path);
  while (number != value && host_now() < end) {
    host_sleep(0.02);
    number = host_number(host, path);
  }
  return number;
}

const char*
host_text(const Host* const host, const char* const path) {
  static char         text[1200];
  json_t*             root = NULL;
  const json_t* const value = look(host, path, &root);
  snprintf(text, sizeof(text), "%s", json_is_string(value) ? json_string_value(value) : "");
  json_decref(root);
  return text;
}
