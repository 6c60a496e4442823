// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_HERMITIAN_H
#define PINNA_DSP_HERMITIAN_H

#include "base/attributes.h"

#include <complex.h>
#include <stdint.h>

// Small Hermitian systems in double precision: solutions and the principal eigenvector

/// Solve a x = b by Gaussian elimination with row exchanges (any square matrix). Realtime.
/// @param a   Matrix [n][n], destroyed
/// @param b   Right sides [n][n_b], replaced by the solutions; of a singular matrix not finite
/// @param n_b Number of right sides
PINNA_API void pinna_hermitian_solve(double complex* a, uint32_t n, double complex* b,
                                     uint32_t n_b) PINNA_RT;

/// Unit eigenvector of the greatest eigenvalue, its first component real and not negative, by
/// cyclic Jacobi rotations (Golub & Van Loan, section 8.5). Realtime: bounded sweeps.
/// @param a      Matrix [n][n], destroyed; n at most 64
/// @param vector Receives [n]
/// @return The eigenvalue
PINNA_API double pinna_hermitian_principal(double complex* a, uint32_t n,
                                           double complex* vector) PINNA_RT;

#endif // PINNA_DSP_HERMITIAN_H
