// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_MATRIX_H
#define PINNA_CLI_MATRIX_H

#include <stdint.h>

// Features of one recording: a row a frame

typedef struct {
  float*   values; ///< [n_rows][n_cols], from malloc; free() it
  uint32_t n_rows;
  uint32_t n_cols;
} CliMatrix;

#endif // PINNA_CLI_MATRIX_H
