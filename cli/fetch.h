// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_FETCH_H
#define PINNA_CLI_FETCH_H

#include "base/status.h"
#include "cli/progress.h"

#include <stdbool.h>
#include <stdint.h>

// Files from the network: what is there already is gone on with, and nothing is taken on trust

/// Digits of a SHA-256 and the final zero
#define CLI_SHA256_SIZE 65U

typedef struct {
  const char*  url;
  const char*  part;      ///< Where the bytes are kept until all are there; PART.tag beside it
  uint64_t     size;      ///< That the file must have, 0: any up to 64 GiB
  unsigned     timeout_s; ///< Without a byte for so long, it is tried again
  unsigned     n_tries;
  bool         plain; ///< http is allowed, because the user named the address
  CliProgress* progress;
} CliFetch;

/// Fetch into `part`. A part of the same version of the file (by its ETag or date) is gone on with;
/// another is begun anew. After a failure that another try may mend, `part` is kept.
/// @return IO: no connection, broken off too often, no space; NOT_FOUND: the server says so;
///   BAD_FILE: another size
PinnaStatus cli_fetch(const CliFetch* fetch, PinnaError* error);

/// SHA-256 of a file as 64 digits. @return IO, NO_MEM
PinnaStatus cli_sha256(const char* path, char text[CLI_SHA256_SIZE], PinnaError* error);

/// Remove `part` and what is kept beside it
void cli_fetch_forget(const char* part);

#endif // PINNA_CLI_FETCH_H
