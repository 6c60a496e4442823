// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_HOST_SESSION_FIXTURE_H
#define PINNA_TESTS_HOST_SESSION_FIXTURE_H

#include "base/attributes.h"
#include "base/status.h"
#include "host/session.h"
#include "host/world.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

// A session that runs in a thread of the test or in a process of its own, asked through its socket

typedef struct {
  char              dir[256];    ///< Temporary folder: configuration, sockets, state, files
  char              config[300]; ///< Path of the configuration
  PinnaWorld*       world;
  PinnaHostSession* session;
  pthread_t         thread;
  bool              running;
  bool              apart; ///< In a process of its own: libjack does not survive two clients in one
  pid_t             pid;
  PinnaStatus       result; ///< Of pinna_host_session_run()
  PinnaError        error;
} Host;

/// First thing in main() of tests that set `apart`: what the process of its own does.
/// @return Its exit status, or -1 in the test itself
int host_main(int argc, char** argv);

/// Make the folder, point XDG_RUNTIME_DIR and XDG_STATE_HOME at it, load the world
bool host_open(Host* host);

/// Stop, and remove the folder
void host_close(Host* host);

/// Write the configuration at once, as a careful editor does; "$DIR" stands for the folder
void host_write(const Host* host, const char* text);

/// Start the session. @return Status of pinna_host_session_new(), text in host->error
PinnaStatus host_start(Host* host);

/// Wait for its end, up to `seconds`. @return false if it still runs
bool host_wait(Host* host, double seconds);

/// Ask for a stop (apart: by SIGTERM) and wait. @return host->result
PinnaStatus host_stop(Host* host);

/// A request by the socket, formatted
PinnaStatus host_ask(const Host* host, PinnaError* error, const char* format, ...)
    PINNA_PRINTF(3, 4);

/// A number of the status by path such as "audio.frames" or "nodes.0.controls.gain"; NAN if absent
double host_number(const Host* host, const char* path);

/// The same, waited for up to ten seconds: what it is in the end
double host_number_becomes(const Host* host, const char* path, double value);

/// A text of the status, "" if absent; valid until the next call
const char* host_text(const Host* host, const char* path);

/// Seconds, monotonic
double host_now(void);

void host_sleep(double seconds);

#endif // PINNA_TESTS_HOST_SESSION_FIXTURE_H
