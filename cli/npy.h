// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_NPY_H
#define PINNA_CLI_NPY_H

#include "base/status.h"
#include "cli/matrix.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

// NumPy's .npy files, format 1.0 (numpy/lib/format.py): float32 matrices

/// Write float32, little-endian.
/// @param transpose The array is [n_cols][n_rows] instead of [n_rows][n_cols]
/// @return IO (errno says more)
PinnaStatus cli_npy_write(FILE* out, const CliMatrix* matrix, bool transpose);

/// Read an array of one or two dimensions, float32 or float64, either order, from memory.
/// @param matrix Receives [n_rows][n_cols]; one dimension is one column
/// @return BAD_FILE (damaged), UNSUPPORTED (another type), NO_MEM; the error says what
PinnaStatus cli_npy_read(const void* data, size_t size, CliMatrix* matrix, PinnaError* error);

#endif // PINNA_CLI_NPY_H
