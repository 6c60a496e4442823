// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_SPOOL_H
#define PINNA_HOST_SPOOL_H

#include <stdbool.h>
#include <stdint.h>

// Pipes for libraries that want to seek: look at the first bytes, or copy all to a temporary file

/// True if the descriptor cannot seek (pipe, socket, terminal)
bool pinna_spool_needed(int fd);

/// Look at the first bytes of a pipe without taking them.
/// @return Number of bytes seen, less than `size` at the pipe's end; 0 if it is no pipe
uint32_t pinna_spool_peek(int fd, void* bytes, uint32_t size);

/// An unlinked temporary file (in $TMPDIR), or -1
int pinna_spool_file(void);

/// Copy everything from one descriptor to the other. @return false with errno set
bool pinna_spool_copy(int from, int to);

/// Write all bytes. @return false with errno set
bool pinna_spool_write(int fd, const void* bytes, uint32_t size);

#endif // PINNA_HOST_SPOOL_H
