// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_STATE_MANIFEST_H
#define PINNA_HOST_STATE_MANIFEST_H

#include <stdbool.h>

// The list of a folder's files with sizes and checksums, by which a torn or rotten one is known

#define PINNA_MANIFEST_NAME "MANIFEST"

/// List all files below `dir`, sorted, sealed by a last line. Not realtime.
/// @param flush Also flush every file and folder to the disk
/// @return Text to be freed, or NULL if a file cannot be read or flushed
char* pinna_manifest_make(const char* dir, bool flush);

/// The manifest stored in `dir`, to be freed, or NULL
char* pinna_manifest_read(const char* dir);

/// Store a manifest in `dir` and flush it and the folder
bool pinna_manifest_write(const char* dir, const char* text);

/// Flush a folder's entries to the disk
bool pinna_manifest_flush_folder(const char* dir);

#endif // PINNA_HOST_STATE_MANIFEST_H
