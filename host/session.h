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

typedef struct PinnaSessionImpl PinnaSession;

typedef enum { PINNA_REQUEST_STOP = 1, PINNA_REQUEST_RELOAD, PINNA_REQUEST_SAVE } PinnaRequest;

/// Build everything that `config_path` describes and restore the newest good saved state.
/// Control thread. Nodes that cannot be made fail the start with all their reasons in the error.
PINNA_API PinnaStatus pinna_session_new(PinnaSession** session, PinnaWorld* world,
                                        const char* config_path, PinnaError* error);

PINNA_API void pinna_session_free(PinnaSession* session);

/// Run until asked to stop or the input ends: polls the backend, heals, saves state, feeds
/// systemd's watchdog with audio progress, answers the control socket, logs. Control thread.
/// @return OK; LOST if audio was lost and could not be brought back within the configured time
PINNA_API PinnaStatus pinna_session_run(PinnaSession* session, PinnaError* error);

/// Ask the control loop for something. Any thread, async-signal-safe.
PINNA_API void pinna_session_request(PinnaSession* session, PinnaRequest request);

/// Write the status as one JSON object: backend, rate, block, latency, xruns, returns, uptime,
/// config (path, stale or not, last error), nodes with times, peaks and muted. Control thread.
PINNA_API void pinna_session_status(PinnaSession* session, FILE* out);

/// Check a configuration as deeply as possible without audio: schema, plugins, presets, values,
/// wires.
PINNA_API PinnaStatus pinna_session_check(PinnaWorld* world, const char* config_path,
                                          PinnaError* error);

#endif // PINNA_HOST_SESSION_H
