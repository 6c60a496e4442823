// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_CAPTION_FILE_H
#define PINNA_BASE_CAPTION_FILE_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// A file that is written for months: begun anew by age and size, old ones kept up to a number,
// records whole or not at all, and a disk that is full or gone only costs what could not be written
//
// The file in use has the name that was asked for, and is locked: two writers would spoil it. When
// it is full it becomes NAME-DATE.EXT, with the date (UTC) when it was begun.

typedef struct {
  char*    path;
  uint32_t keep;  ///< Files in all, at least 1
  uint32_t every; ///< Seconds after which a new one begins; 0: never
  uint64_t limit; ///< Bytes after which a new one begins; 0: never
  int      fd;    ///< -1: not open
  uint64_t size;
  double   begun; ///< Seconds since 1970
  bool     moved; ///< The name is free: what a former run left was moved away
} PinnaCaptionFile;

/// @param anew An old file of this name is overwritten, not moved away
PinnaStatus pinna_caption_file_init(PinnaCaptionFile* file, const char* path, uint32_t keep,
                                    uint32_t every, uint64_t limit, bool anew);

/// Have a file open that is neither too old nor too long.
/// @param now   Seconds since 1970
/// @param begun Receives whether it is a new one: it wants its head
/// @return IO
PinnaStatus pinna_caption_file_ready(PinnaCaptionFile* file, double now, bool* begun,
                                     PinnaError* error);

/// Write a record whole; of one that fails nothing stays. @return IO
PinnaStatus pinna_caption_file_write(PinnaCaptionFile* file, const char* bytes, size_t n,
                                     PinnaError* error);

/// Close, and free what init took
void pinna_caption_file_free(PinnaCaptionFile* file);

#endif // PINNA_BASE_CAPTION_FILE_H
