// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/status.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

// Status sentences and error texts

static const char* const sentences[] = {
    [PINNA_STATUS_OK] = "Success",
    [PINNA_STATUS_BAD_ARG] = "A parameter is out of range",
    [PINNA_STATUS_NO_MEM] = "Out of memory",
    [PINNA_STATUS_NOT_FOUND] = "Not found",
    [PINNA_STATUS_BAD_FILE] = "The file is unreadable or malformed",
    [PINNA_STATUS_BAD_CONFIG] = "The configuration is not valid",
    [PINNA_STATUS_IO] = "Input or output failed",
    [PINNA_STATUS_UNSUPPORTED] = "Not supported",
    [PINNA_STATUS_BUSY] = "Busy, try again later",
    [PINNA_STATUS_LOST] = "The audio server or device went away",
    [PINNA_STATUS_END] = "End of input",
};

const char*
pinna_strerror(const PinnaStatus status) {
  const size_t n = sizeof(sentences) / sizeof(sentences[0]);
  return (size_t)status < n ? sentences[status] : "Unknown status";
}

PinnaStatus
pinna_fail(PinnaError* const error, const PinnaStatus status, const char* const format, ...) {
  if (error && !error->text[0]) {
    va_list args;
    va_start(args, format);
    vsnprintf(error->text, sizeof(error->text), format, args);
    va_end(args);
  }
  return status;
}
