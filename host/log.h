// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_LOG_H
#define PINNA_HOST_LOG_H

#include "base/attributes.h"

// Log lines on standard error that cannot fill a disk: repeats are counted, floods are cut

typedef enum {
  PINNA_LOG_ERROR = 3, ///< The numbers are syslog's, as systemd's journal reads them
  PINNA_LOG_WARNING = 4,
  PINNA_LOG_NOTICE = 5,
  PINNA_LOG_INFO = 6,
  PINNA_LOG_DEBUG = 7
} PinnaLogLevel;

/// Write one line, formatted. Under systemd ($JOURNAL_STREAM) it begins with its priority as <n>.
/// The same line again is only counted; beyond 30 lines at once, and 2 a second from then on, lines
/// are dropped and counted. Any thread that is not realtime.
PINNA_API void pinna_log(PinnaLogLevel level, const char* format, ...) PINNA_PRINTF(2, 3);

/// Most talkative level that is written (default: PINNA_LOG_INFO)
PINNA_API void pinna_log_set_level(PinnaLogLevel level);

/// Write the counts that are still owed ("repeated 7 times"). Call now and then, and at the end.
PINNA_API void pinna_log_flush(void);

#endif // PINNA_HOST_LOG_H
