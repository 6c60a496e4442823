// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_WEIGHTS_ZIP_H
#define PINNA_NN_WEIGHTS_ZIP_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

// Members of a zip archive that are stored as they are: torch never compresses

typedef struct {
  const char*          name; ///< In the archive, not terminated
  size_t               name_length;
  const unsigned char* data;
  size_t               size;
  const unsigned char* header; ///< Its local header, for the check of overlap
} PinnaZipMember;

typedef struct {
  PinnaZipMember* members; ///< Sorted by name; free() them
  size_t          n_members;
} PinnaZip;

/// List the members, zip64 or not. Refused: compressed or encrypted members (so no member is
/// larger than its bytes in the file), members that overlap, several disks, anything out of bounds.
/// @return BAD_FILE, UNSUPPORTED, NO_MEM
PinnaStatus pinna_zip_open(PinnaZip* zip, const unsigned char* data, size_t size, const char* label,
                           PinnaError* error);

/// A member by name [length], or NULL
const PinnaZipMember* pinna_zip_find(const PinnaZip* zip, const char* name, size_t length);

#endif // PINNA_NN_WEIGHTS_ZIP_H
