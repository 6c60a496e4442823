// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_CONTROL_H
#define PINNA_HOST_CONTROL_H

#include "base/attributes.h"
#include "base/status.h"

#include <stdio.h>

// A local socket on which a running host answers one-line requests with one JSON object each
//
// The socket of the host NAME is pinna/NAME.sock in $XDG_RUNTIME_DIR, else in /run, else
// pinna-UID/NAME.sock in the temporary folder. Requests are lines such as "status" or
// "set eq freq_1 440"; each answer begins with "ok": true, or with "ok": false and an "error".

typedef struct PinnaControlImpl PinnaControl;

/// Answer one request: write one JSON object to `out`. Control thread.
typedef void (*PinnaControlFunc)(void* handle, const char* request, FILE* out);

/// Listen. A socket that a dead host left behind is replaced. Control thread.
/// @param name Of this host, or a path that holds a '/'
/// @return BUSY (a host of this name runs), IO
PINNA_API PinnaStatus pinna_control_open(PinnaControl** control, const char* name,
                                         PinnaError* error);

/// Stop listening and remove the socket. NULL is allowed.
PINNA_API void pinna_control_close(PinnaControl* control);

PINNA_API const char* pinna_control_path(const PinnaControl* control);

/// Wait up to `timeout_ms` for requests and answer them through `func`. Control thread.
PINNA_API void pinna_control_poll(PinnaControl* control, int timeout_ms, PinnaControlFunc func,
                                  void* handle);

/// Ask a running host and copy its answer to `out`. Any thread.
/// @param name Its name or the path of its socket; NULL or "": the only one that runs
/// @param out May be NULL
/// @return NOT_FOUND (none of that name; the error lists those that run), LOST (no answer),
///         or the host's own status and error if it refused
PINNA_API PinnaStatus pinna_control_ask(const char* name, const char* request, FILE* out,
                                        PinnaError* error);

#endif // PINNA_HOST_CONTROL_H
