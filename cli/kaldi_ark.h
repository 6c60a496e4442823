// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_KALDI_ARK_H
#define PINNA_CLI_KALDI_ARK_H

#include "base/status.h"
#include "cli/matrix.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// Kaldi's archives of matrices (kaldi-matrix.cc, compressed-matrix.cc, kaldi-table-inl.h)

#define CLI_ARK_MAX_KEY 1024U

/// Append "KEY \0BFM ..." to an archive.
/// @param key    Not empty, without white space
/// @param offset Receives where the matrix begins, for the scp file
/// @return BAD_ARG (the key), IO
PinnaStatus cli_ark_write(FILE* out, const char* key, const CliMatrix* matrix, uint64_t* offset);

/// A matrix without its key, from memory: binary float, double, the three compressed forms, and
/// text.
/// @param used Receives the bytes it took
/// @return BAD_FILE, UNSUPPORTED (a vector or something else), NO_MEM; the error says what
PinnaStatus cli_ark_read_matrix(const void* data, size_t size, CliMatrix* matrix, size_t* used,
                                PinnaError* error);

/// The next matrix of an archive in memory.
/// @param at     Position, 0 to begin; moves on
/// @param key    Receives the name [CLI_ARK_MAX_KEY]
/// @return As cli_ark_read_matrix(), and END after the last one
PinnaStatus cli_ark_next(const void* data, size_t size, size_t* at, char* key, CliMatrix* matrix,
                         PinnaError* error);

#endif // PINNA_CLI_KALDI_ARK_H
