// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_SD_NOTIFY_H
#define PINNA_HOST_SD_NOTIFY_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

// What systemd is told: ready, reloading, stopping, a status line, and that audio is moving

/// Send lines such as "READY=1\nSTATUS=..." to $NOTIFY_SOCKET. Control thread.
/// @return false if there is no such socket, or nobody listens
PINNA_API bool pinna_sd_notify(const char* format, ...) PINNA_PRINTF(1, 2);

/// Feeds systemd's watchdog, but only while the audio thread proves that it is alive
typedef struct {
  double   interval; ///< Seconds between feeds, 0 if systemd did not ask ($WATCHDOG_USEC)
  double   last;     ///< Seconds, monotonic: when it was last fed
  uint64_t frames;   ///< Frames processed by then
} PinnaWatchdog;

/// Read what systemd asks for from the environment
PINNA_API PinnaWatchdog pinna_watchdog(void);

/// Feed if it is time and `frames` has grown since the last feed. Control thread.
/// @param frames pinna_engine_frames()
/// @param now Seconds, monotonic
/// @return true if it was fed
PINNA_API bool pinna_watchdog_feed(PinnaWatchdog* watchdog, uint64_t frames, double now);

#endif // PINNA_HOST_SD_NOTIFY_H
