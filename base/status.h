// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_STATUS_H
#define PINNA_BASE_STATUS_H

#include "base/attributes.h"

// Status codes of every call that can fail, and the sentence that explains a failure to a person

typedef enum {
  PINNA_STATUS_OK = 0,      ///< Success
  PINNA_STATUS_BAD_ARG,     ///< A parameter is out of its documented range
  PINNA_STATUS_NO_MEM,      ///< Out of memory, or the arena is too small
  PINNA_STATUS_NOT_FOUND,   ///< A named thing does not exist
  PINNA_STATUS_BAD_FILE,    ///< A file is unreadable, truncated or malformed
  PINNA_STATUS_BAD_CONFIG,  ///< A configuration contradicts itself or the schema
  PINNA_STATUS_IO,          ///< The operating system refused an input or output operation
  PINNA_STATUS_UNSUPPORTED, ///< Valid, but this build or plugin cannot do it
  PINNA_STATUS_BUSY,        ///< Cannot be done now, try later
  PINNA_STATUS_LOST,        ///< An audio server or device went away
  PINNA_STATUS_END          ///< No more input
} PinnaStatus;

/// One sentence for a status, capitalised, without a final period. Any thread, never NULL.
PINNA_API const char* pinna_strerror(PinnaStatus status);

/// Text of the first failure of an operation: names the input and the cure. Zero-initialise it.
typedef struct {
  char text[1024]; ///< One or more lines, without a final newline, empty if nothing failed
} PinnaError;

/// Write the message (unless `error` is NULL or already holds one) and return `status`.
/// Not realtime.
PINNA_API PinnaStatus pinna_fail(PinnaError* error, PinnaStatus status, const char* format, ...)
    PINNA_PRINTF(3, 4);

#endif // PINNA_BASE_STATUS_H
