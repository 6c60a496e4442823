// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_SESSION_H
#define PINNA_HOST_SESSION_H

#include "base/attributes.h"
#include "base/status.h"
#include "host/config.h"
#include "host/engine.h"
#include "host/world.h"

#include <stdbool.h>
#include <stdio.h>

// A running installation: configuration, instances, engine and backend kept alive for months

typedef struct PinnaHostSessionImpl PinnaHostSession;

typedef enum { PINNA_REQUEST_STOP = 1, PINNA_REQUEST_RELOAD, PINNA_REQUEST_SAVE } PinnaRequest;

/// Build everything that `config_path` describes and restore the newest good saved state.
/// Control thread. Nodes that cannot be made are passed by, with their reasons in the log and the
/// status; those that the file calls required fail the start with all their reasons in the error.
/// A server or device that is absent does not, if the file says `wait: yes`: then the rest is
/// checked and pinna_host_session_run() waits for it.
/// @return BUSY (a host of this name runs), NOT_FOUND, BAD_CONFIG, IO, ...
PINNA_API PinnaStatus pinna_host_session_new(PinnaHostSession** session, PinnaWorld* world,
                                             const char* config_path, PinnaError* error);

PINNA_API void pinna_host_session_free(PinnaHostSession* session);

/// Run until asked to stop or the input ends: polls the backend, heals, saves state, feeds
/// systemd's watchdog with audio progress, answers the control socket, logs. Control thread.
/// @return OK; LOST if audio was lost and could not be brought back within the configured time
PINNA_API PinnaStatus pinna_host_session_run(PinnaHostSession* session, PinnaError* error);

/// From now on let SIGHUP reload, SIGUSR1 save, and SIGINT, SIGTERM and SIGALRM stop with a fade;
/// NULL restores what was before. A session that was freed lets them pass without effect. One
/// session of a program at a time. Control thread.
PINNA_API void pinna_host_session_catch_signals(PinnaHostSession* session);

/// Ask the control loop for something. Any thread, async-signal-safe.
PINNA_API void pinna_host_session_request(PinnaHostSession* session, PinnaRequest request);

/// Write the status as one JSON object: "ok", name, state (running, lost, waiting), backend, rate,
/// block, latency, frames, xruns, returns, uptime, config (path, stale or not, last error), peaks,
/// nodes with times, peaks, muted, bypass, missing (and why) and controls. Control thread.
PINNA_API void pinna_host_session_status(PinnaHostSession* session, FILE* out);

/// Check a configuration as deeply as possible without audio: schema, plugins, presets, values,
/// wires.
PINNA_API PinnaStatus pinna_host_session_check(PinnaWorld* world, const char* config_path,
                                               PinnaError* error);

#endif // PINNA_HOST_SESSION_H
