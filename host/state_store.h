// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_STATE_STORE_H
#define PINNA_HOST_STATE_STORE_H

#include "base/attributes.h"
#include "base/status.h"

#include <stddef.h>

// Saved states that survive a power cut: written whole, in generations, the newest good one counts
//
// A generation is a folder of any files with a MANIFEST of their sizes and checksums. It is written
// under a temporary name, its files and folders are flushed to the disk, and only then is it
// renamed to its number. What a power cut leaves unfinished is removed at the next start; what it
// leaves broken (or a disk does later) does not match its manifest and is passed over.

typedef struct PinnaStateStoreImpl PinnaStateStore;

/// Open a folder, made if need be, and clear away what a crash left. Not realtime.
/// A folder that cannot be written to is still opened for reading.
/// @param keep Generations to keep, at least 1
/// @return NO_MEM
PINNA_API PinnaStatus pinna_state_store_open(PinnaStateStore** store, const char* dir,
                                             unsigned keep, PinnaError* error);

PINNA_API void pinna_state_store_close(PinnaStateStore* store);

/// Begin a generation: an empty folder to be filled. Only one at a time.
/// @param dir Receives its path, valid until commit or abort
/// @return IO (read-only, disk full)
PINNA_API PinnaStatus pinna_state_store_begin(PinnaStateStore* store, const char** dir,
                                              PinnaError* error);

/// Seal the generation that was begun, unless it equals the newest one, and remove the oldest
/// beyond those to keep. @return IO: then the older ones are as before
PINNA_API PinnaStatus pinna_state_store_commit(PinnaStateStore* store, PinnaError* error);

/// Throw away the generation that was begun
PINNA_API void pinna_state_store_abort(PinnaStateStore* store);

/// Path of the newest generation that matches its manifest; broken ones are passed over with a
/// warning in the log. @return NOT_FOUND
PINNA_API PinnaStatus pinna_state_store_newest(PinnaStateStore* store, char* dir, size_t size);

#endif // PINNA_HOST_STATE_STORE_H
