// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_CONTROL_PATH_H
#define PINNA_HOST_CONTROL_PATH_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/un.h>

// Where the sockets of running hosts are

/// Address of the socket that a host of this name opens; its folder is made.
PinnaStatus pinna_control_place(const char* name, struct sockaddr_un* address, PinnaError* error);

/// Address of the running host `name`, or of the only one if NULL or "". @return NOT_FOUND
PinnaStatus pinna_control_locate(const char* name, struct sockaddr_un* address, PinnaError* error);

/// True if somebody answers at this address
bool pinna_control_alive(const struct sockaddr_un* address);

#endif // PINNA_HOST_CONTROL_PATH_H
